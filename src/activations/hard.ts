import type { Tensor } from "../ir/tensor.js";
import { abs, add, clip, mul, relu, sign as signOf, sub, type TensorLike } from "../ops/index.js";
import { hold, ramp, step } from "../ops/piecewise.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** x held between bounds, with slope 0 at bounds that are plain numbers, as the usual libraries have it. */
const held = (x: Tensor, low: TensorLike, high: TensorLike): Tensor =>
  typeof low === "number" && typeof high === "number" ? hold(x, { low, high }) : clip(x, low, high);

/** slope·x + offset, held to 0 … 1: a sigmoid of straight lines. The libraries do not agree on its slope. */
export const hardSigmoid = activation({
  name: "hardSigmoid",
  title: "hard sigmoid",
  tex: String.raw`\min(\max(a x + b, 0), 1)`,
  source: "Courbariaux, Bengio & David 2015, arXiv:1511.00363; Howard et al. 2019, arXiv:1905.02244",
  strengths: "A sigmoid without an exponential.",
  weaknesses: "Passes no gradient at all beyond its corners.",
  use: "Gates of small networks on phones and microcontrollers.",
  frameworks: {
    pytorch: "nn.Hardsigmoid",
    keras: "hard_sigmoid",
    jax: "jax.nn.hard_sigmoid",
    onnx: { name: "HardSigmoid", parameters: { slope: 0.2 } },
    timm: "hard_sigmoid",
  },
  parameters: {
    slope: { default: 1 / 6, range: [2 ** -10, 2 ** 10], doc: "slope in the middle; ONNX and Keras 2 have 0.2" },
    offset: { default: 1 / 2, range: [0, 1], doc: "value at 0" },
  },
  apply: (x, { slope, offset }) => {
    if (typeof slope !== "number" || typeof offset !== "number") return clip(add(mul(x, slope), offset), 0, 1);
    return ramp(x, { from: -offset / slope, to: (1 - offset) / slope });
  },
  facts: ({ slope, offset }) =>
    pointwise({
      range: range("[", 0, 1, "]"),
      minimumAt: -offset / slope - 1,
      left: line(0, 0),
      right: line(0, 1),
      kinks: [kink(-offset / slope, 1), kink((1 - offset) / slope, 1)],
      lipschitz: slope,
      curvature: 0,
    }),
});

