import { adam, type ControlCase, dense, head, plan, repeat, sgd } from "./case.js";
import { blobs, boxes, circles, cloudClasses, cloudDecisions, corners, digits, moons, spirals } from "./data.js";
import { curve, friedman, linear } from "./data-numbers.js";

type Given = Pick<ControlCase, "name" | "plan" | "data" | "goal">;
const control = (given: Given): ControlCase => ({ kind: "control", source: "An ordinary network", repairs: null, ...given });

/** Yes or no about points of the plane. */
const plane = (
  name: string,
  data: ControlCase["data"],
  blocks: ReturnType<typeof dense>,
  optimizer = adam(1e-2),
  more: { steps?: number; goal?: number; batchSize?: number } = {},
): ControlCase =>
  control({
    name,
    data,
    goal: more.goal ?? 0.9,
    plan: plan({
      title: name,
      task: "binary",
      input: [2],
      blocks,
      head: head(1),
      loss: "binaryCrossEntropy",
      optimizer,
      steps: more.steps ?? 400,
      batchSize: more.batchSize ?? 32,
    }),
  });

/** Ten classes of digits as rows of pixels. */
const rows = (
  name: string,
  blocks: ReturnType<typeof dense>,
  optimizer = adam(3e-3),
  more: { steps?: number; goal?: number; batchSize?: number } = {},
): ControlCase =>
  control({
    name,
    data: (seed) => digits(seed),
    goal: more.goal ?? 0.85,
    plan: plan({
      title: name,
      task: "classes",
      input: [64],
      blocks,
      head: head(10),
      loss: "softmaxCrossEntropy",
      optimizer,
      steps: more.steps ?? 250,
      batchSize: more.batchSize ?? 32,
    }),
  });

/** A number from numbers of mean 0 and deviation 1. */
const numbers = (
  name: string,
  input: number,
  data: ControlCase["data"],
  blocks: ReturnType<typeof dense>,
  optimizer = adam(1e-2),
  more: { steps?: number; goal?: number; loss?: string } = {},
): ControlCase =>
  control({
    name,
    data,
    goal: more.goal ?? 0.7,
    plan: plan({
      title: name,
      task: "numbers",
      input: [input],
      blocks,
      head: head(1),
      loss: more.loss ?? "mse",
      optimizer,
      steps: more.steps ?? 400,
      data: { inputs: "standardise", targets: "standardise" },
    }),
  });

const momentum = (rate: number) => sgd(rate, { momentum: 0.9 });

