import type { Emitter } from "../ir/emitter.js";
import { mul, neg } from "./arithmetic.js";
import { smooth } from "./define.js";
import { step } from "./piecewise.js";
import { sign } from "./pointwise.js";
import { ofValue, own, unary, WHOLE_LINE } from "./unary.js";

/** ∞/∞ has no value. */
const FINITE_LINE = WHOLE_LINE.filter((x) => Math.abs(x) !== Infinity);

export const softsignRatio = unary({
  name: "softsignRatio",
  doc: "x / (1 + |x|).",
  value: (x) => x / (1 + Math.abs(x)),
  derivative: smooth((t, { inputs: [x] }) => {
    const share = softsignShare(x);
    return mul(t, mul(share, share));
  }),
  lower: (onnx, x) => onnx.op("Div", [x, onnx.op("Add", [onnx.op("Abs", [x]), onnx.scalar(1)])]),
  extremes: FINITE_LINE,
  accuracy: own(4),
});

/** 1 / (1 + |x|). */
export const softsignShare = unary({
  name: "softsignShare",
  doc: "1 / (1 + |x|); its slope at 0 is taken as 0.",
  value: (x) => 1 / (1 + Math.abs(x)),
  derivative: smooth((t, share) => neg(mul(t, mul(mul(share, share), sign(share.inputs[0]))))),
  lower: (onnx, x) => onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Abs", [x]), onnx.scalar(1)])]),
  accuracy: ofValue(4),
});

/** ½ + ½ x/(1 + |x|). */
export const elliottSigmoid = unary({
  name: "elliottSigmoid",
  doc: "½ + ½ x/(1 + |x|), on the left as ½/(1 + |x|).",
  value: (x) => (x < 0 ? 0.5 / (1 - x) : 1 - 0.5 / (1 + x)),
  derivative: smooth((t, { inputs: [x] }) => {
    const share = softsignShare(x);
    return mul(t, mul(mul(share, 0.5), share));
  }),
  lower: (onnx, x) => {
    const one = onnx.scalar(1);
    const half = onnx.scalar(0.5);
    const size = onnx.op("Abs", [x]);
    const beyond = onnx.op("Div", [half, onnx.op("Add", [size, one])]);
    return onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), beyond, onnx.op("Sub", [one, beyond])]);
  },
  extremes: FINITE_LINE,
  accuracy: ofValue(4),
});

/** Its square is a float32, and 1 is nothing beside it. */
const HELD = 1e18;

/** 1/√(1 + x²), with x held where the square would overflow. */
function reciprocalLength(onnx: Emitter, x: string): { held: string; length: string } {
  const reach = onnx.precision === "precise" ? 1e150 : HELD;
  const held = onnx.op("Clip", [x, onnx.scalar(-reach), onnx.scalar(reach)]);
  const square = onnx.op("Mul", [held, held]);
  return { held, length: onnx.op("Sqrt", [onnx.op("Add", [square, onnx.scalar(1)])]) };
}

/** x / √(1 + x²): the sine of the angle whose tangent is x. */
export const hypotShare = unary({
  name: "hypotShare",
  doc: "x / √(1 + x²), from −1 to 1.",
  value: (x) => (Math.abs(x) > 1 ? Math.sign(x) / Math.sqrt(1 + (1 / x) ** 2) : x / Math.sqrt(1 + x * x)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, hypotSlope(x))),
  lower: (onnx, x) => {
    const { held, length } = reciprocalLength(onnx, x);
    return onnx.op("Div", [held, length]);
  },
  accuracy: own(4),
});

/** 1 / √(1 + x²): the cosine of that angle. */
export const reciprocalHypot = unary({
  name: "reciprocalHypot",
  doc: "1 / √(1 + x²); in float32 0 beyond 1e18.",
  value: (x) => 1 / Math.hypot(1, x),
  derivative: smooth((t, cosine) => neg(mul(t, mul(hypotShare(cosine.inputs[0]), mul(cosine, cosine))))),
  lower: (onnx, x) => onnx.op("Reciprocal", [reciprocalLength(onnx, x).length]),
  accuracy: { ulp: 4, scale: "unit" },
});

