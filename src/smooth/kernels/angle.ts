import type { Emitter } from "../../ir/emitter.js";
import { preciseAtan } from "../../ops/precise.js";
import { logOneMore } from "./emissions.js";

/** Numbers at a distance d ≥ 0 from 0, of which the tails of densities in powers of 1 + u² are made; a value and its nodes. */

/** arccot d, from π/2 at 0 to 0 at ∞. */
export const angleAt = (d: number): number => Math.atan2(1, d);

export function lowerAngle(onnx: Emitter, d: string): string {
  const inverse = onnx.op("Reciprocal", [d]);
  return onnx.precision === "precise" ? preciseAtan(onnx, inverse) : onnx.op("Atan", [inverse]);
}

/** Beyond it 1 is nothing beside d²; its square is a float32. */
export const FAR = 1e9;

/** d where it is near, the far end else. */
export const lowerNear = (onnx: Emitter, d: string): string => onnx.op("Min", [d, onnx.scalar(FAR)]);

/** √(1 + d²). */
export const lowerLength = (onnx: Emitter, d: string): string =>
  onnx.op("Sqrt", [onnx.op("Add", [onnx.op("Mul", [d, d]), onnx.scalar(1)])]);

/** log √(1 + d²). */
export const logLengthAt = (d: number): number => (d > FAR ? Math.log(d) : Math.log1p(d * d) / 2);

export const lowerLogLength = (onnx: Emitter, d: string): string =>
  onnx.op("Add", [lowerNearLogLength(onnx, d), lowerFarLog(onnx, d)]);

/** log √(1 + d²) for d held to the near side. */
export function lowerNearLogLength(onnx: Emitter, d: string): string {
  const near = lowerNear(onnx, d);
  return onnx.op("Mul", [logOneMore(onnx, onnx.op("Mul", [near, near])), onnx.scalar(0.5)]);
}

/** What a logarithm lacks beyond the far end. */
const lowerFarLog = (onnx: Emitter, d: string): string =>
  onnx.op("Log", [onnx.op("Max", [onnx.op("Mul", [d, onnx.scalar(1 / FAR)]), onnx.scalar(1)])]);

/** arsinh d = log √(1 + d²) + log(1 + d/√(1 + d²)). */
export function lowerArsinh(onnx: Emitter, d: string): string {
  const near = lowerNear(onnx, d);
  const share = onnx.op("Div", [near, lowerLength(onnx, near)]);
  return onnx.op("Add", [lowerLogLength(onnx, d), logOneMore(onnx, share)]);
}
