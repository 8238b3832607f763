import { adam, conv, dense, type FaultyCase, faulty, flatten, head, maxPool, plan, repeat, sgd } from "./case.js";
import { blobs, circles, digits } from "./data.js";

const generated = "AUTOTRAINER's generated models (Zhang et al., ICSE 2021)";
const lenet = `${generated}; LeNet-5 with 3 × 3 kernels on the bundled 8 × 8 digits in place of MNIST`;

/** A deep narrow network that tells two circles apart. */
const ringed = (layers: number, activation: string, init: string, optimizer = adam(1e-3)) =>
  plan({
    title: `circles, ${layers} × 5 ${activation}, ${init}`,
    task: "binary",
    input: [2],
    blocks: dense(repeat(layers, 5), activation, init),
    head: head(1, "none", init),
    loss: "binaryCrossEntropy",
    optimizer,
    batchSize: 128,
    steps: 600,
  });

/** What a network that wide and that deep can be: half as many layers of tanh, and a rate at which it comes to an end. */
const rings = { blocks: dense(repeat(3, 16), "tanh"), head: head(1), optimizer: adam(1e-2), steps: 600 };
const vanishing = ["vanishing gradient", "signal collapse", "not learning"] as const;
const exploding = ["non-finite numbers", "exploding gradient", "initialisation", "divergence", "not learning"] as const;

const lenetWith = (extra: number, activation: string, optimizer = adam(1e-3)) =>
  plan({
    title: `LeNet on digits and ${extra} × 84 ${activation}`,
    task: "classes",
    input: [1, 8, 8],
    blocks: [
      conv(6, 3, activation, "glorotUniform"),
      maxPool,
      conv(16, 3, activation, "glorotUniform"),
      maxPool,
      flatten,
      ...dense([120, ...repeat(extra, 84)], activation, "glorotUniform"),
    ],
    head: head(10, "none", "glorotUniform"),
    loss: "softmaxCrossEntropy",
    optimizer,
    steps: 400,
  });

const lenetHealthy = {
  blocks: [conv(6, 3, "relu"), maxPool, conv(16, 3, "relu"), maxPool, flatten, ...dense([120, 84], "relu")],
  head: head(10),
  optimizer: adam(3e-3),
};

/** AUTOTRAINER's family: activations that no start can help, and starts that no activation can. */
export const cases: readonly FaultyCase[] = [
  faulty({
    name: "A1-sigmoid-8",
    source: generated,
    plan: ringed(8, "sigmoid", "heUniform"),
    data: circles,
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A2-sigmoid-11-adam",
    source: generated,
    plan: ringed(11, "sigmoid", "heUniform"),
    data: circles,
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A2-sigmoid-11-rmsprop",
    source: generated,
    plan: ringed(11, "sigmoid", "heUniform", { name: "rmsProp", learningRate: 1e-3 }),
    data: circles,
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A2-sigmoid-11-sgd",
    source: generated,
    plan: ringed(11, "sigmoid", "heUniform", sgd(0.01)),
    data: circles,
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A4-exp-8-adam",
    source: generated,
    plan: ringed(8, "exp", "heUniform"),
    data: circles,
    symptoms: exploding,
    causes: ["explodingActivation", "numericOverflow"],
    at: "hidden",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A4-exp-11-sgd",
    source: generated,
    plan: ringed(11, "exp", "heUniform", sgd(0.01)),
    data: circles,
    symptoms: exploding,
    causes: ["explodingActivation", "numericOverflow"],
    at: "hidden",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A6-relu-small-8",
    source: generated,
    plan: ringed(8, "relu", "uniform(0.05)"),
    data: circles,
    symptoms: [...vanishing, "initialisation", "dead units"],
    causes: ["smallStart"],
    at: "everywhere",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A6-relu-small-9",
    source: generated,
    plan: ringed(9, "relu", "uniform(0.05)"),
    data: circles,
    symptoms: [...vanishing, "initialisation", "dead units"],
    causes: ["smallStart"],
    at: "everywhere",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A8-ones-relu-sgd",
    source: generated,
    plan: ringed(5, "relu", "ones", sgd(0.01)),
    data: circles,
    symptoms: ["initialisation", ...exploding],
    causes: ["symmetricStart", "largeStart"],
    at: "everywhere",
    repair: rings,
    goal: 0.78,
  }),
  faulty({
    name: "A8-constant-tanh-blobs",
    source: generated,
    plan: plan({
      title: "blobs, 5 × 5 tanh, all weights 0.5",
      task: "classes",
      input: [2],
      blocks: dense(repeat(5, 5), "tanh", "constant(0.5)"),
      head: head(3, "none", "constant(0.5)"),
      loss: "softmaxCrossEntropy",
      batchSize: 64,
      steps: 400,
    }),
    data: blobs,
    symptoms: ["initialisation", "signal collapse", "saturation", "vanishing gradient", "not learning"],
    causes: ["symmetricStart"],
    at: "everywhere",
    repair: { blocks: dense(repeat(5, 5), "tanh"), head: head(3), optimizer: adam(1e-2) },
    goal: 0.9,
  }),
  faulty({
    name: "A11-lenet-sigmoid-4",
    source: lenet,
    plan: lenetWith(4, "sigmoid"),
    data: (seed) => digits(seed, { as: "images" }),
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: lenetHealthy,
    goal: 0.9,
  }),
  faulty({
    name: "A11-lenet-sigmoid-8-sgd",
    source: lenet,
    plan: lenetWith(8, "sigmoid", sgd(0.01)),
    data: (seed) => digits(seed, { as: "images" }),
    symptoms: vanishing,
    causes: ["saturatingActivation", "tooDeep"],
    at: "hidden",
    repair: lenetHealthy,
    goal: 0.9,
  }),
  faulty({
    name: "A12-lenet-exp",
    source: lenet,
    plan: lenetWith(4, "exp"),
    data: (seed) => digits(seed, { as: "images" }),
    symptoms: exploding,
    causes: ["explodingActivation", "numericOverflow"],
    at: "hidden",
    repair: lenetHealthy,
    goal: 0.9,
  }),
];
