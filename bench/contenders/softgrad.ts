import { readFileSync } from "node:fs";
import { type nn as layers, nn, onnxRuntime, optim, tensor, train } from "softgrad";
import { gelu, tanh } from "softgrad/activations";
import type { Contender, Training } from "../harness/contender.js";
import type { Problem } from "../harness/data.js";

/** The library as `fit` uses it: the state stays with the runtime, a few steps are under way at once. */
export const contender: Contender = {
  name: "softgrad",
  version: () =>
    (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version,
  prepare,
};

/** As many steps as `fit` sends ahead. */
const STEPS_AHEAD = 4;

async function prepare(problem: Problem, given: Readonly<Record<string, string>>): Promise<Training> {
  const { workload } = problem;
  const { widths, batch, optimizer } = workload;
  const { kind, ...options } = optimizer;
  const activation = { gelu, tanh }[workload.activation];
  const stages = problem.layers.flatMap(({ fanIn, fanOut }, i) =>
    i === 0 ? [nn.linear(fanIn, fanOut)] : [activation, nn.linear(fanIn, fanOut)],
  );
  const model: layers.Layer = nn.sequential(...stages);
  const parameters = problem.layers.flatMap(({ w, b, fanIn, fanOut }, i) => {
    const linear = { weight: tensor(w, { shape: [fanIn, fanOut] }), bias: tensor(b) };
    return i === 0 ? [linear] : [{}, linear];
  });
  const runtime = onnxRuntime({ threads: Number(given.threads ?? 2), worker: given.worker !== "0" });
  const trainer = await train.compile({
    model,
    loss: nn.softmaxCrossEntropy,
    optimizer: kind === "adam" ? optim.adam(options) : optim.sgd(options),
    parameters,
    runtime,
  });
  const batches = problem.inputs.map((data, i) => ({
    inputs: { data, shape: [batch, widths[0] ?? 0], dtype: "float32" as const },
    targets: { data: problem.labels[i] ?? new Int32Array(0), shape: [batch], dtype: "int32" as const },
  }));
  let sent = 0;
  let last = 0;
  const step = async (): Promise<void> => {
    last = await trainer.step(batches[sent++ % batches.length]);
  };
  return {
    step,
    async stepMany(steps) {
      const underWay: Promise<void>[] = [];
      for (let i = 0; i < steps; i++) {
        underWay.push(step());
        if (underWay.length >= STEPS_AHEAD) await underWay.shift();
      }
      await Promise.all(underWay);
    },
    loss: () => last,
    dispose: () => runtime.close(),
  };
}
