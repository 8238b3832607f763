import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { add, maximum, mul, neg } from "./arithmetic.js";
import { asTensor, type TensorLike } from "./create.js";
import { elementwise, floatOnly, floats, operation, pointwise, sameDtype, smooth } from "./define.js";
import { abs, exp, log1p } from "./pointwise.js";
import { tailSigmoid } from "./tail-sigmoid.js";

const softplusPrimitive: Primitive<null> = {
  name: "softplus",
  doc: "log(1 + eˣ); its slope is the sigmoid.",
  shape: elementwise,
  dtype: sameDtype("softplus", floatOnly),
  // A rule of its own: that of max(x, 0) + log(1 + e^(−|x|)) term by term has no second derivative at 0, where it is ¼.
  derivative: smooth((tangent, { inputs: [x] }) => mul(tangent, tailSigmoid(x))),
  batching: pointwise,
  meaning: { kind: "expand", expand: ({ inputs: [x] }) => add(maximum(x, 0), log1p(exp(neg(abs(x))))) },
  samples: [
    { inputs: [floats([2, 3])], params: null },
    { inputs: [floats([11], undefined, [0, -0, 1e-30, 30, -30, 100, -100, 3e38, -3e38, Infinity, NaN])], params: null },
  ],
  accuracy: { ulp: 8, scale: "own" },
};

/** log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|)): nothing overflows, and the slope is the sigmoid to every order. */
export const softplus = operation(
  softplusPrimitive,
  (x: TensorLike): Tensor => Tensor.of(softplusPrimitive, [asTensor(x)], null),
);
