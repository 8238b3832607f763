import type { Block, Plan } from "../../../src/health/plan/index.js";
import { adam, type ControlCase, conv, dense, flatten, head, maxPool, plan, sgd } from "./case.js";
import { digits } from "./data.js";
import { adding, earlier, firstSign, majority, waves } from "./data-sequences.js";

type Given = Pick<ControlCase, "name" | "plan" | "data" | "goal">;
const control = (given: Given): ControlCase => ({ kind: "control", source: "An ordinary network", repairs: null, ...given });

const images = (name: string, blocks: readonly Block[], optimizer = adam(3e-3), steps = 250): ControlCase =>
  control({
    name,
    data: (seed) => digits(seed, { as: "images" }),
    goal: 0.88,
    plan: plan({
      title: name,
      task: "classes",
      input: [1, 8, 8],
      blocks,
      head: head(10),
      loss: "softmaxCrossEntropy",
      optimizer,
      steps,
    }),
  });

const averagePool: Block = { kind: "pool", how: "average" };
const globalAverage: Block = { kind: "pool", how: "globalAverage" };
const recurrent = (cell: "rnn" | "lstm" | "gru", units: number, returns: "all" | "last" = "last"): Block => ({
  kind: "recurrent",
  cell,
  units,
  returns,
});

const series = (
  name: string,
  data: ControlCase["data"],
  input: Plan["input"],
  blocks: readonly Block[],
  optimizer = adam(1e-2),
  steps = 200,
): ControlCase =>
  control({
    name,
    data,
    goal: 0.9,
    plan: plan({ title: name, task: "binary", input, blocks, head: head(1), loss: "binaryCrossEntropy", optimizer, steps }),
  });

const texts = (
  name: string,
  data: ControlCase["data"],
  blocks: readonly Block[],
  optimizer = adam(3e-3),
  steps = 250,
): ControlCase =>
  control({
    name,
    data,
    goal: 0.9,
    plan: plan({
      title: name,
      task: "classes",
      input: [11],
      blocks,
      head: head(2),
      loss: "softmaxCrossEntropy",
      optimizer,
      steps,
    }),
  });

const embedding = (rows: number, units = 32): Block => ({ kind: "embedding", rows, units });
const transformer = (norm: "pre" | "post", width = 32): Block => ({
  kind: "transformer",
  width,
  heads: 4,
  hidden: 2 * width,
  norm,
});
const oddOnes = (seed: number) => majority(seed, { length: 11, words: 12 });
const before = (seed: number) => earlier(seed, { length: 10, words: 8 });

const next = (name: string, blocks: readonly Block[], optimizer = adam(3e-3)): ControlCase =>
  control({
    name,
    data: before,
    goal: 0.9,
    plan: plan({
      title: name,
      task: "tokens",
      input: [10],
      blocks,
      head: head(8),
      loss: "softmaxCrossEntropy",
      optimizer,
      steps: 300,
    }),
  });

/** Convolutions, recurrences and attention that learn what they are given. */
export const cases: readonly ControlCase[] = [
  images("cnn-relu", [conv(8, 3, "relu"), maxPool, conv(16, 3, "relu"), maxPool, flatten, ...dense(32, "relu")]),
  images("cnn-tanh-average", [conv(8, 3, "tanh"), averagePool, conv(16, 3, "tanh"), averagePool, flatten, ...dense(32, "tanh")]),
  images("cnn-gelu-global", [conv(16, 3, "gelu"), conv(32, 3, "gelu"), globalAverage], adam(1e-2), 300),
  images(
    "cnn-batchnorm-global",
    [conv(16, 3, "relu", "auto", { norm: "batch" }), maxPool, conv(32, 3, "relu", "auto", { norm: "batch" }), globalAverage],
    adam(1e-2),
    200,
  ),
  images(
    "cnn-groupnorm",
    [conv(16, 3, "relu", "auto", { norm: "group" }), maxPool, conv(16, 3, "relu", "auto", { norm: "group" }), flatten],
    adam(3e-3),
    200,
  ),
  images(
    "cnn-residual",
    [conv(16, 3, "relu"), ...[1, 2, 3].map(() => conv(16, 3, "relu", "auto", { norm: "batch", residual: true })), globalAverage],
    adam(1e-2),
    200,
  ),
  images(
    "cnn-sgd-dropout",
    [conv(8, 3, "relu"), maxPool, flatten, ...dense(64, "relu", "auto", { dropout: 0.25 })],
    sgd(0.05, { momentum: 0.9 }),
  ),
  images("cnn-valid", [conv(8, 3, "relu", "auto", { padding: "valid" } as never), maxPool, flatten, ...dense(32, "relu")]),
  series("waves-lstm", (seed) => waves(seed, 16), [16, 1], [recurrent("lstm", 16)]),
  series("waves-gru", (seed) => waves(seed, 16), [16, 1], [recurrent("gru", 16)]),
  series("waves-rnn-clipped", (seed) => waves(seed, 12), [12, 1], [recurrent("rnn", 24)], adam(3e-3, { clipNorm: 1 })),
  series("waves-gru-all", (seed) => waves(seed, 16), [16, 1], [recurrent("gru", 16, "all"), globalAverage, ...dense(16, "relu")]),
  series("sign-lstm", (seed) => firstSign(seed, 15), [15, 2], [recurrent("lstm", 24)]),
  series("waves-flat", (seed) => waves(seed, 16), [16, 1], [flatten, ...dense([32, 32], "relu")], adam(5e-3), 300),
  control({
    name: "adding-gru",
    data: (seed) => adding(seed, 12),
    goal: 0.8,
    plan: plan({
      title: "adding over 12 steps",
      task: "numbers",
      input: [12, 2],
      blocks: [recurrent("gru", 32)],
      head: head(1),
      loss: "mse",
      optimizer: adam(1e-2),
      steps: 350,
    }),
  }),
  texts("texts-average", oddOnes, [embedding(12), globalAverage, ...dense(16, "relu")]),
  texts("texts-gru", oddOnes, [embedding(12, 16), recurrent("gru", 16)], adam(1e-2)),
  texts("texts-transformer-pre", oddOnes, [embedding(12), transformer("pre"), globalAverage]),
  texts(
    "texts-transformer-post-warmup",
    oddOnes,
    [embedding(12), transformer("post"), globalAverage],
    adam(2e-3, { warmup: 50 }),
  ),
  next("words-transformer-1", [embedding(8), { kind: "positions" }, transformer("pre")]),
  next("words-transformer-2", [embedding(8), { kind: "positions" }, transformer("pre"), transformer("pre")]),
  next("words-gru", [embedding(8, 16), recurrent("gru", 32, "all")], adam(1e-2)),
];
