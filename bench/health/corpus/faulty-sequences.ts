import { adam, dense, type FaultyCase, faulty, head, plan, repeat, sgd } from "./case.js";
import { cloudClasses, spirals } from "./data.js";
import { adding, earlier, firstSign } from "./data-sequences.js";

const recurrent = (cell: "rnn" | "lstm" | "gru", units: number, more = {}) =>
  ({ kind: "recurrent", cell, units, returns: "last", ...more }) as const;

const addingPlan = plan({
  title: "adding problem over 30 steps, tanh, Glorot",
  task: "numbers",
  input: [30, 2],
  blocks: [recurrent("rnn", 64, { recurrentInit: "glorotUniform" })],
  head: head(1),
  loss: "mse",
  steps: 300,
});

const signPlan = plan({
  title: "first of 20 signs, tanh, small recurrent weights",
  task: "binary",
  input: [20, 2],
  blocks: [recurrent("rnn", 32, { recurrentInit: "normal(0.05)" })],
  head: head(1),
  loss: "binaryCrossEntropy",
  optimizer: adam(3e-3),
  steps: 250,
});

const words = (layers: number, norm: "pre" | "post", rate: number) =>
  plan({
    title: `the word before, ${layers} blocks with the norm ${norm}`,
    task: "tokens",
    input: [10],
    blocks: [
      { kind: "embedding", rows: 8, units: 32 },
      { kind: "positions" },
      ...repeat(layers, 0).map(() => ({ kind: "transformer", width: 32, heads: 4, hidden: 64, norm }) as const),
    ],
    head: head(8),
    loss: "softmaxCrossEntropy",
    optimizer: adam(rate),
    steps: 250,
  });

/** Loops over time, attention without a warm-up, norms over too few samples, gradients that are cut. */
export const cases: readonly FaultyCase[] = [
  faulty({
    name: "N1-adding-tanh",
    source: "The adding problem (Hochreiter & Schmidhuber 1997) with 30 steps in place of 50",
    plan: addingPlan,
    data: (seed) => adding(seed, 30),
    symptoms: ["recurrent gradient", "not learning", "slow learning"],
    causes: ["recurrentVanishing"],
    at: "hidden",
    repair: { blocks: [recurrent("gru", 64)], optimizer: adam(1e-2) },
    goal: 0.8,
  }),
  faulty({
    name: "N1-sign-tanh",
    source: "One sign to be kept for 20 steps (Bengio, Simard & Frasconi 1994)",
    plan: signPlan,
    data: (seed) => firstSign(seed, 20),
    symptoms: ["recurrent gradient", "not learning", "initialisation"],
    causes: ["recurrentVanishing", "smallStart"],
    at: "hidden",
    repair: { blocks: [recurrent("gru", 32)], optimizer: adam(1e-2) },
    goal: 0.9,
  }),
  faulty({
    name: "N1-sign-relu-exploding",
    source: "The same with relus whose recurrent weights stretch every step",
    plan: {
      ...signPlan,
      title: "first of 20 signs, relu, large recurrent weights",
      blocks: [recurrent("rnn", 32, { activation: "relu", recurrentInit: "normal(0.5)" })],
      optimizer: sgd(0.01),
    },
    data: (seed) => firstSign(seed, 20),
    symptoms: ["recurrent gradient", "exploding gradient", "non-finite numbers", "divergence", "initialisation"],
    causes: ["recurrentExploding", "largeStart"],
    at: "hidden",
    repair: { blocks: [recurrent("gru", 32)], optimizer: adam(1e-2) },
    goal: 0.9,
  }),
  faulty({
    name: "N7-post-norm",
    source: "Post-norm transformer without a warm-up (Xiong et al. 2020), at a rate that a pre-norm one takes",
    plan: words(6, "post", 3e-3),
    data: (seed) => earlier(seed, { length: 10, words: 8 }),
    symptoms: [
      "not learning",
      "divergence",
      "exploding gradient",
      "update size",
      "signal collapse",
      "vanishing gradient",
      "slow learning",
    ],
    causes: ["noWarmup", "highLearningRate", "tooDeep"],
    at: null,
    repair: { blocks: words(2, "pre", 3e-3).blocks },
    goal: 0.9,
  }),
  faulty({
    name: "N9-batchnorm-2",
    source: "Batch norm over two samples (Wu & He 2018)",
    plan: plan({
      title: "clouds, batch norm, batch 2",
      task: "classes",
      input: [20],
      blocks: dense(repeat(4, 32), "relu", "auto", { norm: "batch" }),
      head: head(4),
      loss: "softmaxCrossEntropy",
      optimizer: sgd(0.1),
      batchSize: 2,
      steps: 500,
    }),
    data: (seed) => cloudClasses(seed, { width: 20, classes: 4, distance: 2 }),
    symptoms: ["train and evaluation differ", "not learning", "oscillation", "gradient noise", "slow learning"],
    causes: ["normWithSmallBatch", "smallBatch"],
    at: "hidden",
    repair: { blocks: dense(repeat(4, 32), "relu", "auto", { norm: "layer" }), batchSize: 32 },
    goal: 0.8,
  }),
  faulty({
    name: "N-steps-between",
    source: "A step function between the layers: its slope is 0 wherever it has one",
    plan: plan({
      title: "spirals, 3 × 16 with a step function",
      task: "binary",
      input: [2],
      blocks: [...dense(16, "tanh"), ...dense([4, 4], "binaryStep", "glorotNormal")],
      head: head(1),
      loss: "binaryCrossEntropy",
      optimizer: adam(1e-2),
      steps: 400,
    }),
    data: spirals,
    symptoms: ["gradient not flowing", "vanishing gradient", "dead units", "not learning", "static mismatch"],
    causes: ["cutGradient", "deadUnits", "saturatingActivation"],
    at: "hidden",
    repair: { blocks: dense(repeat(3, 32), "tanh") },
    goal: 0.9,
  }),
];
