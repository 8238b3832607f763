import type { Tensor } from "../ir/tensor.js";
import { mul, neg, sub } from "./arithmetic.js";
import { smooth } from "./define.js";
import { exp } from "./pointwise.js";
import { preciseErf, preciseErfc, preciseNormalCdf, preciseSigmoid, preciseSigmoidSlope, preciseTanhSlope } from "./precise.js";
import { erfcExact, erfExact, expOfMinusHalfSquare, normalCdfExact, sigmoidExact } from "./special.js";
import { own, unary } from "./unary.js";

export const tanh = unary({
  name: "tanh",
  doc: "Hyperbolic tangent; ±1 in the limits.",
  value: Math.tanh,
  derivative: smooth((t, { inputs: [x] }) => mul(t, tanhSlope(x))),
  lower: "Tanh",
  accuracy: own(4),
});

/** 1 / cosh²(x) = 4z / (1 + z)² with z = e^(−2|x|), which is right where 1 − tanh² would cancel. */
export const tanhSlope = unary({
  name: "tanhSlope",
  doc: "1 − tanh²(x) = 1 / cosh²(x), the slope of tanh; in float32 right to the rounding of 1.",
  value: (x) => {
    const z = Math.exp(-2 * Math.abs(x));
    return (4 * z) / ((1 + z) * (1 + z));
  },
  derivative: smooth((t, slope) => mul(t, mul(mul(tanh(slope.inputs[0]), slope), -2))),
  // The tanh is emitted once: the forward pass has it already.
  lower: (onnx, x) => {
    const y = onnx.op("Tanh", [x]);
    return onnx.op("Sub", [onnx.scalar(1), onnx.op("Mul", [y, y])]);
  },
  unfold: (x) => {
    const y = tanh(x);
    return sub(1, mul(y, y));
  },
  precise: preciseTanhSlope,
  accuracy: { ulp: 6, scale: "unit" },
});

export const sigmoid = unary({
  name: "sigmoid",
  doc: "1 / (1 + e^(−x)); 0 and 1 in the limits.",
  value: sigmoidExact,
  derivative: smooth((t, { inputs: [x] }) => mul(t, sigmoidSlope(x))),
  lower: "Sigmoid",
  precise: preciseSigmoid,
  accuracy: own(4),
});

export const sigmoidSlope = unary({
  name: "sigmoidSlope",
  doc: "σ(x)·σ(−x) = σ(x)·(1 − σ(x)), the slope of the sigmoid; in float32 right to the rounding of 1.",
  value: (x) => sigmoidExact(x) * sigmoidExact(-x),
  // 1 − 2σ(x) = −tanh(x/2), without the cancellation at 0.
  derivative: smooth((t, slope) => neg(mul(t, mul(slope, tanh(mul(slope.inputs[0], 0.5)))))),
  lower: (onnx, x) => {
    const y = onnx.op("Sigmoid", [x]);
    return onnx.op("Mul", [y, onnx.op("Sub", [onnx.scalar(1), y])]);
  },
  unfold: (x) => {
    const y = sigmoid(x);
    return mul(y, sub(1, y));
  },
  precise: preciseSigmoidSlope,
  accuracy: { ulp: 4, scale: "unit" },
});

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** d erf / dx = 2/√π · e^(−x²). */
const erfSlope = (x: Tensor): Tensor => mul(exp(neg(mul(x, x))), TWO_OVER_ROOT_PI);

export const erf = unary({
  name: "erf",
  doc: "Error function 2/√π ∫₀ˣ e^(−s²) ds; ±1 in the limits.",
  value: erfExact,
  derivative: smooth((t, { inputs: [x] }) => mul(t, erfSlope(x))),
  lower: "Erf",
  precise: preciseErf,
  accuracy: own(4),
});

export const erfc = unary({
  name: "erfc",
  doc: "1 − erf(x); in float32 right to the rounding of 1.",
  value: erfcExact,
  derivative: smooth((t, { inputs: [x] }) => neg(mul(t, erfSlope(x)))),
  lower: (onnx, x) => onnx.op("Sub", [onnx.scalar(1), onnx.op("Erf", [x])]),
  precise: preciseErfc,
  accuracy: { ulp: 4, scale: "unit" },
});

/** 1/√(2π), the height of the standard normal density. */
const NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI);

export const normalCdf = unary({
  name: "normalCdf",
  doc: "Φ(x) = ½ erfc(−x/√2), the distribution function of the standard normal; in float32 right to the rounding of 1.",
  value: normalCdfExact,
  derivative: smooth((t, { inputs: [x] }) => mul(t, normalPdf(x))),
  lower: (onnx, x) => {
    const half = onnx.scalar(0.5);
    const halfErf = onnx.op("Mul", [onnx.op("Erf", [onnx.op("Mul", [x, onnx.scalar(Math.SQRT1_2)])]), half]);
    return onnx.op("Add", [halfErf, half]);
  },
  precise: preciseNormalCdf,
  accuracy: { ulp: 4, scale: "unit" },
});

export const normalPdf = unary({
  name: "normalPdf",
  doc: "φ(x) = e^(−x²/2) / √(2π), the density of the standard normal and the slope of normalCdf.",
  value: (x) => (Number.isNaN(x) ? x : expOfMinusHalfSquare(x) * NORMAL_PEAK),
  derivative: smooth((t, density) => neg(mul(t, mul(density, density.inputs[0])))),
  lower: (onnx, x) => {
    const exponent = onnx.op("Mul", [onnx.op("Mul", [x, onnx.scalar(-0.5)]), x]);
    return onnx.op("Mul", [onnx.op("Exp", [exponent]), onnx.scalar(NORMAL_PEAK)]);
  },
  accuracy: { ulp: 4, scale: "unit" },
});
