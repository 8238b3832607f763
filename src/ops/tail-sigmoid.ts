import type { Emitter } from "../ir/emitter.js";
import type { Accuracy } from "../ir/primitive.js";
import { mul, neg, sub } from "./arithmetic.js";
import { smooth } from "./define.js";
import { preciseSigmoid, preciseSigmoidSlope } from "./precise.js";
import { tanh } from "./saturating.js";
import { sigmoidExact } from "./special.js";
import { unary, WHOLE_LINE } from "./unary.js";

/**
 * The sigmoid for where x multiplies it: the runtime's kernel is off by 6e-8 near 0 and 1, which times x = −17 is ten units in
 * the last place of 1. Made of e^(−x) it is right to its own size on the left, at twice the price.
 */

/** e = e^(−x) and r = 1/(1 + e). */
function parts(onnx: Emitter, x: string): { decay: string; share: string } {
  const decay = onnx.op("Exp", [onnx.op("Neg", [x])]);
  return { decay, share: onnx.op("Reciprocal", [onnx.op("Add", [decay, onnx.scalar(1)])]) };
}

/** The largest float32: where e would be ∞, r is 0, and so must be what is made of them. */
const FINITE = (2 - 2 ** -23) * 2 ** 127;

/** σ(−x) = e·r, for products with r. */
const complement = (onnx: Emitter, { decay, share }: { decay: string; share: string }): string =>
  onnx.op("Mul", [onnx.op("Min", [decay, onnx.scalar(FINITE)]), share]);

const own: Accuracy = { ulp: 4, scale: "unit" };

export const tailSigmoid = unary({
  name: "tailSigmoid",
  doc: "1 / (1 + e^(−x)), in float32 right to its own size left of 0.",
  value: sigmoidExact,
  derivative: smooth((t, { inputs: [x] }) => mul(t, tailSigmoidSlope(x))),
  lower: (onnx, x) => parts(onnx, x).share,
  precise: preciseSigmoid,
  accuracy: { ulp: 4, scale: "value" },
});

export const tailSigmoidSlope = unary({
  name: "tailSigmoidSlope",
  doc: "σ(x)·σ(−x), in float32 right to its own size.",
  value: (x) => sigmoidExact(x) * sigmoidExact(-x),
  derivative: smooth((t, slope) => neg(mul(t, mul(slope, tanh(mul(slope.inputs[0], 0.5)))))),
  lower: (onnx, x) => {
    const both = parts(onnx, x);
    return onnx.op("Mul", [complement(onnx, both), both.share]);
  },
  precise: preciseSigmoidSlope,
  accuracy: { ulp: 8, scale: "unit" },
});

export const sigmoidComplement = unary({
  name: "sigmoidComplement",
  doc: "1 − σ(x) = σ(−x), in float32 right to its own size right of 0.",
  value: (x) => sigmoidExact(-x),
  derivative: smooth((t, { inputs: [x] }) => neg(mul(t, tailSigmoidSlope(x)))),
  lower: (onnx, x) => onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Exp", [x]), onnx.scalar(1)])]),
  precise: (onnx, x) => preciseSigmoid(onnx, onnx.op("Neg", [x])),
  accuracy: own,
});

/** Inputs for functions that have no value by their formula at ±∞. */
const FINITE_LINE = WHOLE_LINE.filter((x) => Math.abs(x) !== Infinity);

export const silu = unary({
  name: "silu",
  doc: "x·σ(x).",
  value: (x) => x * sigmoidExact(x),
  derivative: smooth((t, { inputs: [x] }) => mul(t, siluSlope(x))),
  lower: (onnx, x) => onnx.op("Mul", [x, parts(onnx, x).share]),
  precise: (onnx, x) => onnx.op("Mul", [x, preciseSigmoid(onnx, x)]),
  extremes: FINITE_LINE,
  accuracy: own,
});

export const siluSlope = unary({
  name: "siluSlope",
  doc: "σ(x)·(1 + x·σ(−x)), the slope of x·σ(x); in float32 right to the rounding of 1.",
  value: (x) => sigmoidExact(x) * (1 + x * sigmoidExact(-x)),
  // σ′(x)·(2 − x·tanh(x/2)), with x on the outside of no product that could be ∞·0.
  derivative: smooth((t, { inputs: [x] }) => {
    const slope = tailSigmoidSlope(x);
    return mul(t, sub(mul(slope, 2), mul(mul(slope, x), tanh(mul(x, 0.5)))));
  }),
  lower: (onnx, x) => {
    const both = parts(onnx, x);
    const bend = onnx.op("Mul", [onnx.op("Mul", [x, both.share]), complement(onnx, both)]);
    return onnx.op("Add", [both.share, bend]);
  },
  precise: (onnx, x) => {
    const rest = onnx.op("Mul", [x, preciseSigmoid(onnx, onnx.op("Neg", [x]))]);
    return onnx.op("Mul", [preciseSigmoid(onnx, x), onnx.op("Add", [rest, onnx.scalar(1)])]);
  },
  extremes: FINITE_LINE,
  accuracy: own,
});
