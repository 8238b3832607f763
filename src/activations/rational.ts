import type { Tensor } from "../ir/tensor.js";
import { abs, add, div, expm1, greater, lessEqual, mul, neg, reciprocal, relu, sub, type TensorLike, where } from "../ops/index.js"; // biome-ignore format: one list
import { activation } from "./activation.js";
import { findDip } from "./dip.js";
import { kink, line, pointwise, range } from "./facts.js";

/** Σ cᵢxⁱ. */
const polynomial = (x: Tensor, coefficients: readonly TensorLike[]): Tensor =>
  coefficients.reduceRight<Tensor>((total, coefficient) => add(mul(total, x), coefficient), mul(x, 0));

/** Coefficients of a rational function: a₀ … a₅ of xⁱ in the numerator, and b₀ … b₄ of |x|ᵏ in the denominator. */
interface Rational {
  readonly a: readonly TensorLike[];
  readonly b: readonly TensorLike[];
}

/** Powers within it stay small, and zeros of the function, where the line and the rest would cancel, lie within it. */
const NEAR = 8;

/** Within |x| ≤ 8: as it is written. */
function inside({ a, b }: Rational, x: Tensor): Tensor {
  const size = where(greater(x, 0), x, neg(x));
  return div(polynomial(x, a), polynomial(size, b));
}

/**
 * Outside, where powers of x overflow and the second derivative of the quotient cancels: the line that it approaches, and what
 * is left over it in t = 1/|x|: k|x| + c + t·r(t)/q(t), with s = sign x in the odd coefficients.
 */
function outside({ a: [a0, a1, a2, a3, a4, a5], b: [b0, b1, b2, b3, b4] }: Rational, x: Tensor): Tensor {
  const sign = where(greater(x, 0), 1, -1);
  const t = reciprocal(mul(x, sign));
  const steepness = div(a5, b4);
  const k = mul(sign, steepness);
  const c = div(sub(a4, mul(k, b3)), b4);
  const rest = [
    sub(sub(mul(sign, a3), mul(k, b2)), mul(c, b3)),
    sub(sub(a2, mul(k, b1)), mul(c, b2)),
    sub(sub(mul(sign, a1), mul(k, b0)), mul(c, b1)),
    sub(a0, mul(c, b0)),
  ];
  const left = div(mul(t, polynomial(t, rest)), polynomial(t, [b4, b3, b2, b1, b0]));
  return add(add(mul(x, steepness), c), left);
}

function rational(coefficients: Rational, x: Tensor, middle = inside): Tensor {
  const near = lessEqual(abs(x), NEAR);
  return where(near, middle(coefficients, where(near, x, 0)), outside(coefficients, where(near, NEAR, x)));
}

const top = (value: number) => ({ default: value, range: [-Infinity, Infinity] as const, doc: "coefficient of the numerator" });
const bottom = (value: number, least = 0) => ({
  default: value,
  range: [least, 16] as const,
  doc: "coefficient of the denominator",
});

/** P(x)/Q(x) with P of degree 5 and Q = 1 + Σ bₖ|x|ᵏ of degree 4, which has no zeros. It starts near a leaky relu of slope 0.01. */
export const pau = activation({
  name: "pau",
  aliases: ["pade", "rational"],
  title: "PAU",
  tex: String.raw`\frac{a_0 + a_1 x + \dots + a_5 x^5}{1 + b_1 |x| + \dots + b_4 x^4}`,
  source: "Molina, Schramowski & Kersting, ICLR 2020, arXiv:1907.06732",
  strengths: "Learns its own shape, without exponentials, from a start near any known activation.",
  weaknesses: "Ten numbers to learn, dozens of passes to compute, and a slight corner at 0.",
  use: "Networks that are to find their activation, with coefficients shared by a layer.",
  parameters: {
    a0: top(0.02996348),
    a1: top(0.61690165),
    a2: top(2.37539147),
    a3: top(3.06608078),
    a4: top(1.52474449),
    a5: { ...top(0.25281987), range: [2 ** -10, 16] },
    b1: bottom(1.19160814),
    b2: bottom(4.40811795),
    b3: bottom(0.91111034),
    b4: bottom(0.34885983, 2 ** -10),
  },
  apply: (x, { a0, a1, a2, a3, a4, a5, b1, b2, b3, b4 }) => rational({ a: [a0, a1, a2, a3, a4, a5], b: [1, b1, b2, b3, b4] }, x),
  facts: ({ a0, a1, a2, a3, a4, a5, b1, b2, b3, b4 }) => {
    const found = findDip((x) => rational({ a: [a0, a1, a2, a3, a4, a5], b: [1, b1, b2, b3, b4] }, x));
    const slope = a5 / b4;
    return pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      monotone: found.falls ? "neither" : "increasing",
      left: line(slope, (a4 + slope * b3) / b4),
      right: line(slope, (a4 - slope * b3) / b4),
      // The slope jumps by 2a₀b₁ at 0, the second derivative by 4a₁b₁.
      kinks: a0 * b1 !== 0 ? [kink(0, 1)] : [kink(0, 2)],
      lipschitz: Math.max(found.lipschitz, slope),
      curvature: found.curvature,
    });
  },
});

const quadratic = { default: 0.8, range: [2 ** -10, 16] as const };

