import { allocateExact, type DType, type TypedArray } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import { fault } from "../ir/fault.js";
import type { Accuracy, Derivative, Primitive } from "../ir/primitive.js";
import { broadcastAxes, type Shape, sizeOf, stridesOf } from "../ir/shape.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { cast, div, equal, mul, sub } from "./arithmetic.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { batchRule, floats, linear, operation, resolveAxes, resolveAxis, sameDtype, smooth, whole, zero } from "./define.js";
import { reshape } from "./shape.js";
import { forEachIndex } from "./strided.js";

export interface ReduceOptions {
  /** Axes to reduce; all of them when left out. */
  axes?: number | readonly number[];
  /** Keeps reduced axes with size 1. */
  keepAxes?: boolean;
}

interface AxesParams {
  readonly axes: readonly number[];
}

interface ReductionRecord {
  name: string;
  doc: string;
  dtypes: readonly DType[];
  start: number;
  combine: (total: number, value: number) => number;
  derivative: Derivative<AxesParams>;
  /** ONNX operator that reduces the named axes away. */
  lower: (onnx: Emitter, x: string, axes: string, dtype: DType) => string;
  /** Whether reducing no elements has a value. */
  empty: boolean;
  accuracy: Accuracy;
  /** A faster lowering for some shapes, or null. */
  lowerSpecial?: (onnx: Emitter, x: string, node: Node<AxesParams>) => string | null;
}

function reduction(record: ReductionRecord) {
  const { name, dtypes } = record;
  const primitive: Primitive<AxesParams> = {
    name,
    doc: record.doc,
    shape: ([x], { axes }) => {
      const empty = axes.find((axis) => x.shape[axis] === 0);
      if (empty !== undefined && !record.empty) {
        throw fault(name, `axis ${empty} has no elements`, { expected: "at least one", got: `(${x.shape.join(" ")})` });
      }
      return x.shape.filter((_, axis) => !axes.includes(axis));
    },
    dtype: sameDtype(name, dtypes),
    derivative: record.derivative,
    batching: batchRule(([x], _batched, { params: { axes } }) =>
      Tensor.of(primitive, [x], { axes: axes.map((axis) => axis + 1) }),
    ),
    meaning: {
      kind: "direct",
      evaluate: ([x], node) => reduceElements(x, node, record),
      lower: (onnx, [x], node) => {
        const special = record.lowerSpecial?.(onnx, x, node) ?? null;
        if (special !== null) return special;
        const reduced = (from: string) => record.lower(onnx, from, onnx.axes(node.params.axes), node.dtype);
        // uint32 wraps as int32 does, and only int32 is reduced everywhere.
        return node.dtype === "uint32" ? onnx.cast(reduced(onnx.cast(x, "int32")), "uint32") : reduced(x);
      },
    },
    simplify: ({ inputs: [x], params: { axes } }) => (axes.length === 0 ? x : null),
    samples: [
      { inputs: [floats([2, 3, 4])], params: { axes: [1] } },
      { inputs: [floats([2, 3])], params: { axes: [0, 1] } },
      { inputs: [floats([5], undefined, [1, 3e30, -Infinity, 2, 0])], params: { axes: [0] } },
      { inputs: [floats([2, 2], undefined, [1, NaN, 2, 3])], params: { axes: [1] } },
      ...(record.empty ? [{ inputs: [floats([2, 0])], params: { axes: [1] } }] : []),
      { inputs: [floats([0, 2])], params: { axes: [1] } },
      { inputs: [whole([2, 3], [-9, 9])], params: { axes: [0] } },
    ],
    accuracy: record.accuracy,
  };
  return operation(primitive, (x: TensorLike, { axes, keepAxes = false }: ReduceOptions = {}): Tensor => {
    const source = asTensor(x);
    const resolved = resolveAxes(name, axes, source.rank);
    const reduced = resolved.length === 0 ? source : Tensor.of(primitive, [source], { axes: resolved });
    return keepAxes ? reshape(reduced, keptShape(source.shape, resolved)) : reduced;
  });
}

/** The shape with reduced axes kept at size 1, so that the result broadcasts against the source. */
export const keptShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((size, axis) => (axes.includes(axis) ? 1 : size));

