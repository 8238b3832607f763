import type { Emitter } from "../ir/emitter.js";
import type { Accuracy } from "../ir/primitive.js";
import type { Tensor } from "../ir/tensor.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { smooth } from "./define.js";
import { preciseAtan, preciseNormalCdf } from "./precise.js";
import { normalCdf, sigmoid, tanh } from "./saturating.js";
import { erfcExact } from "./special.js";
import { own, unary, WHOLE_LINE } from "./unary.js";

/** Right to the rounding of 1. */
const unit = (ulp: number): Accuracy => ({ ulp, scale: "unit" });

/** Inputs for functions that have no value, or none by their formula, at ±∞. */
const FINITE_LINE = WHOLE_LINE.filter((x) => Math.abs(x) !== Infinity);

export const tanhShrink = unary({
  name: "tanhShrink",
  doc: "x − tanh(x), near 0 by its series, x³/3 at first; in float32 right to the rounding of x.",
  value: (x) => (Math.abs(x) < SERIES_REACH ? shrinkSeries(x) : x - Math.tanh(x)),
  derivative: smooth((t, { inputs: [x] }) => {
    const y = tanh(x);
    return mul(t, mul(y, y));
  }),
  lower: (onnx, x) => onnx.op("Sub", [x, onnx.op("Tanh", [x])]),
  precise: (onnx, x) => {
    const near = onnx.op("Clip", [x, onnx.scalar(-SERIES_REACH), onnx.scalar(SERIES_REACH)]);
    const square = onnx.op("Mul", [near, near]);
    const tail = onnx.op("Div", [square, shrinkDepth(onnx, square)]);
    const small = onnx.op("Div", [onnx.op("Mul", [near, tail]), onnx.op("Add", [tail, onnx.scalar(1)])]);
    const isNear = onnx.op("Less", [onnx.op("Abs", [x]), onnx.scalar(SERIES_REACH)]);
    return onnx.op("Where", [isNear, small, onnx.op("Sub", [x, onnx.op("Tanh", [x])])]);
  },
  accuracy: own(8),
});

const SERIES_REACH = 0.5;

/** x − tanh(x) by the continued fraction tanh x = x/(1 + x²/(3 + x²/(5 + …))): the difference is x·w/(1 + w), w = x²/(3 + …). */
function shrinkSeries(x: number): number {
  const square = x * x;
  let tail = 0;
  for (let n = 21; n >= 3; n -= 2) tail = square / (n + tail);
  return (x * tail) / (1 + tail);
}

/** 3 + x²/(5 + x²/(7 + …)) of the same fraction. */
function shrinkDepth(onnx: Emitter, square: string): string {
  let depth = onnx.scalar(21);
  for (let n = 19; n >= 3; n -= 2) depth = onnx.op("Add", [onnx.op("Div", [square, depth]), onnx.scalar(n)]);
  return depth;
}

/** tanh(log(1 + eˣ)) = n/(n + 2) with n = eˣ(eˣ + 2); right of 0 with e^(−x), which does not overflow. */
function mishGateExact(x: number): number {
  const z = Math.exp(-Math.abs(x));
  if (x >= 0) return (1 + 2 * z) / (1 + 2 * z * (1 + z));
  const n = z * (z + 2);
  return n / (n + 2);
}

function mishGateSlopeExact(x: number): number {
  const z = Math.exp(-Math.abs(x));
  const root = x >= 0 ? 1 + 2 * z * (1 + z) : z * (z + 2) + 2;
  return (4 * (x >= 0 ? z * z : z) * (1 + z)) / (root * root);
}

/** Beyond it the gate is 1 in float64 as well, and below e⁴⁰ nothing overflows. */
const MISH_REACH = 20;

/** Beyond it the slope of the gate is 0 in float64. */
const GATE_SHUT = 400;

