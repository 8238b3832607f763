import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { asTensor, type TensorLike } from "./create.js";
import { elementwise, floatOnly, floats, type Operation, operation, pointwise, sameDtype, smooth } from "./define.js";
import { atan, sqrt } from "./pointwise.js";

/** √(1 − x²) without the cancellation near ±1. */
const height = (x: Tensor): Tensor => sqrt(mul(sub(1, x), add(x, 1)));

/** A function by way of the inverse tangent, whose terms have slopes that are 0 · ∞ at ±1: it has a rule of its own. */
function inverse(
  name: string,
  doc: string,
  value: (x: Tensor) => Tensor,
  slope: (tangent: Tensor, x: Tensor) => Tensor,
): Operation<(x: TensorLike) => Tensor, null> {
  const primitive: Primitive<null> = {
    name,
    doc,
    shape: elementwise,
    dtype: sameDtype(name, floatOnly),
    derivative: smooth((tangent, { inputs: [x] }) => slope(tangent, x)),
    batching: pointwise,
    meaning: { kind: "expand", expand: ({ inputs: [x] }) => value(x) },
    samples: [
      { inputs: [floats([2, 3], [-0.9, 0.9])], params: null },
      { inputs: [floats([9], undefined, [0, -0, 1, -1, 1e-30, 0.999, -0.999, 1.5, NaN])], params: null },
    ],
    accuracy: { ulp: 8, scale: "own" },
  };
  return operation(primitive, (x: TensorLike) => Tensor.of(primitive, [asTensor(x)], null));
}

/** Inverse sine, from −π/2 to π/2; NaN outside −1 … 1. Its slope at the ends is ∞. */
export const asin = inverse(
  "asin",
  "Inverse sine, from −π/2 to π/2; NaN outside −1 … 1. Its slope at the ends is ∞.",
  (x) => mul(atan(div(x, add(height(x), 1))), 2),
  (tangent, x) => div(tangent, height(x)),
);

/** Inverse cosine, from 0 to π; NaN outside −1 … 1. Its slope at the ends is −∞. */
export const acos = inverse(
  "acos",
  "Inverse cosine, from 0 to π; NaN outside −1 … 1. Its slope at the ends is −∞.",
  (x) => mul(atan(sqrt(div(sub(1, x), add(x, 1)))), 2),
  (tangent, x) => neg(div(tangent, height(x))),
);