function reduceElements(x: TypedArray, node: Node<AxesParams>, { start, combine }: ReductionRecord): TypedArray {
  const { shape } = node.inputs[0];
  const { axes } = node.params;
  const strides = stridesOf(node.shape);
  let kept = 0;
  const into = shape.map((_, axis) => (axes.includes(axis) ? 0 : strides[kept++]));
  const totals = new Float64Array(node.size).fill(start);
  forEachIndex(shape, into, 0, (from, target) => {
    totals[target] = combine(totals[target], x[from]);
  });
  const result = allocateExact(node.dtype, node.size);
  for (let i = 0; i < result.length; i++) result[i] = totals[i];
  return result;
}

export const sum = reduction({
  name: "sum",
  doc: "Sum over axes; 0 when there is nothing to add.",
  dtypes: ["float32", "int32", "uint32"],
  start: 0,
  combine: (total, value) => total + value,
  derivative: linear((cotangent, { inputs: [x], params: { axes } }) => [spread(cotangent, x.shape, axes)]),
  lower: (onnx, x, axes) => onnx.op("ReduceSum", [x, axes], { keepdims: 0 }),
  lowerSpecial: sumOfRows,
  empty: true,
  accuracy: { ulp: 8, scale: "terms" },
});

/** Rows of a matrix are added 2 to 6 times faster by a product with a row of ones than by ReduceSum: every bias gradient. */
function sumOfRows(onnx: Emitter, x: string, { inputs: [source], params: { axes }, dtype }: Node<AxesParams>): string | null {
  const [rows, columns] = source.shape;
  const applies = dtype === "float32" && source.rank === 2 && axes.join() === "0" && rows <= MOST_ONES && rows > 1 && columns > 1;
  return applies ? onnx.op("MatMul", [onnx.constant("float32", new Float32Array(rows).fill(1), [rows]), x]) : null;
}

/** The row of ones is stored in the model. */
const MOST_ONES = 4096;

