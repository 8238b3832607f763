// softgrad's side of bench/models: node softgrad.ts <unused> <options as JSON>
import { readFileSync } from "node:fs";
import { nn, onnxRuntime, train } from "softgrad";
import { serve } from "../harness/serve.js";
import { cases, optimizer } from "./cases.js";

const options = JSON.parse(process.argv[3] ?? "{}") as { model: string; threads: string };
/** As many steps as `fit` sends ahead. */
const STEPS_AHEAD = 4;

await serve(async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const { model, loss, batch } = cases.find(({ name }) => name === options.model)!.make();
  const runtime = onnxRuntime({ threads: Number(options.threads) });
  const trainer = await train.compile({ model, loss, optimizer: optimizer(), runtime });
  let last = 0;
  const step = async (): Promise<void> => {
    last = await trainer.step(batch);
  };
  // The graph of a step is compiled with the first one.
  await step();
  const parameters = nn.parametersOf(model).reduce((sum, { shape, trained }) => sum + (trained ? shape.reduce((a, b) => a * b, 1) : 0), 0); // biome-ignore format: one line
  const stepMany = async (steps: number): Promise<void> => {
    const underWay: Promise<void>[] = [];
    for (let i = 0; i < steps; i++) {
      underWay.push(step());
      if (underWay.length >= STEPS_AHEAD) await underWay.shift();
    }
    await Promise.all(underWay);
  };
  return { version, parameters, training: { step, stepMany, loss: () => last, dispose: () => runtime.close() } };
});
