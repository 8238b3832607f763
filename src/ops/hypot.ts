import { allocateExact } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { div, mul, storedScalar, where } from "./arithmetic.js";
import { broadcastTogether } from "./broadcast.js";
import type { TensorLike } from "./create.js";
import { elementwise2, floatOnly, floats, operation, pointwise, sameDtype, smooth } from "./define.js";
import { equal } from "./select.js";

/** x/√(x² + y²) and, at the origin, 0. */
const share = (x: Tensor, length: Tensor): Tensor => div(x, where(equal(length, 0), 1, length));

/** Math.hypot takes ∞ with NaN for ∞; here NaN stays NaN, as it does in float32. */
const lengthOf = (x: number, y: number): number => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.hypot(x, y));

const hypotPrimitive: Primitive<null> = {
  name: "hypot",
  doc: "√(x² + y²) without overflow for large x; its slope at the origin is 0.",
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
      for (let i = 0; i < x.length; i++) result[i] = lengthOf(x[i], y[i]);
      return result;
    },
    lower: (onnx, [x, y], { inputs: [, other] }) => {
      const width = Math.abs(storedScalar(other) ?? 0);
      if (width >= NARROW && width <= WIDE) return besideWidth(onnx, x, width);
      // longer·√(1 + (shorter/longer)²), with both held to finite numbers above 0 for the quotient.
      const sides = [onnx.op("Abs", [x]), onnx.op("Abs", [y])];
      const longer = onnx.op("Max", sides);
      const held = onnx.op("Clip", [longer, onnx.scalar(SMALLEST), onnx.scalar(LARGEST)]);
      const ratio = onnx.op("Div", [onnx.op("Min", [onnx.op("Min", sides), onnx.scalar(LARGEST)]), held]);
      return onnx.op("Mul", [longer, onnx.op("Sqrt", [onnx.op("Add", [onnx.op("Mul", [ratio, ratio]), onnx.scalar(1)])])]);
    },
  },
  samples: [
    { inputs: [floats([2, 3]), floats([2, 3])], params: null },
    { inputs: [floats([5], undefined, [0, 3, 1e30, -3e38, NaN]), floats([5], undefined, [0, -4, 1, 2, 1])], params: null },
  ],
  accuracy: { ulp: 4, scale: "value" },
};

/** Within them x² + w² is right as it stands: x that is lost beside w has a square of 0, and held at 1e18 it no longer feels w. */
const [NARROW, WIDE, FAR] = [1e-15, 1e9, 1e18];

/** √(x² + w²) for such a w: half the passes. */
function besideWidth(onnx: Emitter, x: string, width: number): string {
  const held = onnx.op("Clip", [x, onnx.scalar(-FAR), onnx.scalar(FAR)]);
  const squares = onnx.op("Add", [onnx.op("Mul", [held, held]), onnx.scalar(width ** 2)]);
  return onnx.op("Max", [onnx.op("Sqrt", [squares]), onnx.op("Abs", [x])]);
}

/** The smallest and largest float32 above 0. */
const SMALLEST = 2 ** -149;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** √(x² + y²). */
export const hypot = operation(
  hypotPrimitive,
  (x: TensorLike, y: TensorLike): Tensor => Tensor.of(hypotPrimitive, broadcastTogether("hypot", x, y), null),
);