/** Networks as people train them every day, over activations, depths, widths, optimizers and data. */
export const cases: readonly ControlCase[] = [
  ...["relu", "tanh", "gelu", "silu", "elu", "selu", "leakyRelu", "softplus", "mish", "softsign", "hardSwish", "sigmoid"].map(
    (activation) => plane(`moons-2x16-${activation}`, moons, dense([16, 16], activation)),
  ),
  ...["relu", "tanh", "gelu", "selu"].map((activation) =>
    plane(`spirals-3x32-${activation}`, spirals, dense(repeat(3, 32), activation), adam(1e-2), { steps: 600 }),
  ),
  plane("circles-2x32-tanh", circles, dense([32, 32], "tanh"), adam(1e-2), { steps: 500, goal: 0.77 }),
  plane("circles-4x16-gelu", circles, dense(repeat(4, 16), "gelu"), adam(1e-2), { steps: 500, goal: 0.77 }),
  plane("moons-1x8-relu", moons, dense(8, "relu"), adam(3e-2)),
  plane("moons-1x64-relu-sgd", moons, dense(64, "relu"), sgd(0.3), { steps: 600 }),
  plane("moons-3x32-relu-momentum", moons, dense(repeat(3, 32), "relu"), momentum(0.03)),
  plane("moons-3x32-tanh-rmsprop", moons, dense(repeat(3, 32), "tanh"), { name: "rmsProp", learningRate: 3e-3 }),
  plane("moons-3x32-tanh-adagrad", moons, dense(repeat(3, 32), "tanh"), { name: "adagrad", learningRate: 0.05 }),
  plane("moons-3x32-tanh-adamw", moons, dense(repeat(3, 32), "tanh"), { name: "adamW", learningRate: 1e-2, weightDecay: 0.01 }),
  plane("moons-2x32-relu-warmup", moons, dense([32, 32], "relu"), adam(1e-2, { warmup: 50 })),
  plane("moons-2x32-relu-clipped", moons, dense([32, 32], "relu"), sgd(0.3, { clipNorm: 1 }), { steps: 600 }),
  plane("moons-2x32-relu-full-batch", moons, dense([32, 32], "relu"), adam(1e-2), { batchSize: 560, steps: 200 }),
  plane("moons-2x32-relu-batch-4", moons, dense([32, 32], "relu"), adam(2e-3), { batchSize: 4, steps: 800 }),
  plane("moons-6x32-tanh-glorot", moons, dense(repeat(6, 32), "tanh", "glorotUniform"), adam(3e-3)),
  plane("moons-6x32-relu-he", moons, dense(repeat(6, 32), "relu", "heNormal"), adam(3e-3)),
  plane("moons-10x64-tanh", moons, dense(repeat(10, 64), "tanh"), adam(1e-3)),
  plane("moons-4x32-tanh-orthogonal", moons, dense(repeat(4, 32), "tanh", "orthogonal"), adam(1e-2)),
  plane("moons-2x16-relu-torch-start", moons, dense([16, 16], "relu", "lecunUniform(0.57735)"), adam(1e-2)),
  plane("corners-1x8-tanh", () => corners(), dense(8, "tanh"), adam(0.05), { batchSize: 4, steps: 300, goal: 1 }),
  ...["relu", "tanh", "gelu", "selu", "sigmoid"].map((activation) =>
    rows(`digits-64-${activation}`, dense(64, activation), adam(activation === "sigmoid" ? 1e-2 : 3e-3)),
  ),
  rows("digits-128-64-relu-sgd", dense([128, 64], "relu"), sgd(0.1), { steps: 400 }),
  rows("digits-128-64-relu-momentum", dense([128, 64], "relu"), momentum(0.03)),
  rows("digits-6x64-relu", dense(repeat(6, 64), "relu")),
  rows("digits-6x64-gelu-glorot", dense(repeat(6, 64), "gelu", "glorotUniform")),
  rows("digits-10x64-relu", dense(repeat(10, 64), "relu"), adam(1e-3), { steps: 300 }),
  rows("digits-3x64-relu-batchnorm", dense(repeat(3, 64), "relu", "auto", { norm: "batch" })),
  rows("digits-3x64-relu-layernorm", dense(repeat(3, 64), "relu", "auto", { norm: "layer" })),
  rows("digits-2x128-relu-dropout", dense([128, 128], "relu", "auto", { dropout: 0.3 })),
  rows("digits-4x64-relu-decay", dense(repeat(4, 64), "relu"), { name: "adamW", learningRate: 3e-3, weightDecay: 0.05 }),
  rows("digits-2x64-relu-batch-128", dense([64, 64], "relu"), adam(1e-2), { batchSize: 128, steps: 150 }),
  rows(
    "digits-residual-20",
    [...dense(64, "relu"), ...dense(repeat(19, 64), "relu", "auto", { norm: "layer", residual: true })],
    adam(1e-3),
    { steps: 200 },
  ),
  rows(
    "digits-residual-50",
    [...dense(32, "relu"), ...dense(repeat(49, 32), "relu", "auto", { norm: "layer", residual: true })],
    adam(1e-3),
    { steps: 200 },
  ),
  control({
    name: "blobs-16-relu",
    data: blobs,
    goal: 0.9,
    plan: plan({
      title: "blobs",
      task: "classes",
      input: [2],
      blocks: dense(16, "relu"),
      head: head(3),
      loss: "softmaxCrossEntropy",
      optimizer: adam(1e-2),
      steps: 300,
    }),
  }),
  control({
    name: "boxes-8-tanh",
    data: boxes,
    goal: 0.95,
    plan: plan({
      title: "boxes",
      task: "classes",
      input: [2],
      blocks: dense(8, "tanh"),
      head: head(2),
      loss: "softmaxCrossEntropy",
      optimizer: adam(3e-2),
      steps: 200,
    }),
  }),
  control({
    name: "clouds-logistic",
    data: (seed) => cloudDecisions(seed, { width: 10, distance: 1.5 }),
    goal: 0.85,
    plan: plan({
      title: "logistic regression",
      task: "binary",
      input: [10],
      blocks: [],
      head: head(1, "none", "zeros"),
      loss: "binaryCrossEntropy",
      optimizer: sgd(0.3),
      steps: 200,
    }),
  }),
  control({
    name: "clouds-six-classes",
    data: (seed) => cloudClasses(seed, { width: 12, classes: 6, distance: 3 }),
    goal: 0.85,
    plan: plan({
      title: "six clouds",
      task: "classes",
      input: [12],
      blocks: dense([32, 32], "relu"),
      head: head(6),
      loss: "softmaxCrossEntropy",
      optimizer: adam(5e-3),
      steps: 300,
    }),
  }),
  control({
    name: "clouds-hinge",
    data: (seed) => cloudClasses(seed, { width: 12, classes: 4, distance: 2 }),
    goal: 0.85,
    plan: plan({
      title: "four clouds by margins",
      task: "classes",
      input: [12],
      blocks: dense(32, "relu"),
      head: head(4),
      loss: "hinge",
      optimizer: adam(5e-3),
      steps: 300,
    }),
  }),
  control({
    name: "clouds-probabilities",
    data: (seed) => cloudDecisions(seed, { width: 10, distance: 1.5 }),
    goal: 0.85,
    plan: plan({
      title: "a sigmoid and its cross-entropy, held",
      task: "binary",
      input: [10],
      blocks: dense(16, "relu"),
      head: head(1, "sigmoid"),
      loss: "binaryCrossEntropyOfProbabilitiesClamped",
      optimizer: adam(1e-2),
      steps: 200,
    }),
  }),
  control({
    name: "clouds-softmax-probabilities",
    data: (seed) => cloudClasses(seed, { width: 12, classes: 4, distance: 2 }),
    goal: 0.85,
    plan: plan({
      title: "a softmax and its cross-entropy, held",
      task: "classes",
      input: [12],
      blocks: dense(32, "tanh"),
      head: head(4, "softmax"),
      loss: "crossEntropyOfProbabilitiesClamped",
      optimizer: adam(1e-2),
      steps: 200,
    }),
  }),
  numbers("friedman-64-64-relu", 9, friedman, dense([64, 64], "relu")),
  numbers("friedman-32-32-tanh-huber", 9, friedman, dense([32, 32], "tanh"), adam(1e-2), { loss: "huber" }),
  numbers("friedman-32-gelu-absolute", 9, friedman, dense(32, "gelu"), adam(1e-2), { loss: "mae" }),
  numbers("friedman-64-relu-momentum", 9, friedman, dense(64, "relu"), momentum(0.02), { steps: 500 }),
  numbers("sine-32-32-tanh", 1, (seed) => curve(seed, (x) => Math.sin(3 * x)), dense([32, 32], "tanh"), adam(1e-2), {
    goal: 0.9,
    steps: 600,
  }),
  numbers("absolute-16-relu", 1, (seed) => curve(seed, Math.abs), dense(16, "relu"), adam(2e-2), { goal: 0.9 }),
  numbers("linear-none", 5, linear, [], sgd(0.1), { goal: 0.95, steps: 200 }),
  numbers(
    "linear-16-relu-large-targets",
    5,
    (seed) => linear(seed, { scale: 5000, shift: 20_000 }),
    dense(16, "relu"),
    adam(2e-2),
    { goal: 0.9 },
  ),
];
