import { add, div, mul, neg } from "./arithmetic.js";
import { smooth, zero } from "./define.js";
import { step } from "./piecewise.js";
import { preciseAtan, preciseTan } from "./precise.js";
import { roundHalfEven } from "./special.js";
import { ofValue, own, POSITIVE, unary, WHOLE_LINE } from "./unary.js";

export const exp = unary({
  name: "exp",
  doc: "eˣ. Overflows to ∞ above 88.7 in float32.",
  value: Math.exp,
  derivative: smooth((t, y) => mul(t, y)),
  lower: "Exp",
  accuracy: ofValue(4),
});

export const expm1 = unary({
  name: "expm1",
  doc: "eˣ − 1, exact near 0.",
  value: Math.expm1,
  // eˣ, not the result + 1, which is 0 on the left where eˣ is only small.
  derivative: smooth((t, { inputs: [x] }) => mul(t, exp(x))),
  lower: (onnx, x) => {
    // eˣ − 1 = 2t / (1 − t) with t = tanh(x/2): no cancellation for |x| < 1, plain subtraction beyond.
    const near = onnx.op("Clip", [x, onnx.scalar(-1), onnx.scalar(1)]);
    const half = onnx.op("Tanh", [onnx.op("Mul", [near, onnx.scalar(0.5)])]);
    const small = onnx.op("Div", [onnx.op("Add", [half, half]), onnx.op("Sub", [onnx.scalar(1), half])]);
    const large = onnx.op("Sub", [onnx.op("Exp", [x]), onnx.scalar(1)]);
    return onnx.op("Where", [onnx.op("Less", [onnx.op("Abs", [x]), onnx.scalar(1)]), small, large]);
  },
  accuracy: ofValue(8),
});

export const log = unary({
  name: "log",
  doc: "Natural logarithm; −∞ at 0, NaN below.",
  value: Math.log,
  derivative: smooth((t, { inputs: [x] }) => div(t, x)),
  lower: "Log",
  range: [0.1, 4],
  extremes: [...POSITIVE, 0, -1],
  accuracy: own(4),
});

export const log1p = unary({
  name: "log1p",
  doc: "log(1 + x), exact near 0; −∞ at −1, NaN below.",
  value: Math.log1p,
  derivative: smooth((t, { inputs: [x] }) => div(t, add(x, 1))),
  lower: (onnx, x) => {
    // log(1 + x) rounds 1 + x; the lost part, divided by 1 + x, is put back. Clipped so that it is 0 at the ends.
    const one = onnx.scalar(1);
    const held = onnx.op("Clip", [x, onnx.scalar(-0.99999994), onnx.scalar(1e30)]);
    const sum = onnx.op("Add", [held, one]);
    const lost = onnx.op("Div", [onnx.op("Sub", [held, onnx.op("Sub", [sum, one])]), sum]);
    return onnx.op("Add", [onnx.op("Log", [onnx.op("Add", [x, one])]), lost]);
  },
  range: [-0.9, 4],
  extremes: [...POSITIVE, 1e-8, -1e-8, 0, -1, -2],
  accuracy: own(4),
});

export const sqrt = unary({
  name: "sqrt",
  doc: "Square root; NaN below 0. Its slope at 0 is ∞.",
  value: Math.sqrt,
  derivative: smooth((t, y) => div(t, mul(y, 2))),
  lower: "Sqrt",
  range: [0.1, 4],
  extremes: [...POSITIVE, 0, -1],
  accuracy: ofValue(2),
});

export const rsqrt = unary({
  name: "rsqrt",
  doc: "1 / √x; ∞ at 0, NaN below.",
  value: (x) => 1 / Math.sqrt(x),
  derivative: smooth((t, y) => mul(t, div(mul(y, -0.5), y.inputs[0]))),
  lower: (onnx, x) => onnx.op("Reciprocal", [onnx.op("Sqrt", [x])]),
  range: [0.1, 4],
  extremes: [...POSITIVE, 0, -1],
  accuracy: ofValue(4),
});

export const reciprocal = unary({
  name: "reciprocal",
  doc: "1 / x; ±∞ at ±0.",
  value: (x) => 1 / x,
  derivative: smooth((t, y) => neg(mul(t, mul(y, y)))),
  lower: "Reciprocal",
  range: [0.5, 3],
  extremes: [1e-30, -1e-30, 1, -1, 30, 1e4, -1e4, 1e37, Infinity, -Infinity, NaN, 0],
  accuracy: ofValue(2),
});

export const sin = unary({
  name: "sin",
  doc: "Sine, of radians.",
  value: Math.sin,
  derivative: smooth((t, { inputs: [x] }) => mul(t, cos(x))),
  lower: "Sin",
  extremes: [0, 1e-30, 1, -1, 3, 30, -30, 100, NaN],
  accuracy: own(4),
});

