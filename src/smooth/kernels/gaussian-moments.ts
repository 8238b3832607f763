import type { Emitter } from "../../ir/emitter.js";
import { expOfMinusHalfSquare } from "../../ops/special.js";
import { polynomial } from "./emissions.js";

/** 1/√(2π), the height of the density. */
const PEAK = 1 / Math.sqrt(2 * Math.PI);

/** Beyond it the density is 0 in float64. */
export const REACH = 40;

/** e^(−u²/2)/√(2π). */
export const densityAt = (u: number): number => expOfMinusHalfSquare(u) * PEAK;

/** The same as nodes, its height inside the exponent, which saves a pass. */
export function emitDensity(onnx: Emitter, u: string): string {
  const exponent = onnx.op("Mul", [onnx.op("Mul", [u, onnx.scalar(-0.5)]), u]);
  return onnx.op("Exp", [onnx.op("Add", [exponent, onnx.scalar(Math.log(PEAK))])]);
}

/** Where the power series gives way to the continued fraction. */
const FRACTION_FROM = 0.5;

/**
 * Gₙ(y) = ∫₀^∞ vⁿ e^(−yv − v²/2) dv for y ≥ 0, so that Iₙ(−y) = φ(y)·Gₙ(y): nothing in it underflows, and nothing that is
 * computed here cancels.
 */
export const scaledMoment = (order: number, y: number): number => (y < FRACTION_FROM ? series(order, y) : fraction(order, y));

/**
 * Gₙ = n! ρ₀ρ₁…ρₙ with ρₖ = 1/(y + (k + 1)ρₖ₊₁), evaluated from its end, which starts at the value for which ρ stops changing
 * (the repeated integrals of erfc: Gautschi 1961; Abramowitz & Stegun 7.2.5).
 */
function fraction(order: number, y: number): number {
  const last = order + Math.ceil(40 + 200 / (y * y));
  let ratio = 2 / (y + Math.sqrt(y * y + 4 * (last + 1)));
  let product = 1;
  for (let k = last; k >= 0; k--) {
    ratio = 1 / (y + (k + 1) * ratio);
    if (k <= order) product *= ratio * Math.max(k, 1);
  }
  return product;
}

/** Σ (−y)ʲ/j! · ∫ vⁿ⁺ʲ e^(−v²/2) dv; the integrals are √(π/2), 1, and n − 1 times the one two orders below. */
function series(order: number, y: number): number {
  const halves = [Math.sqrt(Math.PI / 2), 1];
  let factor = 1;
  let sum = 0;
  for (let j = 0; j < 40 + 4 * order; j++) {
    const n = order + j;
    for (let k = halves.length; k <= n; k++) halves.push((k - 1) * halves[k - 2]);
    sum += factor * halves[n];
    factor *= -y / (j + 1);
  }
  return sum;
}

/** Coefficients from tools/coefficients/kernels.py: Gₙ(y)/tⁿ⁺¹ in powers of t = 1/(1 + y/4). */
const SCALED = [
  [
    0.2500000000009658, 0.2499999994420261, 0.234375053443819, 0.20312297791847475, 0.15921984872532693, 0.10791626373346361,
    0.06245212995116671, -0.0026253339230531162, 0.07207720636753541, -0.23942300225285648, 0.4388619288893356,
    -0.6565678976456465, 0.664410767778652, -0.4186863499908191, 0.15784107260862343, -0.032374384735713545,
    0.0027138570036398316,
  ],
  [
    0.06250000000373798, 0.12499999783908262, 0.17578145761990718, 0.2031171002170168, 0.19913280846367737, 0.1606773145817393,
    0.11798231398248621, -0.04876292132919904, 0.3173813670847182, -1.0007734011207434, 1.9709874165193682, -3.032905890797309,
    3.22974702359574, -2.2239755006933315, 0.9506343776343695, -0.2310827572055498, 0.024559293603285078,
  ],
  [
    0.03125000001254418, 0.09374999274136268, 0.17578195071570918, 0.2538793608409942, 0.2990070088631876, 0.2778230750273079,
    0.2600422024804698, -0.2287136008592648, 1.2127735946547924, -3.826354585225959, 7.931675007055377, -12.637039300701248,
    14.07587979382725, -10.286073272164371, 4.714813382701003, -1.2382841569068603, 0.1431036842553209,
  ],
  [
    0.02343750003130253, 0.09374998184318559, 0.21972833630140234, 0.3807898687051285, 0.5237589156324305, 0.5505435775593919,
    0.6194394501621583, -0.7311970821630048, 3.862218335000568, -12.744780802094267, 28.0048210754309, -47.09690484892463,
    55.45307721212347, -42.890217755939396, 20.799012659673863, -5.770555674442416, 0.7030792511370538,
  ],
] as const;

/** From the same program, for float32: n = 0, 1. */
const SCALED_SINGLE: readonly (readonly number[])[] = [
  [
    0.24999997727993473, 0.2500045787775103, 0.2342181295386979, 0.20526686638392494, 0.14399641517775452, 0.17113752812749858,
    -0.099630611545536, 0.26018515114104573, -0.21403905810850138, 0.05217518780423655,
  ],
  [
    0.06249999961683407, 0.12500020837173992, 0.17575246729527652, 0.20400804125129782, 0.18825915626582662, 0.227657305307238,
    -0.11627927545444003, 0.4542640083269189, -0.44171554511981204, 0.1205537731969336,
  ],
];

/** The orders whose Gₙ has coefficients. */
export const EMITTED_ORDERS = SCALED.length;

/** Gₙ(y) for y ≥ 0, to 1e-9 of itself in float64. */
export function emitScaledMoment(onnx: Emitter, y: string, order: number): string {
  const t = onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Mul", [y, onnx.scalar(0.25)]), onnx.scalar(1)])]);
  let power = t;
  for (let k = 0; k < order; k++) power = onnx.op("Mul", [power, t]);
  const coefficients = (onnx.precision === "precise" ? undefined : SCALED_SINGLE[order]) ?? SCALED[order];
  return onnx.op("Mul", [power, polynomial(onnx, t, coefficients)]);
}
