import { allocateExact, type DType, type TypedArray } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import { fault } from "../ir/fault.js";
import type { Primitive, Sample } from "../ir/primitive.js";
import { broadcastShapes, formatShape } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import type { BinaryOperation } from "./arithmetic.js";
import { broadcastTo, broadcastTogether } from "./broadcast.js";
import { asTensor, full, type TensorLike } from "./create.js";
import { anyDtype, anyNumber, elementwise, elementwise2, elementwise3, floats, isFloat, linear, operation, pointwise, requireDtype, sameDtype, whole, zero } from "./define.js"; // biome-ignore format: one list

/** Comparisons and logic: two operands of one dtype, a bool result, no derivative. */
interface RelationRecord {
  name: string;
  doc: string;
  holds: (x: number, y: number) => boolean;
  operands: readonly DType[];
  lower: (onnx: Emitter, x: string, y: string, dtype: DType) => string;
}

function relation({ name, doc, holds, operands, lower }: RelationRecord): BinaryOperation {
  const operandDtype = sameDtype(name, operands);
  const primitive: Primitive<null> = {
    name,
    doc,
    shape: elementwise2,
    dtype: (inputs) => {
      operandDtype(inputs);
      return "bool";
    },
    derivative: zero,
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([x, y]) => Uint8Array.from(x as ArrayLike<number>, (value, i) => (holds(value, y[i]) ? 1 : 0)),
      lower: (onnx, [x, y], node) => lower(onnx, x, y, node.inputs[0].dtype),
    },
    samples: operands.flatMap(relationSamples),
  };
  return operation(primitive, (x: TensorLike, y: TensorLike) => Tensor.of(primitive, broadcastTogether(name, x, y), null));
}

function relationSamples(dtype: DType): Sample<null>[] {
  if (dtype !== "float32") {
    const numbers = whole([12], dtype === "bool" ? [0, 1] : [0, 3], dtype);
    return [{ inputs: [numbers, numbers], params: null }];
  }
  const left = [0, -0, 1, Infinity, -Infinity, NaN, NaN, 2];
  const right = [-0, 0, 1, Infinity, Infinity, NaN, 1, 1];
  return [
    { inputs: [floats([2, 3]), floats([2, 3])], params: null },
    { inputs: [floats([left.length], undefined, left), floats([right.length], undefined, right)], params: null },
  ];
}

const plain = (operator: string) => (onnx: Emitter, x: string, y: string) => onnx.op(operator, [x, y]);
const negated = (operator: string) => (onnx: Emitter, x: string, y: string) => onnx.op("Not", [onnx.op(operator, [x, y])]);
/** bool is compared as int32, which every provider can. */
const equality = (onnx: Emitter, x: string, y: string, dtype: DType): string =>
  dtype === "bool" ? onnx.op("Equal", [onnx.cast(x, "int32"), onnx.cast(y, "int32")]) : onnx.op("Equal", [x, y]);

export const equal = relation({
  name: "equal",
  doc: "x = y; NaN equals nothing.",
  holds: (x, y) => x === y,
  operands: anyDtype,
  lower: equality,
});

export const notEqual = relation({
  name: "notEqual",
  doc: "x ≠ y; true with NaN.",
  holds: (x, y) => x !== y,
  operands: anyDtype,
  lower: (onnx, x, y, dtype) => onnx.op("Not", [equality(onnx, x, y, dtype)]),
});

export const greater = relation({
  name: "greater",
  doc: "x > y; false with NaN.",
  holds: (x, y) => x > y,
  operands: anyNumber,
  lower: plain("Greater"),
});

export const greaterEqual = relation({
  name: "greaterEqual",
  doc: "x ≥ y; false with NaN.",
  holds: (x, y) => x >= y,
  operands: anyNumber,
  lower: plain("GreaterOrEqual"),
});

export const less = relation({
  name: "less",
  doc: "x < y; false with NaN.",
  holds: (x, y) => x < y,
  operands: anyNumber,
  lower: plain("Less"),
});

export const lessEqual = relation({
  name: "lessEqual",
  doc: "x ≤ y; false with NaN.",
  holds: (x, y) => x <= y,
  operands: anyNumber,
  lower: plain("LessOrEqual"),
});

export const logicalAnd = relation({
  name: "logicalAnd",
  doc: "True where both are.",
  holds: (x, y) => x !== 0 && y !== 0,
  operands: ["bool"],
  lower: plain("And"),
});

export const logicalOr = relation({
  name: "logicalOr",
  doc: "True where either is.",
  holds: (x, y) => x !== 0 || y !== 0,
  operands: ["bool"],
  lower: (onnx, x, y) => {
    if (onnx.provider === "cpu") return onnx.op("Or", [x, y]);
    return onnx.op("Not", [onnx.op("And", [onnx.op("Not", [x]), onnx.op("Not", [y])])]);
  },
});

export const logicalXor = relation({
  name: "logicalXor",
  doc: "True where exactly one is.",
  holds: (x, y) => (x !== 0) !== (y !== 0),
  operands: ["bool"],
  lower: (onnx, x, y) => negated("Equal")(onnx, onnx.cast(x, "int32"), onnx.cast(y, "int32")),
});

