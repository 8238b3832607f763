import type { Tensor } from "../ir/tensor.js";
import { abs, add, greater, log1p, mul, relu as reluOf, type TensorLike, where } from "../ops/index.js";
import { hold, step } from "../ops/piecewise.js";
import { activation } from "./activation.js";
import { kink, line, type PointwiseFacts, pointwise, range } from "./facts.js";

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
  facts: () =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      left: line(1),
      right: line(1),
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
  facts: () =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      left: line(0),
      right: line(1),
      kinks: [kink(0, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** x times its slope, which is 1 on the right of 0: one product forward, one back. */
const sloped = (x: Tensor, left: TensorLike): Tensor =>
  mul(x, typeof left === "number" ? step(x, { at: 0, below: left, above: 1 }) : where(greater(x, 0), 1, left));

/** What is true of x to the right of 0 and αx to the left. */
const slopedFacts = (alpha: number): PointwiseFacts =>
  pointwise({
    range: alpha > 0 ? range("(", -Infinity, Infinity, ")") : range("[", 0, Infinity, ")"),
    minimumAt: alpha > 0 ? null : 0,
    monotone: alpha >= 0 ? "increasing" : "neither",
    parity: alpha === 1 ? "odd" : alpha === -1 ? "even" : "neither",
    left: line(alpha),
    right: line(1),
    kinks: alpha === 1 ? [] : [kink(0, 1)],
    lipschitz: Math.max(1, Math.abs(alpha)),
    curvature: 0,
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
  parameters: { alpha: { default: 0.01, range: [-Infinity, Infinity], doc: "slope for x < 0; 0.3 in the Keras layer" } },
  apply: (x, { alpha }) => sloped(x, alpha),
  facts: ({ alpha }) => slopedFacts(alpha),
});

/** Leaky ReLU whose slope is learned, from ¼ on. */
export const prelu = activation({
  name: "prelu",
  title: "PReLU",
  tex: String.raw`\begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases},\quad a \text{ learned}`,
  source: "He, Zhang, Ren & Sun 2015, arXiv:1502.01852",
  strengths: "Each channel finds its own slope, for one number of cost.",
  weaknesses: "The learned slopes can overfit small data, and weight decay should leave them alone.",
  use: "Large image classifiers.",
  frameworks: {
    pytorch: "nn.PReLU",
    keras: { name: "layers.PReLU", parameters: { alpha: 0 } },
    onnx: "PRelu(slope=0.25)",
    timm: "prelu",
  },
  parameters: { alpha: { default: 0.25, range: [-Infinity, Infinity], doc: "slope for x < 0, learned" } },
  apply: (x, { alpha }) => sloped(x, alpha),
  facts: ({ alpha }) => slopedFacts(alpha),
});

/** Leaky ReLU whose slope is drawn between two numbers in training, and is their mean in evaluation: this is the latter. */
export const rrelu = activation({
  name: "rrelu",
  title: "RReLU",
  tex: String.raw`\begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases},\quad a \sim U(l, u) \text{ in training},\ a = \tfrac{l + u}{2} \text{ after}`,
  source: "Xu, Wang, Chen & Li 2015, arXiv:1505.00853",
  strengths: "The random slope regularises.",
  weaknesses: "Training is noisier, and differs from evaluation.",
  use: "Small data sets, on which a learned slope overfits.",
  frameworks: { pytorch: "nn.RReLU" },
  parameters: {
    lower: { default: 1 / 8, range: [-Infinity, Infinity], doc: "smallest slope for x < 0" },
    upper: { default: 1 / 3, range: [-Infinity, Infinity], doc: "largest slope for x < 0" },
  },
  apply: (x, { lower, upper }) =>
    sloped(x, typeof lower === "number" && typeof upper === "number" ? (lower + upper) / 2 : mul(add(lower, upper), 0.5)),
  facts: ({ lower, upper }) => slopedFacts((lower + upper) / 2),
});

/** |x|: what is left of a signal whose sign does not matter. */
export const absolute = activation({
  name: "absolute",
  aliases: ["abs"],
  title: "absolute value",
  tex: "|x|",
  source: "Jarrett, Kavukcuoglu, Ranzato & LeCun, ICCV 2009",
  strengths: "Keeps the size of every gradient, and no unit dies.",
  weaknesses: "Forgets the sign of its input.",
  use: "After filters whose polarity does not matter.",
  frameworks: { pytorch: "torch.abs", keras: "ops.abs", jax: "jax.numpy.abs", onnx: "Abs" },
  parameters: {},
  apply: (x) => abs(x),
  facts: () =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      monotone: "neither",
      parity: "even",
      left: line(-1),
      right: line(1),
      kinks: [kink(0, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** max(x, −δ). */
export const displacedRelu = activation({
  name: "displacedRelu",
  aliases: ["shiftedRelu"],
  title: "displaced ReLU",
  tex: String.raw`\max(x, -\delta)`,
  source: "Macêdo, Zanchettin, Oliveira & Ludermir, Expert Systems with Applications 124, 2019",
  strengths: "Brings the mean of a relu nearer to 0 at no cost.",
  weaknesses: "Units can die as those of a relu do.",
  use: "In the place of a relu behind batch normalisation.",
  parameters: { delta: { default: 0.05, range: [0, Infinity], doc: "how far below 0 the corner lies" } },
  apply: (x, { delta }) =>
    typeof delta === "number" ? hold(x, { low: -delta, high: Infinity }) : add(reluOf(add(x, delta)), mul(delta, -1)),
  facts: ({ delta }) =>
    pointwise({
      range: range("[", -delta, Infinity, ")"),
      minimumAt: -delta,
      left: line(0, -delta),
      right: line(1),
      kinks: [kink(-delta, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** max(x, 0) + b, by default with mean 0 for normal inputs. */
export const flexibleRelu = activation({
  name: "flexibleRelu",
  aliases: ["frelu"],
  title: "flexible ReLU",
  tex: String.raw`\max(x, 0) + b`,
  source: "Qiu, Xu & Cai 2017, arXiv:1706.08098",
  strengths: "Outputs of both signs, so that it can be centred on 0.",
  weaknesses: "Units can die as those of a relu do.",
  use: "Convolutional networks without batch normalisation.",
  parameters: { bias: { default: -1 / Math.sqrt(2 * Math.PI), range: [-Infinity, Infinity], doc: "learned shift, b" } },
  apply: (x, { bias }) => add(reluOf(x), bias),
  facts: ({ bias }) =>
    pointwise({
      range: range("[", bias, Infinity, ")"),
      minimumAt: 0,
      zeroCentred: bias === -1 / Math.sqrt(2 * Math.PI),
      left: line(0, bias),
      right: line(1, bias),
      kinks: [kink(0, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** log(1 + β max(x, 0)): a relu that grows ever more slowly. */
export const logRelu = activation({
  name: "logRelu",
  aliases: ["nlrelu"],
  title: "natural-logarithm ReLU",
  tex: String.raw`\log\left(1 + \beta \max(x, 0)\right)`,
  source: "Liu, Zhang & Liu 2019, arXiv:1908.03682",
  strengths: "Large activations cannot run away.",
  weaknesses: "Units can die on the left, and gradients shrink on the right.",
  use: "Shallow convolutional networks with few data.",
  parameters: { beta: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "slope right of 0" } },
  apply: (x, { beta }) => log1p(mul(reluOf(x), beta)),
  facts: ({ beta }) =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      left: line(0),
      right: { kind: "sublinear", like: "log βx" },
      kinks: [kink(0, 1)],
      lipschitz: beta,
      curvature: beta ** 2,
    }),
});
