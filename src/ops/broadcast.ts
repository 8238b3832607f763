import { allocateExact, type DType } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { broadcastAxes, broadcastShapes, broadcastStrides, formatShape, type Shape, sameShape } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { asTensor, isTensor, type TensorLike } from "./create.js";
import { anyDtype, batchRule, floats, linear, operation, requireShape, sameDtype } from "./define.js";
import { sumTo } from "./reduce.js";
import { reshape } from "./shape.js";
import { gatherStrided } from "./strided.js";

interface BroadcastParams {
  readonly shape: Shape;
}

const broadcastPrimitive: Primitive<BroadcastParams> = {
  name: "broadcastTo",
  doc: "Repeats along missing axes and axes of size 1, aligned at the right as in NumPy.",
  shape: ([x], { shape }) => {
    const joint = broadcastShapes(x.shape, shape);
    if (joint !== null && sameShape(joint, shape)) return shape;
    throw fault("broadcastTo", "the shape does not fit", {
      expected: `axes equal to those of ${formatShape(shape)} from the right, or 1`,
      got: formatShape(x.shape),
    });
  },
  dtype: sameDtype("broadcastTo", anyDtype),
  derivative: linear((cotangent, { inputs: [x] }) => [sumTo(cotangent, x.shape)]),
  batching: batchRule(([x], _batched, node, size) => {
    const [, ...axes] = x.shape;
    const padded = [size, ...new Array<number>(node.rank - axes.length).fill(1), ...axes];
    return broadcastTo(reshape(x, padded), [size, ...node.shape]);
  }),
  broadcasts: true,
  meaning: {
    kind: "direct",
    evaluate: ([x], node) =>
      gatherStrided(x, allocateExact(node.dtype, node.size), node.shape, broadcastStrides(node.inputs[0].shape, node.shape), 0),
    lower: (onnx, [x], node) => {
      // ONNX Runtime expands no bool on every provider; through int32 it does.
      if (node.dtype !== "bool") return onnx.op("Expand", [x, onnx.axes(node.shape)]);
      return onnx.cast(onnx.op("Expand", [onnx.cast(x, "int32"), onnx.axes(node.shape)]), "bool");
    },
  },
  simplify: (node) => {
    const [x] = node.inputs;
    if (sameShape(x.shape, node.shape)) return x;
    return x.primitive.broadcasts && broadcastAxes(x.inputs[0].shape, node.shape) ? broadcastTo(x.inputs[0], node.shape) : null;
  },
  samples: [
    { inputs: [floats([3])], params: { shape: [2, 3] } },
    { inputs: [floats([2, 1, 3])], params: { shape: [4, 2, 5, 3] } },
    { inputs: [floats([])], params: { shape: [2, 2] } },
    { inputs: [floats([1, 3])], params: { shape: [0, 3] } },
  ],
};

/** Repeats `x` to `shape`: missing axes in front, and axes of size 1. */
export const broadcastTo = operation(broadcastPrimitive, (x: TensorLike, shape: Shape): Tensor => {
  const source = asTensor(x);
  requireShape("broadcastTo", shape);
  return sameShape(source.shape, shape) ? source : Tensor.of(broadcastPrimitive, [source], { shape });
});

/** Operands made tensors of one dtype (numbers follow the tensors) and broadcast to one shape. */
export function broadcastTogether(where: string, ...operands: TensorLike[]): Tensor[] {
  const dtype: DType | undefined = operands.find(isTensor)?.dtype;
  const tensors = operands.map((operand) => asTensor(operand, dtype));
  const shape = broadcastShapes(...tensors.map((operand) => operand.shape));
  if (shape === null) {
    throw fault(where, "the shapes do not broadcast together", {
      expected: "axes equal from the right, or 1",
      got: tensors.map((operand) => formatShape(operand.shape)).join(", "),
      fix: "reshape(x, …) with an axis of size 1 where values are to repeat",
    });
  }
  return tensors.map((operand) => broadcastTo(operand, shape));
}
