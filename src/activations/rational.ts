import type { Tensor } from "../ir/tensor.js";
import { abs, add, div, expm1, greater, lessEqual, mul, neg, reciprocal, relu, sub, type TensorLike, where } from "../ops/index.js"; // biome-ignore format: one list
import { activation } from "./activation.js";
import { findDip } from "./dip.js";
import { type Kink, kink, line, pointwise, range } from "./facts.js";
import { probe } from "./measure/probe.js";

/** Σ cᵢxⁱ. */
const polynomial = (x: Tensor, coefficients: readonly TensorLike[]): Tensor =>
  coefficients.reduceRight<Tensor>((total, coefficient) => add(mul(total, x), coefficient), mul(x, 0));

/** Coefficients of a rational function: those of xⁱ in the numerator, and, one fewer, those of |x|ᵏ in the denominator. */
interface Rational {
  readonly a: readonly TensorLike[];
  readonly b: readonly TensorLike[];
}

/** Powers within it stay small, and zeros of the function, where the line and the rest would cancel, lie within it. */
const NEAR = 8;

const sizeOf = (x: Tensor): Tensor => where(greater(x, 0), x, neg(x));

/** Within |x| ≤ 8: as it is written. */
const inside = ({ a, b }: Rational, x: Tensor): Tensor => div(polynomial(x, a), polynomial(sizeOf(x), b));

/**
 * Outside, where powers of x overflow and the second derivative of the quotient cancels: the line that it approaches, and what
 * is left over it in t = 1/|x|: k|x| + c + t·r(t)/q(t), with s = sign x in the odd coefficients. The degree of the numerator is odd.
 */
function outside({ a, b }: Rational, x: Tensor): Tensor {
  const degree = b.length - 1;
  const sign = where(greater(x, 0), 1, -1);
  const t = reciprocal(mul(x, sign));
  const above = (i: number): TensorLike => (i % 2 === 1 ? mul(sign, a[i]) : a[i]);
  const steepness = div(a[degree + 1], b[degree]);
  const k = mul(sign, steepness);
  const c = div(sub(a[degree], mul(k, b[degree - 1])), b[degree]);
  const rest = Array.from({ length: degree }, (_, j) => {
    const i = degree - 1 - j;
    const beside = i === 0 ? above(i) : sub(above(i), mul(k, b[i - 1]));
    return sub(beside, mul(c, b[i]));
  });
  const left = div(mul(t, polynomial(t, rest)), polynomial(t, b.toReversed()));
  return add(add(mul(x, steepness), c), left);
}

function rational(coefficients: Rational, x: Tensor, middle = inside): Tensor {
  const near = lessEqual(abs(x), NEAR);
  return where(near, middle(coefficients, where(near, x, 0)), outside(coefficients, where(near, NEAR, x)));
}

const top = (value: number) => ({ default: value, range: [-Infinity, Infinity] as const, doc: "coefficient of the numerator" });
const bottom = (value: number, least = 0, most = 16) => ({
  default: value,
  range: [least, most] as const,
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

/** Coefficients of Hermite's polynomials 1, x, x² − 1 and x³ − 3x. */
interface Hermite {
  readonly c: readonly [TensorLike, TensorLike, TensorLike, TensorLike];
  readonly d: readonly [TensorLike, TensorLike];
}

/** By powers within |x| ≤ 8, but for |x² − 1| as |x| − 1 times |x| + 1, which is right near its corner; beyond 1 it is x² − 1. */
function hermiteRational({ c: [c0, c1, c2, c3], d: [d1, d2] }: Hermite, x: Tensor): Tensor {
  const a = [sub(c0, c2), sub(c1, mul(c3, 3)), c2, c3];
  return rational({ a, b: [sub(1, d2), d1, d2] }, x, (_, near) => {
    const size = sizeOf(near);
    const bent = sizeOf(mul(sub(size, 1), add(size, 1)));
    return div(polynomial(near, a), add(add(mul(size, d1), mul(bent, d2)), 1));
  });
}

/** P(x)/Q(x) in Hermite's polynomials Heᵢ: P = Σ cᵢHeᵢ to the third, Q = 1 + d₁|He₁| + d₂|He₂|. It starts near a leaky relu of slope 0.01. */
export const opau = activation({
  name: "opau",
  aliases: ["orthogonalPade", "hermitePade"],
  title: "OPAU",
  tex: String.raw`\frac{c_0 + c_1 x + c_2 (x^2 - 1) + c_3 (x^3 - 3x)}{1 + d_1 |x| + d_2 |x^2 - 1|}`,
  source: "Biswas, Banerjee & Pandey 2021, arXiv:2106.09693",
  strengths: "Learns its own shape like a PAU, from coefficients that do not disturb each other where x is normal.",
  weaknesses: "Corners at 0 and ±1, and six numbers to learn for a shape that a PAU meets more closely.",
  use: "In the place of a PAU behind a normalisation, where x is about standard normal.",
  parameters: {
    c0: top(0.71975),
    c1: top(1.07111),
    c2: top(0.58003),
    c3: { ...top(0.1391), range: [2 ** -10, 16] },
    d1: bottom(0.48874, 0, 1),
    d2: bottom(0.15384, 2 ** -10),
  },
  apply: (x, { c0, c1, c2, c3, d1, d2 }) => hermiteRational({ c: [c0, c1, c2, c3], d: [d1, d2] }, x),
  facts: ({ c0, c1, c2, c3, d1, d2 }) => {
    const f = (x: Tensor): Tensor => hermiteRational({ c: [c0, c1, c2, c3], d: [d1, d2] }, x);
    const found = findDip(f);
    const numerators = [
      { at: -1, value: c0 - c1 + 2 * c3 },
      { at: 0, value: c0 - c2 },
      { at: 1, value: c0 + c1 - 2 * c3 },
    ];
    const kinks = numerators.filter(({ at }) => at !== 0 || d1 !== 0).map(({ at, value }) => kink(at, value === 0 ? 2 : 1));
    const slope = c3 / d2;
    return pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      monotone: found.falls ? "neither" : "increasing",
      left: line(slope, (c2 + slope * d1) / d2),
      right: line(slope, (c2 - slope * d1) / d2),
      kinks,
      lipschitz: Math.max(found.lipschitz, slope, steepestBeside(f, kinks, 1)),
      curvature: Math.max(found.curvature, steepestBeside(f, kinks, 2)),
    });
  },
});

/** The largest derivative of an order, by size, on either side of the kinks. */
function steepestBeside(f: (x: Tensor) => Tensor, kinks: readonly Kink[], order: number): number {
  const beside = kinks.flatMap(({ at }) => [at - BESIDE, at, at + BESIDE]);
  return Math.max(0, ...probe(f).at(beside, order)[order].map(Math.abs));
}

const BESIDE = 2 ** -40;

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
