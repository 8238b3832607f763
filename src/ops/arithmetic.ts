import { allocateExact, type DType, type TypedArray } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import type { Accuracy, Derivative, Primitive, Sample } from "../ir/primitive.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { broadcastTogether } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import {
  anyNumber,
  byArgument,
  elementwise,
  elementwise2,
  floatOnly,
  floats,
  linear,
  linearIn,
  multilinear,
  type Operation,
  operation,
  pointwise,
  sameDtype,
  smooth,
  smoothIn,
  whole,
} from "./define.js";
import { addDisjoint } from "./disjoint.js";
import { fuseScaledProduct } from "./fused-update.js";
import { log } from "./pointwise.js";
import { cast, equal, greater, less, logicalAnd, where } from "./select.js";

export { cast, equal, greater, greaterEqual, less, lessEqual, notEqual, where } from "./select.js";

/** Functions of two numbers, applied element by element with NumPy broadcasting. */
export type BinaryOperation = Operation<(x: TensorLike, y: TensorLike) => Tensor, null>;

interface BinaryRecord {
  name: string;
  doc: string;
  value: (x: number, y: number) => number;
  /** The meaning on whole numbers where it is not `value` stored into the integer type. */
  wholeValue?: (x: number, y: number) => number;
  derivative: Derivative<null>;
  lower: string | ((onnx: Emitter, x: string, y: string, node: Node<null>) => string);
  dtypes?: readonly DType[];
  range?: readonly [number, number];
  extremes?: readonly (readonly [number, number])[];
  simplify?: (x: Tensor, y: Tensor) => Tensor | null;
  fusion?: Primitive<null>["fusion"];
  accuracy: Accuracy;
}

const EXTREME_PAIRS: readonly (readonly [number, number])[] = [
  [0, 0],
  [-0, 0],
  [1, 1],
  [3e38, 3e38],
  [-3e38, 3e38],
  [1e-30, 1e30],
  [Infinity, 1],
  [1, -Infinity],
  [Infinity, -Infinity],
  [Infinity, 0],
  [NaN, 1],
  [1, NaN],
];

function binary(record: BinaryRecord): BinaryOperation {
  const { name, lower, dtypes = anyNumber, range, extremes = EXTREME_PAIRS, value, wholeValue = value } = record;
  const primitive: Primitive<null> = {
    name,
    doc: record.doc,
    shape: elementwise2,
    dtype: sameDtype(name, dtypes),
    derivative: record.derivative,
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([x, y], node) => zipElements(x, y, node.dtype, node.dtype === "float32" ? value : wholeValue),
      lower: (onnx, [x, y], node) => (typeof lower === "string" ? onnx.op(lower, [x, y]) : lower(onnx, x, y, node)),
    },
    simplify: ({ inputs: [x, y] }) => record.simplify?.(x, y) ?? null,
    fusion: (node, usedOnce) => record.fusion?.(node, usedOnce) ?? null,
    samples: samplesOf(dtypes, range, extremes),
    accuracy: record.accuracy,
  };
  return operation(primitive, (x: TensorLike, y: TensorLike) => Tensor.of(primitive, broadcastTogether(name, x, y), null));
}

function samplesOf(
  dtypes: readonly DType[],
  range: readonly [number, number] | undefined,
  extremes: readonly (readonly [number, number])[],
): Sample<null>[] {
  const pair = (index: 0 | 1) => floats([extremes.length], range, extremes.map((values) => values[index])); // biome-ignore format: one line
  const samples: Sample<null>[] = [
    { inputs: [floats([2, 3], range), floats([2, 3], range)], params: null },
    { inputs: [pair(0), pair(1)], params: null },
  ];
  for (const dtype of dtypes) {
    if (dtype === "float32") continue;
    const numbers = whole([3, 4], dtype === "int32" ? [-9, 9] : [0, 9], dtype);
    samples.push({ inputs: [numbers, numbers], params: null });
  }
  return samples;
}

