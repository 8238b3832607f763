import { adam, conv, dense, type FaultyCase, faulty, flatten, head, maxPool, plan, repeat, sgd } from "./case.js";
import { digits, spirals } from "./data.js";
import { digitRows } from "./shared.js";

const generated = "AUTOTRAINER's generated models (Zhang et al., ICSE 2021)";

const vanishing = ["vanishing gradient", "signal collapse", "not learning"] as const;

const deepDigits = (layers: number, width: number, activation: string, init: string, more = {}) =>
  plan({
    title: `digits, ${layers} × ${width} ${activation}, ${init}`,
    task: "classes",
    input: [64],
    blocks: dense(repeat(layers, width), activation, init, more),
    head: head(10, "none", init),
    loss: "softmaxCrossEntropy",
    steps: 200,
  });

const shallowDigits = { blocks: dense([64, 64], "relu"), head: head(10), optimizer: adam(3e-3) };
const residualDigits = (layers: number, activation: string) => ({
  blocks: [...dense(64, activation), ...dense(repeat(layers - 1, 64), activation, "auto", { norm: "layer", residual: true })],
  head: head(10),
  optimizer: adam(1e-3),
});

/** Deep networks that start too small or too large, and weights that start alike. */
export const cases: readonly FaultyCase[] = [
  faulty({
    name: "A14-relu-34-glorot",
    source: `${generated}; the bundled 8 × 8 digits in place of MNIST`,
    plan: deepDigits(34, 128, "relu", "glorotUniform"),
    data: digitRows,
    symptoms: [...vanishing, "initialisation", "dead units"],
    causes: ["smallStart", "tooDeep"],
    at: "everywhere",
    repair: shallowDigits,
    goal: 0.9,
  }),
  faulty({
    name: "N6-relu-30-torch",
    source: "Start of PyTorch's linear layer, U(±1/√fan-in), 30 layers deep",
    plan: deepDigits(30, 64, "relu", "lecunUniform(0.57735)"),
    data: digitRows,
    symptoms: [...vanishing, "initialisation"],
    causes: ["smallStart"],
    at: "everywhere",
    repair: residualDigits(20, "relu"),
    goal: 0.85,
  }),
  faulty({
    name: "N6-gelu-16-torch",
    source: "Start of PyTorch's linear layer, U(±1/√fan-in), before gelu",
    plan: deepDigits(16, 64, "gelu", "lecunUniform(0.57735)"),
    data: digitRows,
    symptoms: [...vanishing, "initialisation"],
    causes: ["smallStart"],
    at: "everywhere",
    repair: { ...residualDigits(10, "gelu") },
    goal: 0.85,
  }),
  faulty({
    name: "N3-relu-batchnorm-40",
    source: "Batch norm without a way past: gradients grow by π/(π − 1) per layer (Yang et al. 2019)",
    plan: deepDigits(40, 64, "relu", "heNormal", { norm: "batch" }),
    data: digitRows,
    symptoms: ["exploding gradient", "not learning", "signal collapse", "slow learning"],
    causes: ["tooDeep", "explodingActivation"],
    at: "everywhere",
    repair: residualDigits(20, "relu"),
    goal: 0.85,
  }),
  faulty({
    name: "M-normal-relu-digits",
    source: "TheDeepChecker's mutants: weights from N(0, 1)",
    plan: { ...deepDigits(5, 128, "relu", "normal(1)"), batchSize: 32, optimizer: sgd(0.01), steps: 300 },
    data: digitRows,
    symptoms: ["exploding gradient", "initialisation", "non-finite numbers", "divergence"],
    causes: ["largeStart"],
    at: "everywhere",
    repair: { ...shallowDigits, optimizer: sgd(0.1) },
    goal: 0.85,
  }),
  faulty({
    name: "M-normal-tanh-spirals",
    source: "TheDeepChecker's mutants: weights from N(0, 1), here before tanh",
    plan: plan({
      title: "spirals, 12 × 64 tanh, N(0, 1)",
      task: "binary",
      input: [2],
      blocks: dense(repeat(12, 64), "tanh", "normal(1)"),
      head: head(1, "none", "normal(1)"),
      loss: "binaryCrossEntropy",
      optimizer: sgd(0.1),
      steps: 600,
    }),
    data: spirals,
    symptoms: ["saturation", "initialisation", "exploding gradient"],
    causes: ["largeStart"],
    at: "everywhere",
    repair: { blocks: dense(repeat(3, 32), "tanh"), head: head(1), optimizer: adam(1e-2) },
    goal: 0.9,
  }),
  faulty({
    name: "M-constant-cnn",
    source: "TheDeepChecker's mutants of a CNN: all weights 0.01; the bundled digits in place of MNIST",
    plan: plan({
      title: "digits, CNN with all weights 0.01",
      task: "classes",
      input: [1, 8, 8],
      blocks: [
        conv(16, 5, "relu", "constant(0.01)"),
        maxPool,
        conv(32, 3, "relu", "constant(0.01)"),
        maxPool,
        flatten,
        ...dense(128, "relu", "constant(0.01)"),
      ],
      head: head(10, "none", "constant(0.01)"),
      loss: "softmaxCrossEntropy",
      optimizer: sgd(0.1),
      steps: 300,
    }),
    data: (seed) => digits(seed, { as: "images" }),
    symptoms: ["initialisation", "not learning", "vanishing gradient"],
    causes: ["symmetricStart", "smallStart"],
    at: "everywhere",
    repair: {
      blocks: [conv(16, 5, "relu"), maxPool, conv(32, 3, "relu"), maxPool, flatten, ...dense(128, "relu")],
      head: head(10),
    },
    goal: 0.9,
  }),
  faulty({
    name: "N-sigmoid-10-spirals",
    source: "Ten layers of sigmoid from Glorot's start",
    plan: plan({
      title: "spirals, 10 × 32 sigmoid, Glorot",
      task: "binary",
      input: [2],
      blocks: dense(repeat(10, 32), "sigmoid", "glorotNormal"),
      head: head(1),
      loss: "binaryCrossEntropy",
      steps: 600,
    }),
    data: spirals,
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: { blocks: dense(repeat(3, 32), "tanh"), head: head(1), optimizer: adam(1e-2) },
    goal: 0.9,
  }),
];
