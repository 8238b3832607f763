import { add, mul, neg, sub } from "./arithmetic.js";
import { smooth } from "./define.js";
import { between, hold } from "./piecewise.js";
import { cos, expm1, sign, sin } from "./pointwise.js";
import { preciseAtan } from "./precise.js";
import { sigmoid, tanh } from "./saturating.js";
import { shaped } from "./shaped.js";
import { expOfMinusSquare, sigmoidExact } from "./special.js";
import { ofValue, own, unary } from "./unary.js";

/** Beyond it e^(−x²) is 0 in float64. */
const BELL_REACH = 30;

export const gaussianBell = unary({
  name: "gaussianBell",
  doc: "e^(−x²), without the rounding of x² in float64.",
  value: (x) => (Math.abs(x) > BELL_REACH ? 0 : expOfMinusSquare(x)),
  // x is held where the bell is 0: doubled it would overflow.
  derivative: smooth((t, bell) => {
    const held = hold(bell.inputs[0], { low: -BELL_REACH, high: BELL_REACH });
    return mul(t, mul(mul(bell, held), -2));
  }),
  lower: (onnx, x) => onnx.op("Exp", [onnx.op("Mul", [onnx.op("Neg", [x]), x])]),
  accuracy: { ulp: 4, scale: "unit" },
});

export const sech = unary({
  name: "sech",
  doc: "1 / cosh(x) = 2z / (1 + z²) with z = e^(−|x|).",
  value: (x) => {
    const z = Math.exp(-Math.abs(x));
    return (2 * z) / (1 + z * z);
  },
  derivative: smooth((t, y) => neg(mul(t, mul(y, tanh(y.inputs[0]))))),
  lower: (onnx, x) => {
    const z = onnx.op("Exp", [onnx.op("Neg", [onnx.op("Abs", [x])])]);
    const below = onnx.op("Add", [onnx.op("Mul", [z, z]), onnx.scalar(1)]);
    return onnx.op("Div", [onnx.op("Add", [z, z]), below]);
  },
  accuracy: ofValue(8),
});

export const gudermann = unary({
  name: "gudermann",
  doc: "2 arctan(tanh(x/2)), from −π/2 to π/2; its slope is sech x.",
  value: (x) => 2 * Math.atan(Math.tanh(x / 2)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, sech(x))),
  lower: (onnx, x) => {
    const half = onnx.op("Tanh", [onnx.op("Mul", [x, onnx.scalar(0.5)])]);
    return onnx.op("Mul", [onnx.op("Atan", [half]), onnx.scalar(2)]);
  },
  precise: (onnx, x) => {
    const half = onnx.op("Tanh", [onnx.op("Mul", [x, onnx.scalar(0.5)])]);
    return onnx.op("Mul", [preciseAtan(onnx, half), onnx.scalar(2)]);
  },
  accuracy: own(8),
});

/** Beyond it e^(−eˣ) is 0, and up to it eˣ is finite in float32. */
const GUMBEL_REACH = 80;

export const gumbelCdf = unary({
  name: "gumbelCdf",
  doc: "1 − e^(−eˣ), exact in its left tail, where it is eˣ; in float32 right to the rounding of 1.",
  value: (x) => -Math.expm1(-Math.exp(x)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, gumbelPdf(x))),
  lower: (onnx, x) => onnx.op("Sub", [onnx.scalar(1), onnx.op("Exp", [onnx.op("Neg", [onnx.op("Exp", [x])])])]),
  // 1 − e^(−g) = 2t/(1 + t) with t = tanh(g/2).
  precise: (onnx, x) => {
    const half = onnx.op("Tanh", [onnx.op("Mul", [onnx.op("Exp", [x]), onnx.scalar(0.5)])]);
    return onnx.op("Div", [onnx.op("Add", [half, half]), onnx.op("Add", [half, onnx.scalar(1)])]);
  },
  accuracy: { ulp: 4, scale: "unit" },
});

export const gumbelPdf = unary({
  name: "gumbelPdf",
  doc: "e^(x − eˣ), the slope of gumbelCdf; in float32 right to the rounding of 1.",
  value: (x) => (x > GUMBEL_REACH ? 0 : Math.exp(x) * Math.exp(-Math.exp(x))),
  derivative: smooth((t, density) =>
    neg(mul(t, mul(density, expm1(hold(density.inputs[0], { low: -Infinity, high: GUMBEL_REACH }))))),
  ),
  lower: (onnx, x) => {
    const growth = onnx.op("Exp", [onnx.op("Min", [x, onnx.scalar(GUMBEL_REACH)])]);
    return onnx.op("Mul", [growth, onnx.op("Exp", [onnx.op("Neg", [growth])])]);
  },
  accuracy: { ulp: 8, scale: "unit" },
});

