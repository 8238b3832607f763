import type { Emitter } from "../../ir/emitter.js";
import type { Tail } from "./deviation.js";
import { inside, polynomial, polynomialAt, wholePower } from "./emissions.js";
import { emitScaled } from "./emit.js";

/** t^lead · (c₀ + c₁t + …), where t is the way inside an edge: (at − d)₊. */
export interface Edge {
  readonly at: number;
  readonly lead: number;
  readonly coefficients: readonly number[];
}

/**
 * The tails of a density that is, left of 0, a sum over edges of powers of the way inside them: φ(−d) for d ≥ 0. Every integral
 * is again such a sum, and nothing cancels at the outer edge.
 */
export const edgeTails = (edges: readonly Edge[]): [Tail, Tail, Tail, Tail] => {
  const tail = (order: number): Tail => sumOf(edges.map((edge) => integrated(edge, order)));
  return [tail(0), tail(1), tail(2), tail(3)];
};

/** ∫ (z − u)ⁿ of a power: t^p becomes n! p!/(p + n + 1)! · t^(p + n + 1). */
function integrated({ at, lead, coefficients }: Edge, order: number): Edge {
  const factor = (power: number): number => {
    let result = 1;
    for (let i = 1; i <= order; i++) result *= i / (power + i);
    return result / (power + order + 1);
  };
  return { at, lead: lead + order + 1, coefficients: coefficients.map((c, j) => c * factor(lead + j)) };
}

const sumOf = (edges: readonly Edge[]): Tail => ({
  value: (d) => edges.reduce((total, edge) => total + edgeValue(edge, d), 0),
  lower: (onnx, d) => edges.map((edge) => lowerEdge(onnx, edge, d)).reduce((total, term) => onnx.op("Add", [total, term])),
});

/** One edge in plain numbers: 0 outside, NaN for NaN. */
export function edgeValue({ at, lead, coefficients }: Edge, d: number): number {
  const t = Math.max(at - d, 0);
  return t ** lead * polynomialAt(t, coefficients);
}

export function lowerEdge(onnx: Emitter, { at, lead, coefficients }: Edge, d: string): string {
  const t = inside(onnx, d, at);
  const power = wholePower(onnx, t, lead);
  if (coefficients.length === 1) return emitScaled(onnx, power, coefficients[0]);
  return onnx.op("Mul", [power, polynomial(onnx, t, coefficients)]);
}