/** α₊x² + βx for x > 0 and α₋(eˣ − 1 − x) + βx elsewhere: the integral of an ELU. Grows on the left as well when α₋ > β. */
export const xielu = activation({
  name: "xielu",
  title: "xIELU",
  tex: String.raw`\begin{cases} \alpha_+ x^2 + \beta x & x > 0 \\ \alpha_- (e^x - 1 - x) + \beta x & x \le 0 \end{cases}`,
  source: "Huang & Schlag 2024, arXiv:2411.13010",
  strengths: "A slope that grows without bound and goes below 0, both learned; used in the Apertus language models.",
  weaknesses: "Grows as a square on the right, and for α₋ > β grows on the left as well.",
  use: "Feed-forward blocks of language models, with α₊ and α₋ learned.",
  parameters: {
    alphaP: { ...quadratic, doc: "half the curvature on the right, α₊" },
    alphaN: { ...quadratic, doc: "curvature left of 0, α₋" },
    beta: { default: 0.5, range: [2 ** -10, 16], doc: "slope at 0" },
  },
  apply: (x, { alphaP, alphaN, beta }) => {
    const positive = greater(x, 0);
    const left = where(positive, 0, x);
    return where(positive, mul(x, add(mul(x, alphaP), beta)), add(mul(sub(expm1(left), left), alphaN), mul(left, beta)));
  },
  facts: ({ alphaP, alphaN, beta }) => {
    const at = Math.log(1 - beta / alphaN);
    const dips = alphaN > beta;
    const bottom = dips ? alphaN * (Math.expm1(at) - at) + beta * at : alphaN === beta ? -alphaN : -Infinity;
    return pointwise({
      range: range(dips ? "[" : "(", bottom, Infinity, ")"),
      minimumAt: dips ? at : null,
      monotone: dips ? "neither" : "increasing",
      left: line(beta - alphaN, -alphaN),
      right: { kind: "grows", like: "x²" },
      kinks: [kink(0, 2 * alphaP === alphaN ? 3 : 2)],
      lipschitz: Infinity,
      curvature: Math.max(2 * alphaP, alphaN),
    });
  },
});

/** α₊x² + βx for x > 0 and α₋x² + βx elsewhere: the integral of a PReLU. */
export const xiprelu = activation({
  name: "xiprelu",
  title: "xIPReLU",
  tex: String.raw`\begin{cases} \alpha_+ x^2 + \beta x & x > 0 \\ \alpha_- x^2 + \beta x & x \le 0 \end{cases}`,
  source: "Huang & Schlag 2024, arXiv:2411.13010",
  strengths: "Nothing but products, with slopes that are learned on both sides.",
  weaknesses: "Grows as a square on both sides.",
  use: "Feed-forward blocks of language models, where exponentials are dear.",
  parameters: {
    alphaP: { ...quadratic, doc: "half the curvature on the right, α₊" },
    alphaN: { ...quadratic, doc: "half the curvature on the left, α₋" },
    beta: { default: 0.5, range: [2 ** -10, 16], doc: "slope at 0" },
  },
  apply: (x, { alphaP, alphaN, beta }) => mul(x, add(mul(x, where(greater(x, 0), alphaP, alphaN)), beta)),
  facts: ({ alphaP, alphaN, beta }) =>
    pointwise({
      range: range("[", -(beta ** 2) / (4 * alphaN), Infinity, ")"),
      minimumAt: -beta / (2 * alphaN),
      monotone: "neither",
      left: { kind: "grows", like: "x²" },
      right: { kind: "grows", like: "x²" },
      kinks: alphaP === alphaN ? [] : [kink(0, 2)],
      lipschitz: Infinity,
      curvature: 2 * Math.max(alphaP, alphaN),
    }),
});

const coefficient = { default: 1 / 3, range: [2 ** -10, 16] as const };

/** Σ aᵢ max(x, 0)ⁱ up to the third power. */
export const polyRelu = activation({
  name: "polyRelu",
  title: "PolyReLU",
  tex: String.raw`\sum_{i=0}^{3} a_i \max(x, 0)^i`,
  source: "Zhuo, Li et al. 2024, arXiv:2411.03884",
  strengths: "Approximates smooth functions to a higher order than a relu of the same width.",
  weaknesses: "Grows as a cube: large signals must be kept away by normalisation.",
  use: "Feed-forward blocks of language models, with all coefficients learned.",
  parameters: {
    a0: { default: 0, range: [-Infinity, Infinity], doc: "value for x ≤ 0" },
    a1: { ...coefficient, doc: "slope right of 0" },
    a2: { ...coefficient, doc: "coefficient of the square" },
    a3: { ...coefficient, doc: "coefficient of the cube" },
  },
  apply: (x, { a0, a1, a2, a3 }) => {
    const ramp = relu(x);
    return add(mul(ramp, add(mul(ramp, add(mul(ramp, a3), a2)), a1)), a0);
  },
  facts: ({ a0 }) =>
    pointwise({
      range: range("[", a0, Infinity, ")"),
      minimumAt: 0,
      left: line(0, a0),
      right: { kind: "grows", like: "x³" },
      kinks: [kink(0, 1)],
      lipschitz: Infinity,
      curvature: Infinity,
    }),
});
