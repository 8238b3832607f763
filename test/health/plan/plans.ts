import { type ColumnInput, fromArrays } from "../../../src/data/index.js";
import type { Block, Plan, PlanData } from "../../../src/health/plan/index.js";
import { sizeOf } from "../../../src/ir/shape.js";

/** A small healthy plan, with something else in it. */
export const planWith = (change: Partial<Plan> = {}): Plan => ({
  title: "a small network",
  task: "binary",
  input: [3],
  blocks: [{ kind: "dense", units: 6, activation: "tanh", init: "auto" }],
  head: { units: 1, activation: "none", init: "auto" },
  loss: "binaryCrossEntropy",
  optimizer: { name: "adam", learningRate: 0.01 },
  data: { inputs: "none", targets: "none" },
  batchSize: 8,
  steps: 6,
  ...change,
});

export const denseBlock = (units: number, more: Partial<Extract<Block, { kind: "dense" }>> = {}): Block => ({
  kind: "dense",
  units,
  activation: "tanh",
  init: "auto",
  ...more,
});

/** Samples of the plan's shape, without randomness: waves, and targets that follow from their first number. */
export function samplesFor({ task, input, blocks, head }: Plan, count = 24): PlanData {
  const width = sizeOf(input);
  const first = blocks[0];
  const wave = Float32Array.from({ length: count * width }, (_, i) => Math.sin(0.7 * i + 0.1 * Math.floor(i / width)));
  const rows =
    first?.kind === "embedding" ? Int32Array.from(wave, (value) => Math.floor((value + 1) * 0.499 * first.rows)) : wave;
  const at = (row: number): number => wave[row * width];
  const steps = task === "tokens" ? input[0] : 1;
  const classes = Int32Array.from({ length: count * steps }, (_, i) =>
    Math.floor((at(Math.floor(i / steps)) + 1) * 0.499 * head.units),
  );
  const numbers = Float32Array.from({ length: count * head.units }, (_, i) => {
    const value = at(Math.floor(i / head.units));
    return task === "binary" ? Number(value > 0) : 3 * value + 1;
  });
  const columns: Record<string, ColumnInput> = { features: { data: rows, shape: input } };
  if (task === "classes") columns.labels = classes;
  else if (task === "tokens") columns.labels = { data: classes, shape: [steps] };
  else columns.targets = { data: numbers, shape: [head.units] };
  const samples = fromArrays(columns);
  return { train: samples, test: samples };
}

const weights = { activation: "relu", init: "auto" } as const;
const classes = { task: "classes", loss: "softmaxCrossEntropy", head: { units: 3, activation: "none", init: "auto" } } as const;

/** A plan for every kind of block and every way to write one. */
export const blockPlans: Readonly<Record<string, Plan>> = {
  "no block": planWith({ blocks: [] }),
  dense: planWith({ blocks: [denseBlock(5, { bias: false, dropout: 0.2, init: "glorotUniform" })] }),
  "dense with a batch norm": planWith({ blocks: [denseBlock(5, { norm: "batch" }), denseBlock(5, { norm: "group" })] }),
  "dense with a way past": planWith({ blocks: [denseBlock(4), denseBlock(4, { residual: true, norm: "layer", init: "zeros" })] }),
  "dense, frozen": planWith({ blocks: [denseBlock(4, { frozen: true }), denseBlock(4)] }),
  "many equal ones": planWith({ blocks: Array.from({ length: 6 }, () => denseBlock(4, { activation: "leakyRelu" })) }),
  conv: planWith({ ...classes, input: [1, 6, 6], blocks: [{ kind: "conv", channels: 4, size: 3, ...weights, norm: "layer" }, { kind: "pool", how: "max" }, { kind: "flatten" }] }), // biome-ignore format: one row
  "conv without padding": planWith({ ...classes, input: [2, 6, 6], blocks: [{ kind: "conv", channels: 4, size: 3, padding: "valid", ...weights }, { kind: "pool", how: "average" }, { kind: "pool", how: "globalAverage" }] }), // biome-ignore format: one row
  embedding: planWith({ ...classes, input: [4], blocks: [{ kind: "embedding", rows: 7, units: 5 }, { kind: "pool", how: "globalAverage" }] }), // biome-ignore format: one row
  rnn: planWith({ input: [5, 2], blocks: [{ kind: "recurrent", cell: "rnn", units: 4, activation: "relu", recurrentInit: "normal(0.1)", returns: "last" }] }), // biome-ignore format: one row
  lstm: planWith({ input: [5, 2], blocks: [{ kind: "recurrent", cell: "lstm", units: 4, init: "normal(0, 0.2)", returns: "last" }] }), // biome-ignore format: one row
  gru: planWith({ ...classes, task: "tokens", input: [5, 2], blocks: [{ kind: "recurrent", cell: "gru", units: 4, returns: "all" }] }), // biome-ignore format: one row
  transformer: planWith({ ...classes, task: "tokens", input: [5], blocks: [{ kind: "embedding", rows: 7, units: 8 }, { kind: "positions" }, { kind: "transformer", width: 8, heads: 2, hidden: 16, norm: "post" }] }), // biome-ignore format: one row
};
