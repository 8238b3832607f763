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
