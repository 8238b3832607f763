import { allocateExact, type DType } from "../ir/dtype.js";
import type { Primitive } from "../ir/primitive.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { asTensor, type TensorLike } from "./create.js";
import {
  batchRule,
  floats,
  linear,
  operation,
  requireDtype,
  requireShape,
  resolveAxis,
  sameDtype,
  whole,
  zero,
} from "./define.js";

interface IotaParams {
  readonly shape: Shape;
  readonly axis: number;
  readonly dtype: DType;
}

const iotaPrimitive: Primitive<IotaParams> = {
  name: "iota",
  doc: "0, 1, 2, … along one axis, repeated over the others.",
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
  derivative: zero,
  batching: batchRule((_inputs, _batched, node) => node),
  meaning: {
    kind: "direct",
    evaluate: (_, node) => countAlong(node),
    lower: (onnx, _, node) => onnx.constant(node.dtype, countAlong(node), node.shape),
  },
  samples: [
    { inputs: [], params: { shape: [2, 3], axis: 1, dtype: "int32" } },
    { inputs: [], params: { shape: [3, 2], axis: 0, dtype: "float32" } },
    { inputs: [], params: { shape: [0], axis: 0, dtype: "uint32" } },
  ],
};

function countAlong({ size, shape, dtype, params: { axis } }: Node<IotaParams>) {
  const inner = sizeOf(shape.slice(axis + 1));
  const result = allocateExact(dtype, size);
  for (let i = 0; i < size; i++) result[i] = Math.floor(i / inner) % shape[axis];
  return result;
}

/** 0, 1, 2, … along `axis` (default the last) of a tensor of shape `shape`. */
export const iota = operation(
  iotaPrimitive,
  (shape: number | Shape, { axis = -1, dtype = "int32" }: { axis?: number; dtype?: DType } = {}): Tensor => {
    const sizes = typeof shape === "number" ? [shape] : shape;
    requireShape("iota", sizes);
    requireDtype("iota", dtype, ["int32", "uint32", "float32"]);
    return Tensor.of(iotaPrimitive, [], { shape: sizes, axis: resolveAxis("iota", axis, sizes.length), dtype });
  },
);

interface CumulativeParams {
  readonly axis: number;
  readonly reverse: boolean;
  readonly exclusive: boolean;
}

const cumulativeSumPrimitive: Primitive<CumulativeParams> = {
  name: "cumulativeSum",
  doc: "Running sum along an axis, from either end, with or without the element itself.",
  shape: ([x]) => x.shape,
  dtype: sameDtype("cumulativeSum", ["float32", "int32"]),
  derivative: linear((cotangent, { params }) => [cumulativeSum(cotangent, params.axis, { ...params, reverse: !params.reverse })]),
  batching: batchRule(([x], _batched, { params }) => cumulativeSum(x, params.axis + 1, params)),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const { axis, reverse, exclusive } = node.params;
      const length = node.shape[axis];
      const inner = sizeOf(node.shape.slice(axis + 1));
      const result = allocateExact(node.dtype, node.size);
      for (let line = 0; line < node.size / Math.max(1, length); line++) {
        const first = Math.floor(line / inner) * length * inner + (line % inner);
        let total = 0;
        for (let k = 0; k < length; k++) {
          const at = first + (reverse ? length - 1 - k : k) * inner;
          result[at] = exclusive ? total : total + x[at];
          total += x[at];
        }
      }
      return result;
    },
    lower: (onnx, [x], { params: { axis, reverse, exclusive } }) =>
      onnx.op("CumSum", [x, onnx.constant("int32", [axis], [])], { reverse: Number(reverse), exclusive: Number(exclusive) }),
  },
  samples: [
    { inputs: [floats([3, 4])], params: { axis: 1, reverse: false, exclusive: false } },
    { inputs: [floats([3, 4])], params: { axis: 0, reverse: true, exclusive: true } },
    { inputs: [whole([5], [-3, 3])], params: { axis: 0, reverse: true, exclusive: false } },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

/** Running sum along `axis` (default the last); `reverse` starts at the end, `exclusive` leaves the element itself out. */
export const cumulativeSum = operation(
  cumulativeSumPrimitive,
  (x: TensorLike, axis = -1, { reverse = false, exclusive = false }: { reverse?: boolean; exclusive?: boolean } = {}): Tensor => {
    const source = asTensor(x);
    return Tensor.of(cumulativeSumPrimitive, [source], {
      axis: resolveAxis("cumulativeSum", axis, source.rank),
      reverse,
      exclusive,
    });
  },
);
