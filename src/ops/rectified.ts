import type { Emitter } from "../ir/emitter.js";
import { mul } from "./arithmetic.js";
import { smooth } from "./define.js";
import { between, ramp } from "./piecewise.js";
import { relu } from "./pointwise.js";
import { ofValue, own, unary, WHOLE_LINE } from "./unary.js";

/** −∞ times a gate that is shut is NaN. */
const FINITE_LINE = WHOLE_LINE.filter((x) => Math.abs(x) !== Infinity);

export const squaredRelu = unary({
  name: "squaredRelu",
  doc: "max(x, 0)²; its slope is 2·max(x, 0).",
  value: (x) => (x > 0 || Number.isNaN(x) ? x * x : 0),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mul(relu(x), 2))),
  lower: (onnx, x) => {
    const right = onnx.op("Relu", [x]);
    return onnx.op("Mul", [right, right]);
  },
  accuracy: ofValue(2),
});

export const sparsePlusRamp = unary({
  name: "sparsePlusRamp",
  doc: "0 where x < −1, (x + 1)²/4 from there to 1, x above: its slope is (x + 1)/2 held to 0 … 1.",
  value: (x) => (x >= 1 || Number.isNaN(x) ? x : x > -1 ? (x + 1) ** 2 / 4 : 0),
  derivative: smooth((t, { inputs: [x] }) => mul(t, ramp(x, { from: -1, to: 1 }))),
  lower: (onnx, x) => {
    const half = onnx.op("Mul", [onnx.op("Add", [x, onnx.scalar(1)]), onnx.scalar(0.5)]);
    const slope = onnx.op("Clip", [half, onnx.scalar(0), onnx.scalar(1)]);
    return onnx.op("Max", [onnx.op("Mul", [slope, slope]), x]);
  },
  accuracy: own(4),
});

/** x/6, x/6 + ½, and that held to 0 … 1: emitted once for the function and its slope. */
function hardGate(onnx: Emitter, x: string): { sixth: string; line: string; gate: string } {
  const sixth = onnx.op("Mul", [x, onnx.scalar(1 / 6)]);
  const line = onnx.op("Add", [sixth, onnx.scalar(0.5)]);
  return { sixth, line, gate: onnx.op("Clip", [line, onnx.scalar(0), onnx.scalar(1)]) };
}

export const hardSwishGate = unary({
  name: "hardSwishGate",
  doc: "x·(x/6 + ½ held to 0 … 1).",
  value: (x) => (x <= -3 ? x * 0 : x >= 3 || Number.isNaN(x) ? x : (x * (x + 3)) / 6),
  derivative: smooth((t, { inputs: [x] }) => mul(t, hardSwishSlope(x))),
  lower: (onnx, x) => onnx.op("Mul", [x, hardGate(onnx, x).gate]),
  extremes: FINITE_LINE,
  accuracy: own(6),
});

export const hardSwishSlope = unary({
  name: "hardSwishSlope",
  doc: "The slope of hardSwishGate: 0 where x ≤ −3, (x + 1.5)/3 from there to 3, 1 from 3 on.",
  value: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (x + 1.5) / 3),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mul(between(x, { low: -3, high: 3 }), 1 / 3))),
  lower: (onnx, x) => {
    const { sixth, line, gate } = hardGate(onnx, x);
    const inside = onnx.op("Less", [onnx.op("Abs", [x]), onnx.scalar(3)]);
    return onnx.op("Where", [inside, onnx.op("Add", [line, sixth]), gate]);
  },
  accuracy: { ulp: 4, scale: "unit" },
});

export const hardMishGate = unary({
  name: "hardMishGate",
  doc: "x·(x/2 + 1 held to 0 … 1).",
  value: (x) => (x <= -2 ? x * 0 : x >= 0 || Number.isNaN(x) ? x : (x * (x + 2)) / 2),
  derivative: smooth((t, { inputs: [x] }) => mul(t, hardMishSlope(x))),
  lower: (onnx, x) => {
    const line = onnx.op("Add", [onnx.op("Mul", [x, onnx.scalar(0.5)]), onnx.scalar(1)]);
    return onnx.op("Mul", [x, onnx.op("Clip", [line, onnx.scalar(0), onnx.scalar(1)])]);
  },
  extremes: FINITE_LINE,
  accuracy: own(6),
});

export const hardMishSlope = unary({
  name: "hardMishSlope",
  doc: "The slope of hardMishGate: 0 where x ≤ −2, x + 1 from there to 0, 1 from 0 on.",
  value: (x) => (x <= -2 ? 0 : x >= 0 ? 1 : x + 1),
  derivative: smooth((t, { inputs: [x] }) => mul(t, between(x, { low: -2, high: 0 }))),
  lower: (onnx, x) => {
    const line = onnx.op("Add", [onnx.op("Clip", [x, onnx.scalar(-Infinity), onnx.scalar(0)]), onnx.scalar(1)]);
    return onnx.op("Where", [onnx.op("LessOrEqual", [x, onnx.scalar(-2)]), onnx.scalar(0), line]);
  },
  accuracy: { ulp: 2, scale: "unit" },
});
