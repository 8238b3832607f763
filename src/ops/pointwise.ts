import type { DType, TypedArray } from "../ir/dtype.js";
import { allocateExact } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import type { Accuracy, Derivative, Primitive, Sample } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { add, div, greater, mul, neg, sub, where } from "./arithmetic.js";
import { asTensor, type TensorLike } from "./create.js";
import {
  elementwise,
  floatOnly,
  floats,
  type Operation,
  operation,
  pointwise,
  sameDtype,
  smooth,
  whole,
  zero,
} from "./define.js";
import { erfcExact, erfExact, roundHalfEven, sigmoidExact } from "./special.js";

/** Functions of one number, applied to every element. */
export type UnaryOperation = Operation<(x: TensorLike) => Tensor, null>;

interface UnaryRecord {
  name: string;
  doc: string;
  /** The float64 meaning of one element. */
  value: (x: number) => number;
  derivative: Derivative<null>;
  lower: string | ((onnx: Emitter, x: string) => string);
  /** Where samples are drawn. */
  range?: readonly [number, number];
  extremes?: readonly number[];
  accuracy?: Accuracy;
  dtypes?: readonly DType[];
}

/** Inputs on which every function defined on the whole line must agree with float64. */
const WHOLE_LINE = [0, -0, 1e-30, -1e-30, 1, -1, 30, -30, 100, -100, 1e4, -1e4, 3e38, -3e38, Infinity, -Infinity, NaN];
const POSITIVE = [1e-30, 1, 30, 1e4, 3e38, Infinity, NaN];

function unary(record: UnaryRecord): UnaryOperation {
  const { name, lower, dtypes = floatOnly, range, extremes = WHOLE_LINE } = record;
  const dtypeOf = sameDtype(name, dtypes);
  const primitive: Primitive<null> = {
    name,
    doc: record.doc,
    shape: elementwise,
    dtype: dtypeOf,
    derivative: record.derivative,
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([x], node) => mapElements(x, node.dtype, record.value),
      lower: (onnx, [x]) => (typeof lower === "string" ? onnx.op(lower, [x]) : lower(onnx, x)),
    },
    samples: dtypes.flatMap((dtype) => unarySamples(dtype, range, extremes)),
    ...(record.accuracy && { accuracy: record.accuracy }),
  };
  return operation(primitive, (x: TensorLike) => Tensor.of(primitive, [asTensor(x)], null));
}

function unarySamples(dtype: DType, range: readonly [number, number] | undefined, extremes: readonly number[]): Sample<null>[] {
  if (dtype !== "float32") return [{ inputs: [whole([6], dtype === "bool" ? [0, 1] : [-5, 5], dtype)], params: null }];
  return [
    { inputs: [floats([2, 3], range)], params: null },
    { inputs: [floats([extremes.length], range, extremes)], params: null },
  ];
}

function mapElements(x: TypedArray, dtype: DType, value: (x: number) => number): TypedArray {
  const result = allocateExact(dtype, x.length);
  for (let i = 0; i < x.length; i++) result[i] = value(x[i]);
  return result;
}

const own = (ulp: number): Accuracy => ({ ulp, scale: "own" });
const ofValue = (ulp: number): Accuracy => ({ ulp, scale: "value" });

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
  derivative: smooth((t, y) => mul(t, add(y, 1))),
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
  accuracy: own(8),
});

export const atan = unary({
  name: "atan",
  doc: "Inverse tangent, from −π/2 to π/2.",
  value: Math.atan,
  // (t / h) / h with h = √(1 + x²) would be safe from overflow; x² = ∞ gives the right slope 0 by itself.
  derivative: smooth((t, { inputs: [x] }) => div(t, add(mul(x, x), 1))),
  lower: "Atan",
  accuracy: ofValue(4),
});

export const tanh = unary({
  name: "tanh",
  doc: "Hyperbolic tangent; ±1 in the limits.",
  value: Math.tanh,
  derivative: smooth((t, y) => mul(t, sub(1, mul(y, y)))),
  lower: "Tanh",
  accuracy: own(4),
});

export const sigmoid = unary({
  name: "sigmoid",
  doc: "1 / (1 + e^(−x)); 0 and 1 in the limits.",
  value: sigmoidExact,
  derivative: smooth((t, y) => mul(t, mul(y, sub(1, y)))),
  lower: "Sigmoid",
  accuracy: own(4),
});

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** d erf / dx = 2/√π · e^(−x²). */
const erfSlope = (x: Tensor): Tensor => mul(exp(neg(mul(x, x))), TWO_OVER_ROOT_PI);

export const erf = unary({
  name: "erf",
  doc: "Error function 2/√π ∫₀ˣ e^(−s²) ds; ±1 in the limits.",
  value: erfExact,
  derivative: smooth((t, { inputs: [x] }) => mul(t, erfSlope(x))),
  lower: "Erf",
  accuracy: own(4),
});

export const erfc = unary({
  name: "erfc",
  doc: "1 − erf(x); in float32 right to the rounding of 1.",
  value: erfcExact,
  derivative: smooth((t, { inputs: [x] }) => neg(mul(t, erfSlope(x)))),
  lower: (onnx, x) => onnx.op("Sub", [onnx.scalar(1), onnx.op("Erf", [x])]),
  accuracy: { ulp: 4, scale: "unit" },
});

/** 1/√(2π), the height of the standard normal density. */
const NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI);

export const normalCdf = unary({
  name: "normalCdf",
  doc: "Φ(x) = ½ erfc(−x/√2), the distribution function of the standard normal; in float32 right to the rounding of 1.",
  value: (x) => erfcExact(-x * Math.SQRT1_2) / 2,
  derivative: smooth((t, { inputs: [x] }) => mul(t, normalPdf(x))),
  lower: (onnx, x) => {
    const half = onnx.scalar(0.5);
    const halfErf = onnx.op("Mul", [onnx.op("Erf", [onnx.op("Mul", [x, onnx.scalar(Math.SQRT1_2)])]), half]);
    return onnx.op("Add", [halfErf, half]);
  },
  accuracy: { ulp: 4, scale: "unit" },
});

/** φ(x) = e^(−x²/2) / √(2π), the density of the standard normal and the slope of `normalCdf`. */
export const normalPdf = (x: TensorLike): Tensor => {
  const source = asTensor(x);
  return mul(exp(mul(mul(source, source), -0.5)), NORMAL_PEAK);
};

export const relu = unary({
  name: "relu",
  doc: "max(x, 0). Its slope at 0 is 0.",
  value: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  derivative: smooth((t, { inputs: [x] }) => where(greater(x, 0), t, 0)),
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
