import type { Tensor } from "../ir/tensor.js";
import { hypotLinear } from "../ops/algebraic.js";
import { expm1OfLeft, exponentialLinearUnit, scaledExponentialLinear } from "../ops/exponential-linear.js";
import { add, div, mul, relu, sqrt, type TensorLike } from "../ops/index.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** x for x > 0 and α(eˣ − 1) elsewhere. */
function exponentialLinear(x: Tensor, alpha: TensorLike): Tensor {
  if (typeof alpha !== "number") return add(relu(x), mul(expm1OfLeft(x), alpha));
  return alpha === 1 ? exponentialLinearUnit(x) : scaledExponentialLinear(x, { depth: alpha, scale: 1 });
}

/** x for x > 0 and α(eˣ − 1) elsewhere; saturates at −α. Its slope at 0 is α, so that α = 1 makes it C¹. */
export const elu = activation({
  name: "elu",
  title: "ELU",
  tex: String.raw`\begin{cases} x & x > 0 \\ \alpha (e^x - 1) & x \le 0 \end{cases}`,
  source: "Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
  strengths: "Its mean comes closer to 0 than that of a relu, and no unit dies.",
  weaknesses: "The exponential costs more than a comparison, and units saturate at −α.",
  use: "Deep networks without normalisation, where a relu leaves dead units.",
  frameworks: { pytorch: "nn.ELU", keras: "elu", jax: "jax.nn.elu", onnx: "Elu", timm: "elu" },
  parameters: { alpha: { default: 1, range: [0, Infinity], doc: "depth of the left asymptote, −α" } },
  apply: (x, { alpha }) => exponentialLinear(x, alpha),
  facts: ({ alpha }) =>
    pointwise({
      range: alpha === 0 ? range("[", 0, Infinity, ")") : range("(", -alpha, Infinity, ")"),
      minimumAt: alpha === 0 ? 0 : null,
      left: line(0, -alpha),
      right: line(1),
      kinks: [kink(0, alpha === 1 ? 2 : 1)],
      lipschitz: Math.max(1, alpha),
      curvature: alpha,
    }),
});

// The pair for which mean 0 and variance 1 are a fixed point: α and λ of Klambauer et al. 2017, arXiv:1706.02515.
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** λ·ELU with the α and λ that keep mean 0 and variance 1 from layer to layer. Its slope at 0 is λα. */
export const selu = activation({
  name: "selu",
  title: "SELU",
  tex: String.raw`\lambda \begin{cases} x & x > 0 \\ \alpha (e^x - 1) & x \le 0 \end{cases},\quad \lambda = 1.0507\ldots,\ \alpha = 1.6733\ldots`,
  source: "Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515",
  strengths: "Mean 0 and variance 1 are a fixed point from layer to layer, without normalisation.",
  weaknesses: "The promise holds for fully connected layers with LeCun initialisation and alpha dropout only.",
  use: "Deep fully connected networks without normalisation layers.",
  frameworks: { pytorch: "nn.SELU", keras: "selu", jax: "jax.nn.selu", onnx: "Selu", timm: "selu" },
  parameters: {},
  apply: (x) => scaledExponentialLinear(x, { depth: SELU_ALPHA, scale: SELU_SCALE }),
  facts: () =>
    pointwise({
      range: range("(", -SELU_SCALE * SELU_ALPHA, Infinity, ")"),
      zeroCentred: true,
      left: line(0, -SELU_SCALE * SELU_ALPHA),
      right: line(SELU_SCALE),
      kinks: [kink(0, 1)],
      lipschitz: SELU_SCALE * SELU_ALPHA,
      curvature: SELU_SCALE * SELU_ALPHA,
    }),
});

/** x for x > 0 and α(e^(x/α) − 1) elsewhere: an ELU that is C¹ for every α. */
export const celu = activation({
  name: "celu",
  title: "CELU",
  tex: String.raw`\max(x, 0) + \min\left(0, \alpha (e^{x/\alpha} - 1)\right)`,
  source: "Barron 2017, arXiv:1704.07483",
  strengths: "Its slope never exceeds 1 and has no jump, whatever α.",
  weaknesses: "The exponential costs more than a comparison, and units saturate at −α.",
  use: "In the place of ELU where α is not 1.",
  frameworks: { pytorch: "nn.CELU", keras: "celu", jax: "jax.nn.celu", onnx: "Celu", timm: "celu" },
  parameters: { alpha: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "depth of the left asymptote, −α" } },
  apply: (x, { alpha }) => (alpha === 1 ? exponentialLinearUnit(x) : mul(exponentialLinearUnit(div(x, alpha)), alpha)),
  facts: ({ alpha }) =>
    pointwise({
      range: range("(", -alpha, Infinity, ")"),
      left: line(0, -alpha),
      right: line(1),
      kinks: [kink(0, 2)],
      lipschitz: 1,
      curvature: 1 / alpha,
    }),
});