export const hypotSlope = unary({
  name: "hypotSlope",
  doc: "(1 + x²)^(−3/2), the slope of x / √(1 + x²); in float32 0 far out.",
  value: (x) => (1 / Math.hypot(1, x)) ** 3,
  derivative: smooth((t, slope) => {
    const [x] = slope.inputs;
    return mul(t, mul(mul(mul(hypotShare(x), -3), slope), reciprocalHypot(x)));
  }),
  lower: (onnx, x) => {
    const cosine = onnx.op("Reciprocal", [reciprocalLength(onnx, x).length]);
    return onnx.op("Mul", [onnx.op("Mul", [cosine, cosine]), cosine]);
  },
  accuracy: { ulp: 8, scale: "unit" },
});

/** x for x > 0 and x / √(1 + x²) elsewhere: two continuous derivatives. */
export const hypotLinear = unary({
  name: "hypotLinear",
  doc: "x where x > 0, x / √(1 + x²) elsewhere.",
  value: (x) => (x > 0 ? x : Math.abs(x) > 1 ? -1 / Math.sqrt(1 + (1 / x) ** 2) : x / Math.sqrt(1 + x * x)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, hypotSlope(leftPart(x)))),
  lower: (onnx, x) => {
    const { held, length } = reciprocalLength(onnx, onnx.op("Clip", [x, onnx.scalar(-Infinity), onnx.scalar(0)]));
    return onnx.op("Max", [x, onnx.op("Div", [held, length])]);
  },
  accuracy: own(4),
});

/** min(x, 0), with slope 1 at 0. */
export const leftPart = unary({
  name: "leftPart",
  doc: "min(x, 0). Its slope at 0 is 1, as 0 belongs to the left.",
  value: (x) => (x > 0 ? 0 : x),
  derivative: smooth((t, { inputs: [x] }) => mul(t, step(x, { at: 0, below: 1, above: 0 }))),
  lower: (onnx, x) => onnx.op("Clip", [x, onnx.scalar(-Infinity), onnx.scalar(0)]),
  accuracy: ofValue(0),
});

/** sign(x) log(1 + |x|). */
export const symmetricLog = unary({
  name: "symmetricLog",
  doc: "sign(x)·log(1 + |x|), exact near 0; its slope is 1 / (1 + |x|).",
  value: (x) => Math.sign(x) * Math.log1p(Math.abs(x)) || x,
  derivative: smooth((t, { inputs: [x] }) => mul(t, softsignShare(x))),
  lower: (onnx, x) => {
    // log(1 + |x|) rounds 1 + |x|; the lost part over 1 + |x| is put back. |x|/(1 + |x|) carries the sign where it is small.
    const one = onnx.scalar(1);
    const size = onnx.op("Abs", [x]);
    const held = onnx.op("Min", [size, onnx.scalar(1e30)]);
    const sum = onnx.op("Add", [held, one]);
    const lost = onnx.op("Div", [onnx.op("Sub", [held, onnx.op("Sub", [sum, one])]), sum]);
    const log = onnx.op("Add", [onnx.op("Log", [onnx.op("Add", [size, one])]), lost]);
    return onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), onnx.op("Neg", [log]), log]);
  },
  accuracy: own(4),
});

/** arsinh x. */
export const arsinh = unary({
  name: "arsinh",
  doc: "Inverse hyperbolic sine, log(x + √(1 + x²)), exact near 0; its slope is 1 / √(1 + x²).",
  value: Math.asinh,
  derivative: smooth((t, { inputs: [x] }) => mul(t, reciprocalHypot(x))),
  lower: (onnx, x) => {
    // log(1 + u) with u = |x| + x²/(1 + √(1 + x²)); beyond 1e9 log|x| + log 2. Small u by the correction of symmetricLog.
    const one = onnx.scalar(1);
    const size = onnx.op("Abs", [x]);
    const held = onnx.op("Min", [size, onnx.scalar(1e9)]);
    const square = onnx.op("Mul", [held, held]);
    const root = onnx.op("Sqrt", [onnx.op("Add", [square, one])]);
    const u = onnx.op("Add", [held, onnx.op("Div", [square, onnx.op("Add", [root, one])])]);
    const sum = onnx.op("Add", [u, one]);
    const lost = onnx.op("Div", [onnx.op("Sub", [u, onnx.op("Sub", [sum, one])]), sum]);
    const beyond = onnx.op("Log", [onnx.op("Max", [onnx.op("Mul", [size, onnx.scalar(1e-9)]), one])]);
    const log = onnx.op("Add", [onnx.op("Add", [onnx.op("Log", [sum]), lost]), beyond]);
    return onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), onnx.op("Neg", [log]), log]);
  },
  accuracy: own(8),
});
