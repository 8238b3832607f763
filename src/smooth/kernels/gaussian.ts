import type { Emitter } from "../../ir/emitter.js";
import { normalRamp } from "../../ops/gates.js";
import { exp, mul, normalCdf, normalPdf } from "../../ops/index.js";
import { polynomial, preciseNormalCdf } from "../../ops/precise.js";
import { expOfMinusHalfSquare, normalCdfExact } from "../../ops/special.js";
import type { Tail } from "./deviation.js";
import { kernel } from "./kernel.js";
import { gaussianSingle } from "./single-sums.js";

/** 1/√(2π), the height of the density. */
const PEAK = 1 / Math.sqrt(2 * Math.PI);

/** Beyond it the density is 0 in float64. */
const REACH = 40;

/** Left of −½ what Φ and φ give cancels; from there a continued fraction has no difference in it. */
const FRACTION_FROM = 0.5;

/**
 * Iₙ(−d) = n! φ(d) ρ₀ρ₁…ρₙ with ρₖ = 1/(d + (k + 1)ρₖ₊₁), evaluated from its end, which starts at the value for which ρ stops
 * changing (the repeated integrals of erfc: Gautschi 1961; Abramowitz & Stegun 7.2.5).
 */
function farTail(order: number, d: number): number {
  const last = Math.ceil(40 + 200 / (d * d));
  let ratio = 2 / (d + Math.sqrt(d * d + 4 * (last + 1)));
  let product = 1;
  for (let k = last; k >= 0; k--) {
    ratio = 1 / (d + (k + 1) * ratio);
    if (k <= order) product *= ratio * Math.max(k, 1);
  }
  return product * expOfMinusHalfSquare(d) * PEAK;
}

/** Iₙ(−d) from Φ(−d) and φ(d). */
const nearTails: readonly ((d: number, share: number, density: number) => number)[] = [
  (_, share) => share,
  (d, share, density) => density - d * share,
  (d, share, density) => (d * d + 1) * share - d * density,
  (d, share, density) => (d * d + 2) * density - d * (d * d + 3) * share,
];

const value =
  (order: number) =>
  (d: number): number => {
    if (d > REACH) return 0;
    return d > FRACTION_FROM ? farTail(order, d) : nearTails[order](d, normalCdfExact(-d), expOfMinusHalfSquare(d) * PEAK);
  };

/** Coefficients from tools/coefficients/kernels.py: Iₙ(−d)/(φ(d)·tⁿ⁺¹) in powers of t = 1/(1 + d/2), n = 1, 2, 3. */
const SCALED = [
  [
    0.24999999994821603, 0.5000000374285641, 0.5624954843546041, 0.25021693838295295, -0.3961455245190574, -0.7579896870591812,
    -1.1838413028733514, 7.683133381673882, -30.515355082802515, 122.10231536428665, -344.54263576420067, 659.2040738743079,
    -887.3508056646151, 860.9338056384393, -603.9364337223943, 300.5081918948836, -100.98724789864669, 20.60846331504412,
    -1.932241281637008,
  ],
  [
    0.24999999973474518, 0.7500001921327691, 1.1249765727163616, 0.6261467029069023, -1.2018296867904785, -2.4721804474885696,
    -6.35250154385657, 44.69160975803103, -198.46442045565968, 826.058171207034, -2459.1266192909693, 5039.151912903097,
    -7313.756134442087, 7670.919519501407, -5821.9714389425435, 3134.6506007009734, -1139.6700504941211, 251.54753209753179,
    -25.501980194820764,
  ],
  [
    0.37499999929864475, 1.500000512897018, 2.8124345332454035, 1.8784535300416916, -4.200712725179339, -10.044621846393268,
    -26.499591564116145, 206.16478930052938, -994.299768041555, 4566.834809250869, -14842.029162360968, 32783.994818185485,
    -50796.99048570642, 56449.38952347263, -45112.73204141538, 25441.23027344903, -9643.862127824985, 2210.337697076895,
    -231.859287827177,
  ],
] as const;

/** From the same program: Iₙ(−d)/φ(d) in powers of t = 1/(1 + d/3), n = 2, 3, right where φ(d) is not small. */
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

/** φ(d), its height inside the exponent, which saves a pass. */
function bell(onnx: Emitter, d: string): string {
  const exponent = onnx.op("Mul", [onnx.op("Mul", [d, onnx.scalar(-0.5)]), d]);
  return onnx.op("Exp", [onnx.op("Add", [exponent, onnx.scalar(Math.log(PEAK))])]);
}

/** 1/(1 + d/c). */
const reciprocal = (onnx: Emitter, d: string, c: number): string =>
  onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Mul", [d, onnx.scalar(1 / c)]), onnx.scalar(1)])]);

function precise(onnx: Emitter, d: string, order: 1 | 2 | 3): string {
  const held = onnx.op("Min", [d, onnx.scalar(REACH)]);
  const t = reciprocal(onnx, held, 2);
  let factor = onnx.op("Mul", [bell(onnx, held), t]);
  for (let k = 0; k < order; k++) factor = onnx.op("Mul", [factor, t]);
  return onnx.op("Mul", [factor, polynomial(onnx, t, SCALED[order - 1])]);
}

const higherTail = (order: 2 | 3): Tail => ({
  value: value(order),
  lower: (onnx, d) => onnx.op("Mul", [bell(onnx, d), polynomial(onnx, reciprocal(onnx, d, 3), SCALED_SINGLE[order - 2])]),
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
  positive: true,
  characteristic: (frequency) => exp(mul(mul(frequency, frequency), -0.5)),
  density: (u) => normalPdf(u),
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
        return onnx.op("Add", [bell(onnx, d), gated]);
      },
      precise: (onnx, d) => precise(onnx, d, 1),
    },
    higherTail(2),
    higherTail(3),
  ],
  direct: [normalCdf, normalRamp, null, null],
  single: gaussianSingle,
});