/** The parts of the gate in float32: min(x, 20), e to its power, n + 2 and n/(n + 2). */
function mishParts(onnx: Emitter, x: string): { held: string; growth: string; below: string; gate: string } {
  const two = onnx.scalar(2);
  const held = onnx.op("Min", [x, onnx.scalar(MISH_REACH)]);
  const growth = onnx.op("Exp", [held]);
  const n = onnx.op("Mul", [growth, onnx.op("Add", [growth, two])]);
  const below = onnx.op("Add", [n, two]);
  return { held, growth, below, gate: onnx.op("Div", [n, below]) };
}

export const mish = unary({
  name: "mish",
  doc: "x·tanh(log(1 + eˣ)).",
  value: (x) => x * mishGateExact(x),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mishSlope(x))),
  lower: (onnx, x) => onnx.op("Mul", [x, mishParts(onnx, x).gate]),
  extremes: FINITE_LINE,
  accuracy: own(8),
});

export const mishSlope = unary({
  name: "mishSlope",
  doc: "The slope of x·tanh(log(1 + eˣ)); in float32 right to the rounding of 1.",
  value: (x) => mishGateExact(x) + (x > GATE_SHUT ? 0 : x * mishGateSlopeExact(x)),
  // 2g′ + x·g″ with g″ = g′·bend.
  derivative: smooth((t, { inputs: [x] }) => {
    const slope = mishGateSlope(x);
    return mul(t, add(mul(mul(slope, x), mishBend(x)), mul(slope, 2)));
  }),
  lower: (onnx, x) => {
    // g + x·4e(1 + e)/(n + 2)². With x held too, what is left of the second term beyond 20 stays as small as it is there.
    const { held, growth, below, gate } = mishParts(onnx, x);
    const above = onnx.op("Mul", [growth, onnx.op("Add", [growth, onnx.scalar(1)])]);
    const slope = onnx.op("Div", [above, onnx.op("Mul", [below, below])]);
    return onnx.op("Add", [gate, onnx.op("Mul", [onnx.op("Mul", [held, slope]), onnx.scalar(4)])]);
  },
  extremes: FINITE_LINE.filter((x) => x < 1e30),
  accuracy: unit(16),
});

export const mishGateSlope = unary({
  name: "mishGateSlope",
  doc: "The slope of tanh(log(1 + eˣ)), 4eˣ(1 + eˣ)/(e²ˣ + 2eˣ + 2)²; in float32 right to the rounding of 1.",
  value: (x) => mishGateSlopeExact(x),
  derivative: smooth((t, slope) => mul(t, mul(slope, mishBend(slope.inputs[0])))),
  precise: (onnx, x) => mishGateSlopeNodes(onnx, x, 100),
  lower: (onnx, x) => {
    // Float32 holds the square of e⁴⁰. Beyond, nothing is left, or x would be multiplied with it.
    const shut = onnx.op("Greater", [x, onnx.scalar(2 * MISH_REACH)]);
    return onnx.op("Where", [shut, onnx.scalar(0), mishGateSlopeNodes(onnx, x, 2 * MISH_REACH)]);
  },
  accuracy: unit(8),
});

function mishGateSlopeNodes(onnx: Emitter, x: string, reach: number): string {
  const growth = onnx.op("Exp", [onnx.op("Min", [x, onnx.scalar(reach)])]);
  const root = onnx.op("Add", [onnx.op("Mul", [growth, onnx.op("Add", [growth, onnx.scalar(2)])]), onnx.scalar(2)]);
  const above = onnx.op("Mul", [growth, onnx.op("Add", [growth, onnx.scalar(1)])]);
  return onnx.op("Mul", [onnx.op("Div", [onnx.op("Div", [above, root]), root]), onnx.scalar(4)]);
}

/** g″/g′ of the gate: 1 + σ(x) − 4e(e + 1)/(e² + 2e + 2), from 1 on the left to −2 on the right. */
function mishBend(x: Tensor): Tensor {
  const growth = heldExp(x);
  const below = add(mul(growth, add(growth, 2)), 2);
  return sub(add(sigmoid(x), 1), mul(div(mul(growth, add(growth, 1)), below), 4));
}

