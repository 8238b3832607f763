import type { Emitter } from "../ir/emitter.js";

/**
 * Emissions for the precise lowering, which computes in float64: what ONNX Runtime has no float64 kernel for (erf, atan), and
 * what its kernels do not keep to the last digits in the tails (sigmoid). Right to 1e-13 of the value wherever that is a
 * normal float32.
 */

/** Coefficients from tools/coefficients/erfc.py: e^(x²)·erfc(x) / t in powers of t = 1 / (1 + x/2), x ≥ 0. */
const SCALED_TAIL = [
  0.28209479177387997, 0.2820947917719483, 0.24683294314054158, 0.1763092213337158, 0.08374775589837231, -0.004427149060958908,
  -0.056459068876022964, -0.05650340851392481, 0.019771750939239236, -0.08632124629418036, 0.6514459790591, -2.0221181492170532,
  5.1179911109470275, -10.235353262134636, 14.691305903276023, -14.4423931469857, 9.0154700948743, -2.508045190898822,
  -1.0849663909980911, 1.4899223550158407, -0.7196176537555117, 0.17796153450390884, -0.018743565798998437,
];

/** From the same program: erf(x) / x in powers of x², |x| ≤ 1. */
const CENTRE = [
  1.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792, 0.0052239776248180145,
  -0.000854832698083379, 0.0001205533111164271, -1.4925595266831182e-5, 1.6461000484121368e-6, -1.6350312701054695e-7,
  1.4659775274047436e-8, -1.1372848856791674e-9, 5.957176147748911e-11,
];

function polynomial(onnx: Emitter, x: string, coefficients: readonly number[]): string {
  return coefficients.reduceRight<string>(
    (total, coefficient) =>
      total === "" ? onnx.scalar(coefficient) : onnx.op("Add", [onnx.op("Mul", [total, x]), onnx.scalar(coefficient)]),
    "",
  );
}

/** erfc of |x|. Beyond 30 it is 0 in float32 and e^(−x²) stays finite by holding x. */
function tail(onnx: Emitter, size: string): string {
  const held = onnx.op("Min", [size, onnx.scalar(30)]);
  const t = onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Mul", [held, onnx.scalar(0.5)]), onnx.scalar(1)])]);
  const density = onnx.op("Exp", [onnx.op("Neg", [onnx.op("Mul", [held, held])])]);
  return onnx.op("Mul", [onnx.op("Mul", [density, t]), polynomial(onnx, t, SCALED_TAIL)]);
}

/** erf for |x| ≤ 1. */
function centre(onnx: Emitter, x: string): string {
  const held = onnx.op("Clip", [x, onnx.scalar(-1), onnx.scalar(1)]);
  return onnx.op("Mul", [held, polynomial(onnx, onnx.op("Mul", [held, held]), CENTRE)]);
}

export function preciseErf(onnx: Emitter, x: string): string {
  const size = onnx.op("Abs", [x]);
  const outside = onnx.op("Mul", [onnx.op("Sign", [x]), onnx.op("Sub", [onnx.scalar(1), tail(onnx, size)])]);
  return onnx.op("Where", [onnx.op("Less", [size, onnx.scalar(1)]), centre(onnx, x), outside]);
}

export function preciseErfc(onnx: Emitter, x: string): string {
  const size = onnx.op("Abs", [x]);
  const right = tail(onnx, size);
  const outside = onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), onnx.op("Sub", [onnx.scalar(2), right]), right]);
  // 1 − erf keeps its digits only while erf is small.
  const near = onnx.op("Sub", [onnx.scalar(1), centre(onnx, x)]);
  return onnx.op("Where", [onnx.op("Less", [size, onnx.scalar(0.5)]), near, outside]);
}

/** Φ(x) = ½ erfc(−x/√2). */
export function preciseNormalCdf(onnx: Emitter, x: string): string {
  return onnx.op("Mul", [preciseErfc(onnx, onnx.op("Mul", [x, onnx.scalar(-Math.SQRT1_2)])), onnx.scalar(0.5)]);
}

/** e^(−|x|) and 1 + e^(−|x|), from which the sigmoid and its slope are made without overflow or cancellation. */
function decay(onnx: Emitter, x: string): { small: string; sum: string } {
  const small = onnx.op("Exp", [onnx.op("Neg", [onnx.op("Abs", [x])])]);
  return { small, sum: onnx.op("Add", [small, onnx.scalar(1)]) };
}

export function preciseSigmoid(onnx: Emitter, x: string): string {
  const { small, sum } = decay(onnx, x);
  const top = onnx.op("Where", [onnx.op("Less", [x, onnx.scalar(0)]), small, onnx.scalar(1)]);
  // x is NaN where the sum is; the top alone would hide it on neither side.
  return onnx.op("Div", [top, sum]);
}

/** σ(x)·σ(−x). */
export function preciseSigmoidSlope(onnx: Emitter, x: string): string {
  const { small, sum } = decay(onnx, x);
  return onnx.op("Div", [small, onnx.op("Mul", [sum, sum])]);
}

/** 1 / cosh²(x) = 4 σ(2x) σ(−2x). */
export function preciseTanhSlope(onnx: Emitter, x: string): string {
  return onnx.op("Mul", [preciseSigmoidSlope(onnx, onnx.op("Add", [x, x])), onnx.scalar(4)]);
}

/** atan from a float32 start: y + atan((x − tan y) / (1 + x tan y)), where the last atan is its argument. */
export function preciseAtan(onnx: Emitter, x: string): string {
  const start = onnx.cast(onnx.op("Atan", [onnx.castSingle(x)]), "float32");
  const tangent = onnx.op("Div", [onnx.op("Sin", [start]), onnx.op("Cos", [start])]);
  const held = onnx.op("Clip", [x, onnx.scalar(-1e200), onnx.scalar(1e200)]);
  const across = onnx.op("Add", [onnx.op("Mul", [held, tangent]), onnx.scalar(1)]);
  return onnx.op("Add", [start, onnx.op("Div", [onnx.op("Sub", [held, tangent]), across])]);
}

export const preciseTan = (onnx: Emitter, x: string): string => onnx.op("Div", [onnx.op("Sin", [x]), onnx.op("Cos", [x])]);
