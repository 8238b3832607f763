import { logSigmoid as logSigmoidOf, mul, normalCdf, sigmoid as sigmoidOf, tanh as tanhOf } from "../ops/index.js";
import { activation } from "./activation.js";
import { line, pointwise, range } from "./facts.js";

/** 1 / (1 + e⁻ˣ), from 0 to 1. Slope ¼ at 0, dying out on both sides. */
export const sigmoid = activation({
  name: "sigmoid",
  aliases: ["logistic"],
  title: "sigmoid",
  tex: String.raw`\sigma(x) = \frac{1}{1 + e^{-x}}`,
  source: "Verhulst 1838; in networks: Rumelhart, Hinton & Williams, Nature 323, 1986",
  strengths: "Its value is a probability.",
  weaknesses: "Saturates on both sides, is never below 0, and hands back at most a quarter of a gradient.",
  use: "The output of a yes-or-no question, and gates.",
  frameworks: { pytorch: "nn.Sigmoid", keras: "sigmoid", jax: "jax.nn.sigmoid", onnx: "Sigmoid", timm: "sigmoid" },
  parameters: {},
  apply: sigmoidOf,
  // The curvature is 1 / (6√3), at e^x = 2 ± √3.
  facts: () =>
    pointwise({
      range: range("(", 0, 1, ")"),
      left: line(0, 0),
      right: line(0, 1),
      lipschitz: 1 / 4,
      curvature: 1 / (6 * Math.sqrt(3)),
    }),
});

/** Hyperbolic tangent, from −1 to 1: a sigmoid that is centred on 0, with slope 1 there. */
export const tanh = activation({
  name: "tanh",
  title: "tanh",
  tex: String.raw`\tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}`,
  source: "LeCun, Bottou, Orr & Müller, Efficient BackProp, 1998",
  strengths: "Centred on 0, with slope 1 there.",
  weaknesses: "Saturates on both sides, so that gradients vanish through many layers.",
  use: "Recurrent networks, and outputs between −1 and 1.",
  frameworks: { pytorch: "nn.Tanh", keras: "tanh", jax: "jax.nn.tanh", onnx: "Tanh", timm: "tanh" },
  parameters: {},
  apply: tanhOf,
  // The curvature is 4 / (3√3), at tanh² = 1/3.
  facts: () =>
    pointwise({
      range: range("(", -1, 1, ")"),
      parity: "odd",
      left: line(0, -1),
      right: line(0, 1),
      lipschitz: 1,
      curvature: 4 / (3 * Math.sqrt(3)),
    }),
});

/** log σ(x) = −log(1 + e⁻ˣ), the logarithm of a probability; x on the left, 0 on the right. */
export const logSigmoid = activation({
  name: "logSigmoid",
  title: "log-sigmoid",
  tex: String.raw`\log \sigma(x) = -\log\left(1 + e^{-x}\right)`,
  source: "the logarithm of the logistic function",
  strengths: "Keeps the logarithm of a probability exact where the probability itself underflows.",
  weaknesses: "Never above 0 and far from centred.",
  use: "Losses made of the logarithm of a probability, such as negative sampling.",
  frameworks: { pytorch: "nn.LogSigmoid", keras: "log_sigmoid", jax: "jax.nn.log_sigmoid" },
  parameters: {},
  apply: logSigmoidOf,
  facts: () =>
    pointwise({
      range: range("(", -Infinity, 0, ")"),
      left: line(1),
      right: line(0),
      lipschitz: 1,
      curvature: 1 / 4,
    }),
});

/** h·tanh(s·x), by default 1.7159 tanh(⅔x), for which ±1 are sent to ±1 with the strongest curvature there. */
export const scaledTanh = activation({
  name: "scaledTanh",
  aliases: ["lecunTanh"],
  title: "scaled tanh",
  tex: String.raw`h \tanh(s x)`,
  source: "LeCun, Bottou, Orr & Müller, Efficient BackProp, 1998",
  strengths: "Sends ±1 to ±1, so that targets of ±1 are reached without saturation.",
  weaknesses: "Saturates on both sides, as every tanh does.",
  use: "Classic convolutional networks with targets of ±1.",
  parameters: {
    height: { default: 1.7159, range: [Number.MIN_VALUE, Infinity], doc: "the asymptotes, ±h" },
    steepness: { default: 2 / 3, range: [Number.MIN_VALUE, Infinity], doc: "factor on x, s" },
  },
  apply: (x, { height, steepness }) => mul(tanhOf(mul(x, steepness)), height),
  facts: ({ height, steepness }) =>
    pointwise({
      range: range("(", -height, height, ")"),
      parity: "odd",
      left: line(0, -height),
      right: line(0, height),
      lipschitz: height * steepness,
      curvature: (height * steepness ** 2 * 4) / (3 * Math.sqrt(3)),
    }),
});

/** Φ(x), the distribution function of the standard normal: a step smoothed with a Gaussian. */
export const probit = activation({
  name: "probit",
  aliases: ["normalCdf"],
  title: "probit",
  tex: String.raw`\Phi(x) = \tfrac12 \left(1 + \operatorname{erf}\tfrac{x}{\sqrt 2}\right)`,
  source: "Bliss, Science 79, 1934",
  strengths: "The mean of a step over normal noise, for which Gaussian integrals have closed forms.",
  weaknesses: "Its slope dies out faster than that of any logistic function.",
  use: "Yes-or-no outputs of Bayesian and Gaussian-process models.",
  parameters: {},
  apply: normalCdf,
  facts: () =>
    pointwise({
      range: range("(", 0, 1, ")"),
      left: line(0, 0),
      right: line(0, 1),
      lipschitz: 1 / Math.sqrt(2 * Math.PI),
      // φ(1).
      curvature: Math.exp(-0.5) / Math.sqrt(2 * Math.PI),
    }),
});
