import type { Emitter } from "../../ir/emitter.js";
import { normalRamp } from "../../ops/gates.js";
import { exp, mul, normalCdf, normalPdf } from "../../ops/index.js";
import { preciseNormalCdf } from "../../ops/precise.js";
import type { Tail } from "./deviation.js";
import { polynomial } from "./emissions.js";
import { densityAt, emitDensity, emitScaledMoment, REACH, scaledMoment } from "./gaussian-moments.js";
import { gaussianTilted } from "./gaussian-tilted.js";
import { kernel } from "./kernel.js";
import { gaussianSingle } from "./single-gaussian.js";

const value =
  (order: number) =>
  (d: number): number =>
    d > REACH ? 0 : scaledMoment(order, d) * densityAt(d);

/** Coefficients from tools/coefficients/kernels.py: Iₙ(−d)/φ(d) in powers of t = 1/(1 + d/3), n = 2, 3, right where φ(d) is not small. */
const SCALED_SINGLE = [
  [
    0.07997875655061877, -0.6153750615614721, 1.7701323461318514, -1.9153644756851835, -0.20326670397488278, 3.1890434836767514,
    -1.051834452503974,
  ],
  [
    -0.03487217409869834, 0.7080775809011617, -4.550765500373203, 14.0782623590182, -23.170908995269375, 19.699218064157744,
    -4.729011760500306,
  ],
] as const;

/** From here on the tails of every order are 0 beside 1. */
const SINGLE_REACH = 12;

/** d/√2, held where −d·Φ(−d) has died out (∞·0 is NaN), and −2Φ(−d) = erf(d/√2) − 1. */
function errorFunction(onnx: Emitter, d: string): { scaled: string; beyond: string } {
  const held = onnx.op("Clip", [d, onnx.scalar(0), onnx.scalar(SINGLE_REACH)]);
  const scaled = onnx.op("Mul", [held, onnx.scalar(Math.SQRT1_2)]);
  return { scaled, beyond: onnx.op("Sub", [onnx.op("Erf", [scaled]), onnx.scalar(1)]) };
}

function precise(onnx: Emitter, d: string, order: number): string {
  const held = onnx.op("Min", [d, onnx.scalar(REACH)]);
  return onnx.op("Mul", [emitDensity(onnx, held), emitScaledMoment(onnx, held, order)]);
}

function single(onnx: Emitter, d: string, coefficients: readonly number[]): string {
  const t = onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Mul", [d, onnx.scalar(1 / 3)]), onnx.scalar(1)])]);
  return onnx.op("Mul", [emitDensity(onnx, d), polynomial(onnx, t, coefficients)]);
}

const higherTail = (order: 2 | 3): Tail => ({
  value: value(order),
  lower: (onnx, d) => single(onnx, d, SCALED_SINGLE[order - 2]),
  precise: (onnx, d) => precise(onnx, d, order),
});

/** φ(u) = e^(−u²/2)/√(2π): the kernel of the heat equation, whose width is a standard deviation. */
export const gaussian = kernel({
  name: "gaussian",
  aliases: ["normal"],
  title: "Gaussian",
  tex: String.raw`\frac{1}{\sqrt{2\pi}}\, e^{-u^2/2}`,
  source: "Gauss 1809",
  radius: Infinity,
  momentsBelow: Infinity,
  absoluteMoment: Math.sqrt(2 / Math.PI),
  variance: 1,
  fourthMoment: 3,
  smoothness: Infinity,
  decay: Infinity,
  positive: true,
  characteristic: (frequency) => exp(mul(mul(frequency, frequency), -0.5)),
  density: (u) => normalPdf(u),
  ...gaussianTilted,
  tails: [
    {
      value: value(0),
      lower: (onnx, d) => onnx.op("Mul", [errorFunction(onnx, d).beyond, onnx.scalar(-0.5)]),
      precise: (onnx, d) => preciseNormalCdf(onnx, onnx.op("Neg", [d])),
    },
    {
      value: value(1),
      // φ(d) − d·Φ(−d).
      lower: (onnx, d) => {
        const { scaled, beyond } = errorFunction(onnx, d);
        const gated = onnx.op("Mul", [onnx.op("Mul", [scaled, beyond]), onnx.scalar(Math.SQRT1_2)]);
        return onnx.op("Add", [emitDensity(onnx, d), gated]);
      },
      precise: (onnx, d) => precise(onnx, d, 1),
    },
    higherTail(2),
    higherTail(3),
  ],
  direct: [normalCdf, normalRamp, null, null],
  single: gaussianSingle,
});
