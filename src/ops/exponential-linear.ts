import type { Emitter } from "../ir/emitter.js";
import type { Tensor } from "../ir/tensor.js";
import { leftPart } from "./algebraic.js";
import { add, mul } from "./arithmetic.js";
import { smooth } from "./define.js";
import { step } from "./piecewise.js";
import { exp } from "./pointwise.js";
import { shaped } from "./shaped.js";
import { own, unary } from "./unary.js";

/** e^min(x, 0): 1 on the right. */
export const leftExp = (x: Tensor): Tensor => exp(leftPart(x));

/** ONNX Runtime's Tanh in float32 on a processor is too small by this share near 0; an argument that much larger makes up for it. */
const TANH_LACKS = 2 ** -23;

/**
 * Half of e^min(x, 0) − 1 = 2t / (1 − t) with t = tanh(x/2) ≤ 0: nothing cancels, and it costs half of expm1. The factor that it
 * is multiplied by anyway holds the 2.
 */
function halfLeftExpm1(onnx: Emitter, x: string): string {
  const left = onnx.op("Clip", [x, onnx.scalar(-Infinity), onnx.scalar(0)]);
  const lacks = onnx.provider === "cpu" && onnx.precision !== "precise" ? TANH_LACKS : 0;
  const half = 0.5 * (1 + lacks);
  const t = onnx.op("Tanh", [onnx.op("Mul", [left, onnx.scalar(half)])]);
  return onnx.op("Div", [t, onnx.op("Sub", [onnx.scalar(1), t])]);
}

const leftExpm1 = (onnx: Emitter, x: string): string => onnx.op("Mul", [halfLeftExpm1(onnx, x), onnx.scalar(2)]);

/** min(eˣ − 1, 0). */
export const expm1OfLeft = unary({
  name: "expm1OfLeft",
  doc: "e^min(x, 0) − 1, exact near 0. Its slope at 0 is 1.",
  value: (x) => (x > 0 ? 0 : Math.expm1(x)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mul(leftExp(x), step(x, { at: 0, below: 1, above: 0 })))),
  lower: leftExpm1,
  accuracy: own(8),
});

/** x where x > 0, eˣ − 1 elsewhere. */
export const exponentialLinearUnit = unary({
  name: "exponentialLinearUnit",
  doc: "x where x > 0, eˣ − 1 elsewhere; its slope is e^min(x, 0).",
  value: (x) => (x > 0 ? x : Math.expm1(x)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, leftExp(x))),
  lower: (onnx, x) => onnx.op("Max", [x, leftExpm1(onnx, x)]),
  accuracy: own(8),
});

/** Left of it x·eˣ is 0 beside anything. */
const reach = (onnx: Emitter): number => (onnx.precision === "precise" ? -800 : -110);

/** (x + shift)·eˣ on the left of 0, 0 on the right: its derivative is the same with 1 more of shift. */
export const leftExpProduct = shaped<{ readonly shift: number }>({
  name: "leftExpProduct",
  doc: "(x + shift)·eˣ where x ≤ 0, 0 elsewhere.",
  value: (x, { shift }) => (x > 0 ? 0 : x < -800 ? 0 : (x + shift) * Math.exp(x)),
  derivative: smooth((t, { inputs: [x], params: { shift } }): Tensor => mul(t, leftExpProduct(x, { shift: shift + 1 }))),
  lower: (onnx, x, { shift }) => {
    const left = onnx.op("Clip", [x, onnx.scalar(reach(onnx)), onnx.scalar(0)]);
    const growth = onnx.op("Exp", [left]);
    if (shift === 0) return onnx.op("Mul", [left, growth]);
    const product = onnx.op("Mul", [onnx.op("Add", [left, onnx.scalar(shift)]), growth]);
    return onnx.op("Where", [onnx.op("Greater", [x, onnx.scalar(0)]), onnx.scalar(0), product]);
  },
  examples: [{ shift: 0 }, { shift: 1 }],
  accuracy: { ulp: 8, scale: "unit" },
});

/** scale·x where x > 0, scale·depth·(eˣ − 1) elsewhere. */
export const scaledExponentialLinear = shaped<{ readonly depth: number; readonly scale: number }>({
  name: "scaledExponentialLinear",
  doc: "scale·x where x > 0, scale·depth·(eˣ − 1) elsewhere; its slope at 0 is that of the left.",
  value: (x, { depth, scale }) => (x > 0 ? scale * x : scale * depth * Math.expm1(x)),
  derivative: smooth((t, { inputs: [x], params: { depth, scale } }) => {
    const left = mul(leftExp(x), scale * depth);
    // The left one is right on both sides but for a constant on the right.
    return mul(t, depth === 1 ? left : add(left, step(x, { at: 0, below: 0, above: scale * (1 - depth) })));
  }),
  lower: (onnx, x, { depth, scale }) => {
    const right = onnx.op("Relu", [x]);
    const scaled = scale === 1 ? right : onnx.op("Mul", [right, onnx.scalar(scale)]);
    return onnx.op("Add", [scaled, onnx.op("Mul", [halfLeftExpm1(onnx, x), onnx.scalar(2 * scale * depth)])]);
  },
  examples: [{ depth: 1.5, scale: 1.05 }],
  accuracy: own(8),
});