export const parabolicStep = unary({
  name: "parabolicStep",
  doc: "sign(x)·a(1 − a/4) with a = min(|x|, 2): two parabolas from −1 to 1; its slope is 1 − |x|/2 held to 0 … 1.",
  value: (x) => {
    const size = Math.min(Math.abs(x), 2);
    return Math.sign(x) * size * (1 - size / 4) || x;
  },
  derivative: smooth((t, { inputs: [x] }) => mul(t, parabolicSlope(x))),
  lower: (onnx, x) => {
    const held = onnx.op("Clip", [x, onnx.scalar(-2), onnx.scalar(2)]);
    const quarter = onnx.op("Mul", [onnx.op("Abs", [held]), onnx.scalar(-0.25)]);
    return onnx.op("Mul", [held, onnx.op("Add", [quarter, onnx.scalar(1)])]);
  },
  accuracy: own(4),
});

export const parabolicSlope = unary({
  name: "parabolicSlope",
  doc: "1 − |x|/2 where |x| < 2, 0 elsewhere.",
  value: (x) => (Math.abs(x) >= 2 ? 0 : 1 - Math.abs(x) / 2),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mul(mul(sign(x), -0.5), between(x, { low: -2, high: 2 })))),
  lower: (onnx, x) => {
    const half = onnx.op("Mul", [onnx.op("Abs", [x]), onnx.scalar(-0.5)]);
    return onnx.op("Relu", [onnx.op("Add", [half, onnx.scalar(1)])]);
  },
  accuracy: { ulp: 2, scale: "unit" },
});

/** x + sin²x, and sin x + cos x, whose square is its slope: 1 + sin 2x would cancel where that is 0. */
export const snakeUnit = unary({
  name: "snakeUnit",
  doc: "x + sin²x; its slope is (sin x + cos x)².",
  value: (x) => x + Math.sin(x) ** 2,
  derivative: smooth((t, { inputs: [x] }) => {
    const root = add(sin(x), cos(x));
    return mul(t, mul(root, root));
  }),
  lower: (onnx, x) => {
    const wave = onnx.op("Sin", [x]);
    return onnx.op("Add", [x, onnx.op("Mul", [wave, wave])]);
  },
  extremes: [0, 1e-30, 1, -1, 3, 30, -30, 100, NaN],
  accuracy: own(4),
});

/** log((1 + e^(px)) / (1 + e^(p(x − 1)))) / p, as log(1 + (eᵖ − 1)·σ(p(x − 1))) / p, in which nothing cancels. */
export const softClip = shaped<{ readonly sharpness: number }>({
  name: "softClip",
  doc: "log((1 + e^(px)) / (1 + e^(p(x − 1)))) / p, from 0 to 1; its slope is σ(px)·σ(p − px)·(1 − e^(−p)).",
  value: (x, { sharpness: p }) => Math.log1p(Math.expm1(p) * sigmoidExact(p * (x - 1))) / p,
  derivative: smooth((t, { inputs: [x], params: { sharpness } }) => {
    const steep = mul(x, sharpness);
    const slope = mul(mul(sigmoid(steep), sigmoid(sub(sharpness, steep))), -Math.expm1(-sharpness));
    return mul(t, slope);
  }),
  lower: (onnx, x, { sharpness }) => {
    // The share by its exponential: the kernel for the sigmoid is off in the tail by as much as eᵖ then makes felt.
    const one = onnx.scalar(1);
    const from = onnx.op("Mul", [onnx.op("Sub", [x, one]), onnx.scalar(sharpness)]);
    const growth = onnx.op("Exp", [onnx.op("Min", [from, onnx.scalar(40)])]);
    const share = onnx.op("Div", [growth, onnx.op("Add", [growth, one])]);
    const u = onnx.op("Mul", [share, onnx.scalar(Math.expm1(sharpness))]);
    const sum = onnx.op("Add", [u, one]);
    const lost = onnx.op("Div", [onnx.op("Sub", [u, onnx.op("Sub", [sum, one])]), sum]);
    return onnx.op("Mul", [onnx.op("Add", [onnx.op("Log", [sum]), lost]), onnx.scalar(1 / sharpness)]);
  },
  examples: [{ sharpness: 4 }],
  accuracy: own(8),
});
