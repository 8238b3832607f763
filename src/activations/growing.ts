import { leftExpProduct } from "../ops/exponential-linear.js";
import { add, div, exp, expm1, mul, relu } from "../ops/index.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** eˣ. Overflows above 88.7 in float32, because its value does. */
export const exponential = activation({
  name: "exponential",
  aliases: ["exp"],
  title: "exponential",
  tex: "e^x",
  source: "the exponential function; Keras",
  strengths: "Turns a logarithm into a positive number, and its value is its slope.",
  weaknesses: "Explodes: above 88.7 there is no float32 for its value.",
  use: "Outputs that are rates, such as the mean of a Poisson count.",
  frameworks: { pytorch: "torch.exp", keras: "exponential", jax: "jax.numpy.exp", onnx: "Exp" },
  parameters: {},
  apply: exp,
  facts: () =>
    pointwise({
      range: range("(", 0, Infinity, ")"),
      left: line(0),
      right: { kind: "grows", like: "eˣ" },
      lipschitz: Infinity,
      curvature: Infinity,
    }),
});

/** (e^(αx) − 1)/α + α, and x for α = 0: from a straight line to an exponential. */
export const softExponential = activation({
  name: "softExponential",
  title: "soft exponential",
  tex: String.raw`\begin{cases} x & \alpha = 0 \\ \frac{e^{\alpha x} - 1}{\alpha} + \alpha & \alpha > 0 \end{cases}`,
  source: "Godfrey & Gashler 2015, arXiv:1602.01321",
  strengths: "Learns to add or to multiply, as one number moves.",
  weaknesses: "Explodes on the right; the half with α < 0, a logarithm, is not defined everywhere and is left out here.",
  use: "Small networks that should find a formula.",
  parameters: { alpha: { default: 0.5, range: [0, Infinity], doc: "0 is the identity, 1 the exponential, learned" } },
  apply: (x, { alpha }) => (alpha === 0 ? x : add(div(expm1(mul(x, alpha)), alpha), alpha)),
  facts: ({ alpha }) => {
    if (alpha === 0) {
      const all = range("(", -Infinity, Infinity, ")");
      return pointwise({ range: all, parity: "odd", left: line(1), right: line(1), lipschitz: 1, curvature: 0 });
    }
    return pointwise({
      range: range("(", alpha - 1 / alpha, Infinity, ")"),
      left: line(0, alpha - 1 / alpha),
      right: { kind: "grows", like: "e^(αx)/α" },
      lipschitz: Infinity,
      curvature: Infinity,
    });
  },
});

// The pair for which mean 0 and variance 1 are nearly a fixed point: Zhang & Li 2018, arXiv:1807.10117.
const SERLU_SCALE = 1.07862;
const SERLU_ALPHA = 2.90427;

/** λx for x > 0 and λαx·eˣ elsewhere: self-normalising, with a dip instead of a floor on the left. */
export const serlu = activation({
  name: "serlu",
  title: "SERLU",
  tex: String.raw`\lambda \begin{cases} x & x > 0 \\ \alpha x e^x & x \le 0 \end{cases},\quad \lambda = 1.07862,\ \alpha = 2.90427`,
  source: "Zhang & Li 2018, arXiv:1807.10117",
  strengths: "Self-normalising like SELU, while large negative inputs leave no trace.",
  weaknesses: "Not monotone, with a slope that jumps from 3.13 to 1.08 at 0.",
  use: "Deep fully connected networks without normalisation layers.",
  parameters: {},
  apply: (x) => add(mul(relu(x), SERLU_SCALE), mul(leftExpProduct(x, { shift: 0 }), SERLU_SCALE * SERLU_ALPHA)),
  facts: () =>
    pointwise({
      range: range("[", (-SERLU_SCALE * SERLU_ALPHA) / Math.E, Infinity, ")"),
      minimumAt: -1,
      monotone: "neither",
      left: line(0),
      right: line(SERLU_SCALE),
      kinks: [kink(0, 1)],
      lipschitz: SERLU_SCALE * SERLU_ALPHA,
      curvature: 2 * SERLU_SCALE * SERLU_ALPHA,
    }),
});
