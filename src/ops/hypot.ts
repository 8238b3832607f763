import { allocateExact } from "../ir/dtype.js";
import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { div, mul, where } from "./arithmetic.js";
import { broadcastTogether } from "./broadcast.js";
import type { TensorLike } from "./create.js";
import { elementwise2, floatOnly, floats, operation, pointwise, sameDtype, smooth } from "./define.js";
import { equal } from "./select.js";

/** x/√(x² + y²) and, at the origin, 0. */
const share = (x: Tensor, length: Tensor): Tensor => div(x, where(equal(length, 0), 1, length));

const hypotPrimitive: Primitive<null> = {
  name: "hypot",
  doc: "√(x² + y²) without overflow for large x; its slope at the origin is 0. In float32 right to the rounding of 1.",
  shape: elementwise2,
  dtype: sameDtype("hypot", floatOnly),
  derivative: smooth(
    (tangent, length) => mul(tangent, share(length.inputs[0], length)),
    (tangent, length) => mul(tangent, share(length.inputs[1], length)),
  ),
  batching: pointwise,
  meaning: {
    kind: "direct",
    evaluate: ([x, y], node) => {
      const result = allocateExact(node.dtype, x.length);
      for (let i = 0; i < x.length; i++) result[i] = Math.hypot(x[i], y[i]);
      return result;
    },
    lower: (onnx, [x, y]) => {
      // Squares are held below overflow; beyond that the length is that of the longer side.
      const most = onnx.precision === "precise" ? HELD ** 8 : HELD;
      const held = (side: string): string => onnx.op("Clip", [side, onnx.scalar(-most), onnx.scalar(most)]);
      const squared = (side: string): string => onnx.op("Mul", [held(side), held(side)]);
      const sides = onnx.op("Max", [onnx.op("Abs", [x]), onnx.op("Abs", [y])]);
      return onnx.op("Max", [sides, onnx.op("Sqrt", [onnx.op("Add", [squared(x), squared(y)])])]);
    },
  },
  samples: [
    { inputs: [floats([2, 3]), floats([2, 3])], params: null },
    { inputs: [floats([5], undefined, [0, 3, 1e30, -3e38, NaN]), floats([5], undefined, [0, -4, 1, 2, 1])], params: null },
  ],
  // Squares of small numbers are subnormal, with few digits.
  accuracy: { ulp: 4, scale: "unit" },
};

/** Its square and twice that are still float32; those of its eighth power float64. */
const HELD = 1e19;

/** √(x² + y²). */
export const hypot = operation(
  hypotPrimitive,
  (x: TensorLike, y: TensorLike): Tensor => Tensor.of(hypotPrimitive, broadcastTogether("hypot", x, y), null),
);
