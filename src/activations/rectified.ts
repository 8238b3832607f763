import { greater, mul, relu as reluOf, where } from "../ops/index.js";
import { activation } from "./activation.js";
import { line, range } from "./facts.js";

/** x itself: a layer without activation. */
export const identity = activation({
  name: "identity",
  aliases: ["linear"],
  title: "identity",
  tex: "x",
  source: "the function that changes nothing",
  strengths: "Costs nothing and passes every gradient.",
  weaknesses: "Layers without anything between them are together one layer.",
  use: "The output of a regression, and places where nothing is wanted.",
  frameworks: { pytorch: "nn.Identity", keras: "linear", jax: "jax.nn.identity", onnx: "Identity", timm: "identity" },
  parameters: {},
  apply: (x) => x,
  facts: () => ({
    kind: "pointwise",
    range: range("(", -Infinity, Infinity, ")"),
    minimumAt: null,
    monotone: "increasing",
    parity: "odd",
    zeroCentred: true,
    left: line(1),
    right: line(1),
    smoothness: "analytic",
    kinks: [],
    lipschitz: 1,
    curvature: 0,
  }),
});

/** max(x, 0). Its slope at the kink, 0, is taken as 0. */
export const relu = activation({
  name: "relu",
  aliases: ["rectifier"],
  title: "ReLU",
  tex: String.raw`\max(x, 0)`,
  source: "Fukushima 1969; Nair & Hinton, ICML 2010",
  strengths: "Cheap, does not saturate on the right, and leaves many units exactly 0.",
  weaknesses: "Units whose input stays below 0 get no gradient and die.",
  use: "The first choice for hidden layers, with He initialisation.",
  frameworks: { pytorch: "nn.ReLU", keras: "relu", jax: "jax.nn.relu", onnx: "Relu", timm: "relu" },
  parameters: {},
  apply: reluOf,
  facts: () => ({
    kind: "pointwise",
    range: range("[", 0, Infinity, ")"),
    minimumAt: 0,
    monotone: "increasing",
    parity: "neither",
    zeroCentred: false,
    left: line(0),
    right: line(1),
    smoothness: "C0",
    kinks: [{ at: 0, order: 1 }],
    lipschitz: 1,
    curvature: 0,
  }),
});

/** x for x > 0 and αx elsewhere: no unit dies, because the gradient never vanishes. Its slope at 0 is α. */
export const leakyRelu = activation({
  name: "leakyRelu",
  title: "leaky ReLU",
  tex: String.raw`\begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}`,
  source: "Maas, Hannun & Ng, ICML workshop 2013",
  strengths: "As cheap as a relu, and no unit dies.",
  weaknesses: "The slope on the left is one more number to choose.",
  use: "Where a relu leaves dead units, and the critics of generative adversarial networks.",
  frameworks: {
    pytorch: "nn.LeakyReLU",
    keras: { name: "leaky_relu", parameters: { alpha: 0.2 } },
    jax: "jax.nn.leaky_relu",
    onnx: "LeakyRelu",
    timm: "leaky_relu",
  },
  parameters: { alpha: { default: 0.01, range: [-Infinity, Infinity], doc: "slope for x < 0" } },
  apply: (x, { alpha }) => where(greater(x, 0), x, mul(x, alpha)),
  facts: ({ alpha }) => ({
    kind: "pointwise",
    range: alpha > 0 ? range("(", -Infinity, Infinity, ")") : range("[", 0, Infinity, ")"),
    minimumAt: alpha > 0 ? null : 0,
    monotone: alpha >= 0 ? "increasing" : "neither",
    parity: alpha === 1 ? "odd" : alpha === -1 ? "even" : "neither",
    zeroCentred: alpha === 1,
    left: line(alpha),
    right: line(1),
    smoothness: alpha === 1 ? "analytic" : "C0",
    kinks: alpha === 1 ? [] : [{ at: 0, order: 1 }],
    lipschitz: Math.max(1, Math.abs(alpha)),
    curvature: 0,
  }),
});