function zipElements(x: TypedArray, y: TypedArray, dtype: DType, value: (x: number, y: number) => number): TypedArray {
  const result = allocateExact(dtype, x.length);
  for (let i = 0; i < x.length; i++) result[i] = value(x[i], y[i]);
  return result;
}

/** The one value of a stored scalar, or of one repeated; null for anything else. */
export function storedScalar(x: Tensor): number | null {
  const source = x.primitive.broadcasts ? x.inputs[0] : x;
  const { meaning } = source.primitive;
  return meaning.kind === "stored" && source.size === 1 ? meaning.data(source.params)[0] : null;
}

const exactly: Accuracy = { ulp: 1, scale: "value" };

export const add = binary({
  name: "add",
  doc: "x + y; whole numbers wrap.",
  value: (x, y) => x + y,
  derivative: linear((cotangent) => [cotangent, cotangent]),
  lower: "Add",
  simplify: (x, y) => (storedScalar(y) === 0 ? x : storedScalar(x) === 0 ? y : addDisjoint(x, y)),
  accuracy: exactly,
});

export const sub = binary({
  name: "sub",
  doc: "x − y; whole numbers wrap.",
  value: (x, y) => x - y,
  derivative: linear((cotangent) => [cotangent, neg(cotangent)]),
  lower: "Sub",
  simplify: (x, y) => (storedScalar(y) === 0 && !Object.is(storedScalar(y), -0) ? x : null),
  fusion: fuseScaledProduct,
  accuracy: exactly,
});

export const mul = binary({
  name: "mul",
  doc: "x · y; whole numbers wrap.",
  value: (x, y) => x * y,
  wholeValue: Math.imul,
  derivative: multilinear(
    (cotangent, { inputs: [, y] }) => mul(cotangent, y),
    (cotangent, { inputs: [x] }) => mul(cotangent, x),
  ),
  lower: "Mul",
  simplify: (x, y) => (storedScalar(y) === 1 ? x : storedScalar(x) === 1 ? y : null),
  accuracy: exactly,
});

export const div = binary({
  name: "div",
  doc: "x / y; whole numbers are divided toward zero, and anything / 0 is 0 for them.",
  value: (x, y) => x / y,
  wholeValue: (x, y) => Math.trunc(x / y),
  derivative: byArgument(
    linearIn((cotangent, { inputs: [, y] }) => div(cotangent, y)),
    smoothIn((tangent, quotient) => neg(mul(tangent, div(quotient, quotient.inputs[1])))),
  ),
  lower: (onnx, x, y, { dtype, inputs: [, divisor] }) => {
    const known = storedScalar(divisor);
    const halvings = known === null ? 0 : Math.log2(known);
    if (dtype === "uint32" && onnx.provider === "cpu" && halvings > 0 && Number.isInteger(halvings)) {
      // Three times as fast as the division, which random bits are full of; GPUs have no such operator.
      return onnx.op("BitShift", [x, onnx.scalar(halvings, dtype)], { direction: "RIGHT" });
    }
    if (dtype === "float32" || (known !== null && known !== 0 && known !== -1)) return onnx.op("Div", [x, y]);
    return divideWhole(onnx, x, y, dtype);
  },
  simplify: (x, y) => (storedScalar(y) === 1 ? x : null),
  accuracy: exactly,
});

/** Whole-number division by 0, and of the smallest number by −1, stops the process: neither reaches the operator. */
function divideWhole(onnx: Emitter, x: string, y: string, dtype: DType): string {
  const none = onnx.cast(onnx.op("Equal", [y, onnx.scalar(0, dtype)]), dtype);
  const nonzero = onnx.op("Add", [y, none]);
  const kept = onnx.op("Sub", [onnx.scalar(1, dtype), none]);
  if (dtype === "uint32") return onnx.op("Mul", [onnx.op("Div", [x, nonzero]), kept]);
  const negates = onnx.op("Equal", [y, onnx.scalar(-1, dtype)]);
  const safe = onnx.op("Where", [negates, onnx.scalar(1, dtype), nonzero]);
  const quotient = onnx.op("Mul", [onnx.op("Div", [x, safe]), kept]);
  return onnx.op("Where", [negates, onnx.op("Neg", [x]), quotient]);
}