/** x held between two numbers. */
export const hardTanh = activation({
  name: "hardTanh",
  title: "hard tanh",
  tex: String.raw`\min(\max(x, a), b)`,
  source: "Collobert 2004, Large Scale Machine Learning",
  strengths: "Exactly x in the middle, bounded outside, and nearly free.",
  weaknesses: "Passes no gradient at all beyond its corners.",
  use: "Networks that are quantised, and recurrent ones on small devices.",
  frameworks: { pytorch: "nn.Hardtanh", keras: "hard_tanh", jax: "jax.nn.hard_tanh", onnx: "Clip(min=-1, max=1)" },
  parameters: {
    low: { default: -1, range: [-Infinity, 0], doc: "smallest value" },
    high: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "largest value" },
  },
  apply: (x, { low, high }) => held(x, low, high),
  facts: ({ low, high }) =>
    pointwise({
      range: range("[", low, high, "]"),
      minimumAt: low - 1,
      parity: low === -high ? "odd" : "neither",
      left: line(0, low),
      right: line(0, high),
      kinks: [kink(low, 1), kink(high, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** ½(x + 1) held to 0 … 1: what sparsemax makes of two classes. */
export const sparseSigmoid = activation({
  name: "sparseSigmoid",
  title: "sparse sigmoid",
  tex: String.raw`\min(\max(\tfrac12 (x + 1), 0), 1)`,
  source: "Martins & Astudillo 2016, arXiv:1602.02068",
  strengths: "Reaches exactly 0 and 1, and is the slope of the sparse plus.",
  weaknesses: "Passes no gradient at all beyond ±1.",
  use: "Gates that should close entirely.",
  frameworks: { keras: "sparse_sigmoid", jax: "jax.nn.sparse_sigmoid" },
  parameters: {},
  apply: (x) => ramp(x, { from: -1, to: 1 }),
  facts: () =>
    pointwise({
      range: range("[", 0, 1, "]"),
      minimumAt: -1,
      left: line(0, 0),
      right: line(0, 1),
      kinks: [kink(-1, 1), kink(1, 1)],
      lipschitz: 1 / 2,
      curvature: 0,
    }),
});

/** 1 where x > 0, 0 elsewhere. No gradient passes. */
export const binaryStep = activation({
  name: "binaryStep",
  aliases: ["heaviside"],
  title: "step",
  tex: String.raw`\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}`,
  source: "McCulloch & Pitts 1943; Rosenblatt 1958",
  strengths: "A decision: exactly 0 or 1.",
  weaknesses: "Its slope is 0 everywhere, so that nothing before it learns by gradients.",
  use: "Decisions after training; in training smooth it first.",
  parameters: {},
  apply: (x) => step(x, { at: 0, below: 0, above: 1 }),
  facts: () =>
    pointwise({
      range: range("[", 0, 1, "]"),
      minimumAt: 0,
      left: line(0, 0),
      right: line(0, 1),
      kinks: [kink(0, 0)],
      lipschitz: 0,
      curvature: 0,
    }),
});

/** −1, 0 or 1 by the sign of x. No gradient passes. */
export const sign = activation({
  name: "sign",
  title: "sign",
  tex: String.raw`\operatorname{sign}(x)`,
  source: "Hubara, Courbariaux, Soudry, El-Yaniv & Bengio 2016, arXiv:1602.02830",
  strengths: "One bit to an activation.",
  weaknesses: "Its slope is 0 everywhere, so that nothing before it learns by gradients.",
  use: "Binary networks, with a surrogate gradient in training.",
  frameworks: { pytorch: "torch.sign", keras: "ops.sign", jax: "jax.numpy.sign", onnx: "Sign" },
  parameters: {},
  apply: signOf,
  facts: () =>
    pointwise({
      range: range("[", -1, 1, "]"),
      minimumAt: -1,
      parity: "odd",
      left: line(0, -1),
      right: line(0, 1),
      kinks: [kink(0, 0)],
      lipschitz: 0,
      curvature: 0,
    }),
});

/** min(max(x, 0), 6). */
export const relu6 = activation({
  name: "relu6",
  title: "ReLU6",
  tex: String.raw`\min(\max(x, 0), 6)`,
  source: "Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10",
  strengths: "A relu whose values fit few bits.",
  weaknesses: "Passes no gradient below 0 nor above 6.",
  use: "Networks for phones that are quantised after training.",
  frameworks: { pytorch: "nn.ReLU6", keras: "relu6", jax: "jax.nn.relu6", onnx: "Clip(min=0, max=6)", timm: "relu6" },
  parameters: {},
  apply: (x) => hold(x, { low: 0, high: 6 }),
  facts: () =>
    pointwise({
      range: range("[", 0, 6, "]"),
      minimumAt: 0,
      left: line(0),
      right: line(0, 6),
      kinks: [kink(0, 1), kink(6, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** min(max(x, 0), ceiling). */
export const clippedRelu = activation({
  name: "clippedRelu",
  title: "clipped ReLU",
  tex: String.raw`\min(\max(x, 0), c)`,
  source: "Hannun et al. 2014, arXiv:1412.5567",
  strengths: "Keeps the activations of a recurrent network from running away.",
  weaknesses: "Passes no gradient below 0 nor above its ceiling.",
  use: "Recurrent speech models.",
  frameworks: { keras: { name: "relu(max_value=20)", parameters: {} } },
  parameters: { ceiling: { default: 20, range: [Number.MIN_VALUE, Infinity], doc: "largest value, c" } },
  apply: (x, { ceiling }) => held(x, 0, ceiling),
  facts: ({ ceiling }) =>
    pointwise({
      range: range("[", 0, ceiling, "]"),
      minimumAt: 0,
      left: line(0),
      right: line(0, ceiling),
      kinks: [kink(0, 1), kink(ceiling, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** max(0, δ − |x|): a bump of straight lines. */
export const tent = activation({
  name: "tent",
  title: "tent",
  tex: String.raw`\max(0, \delta - |x|)`,
  source: "Rozsa & Boult 2019, arXiv:1908.02435",
  strengths: "Answers only to inputs near 0, so that far ones cannot drive it.",
  weaknesses: "Passes no gradient beyond ±δ.",
  use: "Defence against inputs that were tampered with.",
  parameters: { delta: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "height, and reach to both sides" } },
  apply: (x, { delta }) => relu(sub(delta, abs(x))),
  facts: ({ delta }) =>
    pointwise({
      range: range("[", 0, delta, "]"),
      minimumAt: delta,
      monotone: "neither",
      parity: "even",
      left: line(0),
      right: line(0),
      kinks: [kink(-delta, 1), kink(0, 1), kink(delta, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});