const wherePrimitive: Primitive<null> = {
  name: "where",
  doc: "x where the condition holds, y elsewhere; the side not taken has no influence.",
  shape: elementwise3,
  dtype: (inputs) => {
    requireDtype("where (its condition)", inputs[0].dtype, ["bool"]);
    return sameDtype("where", anyDtype)(inputs.slice(1));
  },
  derivative: linear((cotangent, { inputs: [condition] }) => {
    const none = full([], 0);
    return [null, where(condition, cotangent, none), where(condition, none, cotangent)];
  }),
  batching: pointwise,
  meaning: {
    kind: "direct",
    evaluate: ([condition, x, y], node) => {
      const result = allocateExact(node.dtype, condition.length);
      for (let i = 0; i < result.length; i++) result[i] = condition[i] !== 0 ? x[i] : y[i];
      return result;
    },
    lower: (onnx, [condition, x, y], node) => {
      if (isFloat(node.dtype) || node.dtype === "int32") return onnx.op("Where", [condition, x, y]);
      // There is no Where for uint32 and bool; both pass through int32 unharmed.
      const through = onnx.op("Where", [condition, onnx.cast(x, "int32"), onnx.cast(y, "int32")]);
      return onnx.cast(through, node.dtype);
    },
  },
  samples: anyDtype.map((dtype) => {
    const side = dtype === "float32" ? floats([6]) : whole([6], [0, dtype === "bool" ? 1 : 9], dtype);
    return { inputs: [whole([6], [0, 1], "bool"), side, side], params: null };
  }),
};

/** `x` where `condition` holds, `y` elsewhere, broadcast together. */
export const where = operation(wherePrimitive, (condition: TensorLike, x: TensorLike, y: TensorLike): Tensor => {
  const [left, right] = broadcastTogether("where", x, y);
  const chosen = asTensor(condition, "bool");
  requireDtype("where (its condition)", chosen.dtype, ["bool"]);
  const shape = broadcastShapes(chosen.shape, left.shape);
  if (shape === null) {
    throw fault("where", "the condition does not broadcast to the values", {
      expected: `axes equal to those of ${formatShape(left.shape)} from the right, or 1`,
      got: formatShape(chosen.shape),
    });
  }
  return Tensor.of(wherePrimitive, [broadcastTo(chosen, shape), broadcastTo(left, shape), broadcastTo(right, shape)], null);
});

interface CastParams {
  readonly to: DType;
}

const castPrimitive: Primitive<CastParams> = {
  name: "cast",
  doc: "Another dtype: fractions are cut toward zero, floats beyond the range become its ends, NaN 0; anything but 0 is true.",
  shape: elementwise,
  dtype: (_, { to }) => to,
  derivative: linear((cotangent, { inputs: [x], params }) => [isFloat(x.dtype) && isFloat(params.to) ? cotangent : null]),
  batching: pointwise,
  meaning: {
    kind: "direct",
    evaluate: ([x], { params: { to } }) => castElements(x, to),
    lower: (onnx, [x], { inputs: [source], params: { to } }) =>
      isFloat(source.dtype) && (to === "int32" || to === "uint32") ? castToWhole(onnx, x, to) : onnx.cast(x, to),
  },
  simplify: ({ inputs: [x], params }) => (x.dtype === params.to ? x : null),
  samples: [
    { inputs: [floats([6], [-5, 5])], params: { to: "int32" } },
    { inputs: [floats([6], [0, 5])], params: { to: "uint32" } },
    { inputs: [floats([8], undefined, [-0.9, 1.9, 2147483520, 2 ** 31, 3e38, -3e38, -Infinity, NaN])], params: { to: "int32" } },
    { inputs: [floats([8], undefined, [-0.9, 1.9, 2 ** 31, 4294967040, 2 ** 32, Infinity, -5, NaN])], params: { to: "uint32" } },
    { inputs: [floats([5], undefined, [0, 1, -0.5, 2, NaN])], params: { to: "bool" } },
    { inputs: [whole([6], [-5, 5])], params: { to: "float32" } },
    { inputs: [whole([6], [-5, 5])], params: { to: "uint32" } },
    { inputs: [whole([6], [0, 5], "uint32")], params: { to: "float32" } },
    { inputs: [whole([6], [0, 5], "uint32")], params: { to: "int32" } },
    { inputs: [whole([6], [0, 1], "bool")], params: { to: "float32" } },
    { inputs: [whole([6], [0, 1], "bool")], params: { to: "int32" } },
  ],
};

function castElements(x: TypedArray, to: DType): TypedArray {
  const result = allocateExact(to, x.length);
  const [low, high] = x instanceof Float64Array && to !== "float32" ? wholeRange(to) : [-Infinity, Infinity];
  for (let i = 0; i < x.length; i++) result[i] = to === "bool" ? Number(x[i] !== 0) : Math.min(high, Math.max(low, x[i]));
  return result;
}

const wholeRange = (to: DType): readonly [number, number] => (to === "uint32" ? [0, 2 ** 32 - 1] : [-(2 ** 31), 2 ** 31 - 1]);

/** What a float beyond the range becomes is up to the processor, so none gets to the cast. */
function castToWhole(onnx: Emitter, x: string, to: "int32" | "uint32"): string {
  const [low, high] = wholeRange(to);
  // The largest float32 below the end of the range: the end itself would round up, out of it.
  const below = to === "int32" ? 2 ** 31 - 2 ** 7 : 2 ** 32 - 2 ** 8;
  const known = onnx.op("Where", [onnx.op("Equal", [x, x]), x, onnx.scalar(0)]);
  const inside = onnx.cast(onnx.op("Clip", [known, onnx.scalar(low), onnx.scalar(below)]), to);
  const over = onnx.op("Greater", [x, onnx.scalar(below)]);
  const rest = onnx.op("Mul", [onnx.cast(over, to), onnx.constant(to, [high - below], [])]);
  return onnx.op("Add", [inside, rest]);
}

/** `x` as another dtype. */
export const cast = operation(castPrimitive, (x: TensorLike, to: DType): Tensor => {
  const source = asTensor(x);
  if (!anyDtype.includes(to)) throw fault("cast", "no such dtype", { expected: anyDtype.join(", "), got: String(to) });
  return source.dtype === to ? source : Tensor.of(castPrimitive, [source], { to });
});