/** Slope of max(x, y) in the operand that `wins`: 1, and ½ on a tie, so that the two slopes add up to 1. */
const winnerSlope = (wins: BinaryOperation, x: Tensor, y: Tensor): Tensor => where(equal(x, y), 0.5, cast(wins(x, y), "float32"));

export const maximum = binary({
  name: "maximum",
  doc: "The larger of x and y; NaN when either is. On a tie the gradient is shared equally.",
  value: Math.max,
  derivative: smooth(
    (tangent, { inputs: [x, y] }) => mul(tangent, winnerSlope(greater, x, y)),
    (tangent, { inputs: [x, y] }) => mul(tangent, winnerSlope(less, x, y)),
  ),
  lower: "Max",
  accuracy: { ulp: 0, scale: "value" },
});

export const minimum = binary({
  name: "minimum",
  doc: "The smaller of x and y; NaN when either is. On a tie the gradient is shared equally.",
  value: Math.min,
  derivative: smooth(
    (tangent, { inputs: [x, y] }) => mul(tangent, winnerSlope(less, x, y)),
    (tangent, { inputs: [x, y] }) => mul(tangent, winnerSlope(greater, x, y)),
  ),
  lower: "Min",
  accuracy: { ulp: 0, scale: "value" },
});

export const power = binary({
  name: "power",
  doc: "xʸ; NaN for negative x and fractional y; 0⁰ = 1.",
  value: (x, y) => (x === 1 ? 1 : Math.abs(x) === 1 && Math.abs(y) === Infinity ? 1 : x ** y),
  derivative: smooth(
    (tangent, { inputs: [x, y] }) => {
      // y · x^(y−1), and 0 where both are 0: the factor x^(−1) is ∞ there. Elsewhere y = 0 needs no help, and its slope counts.
      const origin = logicalAnd(equal(x, 0), equal(y, 0));
      return mul(tangent, where(origin, 0, mul(y, power(x, where(origin, 1, sub(y, 1))))));
    },
    (tangent, result) => mul(tangent, mul(result, log(where(equal(result.inputs[0], 0), 1, result.inputs[0])))),
  ),
  lower: "Pow",
  dtypes: floatOnly,
  range: [0.2, 2],
  extremes: [
    [0, 0],
    [0, 2],
    [2, 0],
    [-2, 3],
    [-2, 0.5],
    [1e10, 3],
    [1e-10, 3],
    [10, -40],
    [NaN, 1],
  ],
  accuracy: { ulp: 16, scale: "value" },
});

const negPrimitive: Primitive<null> = {
  name: "neg",
  doc: "−x.",
  shape: elementwise,
  dtype: sameDtype("neg", ["float32", "int32"]),
  derivative: linear((cotangent) => [neg(cotangent)]),
  batching: pointwise,
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const result = allocateExact(node.dtype, x.length);
      for (let i = 0; i < x.length; i++) result[i] = -x[i];
      return result;
    },
    lower: (onnx, [x]) => onnx.op("Neg", [x]),
  },
  simplify: ({ inputs: [x] }) => (x.primitive === negPrimitive ? x.inputs[0] : null),
  samples: [
    { inputs: [floats([2, 3])], params: null },
    { inputs: [floats([4], undefined, [0, -0, Infinity, NaN])], params: null },
    { inputs: [whole([3], [-9, 9])], params: null },
  ],
  accuracy: { ulp: 0, scale: "value" },
};

/** −x. */
export const neg = operation(negPrimitive, (x: TensorLike): Tensor => Tensor.of(negPrimitive, [asTensor(x)], null));
