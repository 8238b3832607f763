import { encodeOnnx, lower, simplify } from "../../src/lower/index.js";
import { parametersOf } from "../../src/nn/layer.js";
import { createHost } from "../../src/run/create.js";
import { layOutState } from "../../src/train/state.js";
import { trainingStep } from "../../src/train/step.js";
import { workloads } from "../workloads.js";
import { network } from "./network.js";
import { figure, median, type Section, timed } from "./section.js";

const PHASES = ["trace and differentiate", "simplify", "lower and encode", "session"] as const;
const LIMIT_MS = 150;

/** How long the step of the batch-64 network takes to be compiled, phase by phase; the first time and once warm. */
export async function measureCompile(): Promise<Section> {
  const [workload] = workloads;
  const host = await createHost({ threads: 2 });
  const runs: number[][] = [];
  for (let run = 0; run < 15; run++) {
    const { model, loss, optimizer, data } = network(workload);
    const trained = parametersOf(model).map((spec) => ({ ...spec, name: spec.path }));
    const layout = layOutState(trained, [], optimizer.slots);
    const setup = { model, loss, optimizer, accumulate: 1 };
    const step = await timed(() => trainingStep(setup, layout, { inputs: data.inputs, targets: data.targets, last: true }));
    const { graph, wiring } = step.result;
    const simplified = await timed(() => simplify(graph));
    const encoded = await timed(() => {
      const lowered = lower(simplified.result);
      return { lowered, bytes: encodeOnnx(lowered) };
    });
    const { lowered, bytes } = encoded.result;
    const port =
      (slots: readonly (number | null)[] = []) =>
      (value: (typeof lowered.inputs)[number], i: number) => ({
        name: value.name,
        dtype: value.type as "float32",
        shape: value.shape as number[],
        slot: slots[i] ?? null,
      });
    const plan = {
      model: bytes,
      inputs: lowered.inputs.map(port(wiring.inputs)),
      outputs: lowered.outputs.map(port(wiring.outputs)),
    };
    const session = await timed(() => host.load(plan));
    await session.result.dispose();
    runs.push([step.ms, simplified.ms, encoded.ms, session.ms]);
  }
  await host.close();
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const [first, ...later] = runs;
  const warm = PHASES.map((_, phase) => median(later.map((run) => run[phase])));
  return {
    name: "compile",
    title: `Compiling a step: ${workload.title}`,
    how: "One process; the first time, code of the library and the runtime is cold; then the median of 14 more.",
    header: ["phase", "first, ms", "later, ms"],
    rows: [
      ...PHASES.map((phase, i) => [phase, figure(first[i]), figure(warm[i])]),
      ["all", figure(sum(first)), figure(sum(warm))],
    ],
    findings: [
      `at most ${LIMIT_MS} ms: first ${sum(first) <= LIMIT_MS ? "yes" : "no"}, later ${sum(warm) <= LIMIT_MS ? "yes" : "no"}`,
    ],
  };
}
