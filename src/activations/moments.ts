import type { Tensor } from "../ir/tensor.js";
import { tensor } from "../ops/index.js";
import { interpret } from "../run/interpret.js";

/** E f(z) and E f(z)² for z from the standard normal law. */
export interface Moments {
  readonly mean: number;
  readonly secondMoment: number;
}

/** Beyond 12 the normal density is below 1e-31: nothing that grows slower than e^(6x) is missed. */
const REACH = 12;
const PANELS = 192;

/**
 * Moments by Gauss–Legendre quadrature in the float64 interpreter, eight points to a panel, panels cut at the kinks: about
 * 1e-14 for what is smooth between them.
 */
export function momentsOf(f: (x: Tensor) => Tensor, kinks: readonly number[] = []): Moments {
  const { points, weights } = gaussianRule(kinks);
  const [values] = interpret([f(tensor(points))]);
  let mean = 0;
  let secondMoment = 0;
  values.forEach((value: number, i: number) => {
    mean += weights[i] * value;
    secondMoment += weights[i] * value * value;
  });
  return { mean, secondMoment };
}

function gaussianRule(kinks: readonly number[]): { points: Float64Array; weights: Float64Array } {
  const even = Array.from({ length: PANELS + 1 }, (_, i) => -REACH + (2 * REACH * i) / PANELS);
  const inside = kinks.filter((kink) => Math.abs(kink) < REACH);
  const edges = [...new Set([...even, ...inside])].sort((a, b) => a - b);
  const points: number[] = [];
  const weights: number[] = [];
  for (let panel = 0; panel + 1 < edges.length; panel++) {
    const middle = (edges[panel] + edges[panel + 1]) / 2;
    const half = (edges[panel + 1] - edges[panel]) / 2;
    for (const [node, weight] of legendre8) {
      for (const x of [middle - half * node, middle + half * node]) {
        points.push(x);
        weights.push((half * weight * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI));
      }
    }
  }
  return { points: Float64Array.from(points), weights: Float64Array.from(weights) };
}

/** Positive nodes and weights of the eight-point Gauss–Legendre rule on −1 … 1 (Abramowitz & Stegun, table 25.4). */
const legendre8: readonly (readonly [number, number])[] = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
];
