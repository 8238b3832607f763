import type { Tensor } from "../ir/tensor.js";
import { asTensor } from "../ops/create.js";
import { leftExpProduct } from "../ops/exponential-linear.js";
import { add, div, exp, expm1, greater, log1p, minimum, mul, neg, reciprocal, relu, stopGradient, sub, type TensorLike, where } from "../ops/index.js"; // biome-ignore format: one list
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";
import { withSlopeIn } from "./slope.js";

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

/** The argument of the logarithm below which its tangent takes over: the logarithm itself ends at 0. */
const LEAST_ARGUMENT = 1 / 16;

/** Where that is, for α < 0. */
const borderOf = (alpha: TensorLike): Tensor => sub(div(1 - LEAST_ARGUMENT, alpha), alpha);

/** (e^(αx) − 1)/α + α for α > 0. */
const softGrowth = (x: Tensor, alpha: TensorLike): Tensor => add(div(expm1(mul(x, alpha)), alpha), alpha);

/** What the logarithm is taken of for α < 0, as 1 − α² − αx, which is right near its end; held at the border. */
function argument(x: Tensor, alpha: TensorLike): Tensor {
  const border = borderOf(alpha);
  return sub(sub(1, mul(alpha, alpha)), mul(where(greater(x, border), x, border), alpha));
}

/** −log(1 − α(x + α))/α for α < 0, and left of the border the line that touches it there. */
const softLogarithm = withSlopeIn<"alpha">(
  (x, { alpha }) => {
    const border = borderOf(alpha);
    const inside = greater(x, border);
    const beyond = div(where(inside, 0, sub(x, border)), LEAST_ARGUMENT);
    return sub(beyond, div(log1p(mul(add(where(inside, x, border), alpha), neg(alpha))), alpha));
  },
  (x, { alpha }) => reciprocal(argument(x, alpha)),
);

/** The nearest to 0 that a learned α comes from below: at 0 itself both formulas divide by 0. */
const NEAREST = 2 ** -20;

/** Both, for an α that is a value of the graph. */
function softEither(x: Tensor, alpha: Tensor): Tensor {
  const grows = greater(alpha, 0);
  // Held there in value only: with the slope of a bound an α that starts at 0 would never leave it.
  const below = add(alpha, stopGradient(sub(minimum(alpha, -NEAREST), alpha)));
  return where(grows, softGrowth(x, where(grows, alpha, 1)), softLogarithm(x, { alpha: where(grows, -1, below) }));
}

/** (e^(αx) − 1)/α + α for α > 0, x for 0, and for α < 0 the inverse of that of −α: from a logarithm over a line to an exponential. */
export const softExponential = activation({
  name: "softExponential",
  title: "soft exponential",
  tex: String.raw`\begin{cases} -\frac{1}{\alpha} \ln\left(1 - \alpha (x + \alpha)\right) & \alpha < 0 \\ x & \alpha = 0 \\ \frac{e^{\alpha x} - 1}{\alpha} + \alpha & \alpha > 0 \end{cases}`,
  source: "Godfrey & Gashler 2015, arXiv:1602.01321",
  strengths: "Learns to add or to multiply, as one number moves.",
  weaknesses:
    "Explodes on the right for α > 0; for α < 0 the logarithm ends on the left, and is replaced by its tangent of slope 16 before.",
  use: "Small networks that should find a formula.",
  parameters: {
    alpha: { default: 0.5, range: [-1, Infinity], doc: "−1 is the logarithm, 0 the identity, 1 the exponential, learned" },
  },
  apply: (x, { alpha }) => {
    if (typeof alpha !== "number") return softEither(x, asTensor(alpha));
    return alpha === 0 ? x : alpha > 0 ? softGrowth(x, alpha) : softLogarithm(x, { alpha });
  },
  facts: ({ alpha }) => {
    const all = range("(", -Infinity, Infinity, ")");
    if (alpha === 0) {
      return pointwise({ range: all, parity: "odd", left: line(1), right: line(1), lipschitz: 1, curvature: 0 });
    }
    if (alpha < 0) {
      const [steepest, border] = [1 / LEAST_ARGUMENT, (1 - LEAST_ARGUMENT) / alpha - alpha];
      return pointwise({
        range: all,
        left: line(steepest, -Math.log(LEAST_ARGUMENT) / alpha - steepest * border),
        right: { kind: "sublinear", like: "log(−αx)/(−α)" },
        kinks: [kink(border, 2)],
        lipschitz: steepest,
        curvature: -alpha * steepest ** 2,
      });
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
