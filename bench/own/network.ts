import { nn, onnxRuntime, optim, type Runtime, train } from "softgrad";
import { gelu, tanh } from "softgrad/activations";
import type { Workload } from "../workloads.js";

/** The network of a workload with weights of its own, and one batch of noise. */
export function network(workload: Workload) {
  const { widths, batch } = workload;
  const activation = { gelu, tanh }[workload.activation];
  const stages = widths.slice(1).flatMap((out, i) => {
    const layer = nn.linear(widths[i] ?? 0, out);
    return i === 0 ? [layer] : [activation, layer];
  });
  const { kind, ...options } = workload.optimizer;
  const optimizer = kind === "adam" ? optim.adam(options) : optim.sgd(options);
  const model: nn.Layer = nn.sequential(...stages);
  return {
    model,
    optimizer,
    loss: nn.softmaxCrossEntropy,
    data: noise(batch, widths[0] ?? 0, widths.at(-1) ?? 1, workload.seed),
  };
}

function noise(batch: number, width: number, classes: number, seed: number): train.TrainingBatch {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    inputs: { data: Float32Array.from({ length: batch * width }, () => next() - 0.5), shape: [batch, width], dtype: "float32" },
    targets: { data: Int32Array.from({ length: batch }, () => Math.floor(next() * classes)), shape: [batch], dtype: "int32" },
  };
}

export interface Training {
  readonly trainer: train.Trainer;
  readonly runtime: Runtime;
  readonly data: train.TrainingBatch;
}

export async function startTraining(workload: Workload, threads = 2): Promise<Training> {
  const { data, ...setup } = network(workload);
  const runtime = onnxRuntime({ threads });
  return { trainer: await train.compile({ ...setup, runtime }), runtime, data };
}

/** Steps with a few under way at once, as `fit` sends them. */
export async function steps({ trainer, data }: Training, count: number): Promise<void> {
  const underWay: Promise<number>[] = [];
  for (let i = 0; i < count; i++) {
    underWay.push(trainer.step(data));
    if (underWay.length >= 4) await underWay.shift();
  }
  await Promise.all(underWay);
}