export const heldExp = unary({
  name: "heldExp",
  doc: "e to the power of min(x, 40), which is finite, and its own slope: for where all that is larger comes to the same.",
  value: (x) => Math.exp(Math.min(x, 40)),
  derivative: smooth((t, y) => mul(t, y)),
  lower: (onnx, x) => onnx.op("Exp", [onnx.op("Min", [x, onnx.scalar(40)])]),
  range: [-2, 2],
  accuracy: { ulp: 4, scale: "value" },
});

export const normalRamp = unary({
  name: "normalRamp",
  doc: "x·Φ(x) + φ(x), the mean of max(x + z, 0) for standard normal z; its slope is Φ. In float32 right to the rounding of 1.",
  value: normalRampExact,
  derivative: smooth((t, { inputs: [x] }) => mul(t, normalCdf(x))),
  lower: (onnx, x) => {
    const half = onnx.scalar(0.5);
    const halfErf = onnx.op("Mul", [onnx.op("Erf", [onnx.op("Mul", [x, onnx.scalar(Math.SQRT1_2)])]), half]);
    const gated = onnx.op("Mul", [onnx.op("Max", [x, onnx.scalar(-40)]), onnx.op("Add", [halfErf, half])]);
    const bell = onnx.op("Exp", [onnx.op("Mul", [onnx.op("Mul", [x, onnx.scalar(-0.5)]), x])]);
    // Where both are all but 0 their rounding must not turn the sign.
    return onnx.op("Relu", [onnx.op("Add", [gated, onnx.op("Mul", [bell, onnx.scalar(NORMAL_PEAK)])])]);
  },
  precise: (onnx, x) => {
    const held = onnx.op("Max", [x, onnx.scalar(-40)]);
    const bell = onnx.op("Exp", [onnx.op("Mul", [onnx.op("Mul", [held, onnx.scalar(-0.5)]), held])]);
    const density = onnx.op("Mul", [bell, onnx.scalar(NORMAL_PEAK)]);
    const near = onnx.op("Add", [onnx.op("Mul", [held, preciseNormalCdf(onnx, held)]), density]);
    const size = onnx.op("Max", [onnx.op("Neg", [x]), onnx.scalar(4)]);
    let depth = size;
    for (let n = 24; n >= 2; n--) depth = onnx.op("Add", [onnx.op("Div", [onnx.scalar(n), depth]), size]);
    const ratio = onnx.op("Mul", [depth, onnx.op("Add", [onnx.op("Reciprocal", [depth]), size])]);
    return onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(-4)]), onnx.op("Div", [density, ratio]), near]);
  },
  extremes: FINITE_LINE,
  accuracy: unit(16),
});

const NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI);

/**
 * Left of −1, where the two terms cancel, φ(x)·k/(|x| + k) with k = 1/(|x| + 2/(|x| + 3/(|x| + …))), the continued fraction of
 * Mills' ratio (Abramowitz & Stegun 26.2.14).
 */
function normalRampExact(x: number): number {
  if (x > -1) return x * (erfcExact(-x * Math.SQRT1_2) / 2) + normalPdfExact(x);
  const size = -x;
  if (size > 40) return Number.isNaN(x) ? x : 0;
  let tail = size;
  for (let n = Math.ceil(40 + 500 / (size * size)); n >= 2; n--) tail = size + n / tail;
  return normalPdfExact(x) / (tail * (size + 1 / tail));
}

/** φ(x), without the rounding of x². */
function normalPdfExact(x: number): number {
  if (Math.abs(x) > 40) return 0;
  const high = Math.fround(x);
  const low = x - high;
  return Math.exp((-high * high) / 2) * Math.exp((-low * (x + high)) / 2) * NORMAL_PEAK;
}

