import { sigmoid as sigmoidOf, tanh as tanhOf } from "../ops/index.js";
import { activation } from "./activation.js";
import { line, range } from "./facts.js";

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
  facts: () => ({
    kind: "pointwise",
    range: range("(", 0, 1, ")"),
    minimumAt: null,
    monotone: "increasing",
    parity: "neither",
    zeroCentred: false,
    left: line(0, 0),
    right: line(0, 1),
    smoothness: "analytic",
    kinks: [],
    lipschitz: 1 / 4,
    // 1 / (6√3), at e^x = 2 ± √3.
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
  facts: () => ({
    kind: "pointwise",
    range: range("(", -1, 1, ")"),
    minimumAt: null,
    monotone: "increasing",
    parity: "odd",
    zeroCentred: true,
    left: line(0, -1),
    right: line(0, 1),
    smoothness: "analytic",
    kinks: [],
    lipschitz: 1,
    // 4 / (3√3), at tanh² = 1/3.
    curvature: 4 / (3 * Math.sqrt(3)),
  }),
});
