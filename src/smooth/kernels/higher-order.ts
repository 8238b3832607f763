import type { Emitter } from "../../ir/emitter.js";
import { add, exp, mul, normalPdf, sub } from "../../ops/index.js";
import { expOfMinusHalfSquare } from "../../ops/special.js";
import type { Tail } from "./deviation.js";
import { gaussian } from "./gaussian.js";
import { kernel } from "./kernel.js";

const PEAK = 1 / Math.sqrt(2 * Math.PI);
const [share, ramp, parabola, cubic] = gaussian.record.tails;

/** e^(−d²/2)/√(2π). */
const bell: Tail = {
  value: (d) => expOfMinusHalfSquare(d) * PEAK,
  lower: (onnx, d) => {
    // Held where the density has long been 0 in float32, so that d times it is not ∞ · 0.
    const held = onnx.op("Min", [d, onnx.scalar(1e4)]);
    const exponent = onnx.op("Mul", [onnx.op("Mul", [held, held]), onnx.scalar(-0.5)]);
    return onnx.op("Mul", [onnx.op("Exp", [exponent]), onnx.scalar(PEAK)]);
  },
};

const slope: Tail = {
  value: (d) => (d === Infinity ? 0 : d * bell.value(d)),
  lower: (onnx, d) => onnx.op("Mul", [onnx.op("Min", [d, onnx.scalar(1e4)]), bell.lower(onnx, d)]),
};

/** a(d) − factor · b(d). */
function less(a: Tail, factor: number, b: Tail): Tail {
  const difference = (onnx: Emitter, left: string, right: string): string =>
    onnx.op("Sub", [left, onnx.op("Mul", [right, onnx.scalar(factor)])]);
  return {
    value: (d) => a.value(d) - factor * b.value(d),
    lower: (onnx, d) => difference(onnx, a.lower(onnx, d), b.lower(onnx, d)),
    precise: (onnx, d) => difference(onnx, (a.precise ?? a.lower)(onnx, d), (b.precise ?? b.lower)(onnx, d)),
  };
}

/**
 * φ(u) − ½φ″(u) = ½(3 − u²)φ(u) with the Gaussian φ: its second moment is 0, so that what is smooth already is moved by O(width⁴)
 * instead of O(width²), and the sup error at a kink is halved. The price is a negative part: smoothed functions overshoot, and
 * need not stay monotone or convex. Iₙ = Iₙ(Gaussian) − ½n(n − 1)·Iₙ₋₂(Gaussian), I₋₁ and I₋₂ being φ and φ′.
 */
export const fourthOrderGaussian = kernel({
  name: "fourthOrderGaussian",
  title: "Gaussian of order 4",
  tex: String.raw`\tfrac{3-u^2}{2\sqrt{2\pi}} e^{-u^2/2}`,
  source: "Parzen 1962; Wand and Schucany 1990",
  radius: Infinity,
  momentsBelow: Infinity,
  absoluteMoment: PEAK,
  variance: 0,
  fourthMoment: -3,
  smoothness: Infinity,
  positive: false,
  characteristic: (frequency) => {
    const half = mul(mul(frequency, frequency), 0.5);
    return mul(add(half, 1), exp(mul(half, -1)));
  },
  density: (u) => mul(mul(sub(3, mul(u, u)), 0.5), normalPdf(u)),
  tails: [less(share, 0.5, slope), less(ramp, 0.5, bell), less(parabola, 1, share), less(cubic, 3, ramp)],
});