export const cauchyCdf = unary({
  name: "cauchyCdf",
  doc: "½ + arctan(x)/π, the distribution function of the Cauchy law; 1/(π|x|) on the left.",
  value: (x) => Math.atan2(1, -x) / Math.PI,
  derivative: smooth((t, { inputs: [x] }) => mul(t, cauchyPdf(x))),
  lower: (onnx, x) => {
    // arctan(1/|x|)/π is the share beyond |x|; it does not cancel.
    return cauchyShares(onnx, x, onnx.op("Atan", [onnx.op("Reciprocal", [onnx.op("Abs", [x])])]));
  },
  precise: (onnx, x) => cauchyShares(onnx, x, preciseAtan(onnx, onnx.op("Reciprocal", [onnx.op("Abs", [x])]))),
  accuracy: { ulp: 8, scale: "value" },
});

function cauchyShares(onnx: Emitter, x: string, angle: string): string {
  const beyond = onnx.op("Mul", [angle, onnx.scalar(1 / Math.PI)]);
  return onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), beyond, onnx.op("Sub", [onnx.scalar(1), beyond])]);
}

/** 1/(π(1 + x²)), the density of the Cauchy law. */
const cauchyPdf = (x: Tensor): Tensor => div(1 / Math.PI, add(mul(x, x), 1));

export const cauchyGateSlope = unary({
  name: "cauchyGateSlope",
  doc: "½ + (arctan(x) + x/(1 + x²))/π, the slope of x times the Cauchy distribution function; in float32 right to the rounding of 1.",
  value: cauchyGateSlopeExact,
  // 2/(π(1 + x²)²).
  derivative: smooth((t, { inputs: [x] }) => {
    const density = div(Math.SQRT2, add(mul(x, x), 1));
    return mul(t, mul(mul(density, density), 1 / Math.PI));
  }),
  lower: (onnx, x) => {
    const one = onnx.scalar(1);
    const ratio = onnx.op("Reciprocal", [onnx.op("Add", [x, onnx.op("Reciprocal", [x])])]);
    const angle = onnx.op("Mul", [onnx.op("Add", [onnx.op("Atan", [x]), ratio]), onnx.scalar(1 / Math.PI)]);
    return onnx.op("Mul", [onnx.op("Add", [onnx.op("Add", [angle, angle]), one]), onnx.scalar(0.5)]);
  },
  precise: (onnx, x) => {
    const size = onnx.op("Abs", [x]);
    const t = onnx.op("Reciprocal", [onnx.op("Max", [size, onnx.scalar(2)])]);
    const square = onnx.op("Mul", [t, t]);
    let far = onnx.scalar(0);
    for (let k = 20; k >= 1; k--) far = onnx.op("Sub", [onnx.scalar((2 * k) / (2 * k + 1)), onnx.op("Mul", [square, far])]);
    const share = onnx.op("Mul", [onnx.op("Mul", [onnx.op("Mul", [t, square]), far]), onnx.scalar(1 / Math.PI)]);
    const held = onnx.op("Clip", [x, onnx.scalar(-2), onnx.scalar(2)]);
    const ratio = onnx.op("Div", [held, onnx.op("Add", [onnx.op("Mul", [held, held]), onnx.scalar(1)])]);
    const sum = onnx.op("Mul", [onnx.op("Add", [preciseAtan(onnx, held), ratio]), onnx.scalar(1 / Math.PI)]);
    const near = onnx.op("Add", [sum, onnx.scalar(0.5)]);
    const tail = onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), share, onnx.op("Sub", [onnx.scalar(1), share])]);
    return onnx.op("Where", [onnx.op("Greater", [size, onnx.scalar(2)]), tail, near]);
  },
  extremes: FINITE_LINE,
  accuracy: unit(16),
});

/** Left of −2, where the parts cancel, Σ (−1)ᵏ⁺¹ 2k/(2k + 1) t^(2k+1)/π with t = 1/|x|. */
function cauchyGateSlopeExact(x: number): number {
  if (!(x < -2)) return (Math.atan2(1, -x) + (Number.isFinite(x) ? 1 / (x + 1 / x) : 0)) / Math.PI;
  const t = -1 / x;
  let sum = 0;
  for (let k = 32; k >= 1; k--) sum = (2 * k) / (2 * k + 1) - t * t * sum;
  return (t * t * t * sum) / Math.PI;
}
