import { kronrod } from "./expectation.js";
import { established, type Measured, notEstablished } from "./report.js";
import type { Survey } from "./survey.js";

/** Terms of the expansion in Hermite polynomials. */
const TERMS = 400;
/** Panels of the integrals reach this far; the polynomials times the density are below 1e-16 beyond. */
const REACH = 18;
const WIDTH = 1 / 8;

/**
 * E f(u) f(v) for normal u and v of variance q and correlation c, as the power series Σ aₙ² cⁿ (Mehler's formula), aₙ being the
 * coefficients of f(√q z) in normalised Hermite polynomials.
 */
export interface CorrelationMap {
  /** The c in 0 … 1 with weight·E f(u) f(v) + bias = c, and the slope of the left side there. */
  crossing(weight: number, bias: number): Measured<{ readonly at: number; readonly slope: number }>;
  readonly squares: readonly number[];
}

export function correlationMap(seen: Survey, q: number): CorrelationMap {
  const { coefficients, power } = expand(seen, q);
  const squares = coefficients.map((a) => a * a);
  const missing = Math.max(power - squares.reduce((sum, square) => sum + square, 0), 0);
  const value = (c: number): number => squares.reduceRight((sum, square) => sum * c + square, 0);
  const slope = (c: number): number => squares.reduceRight((sum, square, n) => (n === 0 ? sum : sum * c + n * square), 0);
  return {
    squares,
    crossing(weight, bias) {
      // The map is convex on 0 … 1 and above the diagonal at 0, so below 1 it crosses once at most.
      let [low, high] = [0, 1];
      for (let step = 0; step < 80; step++) {
        const c = (low + high) / 2;
        if (weight * value(c) + bias > c) low = c;
        else high = c;
      }
      const at = high < 1e-15 ? 0 : (low + high) / 2;
      if (weight * missing * at ** TERMS > 1e-10) return notEstablished("the correlation map has too many terms near 1");
      return established({ at, slope: weight * slope(at) });
    },
  };
}

function expand({ probe, cuts }: Survey, q: number): { coefficients: number[]; power: number } {
  const s = Math.sqrt(q);
  const even = Array.from({ length: (2 * REACH) / WIDTH + 1 }, (_, i) => -REACH + i * WIDTH);
  const inside = cuts.map((at) => at / s).filter((z) => Math.abs(z) < REACH);
  const edges = [...new Set([...even, ...inside])].sort((a, b) => a - b);
  const points: { readonly z: number; readonly weight: number }[] = edges.slice(1).flatMap((to, i) => {
    const half = (to - edges[i]) / 2;
    return kronrod.map(({ node, weight }) => {
      const z = edges[i] + half + half * node;
      return { z, weight: (half * weight * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI) };
    });
  });
  const inputs = points.map(({ z }) => s * z);
  const [values] = probe.at(inputs, 0);
  const coefficients = new Float64Array(TERMS);
  let power = 0;
  points.forEach(({ z, weight }, i) => {
    power += weight * values[i] ** 2;
    // hₙ₊₁ = (z hₙ − √n hₙ₋₁) / √(n + 1), the Hermite polynomials of mean square 1.
    let [before, now] = [0, weight * values[i]];
    for (let n = 0; n < TERMS; n++) {
      coefficients[n] += now;
      [before, now] = [now, (z * now - Math.sqrt(n) * before) / Math.sqrt(n + 1)];
    }
  });
  return { coefficients: [...coefficients], power };
}
