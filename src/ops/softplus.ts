import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { leftPart } from "./algebraic.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { asTensor, type TensorLike } from "./create.js";
import { elementwise, floatOnly, floats, type Operation, operation, pointwise, sameDtype, smooth } from "./define.js";
import { abs, exp, relu } from "./pointwise.js";
import { sigmoidComplement, tailSigmoid } from "./tail-sigmoid.js";
import { own, unary } from "./unary.js";

interface RoundedCorner {
  readonly name: string;
  readonly doc: string;
  readonly value: (x: Tensor) => Tensor;
  readonly slope: (x: Tensor) => Tensor;
}

/** A function with a rule of its own: its parts, differentiated term by term, have no second derivative at 0, where it is ±¼. */
function roundedCorner({ name, doc, value, slope }: RoundedCorner): Operation<(x: TensorLike) => Tensor, null> {
  const primitive: Primitive<null> = {
    name,
    doc,
    shape: elementwise,
    dtype: sameDtype(name, floatOnly),
    derivative: smooth((tangent, { inputs: [x] }) => mul(tangent, slope(x))),
    batching: pointwise,
    meaning: { kind: "expand", expand: ({ inputs: [x] }) => value(x) },
    samples: [
      { inputs: [floats([2, 3])], params: null },
      { inputs: [floats([11], undefined, [0, -0, 1e-30, 30, -30, 100, -100, 3e38, -3e38, Infinity, NaN])], params: null },
    ],
    accuracy: { ulp: 8, scale: "own" },
  };
  return operation(primitive, (x: TensorLike): Tensor => Tensor.of(primitive, [asTensor(x)], null));
}

/** log(1 + x) where it is known to lie between 0 and 1, of which no 0/0 and no ∞ − ∞ can come. */
export const log1pOfShare = unary({
  name: "log1pOfShare",
  doc: "log(1 + x) for 0 ≤ x ≤ 1, exact near 0, in fewer passes than log1p; NaN at −1 and ∞.",
  value: (x) => (x === -1 || x === Infinity ? Number.NaN : Math.log1p(x)),
  derivative: smooth((t, { inputs: [x] }) => div(t, add(x, 1))),
  lower: (onnx, x) => {
    const one = onnx.scalar(1);
    const sum = onnx.op("Add", [x, one]);
    const lost = onnx.op("Div", [onnx.op("Sub", [x, onnx.op("Sub", [sum, one])]), sum]);
    return onnx.op("Add", [onnx.op("Log", [sum]), lost]);
  },
  range: [0, 1],
  extremes: [0, 1e-30, 1e-8, 1e-4, 0.5, 1, NaN],
  accuracy: own(4),
});

/** log(1 + e^(−|x|)): how far both are from their two half-lines. */
const distance = (x: Tensor): Tensor => log1pOfShare(exp(neg(abs(x))));

/** log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|)): nothing overflows, and the slope is the sigmoid to every order. */
export const softplus = roundedCorner({
  name: "softplus",
  doc: "log(1 + eˣ); its slope is the sigmoid.",
  value: (x) => add(relu(x), distance(x)),
  slope: tailSigmoid,
});

/** log σ(x) = min(x, 0) − log(1 + e^(−|x|)): finite where the sigmoid is 0 in float32. */
export const logSigmoid = roundedCorner({
  name: "logSigmoid",
  doc: "log(1 / (1 + e^(−x))); its slope is 1 − σ(x).",
  value: (x) => sub(leftPart(x), distance(x)),
  slope: sigmoidComplement,
});
