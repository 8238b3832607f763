import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { anyDtype, batchRule, elementwise, floats, linear, operation, pointwise, sameDtype, zero } from "./define.js";

const identityPrimitive: Primitive<null> = {
  name: "identity",
  doc: "x itself, as a node of its own: the leaf with respect to which a function is differentiated.",
  shape: elementwise,
  dtype: sameDtype("identity", anyDtype),
  derivative: linear((cotangent) => [cotangent]),
  batching: pointwise,
  meaning: { kind: "direct", evaluate: ([x]) => x.slice(), lower: (onnx, [x]) => onnx.op("Identity", [x]) },
  simplify: ({ inputs: [x] }) => x,
  samples: [{ inputs: [floats([3])], params: null }],
};

/** A new node with the value of `x`. */
export const identity = operation(
  identityPrimitive,
  (x: TensorLike): Tensor => Tensor.of(identityPrimitive, [asTensor(x)], null),
);

const stopGradientPrimitive: Primitive<null> = {
  ...identityPrimitive,
  name: "stopGradient",
  doc: "x, held constant by every derivative.",
  derivative: zero,
};

/** The value of `x`, treated as a constant by every derivative. */
export const stopGradient = operation(
  stopGradientPrimitive,
  (x: TensorLike): Tensor => Tensor.of(stopGradientPrimitive, [asTensor(x)], null),
);

const afterPrimitive: Primitive<null> = {
  name: "after",
  doc: "x, not computed from before y is known; keeps a recomputation from being merged with the first computation.",
  shape: ([x]) => x.shape,
  dtype: ([x]) => x.dtype,
  derivative: {
    kind: "byArgument",
    rules: [{ kind: "linear", transpose: (cotangent) => cotangent }, { kind: "zero" }],
  },
  batching: batchRule(([x, y], [xBatched], _node, size) => after(xBatched ? x : broadcastTo(x, [size, ...x.shape]), y)),
  meaning: {
    kind: "direct",
    evaluate: ([x]) => x.slice(),
    lower: (onnx, [x, y], node) => {
      // x − (the sum of no element of y) is x to the bit, and cannot run before y.
      const [, order] = node.inputs;
      const flat = onnx.op("Reshape", [order.dtype === "float32" ? y : onnx.cast(y, "float32"), onnx.axes([order.size])]);
      const first = onnx.op("Slice", [flat, onnx.axes([0]), onnx.axes([Math.min(1, order.size)]), onnx.axes([0])]);
      // Whatever the element is, NaN and ∞ included, exactly one of the two comparisons with itself holds.
      const never = onnx.op("And", [onnx.op("Equal", [first, first]), onnx.op("Not", [onnx.op("Equal", [first, first])])]);
      const nothing = onnx.op("ReduceSum", [onnx.cast(never, "float32"), onnx.axes([0])], { keepdims: 0 });
      if (node.dtype === "float32") return onnx.op("Sub", [x, nothing]);
      return onnx.cast(onnx.op("Sub", [onnx.cast(x, "int32"), onnx.cast(nothing, "int32")]), node.dtype);
    },
  },
  samples: [{ inputs: [floats([3]), floats([2, 2])], params: null }],
};

/** `x`, ordered to be used only once `y` has been computed. */
export const after = operation(
  afterPrimitive,
  (x: TensorLike, y: TensorLike): Tensor => Tensor.of(afterPrimitive, [asTensor(x), asTensor(y)], null),
);