/** (a/b)·x for x > 0 and a(e^(x/b) − 1) elsewhere, both learned: C¹ for every pair. */
export const pelu = activation({
  name: "pelu",
  title: "PELU",
  tex: String.raw`\begin{cases} \frac{a}{b} x & x > 0 \\ a (e^{x/b} - 1) & x \le 0 \end{cases}`,
  source: "Trottier, Giguère & Chaib-draa 2016, arXiv:1605.09332",
  strengths: "Learns slope and saturation of an ELU together, without a jump of the slope.",
  weaknesses: "Both numbers must be kept positive, and no weight decay should pull them to 0.",
  use: "Image classifiers with few parameters to spare.",
  parameters: {
    a: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "depth of the left asymptote, learned" },
    b: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "how far the bend reaches, learned" },
  },
  apply: (x, { a, b }) => mul(exponentialLinearUnit(div(x, b)), a),
  facts: ({ a, b }) =>
    pointwise({
      range: range("(", -a, Infinity, ")"),
      left: line(0, -a),
      right: line(a / b),
      kinks: [kink(0, 2)],
      lipschitz: a / b,
      curvature: a / b ** 2,
    }),
});

/** x for x > 0 and α(e^(βx) − 1) elsewhere: relu, leaky shapes and ELU in one. */
export const mpelu = activation({
  name: "mpelu",
  title: "MPELU",
  tex: String.raw`\begin{cases} x & x > 0 \\ \alpha (e^{\beta x} - 1) & x \le 0 \end{cases}`,
  source: "Li, Fan, Li, Wu & Ming 2016, arXiv:1606.00305",
  strengths: "Moves between relu, PReLU and ELU as it learns.",
  weaknesses: "Its slope jumps at 0 unless αβ is 1.",
  use: "Deep residual networks for images.",
  parameters: {
    alpha: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "depth of the left asymptote, −α, learned" },
    beta: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "how fast it is reached, learned" },
  },
  apply: (x, { alpha, beta }) => add(relu(x), mul(expm1OfLeft(mul(x, beta)), alpha)),
  facts: ({ alpha, beta }) =>
    pointwise({
      range: range("(", -alpha, Infinity, ")"),
      left: line(0, -alpha),
      right: line(1),
      kinks: [kink(0, alpha * beta === 1 ? 2 : 1)],
      lipschitz: Math.max(1, alpha * beta),
      curvature: alpha * beta ** 2,
    }),
});

/** x for x > 0 and x / √(1 + αx²) elsewhere: an ELU without an exponential, C². */
export const isrlu = activation({
  name: "isrlu",
  title: "ISRLU",
  tex: String.raw`\begin{cases} x & x \ge 0 \\ \frac{x}{\sqrt{1 + \alpha x^2}} & x < 0 \end{cases}`,
  source: "Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967",
  strengths: "The shape of an ELU with two continuous derivatives and no exponential.",
  weaknesses: "Units saturate on the left, though slowly.",
  use: "In the place of ELU where an inverse square root is cheap.",
  parameters: { alpha: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "the left asymptote is −1/√α" } },
  apply: (x, { alpha }) => {
    const width: TensorLike = typeof alpha === "number" ? Math.sqrt(alpha) : sqrt(alpha);
    return alpha === 1 ? hypotLinear(x) : div(hypotLinear(mul(x, width)), width);
  },
  facts: ({ alpha }) =>
    pointwise({
      range: range("(", -1 / Math.sqrt(alpha), Infinity, ")"),
      left: line(0, -1 / Math.sqrt(alpha)),
      right: line(1),
      kinks: [kink(0, 3)],
      lipschitz: 1,
      curvature: Math.sqrt(alpha) * 1.5 * 1.25 ** -2.5,
    }),
});