export const cos = unary({
  name: "cos",
  doc: "Cosine, of radians.",
  value: Math.cos,
  derivative: smooth((t, { inputs: [x] }) => neg(mul(t, sin(x)))),
  lower: "Cos",
  extremes: [0, 1e-30, 1, -1, 3, 30, -30, 100, NaN],
  accuracy: own(4),
});

export const tan = unary({
  name: "tan",
  doc: "Tangent, of radians.",
  value: Math.tan,
  derivative: smooth((t, y) => mul(t, add(mul(y, y), 1))),
  lower: (onnx, x) =>
    onnx.provider === "cpu" ? onnx.op("Tan", [x]) : onnx.op("Div", [onnx.op("Sin", [x]), onnx.op("Cos", [x])]),
  range: [-1.3, 1.3],
  extremes: [0, 1e-30, 1, -1, 3, NaN],
  precise: preciseTan,
  accuracy: own(8),
});

export const atan = unary({
  name: "atan",
  doc: "Inverse tangent, from −π/2 to π/2.",
  value: Math.atan,
  // (t / h) / h with h = √(1 + x²) would be safe from overflow; x² = ∞ gives the right slope 0 by itself.
  derivative: smooth((t, { inputs: [x] }) => div(t, add(mul(x, x), 1))),
  lower: "Atan",
  precise: preciseAtan,
  accuracy: ofValue(4),
});

export const relu = unary({
  name: "relu",
  doc: "max(x, 0). Its slope at 0 is 0.",
  value: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  derivative: smooth((t, { inputs: [x] }) => mul(t, step(x, { at: 0, below: 0, above: 1 }))),
  lower: "Relu",
  accuracy: ofValue(0),
});

export const abs = unary({
  name: "abs",
  doc: "|x|. Its slope at 0 is 0.",
  value: Math.abs,
  derivative: smooth((t, { inputs: [x] }) => mul(t, sign(x))),
  lower: "Abs",
  dtypes: ["float32", "int32"],
  accuracy: ofValue(0),
});

export const sign = unary({
  name: "sign",
  doc: "−1, 0 or 1; NaN stays NaN.",
  value: Math.sign,
  derivative: zero,
  lower: (onnx, x) => {
    if (onnx.provider === "cpu") return onnx.op("Sign", [x]);
    const side = (operator: string): string => onnx.cast(onnx.op(operator, [x, onnx.scalar(0)]), "float32");
    return onnx.op("Where", [onnx.op("Equal", [x, x]), onnx.op("Sub", [side("Greater"), side("Less")]), x]);
  },
  accuracy: ofValue(0),
});

export const floor = unary({
  name: "floor",
  doc: "Largest whole number ≤ x.",
  value: Math.floor,
  derivative: zero,
  lower: "Floor",
  accuracy: ofValue(0),
});

export const ceil = unary({
  name: "ceil",
  doc: "Smallest whole number ≥ x.",
  value: Math.ceil,
  derivative: zero,
  lower: "Ceil",
  accuracy: ofValue(0),
});

export const round = unary({
  name: "round",
  doc: "Nearest whole number, halves to the even one.",
  value: roundHalfEven,
  derivative: zero,
  lower: (onnx, x) => {
    if (onnx.provider === "cpu") return onnx.op("Round", [x]);
    // No Round there: floor, plus 1 when the part above it is over a half, or is a half and the floor is odd.
    const down = onnx.op("Floor", [x]);
    const part = onnx.op("Sub", [x, down]);
    const halfDown = onnx.op("Mul", [down, onnx.scalar(0.5)]);
    const odd = onnx.op("Sub", [halfDown, onnx.op("Floor", [halfDown])]);
    const over = onnx.op("Greater", [part, onnx.scalar(0.5)]);
    const tie = onnx.op("And", [onnx.op("Equal", [part, onnx.scalar(0.5)]), onnx.op("Greater", [odd, onnx.scalar(0.25)])]);
    const both = onnx.op("Add", [onnx.cast(over, "float32"), onnx.cast(tie, "float32")]);
    return onnx.op("Add", [down, both]);
  },
  extremes: [...WHOLE_LINE, 0.5, 1.5, -0.5, -1.5, 2.5, 0.49999997, 8388609],
  accuracy: ofValue(0),
});

export const logicalNot = unary({
  name: "logicalNot",
  doc: "True where x is false.",
  value: (x) => (x === 0 ? 1 : 0),
  derivative: zero,
  lower: "Not",
  dtypes: ["bool"],
});
