import type { Emitter } from "../../ir/emitter.js";

export const emitScaled = (onnx: Emitter, x: string, factor: number): string =>
  factor === 1 ? x : onnx.op("Mul", [x, onnx.scalar(factor)]);

/** Σ cₙxⁿ by Horner's rule, coefficients by rising power; null for 0. A constant is one of no shape. */
export function emitPolynomial(onnx: Emitter, x: string, coefficients: readonly number[]): string | null {
  const degree = coefficients.findLastIndex((value) => value !== 0);
  if (degree < 0) return null;
  let sum = onnx.scalar(coefficients[degree]);
  for (let n = degree - 1; n >= 0; n--) {
    const product = n === degree - 1 && coefficients[degree] === 1 ? x : onnx.op("Mul", [sum, x]);
    sum = coefficients[n] === 0 ? product : onnx.op("Add", [product, onnx.scalar(coefficients[n])]);
  }
  return sum;
}

/** A value and what it is to be multiplied by. */
export interface Weighted {
  readonly factor: number;
  readonly x: string;
}

/** Σ fₖ·xₖ, with one product at the end where all factors are of one size. */
export function emitWeighted(onnx: Emitter, terms: readonly Weighted[]): string | null {
  const present = terms.filter(({ factor }) => factor !== 0);
  if (present.length === 0) return null;
  const [{ factor: size }] = present;
  const alike = present.every(({ factor }) => Math.abs(factor) === Math.abs(size));
  if (!alike) return present.map(({ factor, x }) => emitScaled(onnx, x, factor)).reduce((a, b) => onnx.op("Add", [a, b]));
  const sum = present.slice(1).reduce((a, { factor, x }) => onnx.op(factor === size ? "Add" : "Sub", [a, x]), present[0].x);
  return emitScaled(onnx, sum, size);
}

/** slope·x + offset, held to 0 … 1: one operator. */
export const emitUnitLine = (onnx: Emitter, x: string, slope: number, offset: number): string =>
  onnx.op("HardSigmoid", [x], { alpha: { float: Math.fround(slope) }, beta: { float: Math.fround(offset) } });

/** Σ fₖ·xₖ + offset, where every |xₖ| ≤ 1: in one operator where the sum never crosses 0. */
export function emitBounded(onnx: Emitter, terms: readonly Weighted[], offset: number): { sum: Weighted | null; offset: number } {
  const sum = emitAlike(onnx, terms);
  if (sum === null) return { sum, offset };
  const bound = terms.reduce((total, { factor }) => total + Math.abs(factor), 0);
  if (Math.abs(offset) < bound * (1 - 1e-7)) return { sum, offset };
  const size = Math.abs(offset) + bound;
  const factor = Math.sign(offset) * (size <= 1 + 1e-7 ? 1 : size);
  return { sum: { factor, x: emitUnitLine(onnx, sum.x, sum.factor / factor, offset / factor) }, offset: 0 };
}

/** Σ fₖ·xₖ with the size of the factors left out, where they are of one size. */
export function emitAlike(onnx: Emitter, terms: readonly Weighted[]): Weighted | null {
  const present = terms.filter(({ factor }) => factor !== 0);
  if (present.length === 0) return null;
  const [{ factor: size }] = present;
  const alike = present.every(({ factor }) => Math.abs(factor) === Math.abs(size));
  const sum = emitWeighted(onnx, alike ? present.map(({ factor, x }) => ({ factor: factor / size, x })) : present);
  return { factor: alike ? size : 1, x: sum as string };
}