/** A reduced tensor repeated over the axes it lost. */
const spread = (reduced: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  broadcastTo(reshape(reduced, keptShape(shape, axes)), shape);

/** ONNX Runtime passes over NaN. A number held between 0 and 0 is 0, NaN is NaN: the sum of those puts it back. */
function reduceExtreme(onnx: Emitter, operator: "ReduceMax" | "ReduceMin", x: string, axes: string, dtype: DType): string {
  const extreme = onnx.op(operator, [x, axes], { keepdims: 0 });
  if (dtype !== "float32") return extreme;
  const nothing = onnx.op("Clip", [x, onnx.scalar(0), onnx.scalar(0)]);
  return onnx.op("Add", [extreme, onnx.op("ReduceSum", [nothing, axes], { keepdims: 0 })]);
}

/** 1/n for each of the n elements that attain the extreme, 0 for the others. */
function attainedShare(extreme: Node<AxesParams>): Tensor {
  const [x] = extreme.inputs;
  const { axes } = extreme.params;
  const attained = cast(equal(x, spread(extreme, x.shape, axes)), "float32");
  return div(attained, spread(sum(attained, { axes }), x.shape, axes));
}

const extremeDerivative = smooth<AxesParams>((tangent, node) =>
  sum(mul(tangent, attainedShare(node)), { axes: node.params.axes }),
);

export const max = reduction({
  name: "max",
  doc: "Largest element over axes; NaN when one is. Ties share the gradient equally.",
  dtypes: ["float32", "int32"],
  start: -Infinity,
  combine: Math.max,
  derivative: extremeDerivative,
  lower: (onnx, x, axes, dtype) => reduceExtreme(onnx, "ReduceMax", x, axes, dtype),
  empty: false,
  accuracy: { ulp: 0, scale: "value" },
});

export const min = reduction({
  name: "min",
  doc: "Smallest element over axes; NaN when one is. Ties share the gradient equally.",
  dtypes: ["float32", "int32"],
  start: Infinity,
  combine: Math.min,
  derivative: extremeDerivative,
  lower: (onnx, x, axes, dtype) => reduceExtreme(onnx, "ReduceMin", x, axes, dtype),
  empty: false,
  accuracy: { ulp: 0, scale: "value" },
});

/** Sums what broadcasting from `shape` would have repeated: the transpose of `broadcastTo`. */
export const sumTo = (x: Tensor, shape: Shape): Tensor => reshape(sum(x, { axes: broadcastAxes(shape, x.shape) }), shape);

interface AxisParams {
  readonly axis: number;
}

const argmaxPrimitive: Primitive<AxisParams> = {
  name: "argmax",
  doc: "Position of the first largest element along an axis, as int32; unspecified where there is a NaN.",
  shape: ([x], { axis }) => {
    if (x.shape[axis] === 0) throw fault("argmax", `axis ${axis} has no elements`, { expected: "at least one" });
    return x.shape.filter((_, i) => i !== axis);
  },
  dtype: (inputs) => {
    sameDtype("argmax", ["float32", "int32"])(inputs);
    return "int32";
  },
  derivative: zero,
  batching: batchRule(([x], _batched, { params: { axis } }) => argmax(x, axis + 1)),
  meaning: {
    kind: "direct",
    evaluate: ([x], { inputs: [source], params: { axis } }) => {
      const length = source.shape[axis];
      const inner = sizeOf(source.shape.slice(axis + 1));
      const outer = sizeOf(source.shape.slice(0, axis));
      const best = new Int32Array(outer * inner);
      for (let i = 0; i < best.length; i++) {
        const first = Math.floor(i / inner) * length * inner + (i % inner);
        for (let k = 1; k < length; k++) if (x[first + k * inner] > x[first + best[i] * inner]) best[i] = k;
      }
      return best;
    },
    lower: (onnx, [x], { params: { axis } }) => onnx.cast(onnx.op("ArgMax", [x], { axis, keepdims: 0 }), "int32"),
  },
  samples: [
    { inputs: [floats([3, 4])], params: { axis: 1 } },
    { inputs: [floats([4], undefined, [1, 5, 5, -Infinity])], params: { axis: 0 } },
    { inputs: [whole([2, 3, 2], [0, 3])], params: { axis: 1 } },
  ],
};

/** Position of the first largest element along `axis` (default the last), as int32. */
export const argmax = operation(argmaxPrimitive, (x: TensorLike, axis = -1): Tensor => {
  const source = asTensor(x);
  return Tensor.of(argmaxPrimitive, [source], { axis: resolveAxis("argmax", axis, source.rank) });
});

const softmaxPrimitive: Primitive<null> = {
  name: "softmax",
  doc: "eˣ / Σ eˣ over the last axis, shifted by the maximum so that nothing overflows. Jacobian diag(p) − p pᵀ.",
  shape: ([x]) => {
    if (x.rank > 0) return x.shape;
    throw fault("softmax", "a scalar has no axis to normalise over", { expected: "at least one axis", got: "()" });
  },
  dtype: sameDtype("softmax", ["float32"]),
  derivative: smooth((tangent, p) => mul(p, sub(tangent, sum(mul(p, tangent), { axes: -1, keepAxes: true })))),
  batching: batchRule(([x]) => softmaxLastAxis(x)),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const width = node.shape[node.rank - 1];
      const result = new Float64Array(x.length);
      for (let row = 0; row < x.length; row += width) {
        const values = x.subarray(row, row + width);
        let largest = -Infinity;
        for (const value of values) largest = Math.max(largest, value);
        let total = 0;
        values.forEach((value: number, i: number) => {
          result[row + i] = Math.exp(value - largest);
          total += result[row + i];
        });
        for (let i = 0; i < width; i++) result[row + i] /= total;
      }
      return result;
    },
    lower: (onnx: Emitter, [x]) => onnx.op("Softmax", [x], { axis: -1 }),
  },
  samples: [
    { inputs: [floats([3, 4], [-4, 4])], params: null },
    { inputs: [floats([2, 1])], params: null },
    { inputs: [floats([2, 3], undefined, [1e4, -1e4, 0, -Infinity, 1, 2])], params: null },
  ],
  accuracy: { ulp: 8, scale: "unit" },
};

export const softmaxLastAxis = operation(
  softmaxPrimitive,
  (x: TensorLike): Tensor => Tensor.of(softmaxPrimitive, [asTensor(x)], null),
);
