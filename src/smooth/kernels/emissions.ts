import type { Emitter } from "../../ir/emitter.js";
import { emitPolynomial } from "./emit.js";

/** c₀ + c₁x + c₂x² + … by Horner's rule. */
export const polynomial = (onnx: Emitter, x: string, coefficients: readonly number[]): string =>
  emitPolynomial(onnx, x, coefficients) ?? onnx.scalar(0);

/** The same in plain numbers. */
export function polynomialAt(x: number, coefficients: readonly number[]): number {
  let total = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) total = total * x + coefficients[i];
  return total;
}

/** x to a whole power of 1 or more, by squaring. */
export function wholePower(onnx: Emitter, x: string, exponent: number): string {
  if (exponent === 1) return x;
  const half = wholePower(onnx, x, Math.floor(exponent / 2));
  const square = onnx.op("Mul", [half, half]);
  return exponent % 2 === 0 ? square : onnx.op("Mul", [square, x]);
}

/** at − d where that is above 0, else 0: how far inside the support a point is. */
export const inside = (onnx: Emitter, d: string, at: number): string => onnx.op("Relu", [onnx.op("Sub", [onnx.scalar(at), d])]);

/** log(1 + x) for x ≥ 0: what rounding 1 + x loses, over 1 + x, is put back. */
export function logOneMore(onnx: Emitter, x: string): string {
  const one = onnx.scalar(1);
  const sum = onnx.op("Add", [x, one]);
  const lost = onnx.op("Div", [onnx.op("Sub", [x, onnx.op("Sub", [sum, one])]), sum]);
  return onnx.op("Add", [onnx.op("Log", [sum]), lost]);
}
