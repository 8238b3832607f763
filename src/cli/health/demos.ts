import type { Block, Plan } from "../../health/plan/index.js";

/** A plan that is ill in a known way, and the samples that show it. */
export interface Demo {
  readonly doc: string;
  readonly data: string;
  readonly plan: Plan;
}

const dense = (units: number, activation: string, init: string): Block => ({ kind: "dense", units, activation, init });
const repeated = (count: number, block: Block): Block[] => Array.from({ length: count }, () => block);

const ofCircles = {
  task: "binary",
  input: [2],
  head: { units: 1, activation: "none", init: "glorotUniform" },
  loss: "binaryCrossEntropy",
  optimizer: { name: "adam", learningRate: 0.001 },
  data: { inputs: "none", targets: "none" },
  batchSize: 128,
  steps: 800,
} as const satisfies Partial<Plan>;

const asTheyAre = { inputs: "none", targets: "none" } as const;

/** Trainings that go wrong, each for a reason of its own. */
export const demos: Readonly<Record<string, Demo>> = {
  "deep-sigmoid": {
    doc: "eight narrow layers of sigmoids: the gradient vanishes",
    data: "circles",
    plan: { title: "eight layers of five sigmoids", ...ofCircles, blocks: repeated(8, dense(5, "sigmoid", "heUniform")) },
  },
  "small-start": {
    doc: "thirty layers of ReLUs that start too small: the ratio of weight gradients says healthy",
    data: "circles",
    plan: { title: "thirty layers of 64 ReLUs", ...ofCircles, steps: 300, blocks: repeated(30, dense(64, "relu", "lecunUniform(0.577)")) }, // biome-ignore format: one line
  },
  "dying-relu": {
    doc: "a learning rate that kills every ReLU in its first steps",
    data: "parabola",
    plan: {
      title: "a parabola with a learning rate of 0.1",
      task: "numbers",
      input: [1],
      blocks: [dense(50, "relu", "auto"), dense(30, "relu", "auto")],
      head: { units: 1, activation: "none", init: "auto" },
      loss: "mse",
      optimizer: { name: "sgd", learningRate: 0.1 },
      data: asTheyAre,
      batchSize: 32,
      steps: 600,
    },
  },
  curvature: {
    doc: "descent on a quadratic, at a rate above 2 over its curvature",
    data: "square",
    plan: {
      title: "a parabola through four points",
      task: "numbers",
      input: [2],
      blocks: [],
      head: { units: 1, activation: "none", init: "zeros" },
      loss: "sum(mse)",
      optimizer: { name: "sgd", learningRate: 0.01 },
      data: asTheyAre,
      batchSize: 4,
      steps: 400,
    },
  },
  recurrent: {
    doc: "a plain recurrent layer that forgets what it saw thirty steps ago",
    data: "signs",
    plan: {
      title: "which sign came thirty steps ago",
      task: "binary",
      input: [30, 2],
      blocks: [{ kind: "recurrent", cell: "rnn", activation: "tanh", units: 32, recurrentInit: "normal(0.05)", returns: "last" }],
      head: { units: 1, activation: "none", init: "auto" },
      loss: "binaryCrossEntropy",
      optimizer: { name: "adam", learningRate: 0.003 },
      data: asTheyAre,
      batchSize: 32,
      steps: 300,
    },
  },
};
