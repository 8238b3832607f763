import { allocateExact } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { greaterEqual, lessEqual, maximum, minimum, where } from "./arithmetic.js";
import { asTensor, type TensorLike } from "./create.js";
import { elementwise, floatOnly, floats, operation, pointwise, sameDtype, smooth } from "./define.js";
import { logicalAnd } from "./select.js";

interface ClipParams {
  readonly low: number;
  readonly high: number;
}

const clipPrimitive: Primitive<ClipParams> = {
  name: "clip",
  doc: "x held between two numbers; slope 1 from bound to bound (both included), 0 outside. NaN stays NaN.",
  shape: elementwise,
  dtype: sameDtype("clip", floatOnly),
  derivative: smooth((tangent, { inputs: [x], params: { low, high } }) =>
    where(logicalAnd(greaterEqual(x, low), lessEqual(x, high)), tangent, 0),
  ),
  batching: pointwise,
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const { low, high } = node.params;
      const result = allocateExact(node.dtype, x.length);
      for (let i = 0; i < x.length; i++) result[i] = Math.min(high, Math.max(low, x[i]));
      return result;
    },
    lower: (onnx, [x], { params: { low, high } }) => onnx.op("Clip", [x, onnx.scalar(low), onnx.scalar(high)]),
  },
  samples: [
    { inputs: [floats([2, 3])], params: { low: -1, high: 0.5 } },
    { inputs: [floats([6], undefined, [-1, 1, NaN, Infinity, -Infinity, 0])], params: { low: -1, high: 1 } },
    { inputs: [floats([2])], params: { low: -Infinity, high: 0.25 } },
  ],
  accuracy: { ulp: 0, scale: "value" },
};

/** `x` held between `low` and `high`; bounds that are tensors are broadcast, with the tie rule of `maximum`. */
export const clip = operation(clipPrimitive, (x: TensorLike, low: TensorLike, high: TensorLike): Tensor => {
  const source = asTensor(x);
  if (typeof low !== "number" || typeof high !== "number" || source.dtype !== "float32")
    return minimum(maximum(source, low), high);
  if (!(low <= high)) throw fault("clip", "the bounds are not in order", { expected: "low ≤ high", got: `${low}, ${high}` });
  return Tensor.of(clipPrimitive, [source], { low, high });
});
