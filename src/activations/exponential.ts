import type { Tensor } from "../ir/tensor.js";
import { expm1, greater, mul, type TensorLike, where } from "../ops/index.js";
import { activation } from "./activation.js";
import { line, range } from "./facts.js";

/** x for x > 0, and α(eˣ − 1) elsewhere with the exponential kept from positive arguments, where it would overflow. */
function exponentialLinear(x: Tensor, alpha: TensorLike): Tensor {
  const positive = greater(x, 0);
  return where(positive, x, mul(expm1(where(positive, 0, x)), alpha));
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
  facts: ({ alpha }) => ({
    kind: "pointwise",
    range: alpha === 0 ? range("[", 0, Infinity, ")") : range("(", -alpha, Infinity, ")"),
    minimumAt: alpha === 0 ? 0 : null,
    monotone: "increasing",
    parity: "neither",
    zeroCentred: false,
    left: line(0, -alpha),
    right: line(1),
    smoothness: alpha === 1 ? "C1" : "C0",
    kinks: [{ at: 0, order: alpha === 1 ? 2 : 1 }],
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
  apply: (x) => mul(exponentialLinear(x, SELU_ALPHA), SELU_SCALE),
  facts: () => ({
    kind: "pointwise",
    range: range("(", -SELU_SCALE * SELU_ALPHA, Infinity, ")"),
    minimumAt: null,
    monotone: "increasing",
    parity: "neither",
    zeroCentred: true,
    left: line(0, -SELU_SCALE * SELU_ALPHA),
    right: line(SELU_SCALE),
    smoothness: "C0",
    kinks: [{ at: 0, order: 1 }],
    lipschitz: SELU_SCALE * SELU_ALPHA,
    curvature: SELU_SCALE * SELU_ALPHA,
  }),
});
