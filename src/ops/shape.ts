import { allocateExact } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { formatShape, type Shape, sizeOf, stridesOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { anyDtype, batchRule, floats, linear, operation, resolveAxis, sameDtype, whole } from "./define.js";
import { gatherStrided } from "./strided.js";

interface ReshapeParams {
  readonly shape: Shape;
}

const reshapePrimitive: Primitive<ReshapeParams> = {
  name: "reshape",
  doc: "The same elements in the same order, with other axes.",
  shape: (_, { shape }) => shape,
  dtype: sameDtype("reshape", anyDtype),
  derivative: linear((cotangent, { inputs: [x] }) => [reshape(cotangent, x.shape)]),
  batching: batchRule(([x], _batched, node, size) => reshape(x, [size, ...node.shape])),
  meaning: {
    kind: "direct",
    evaluate: ([x]) => x.slice(),
    lower: (onnx, [x], node) => onnx.op("Reshape", [x, onnx.axes(node.shape)], { allowzero: 1 }),
  },
  simplify: ({ inputs: [x], shape }) => {
    if (x.shape.join() === shape.join()) return x;
    const [source] = x.inputs;
    if (x.primitive.broadcasts && source.size === 1) return broadcastTo(reshape(source, []), shape);
    return x.primitive === reshapePrimitive ? reshape(source, shape) : null;
  },
  samples: [
    { inputs: [floats([2, 6])], params: { shape: [3, 4] } },
    { inputs: [floats([1])], params: { shape: [] } },
    { inputs: [floats([0, 3])], params: { shape: [3, 0] } },
    { inputs: [whole([4], [0, 9], "uint32")], params: { shape: [2, 2] } },
    { inputs: [whole([4], [0, 1], "bool")], params: { shape: [2, 2] } },
  ],
};

/** The same elements in a new shape; one size may be −1 and follows from the others. */
export const reshape = operation(reshapePrimitive, (x: TensorLike, shape: Shape): Tensor => {
  const source = asTensor(x);
  const resolved = inferSize(source, shape);
  return resolved.join() === source.shape.join() ? source : Tensor.of(reshapePrimitive, [source], { shape: resolved });
});

function inferSize(source: Tensor, shape: Shape): Shape {
  const known = shape.filter((size) => size !== -1);
  const open = shape.length - known.length;
  const product = sizeOf(known);
  const whole = known.every((size) => Number.isInteger(size) && size >= 0);
  const fits = open === 0 ? product === source.size : open === 1 && product > 0 && source.size % product === 0;
  if (!whole || !fits) {
    throw fault("reshape", `${source.size} elements do not fit`, {
      expected: `a shape of ${source.size} elements, at most one size −1`,
      got: `${formatShape(source.shape)} to ${formatShape(shape)}`,
    });
  }
  return shape.map((size) => (size === -1 ? source.size / product : size));
}

interface PermuteParams {
  readonly order: readonly number[];
}

const permutePrimitive: Primitive<PermuteParams> = {
  name: "permute",
  doc: "Axes in another order: axis i of the result is axis order[i] of x.",
  shape: ([x], { order }) => order.map((axis) => x.shape[axis]),
  dtype: sameDtype("permute", anyDtype),
  derivative: linear((cotangent, { params: { order } }) => [permute(cotangent, inverse(order))]),
  batching: batchRule(([x], _batched, { params: { order } }) => permute(x, [0, ...order.map((axis) => axis + 1)])),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const strides = stridesOf(node.inputs[0].shape);
      const permuted = node.params.order.map((axis) => strides[axis]);
      return gatherStrided(x, allocateExact(node.dtype, node.size), node.shape, permuted, 0);
    },
    lower: (onnx, [x], node) => onnx.op("Transpose", [x], { perm: node.params.order }),
  },
  simplify: ({ inputs: [x], params: { order } }) => {
    if (order.every((axis, i) => axis === i)) return x;
    if (x.primitive !== permutePrimitive) return null;
    const inner = (x.params as PermuteParams).order;
    return permute(
      x.inputs[0],
      order.map((axis) => inner[axis]),
    );
  },
  samples: [
    { inputs: [floats([2, 3, 4])], params: { order: [2, 0, 1] } },
    { inputs: [floats([0, 3])], params: { order: [1, 0] } },
    { inputs: [whole([2, 3], [0, 9])], params: { order: [1, 0] } },
  ],
};

function inverse(order: readonly number[]): number[] {
  const result = new Array<number>(order.length);
  order.forEach((axis, i) => {
    result[axis] = i;
  });
  return result;
}

/** Axes reordered: axis i of the result is axis `order[i]` of x; without an order, all reversed. */
export const permute = operation(permutePrimitive, (x: TensorLike, order?: readonly number[]): Tensor => {
  const source = asTensor(x);
  const resolved = (order ?? source.shape.map((_, i) => source.rank - 1 - i)).map((axis) =>
    resolveAxis("permute", axis, source.rank),
  );
  if (resolved.length !== source.rank || new Set(resolved).size !== source.rank) {
    throw fault("permute", "the order must name every axis once", { expected: `${source.rank} axes`, got: `[${String(order)}]` });
  }
  return resolved.every((axis, i) => axis === i) ? source : Tensor.of(permutePrimitive, [source], { order: resolved });
});
