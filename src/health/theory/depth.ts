import { criticalInitialisation, meanField } from "../../activations/measure/index.js";
import { type Measured, mapMeasured } from "../../activations/measure/report.js";
import type { AnyActivation } from "./moments.js";

/** |ln χ| below which rounding alone keeps χ from 1. */
const CRITICAL = 1e-9;
const logarithm = (factor: number): number => {
  const size = Math.abs(Math.log(factor));
  return size < CRITICAL ? 0 : size;
};

/** Layers after which ‖δ‖ is 10 times off, when every layer changes ‖δ‖² by χ: 2 ln 10 / |ln χ|. ∞ at χ = 1, 0 at χ = 0 or ∞. */
export const depthForTenfold = (factor: number): number => (2 * Math.LN10) / logarithm(factor);

/** ξ = 1 / |ln χ|: layers over which small differences between inputs keep a share of 1/e. */
export const correlationDepth = (factor: number): number => 1 / logarithm(factor);

/** How deep a network of equal layers can be: χ where the second moments settle, and what follows from it. */
export interface Depth {
  readonly factor: number;
  readonly tenfold: number;
  readonly correlation: number;
}

/** The depths of a network of f whose weights have variance σ_w²/fanIn and whose biases have σ_b² (default 0). */
export function depthsOf(
  f: AnyActivation,
  { spread, biasSpread = 0 }: { readonly spread: number; readonly biasSpread?: number },
): Measured<Depth> {
  const field = meanField((x) => f(x), { weightVariance: spread ** 2, biasVariance: biasSpread ** 2 });
  return mapMeasured(field.chi1, (factor) => ({
    factor,
    tenfold: depthForTenfold(factor),
    correlation: correlationDepth(factor),
  }));
}

/** The deviations with which signals keep second moment q and gradients keep their length. */
export interface CriticalStart {
  /** σ_w: weights have deviation σ_w / √fanIn. */
  readonly spread: number;
  /** σ_b: the deviation of the biases. */
  readonly biasSpread: number;
}

/** The start on the edge between vanishing and exploding at second moment q (default 1). Sigmoids have none: not established. */
export function criticalStart(f: AnyActivation, { secondMoment = 1 } = {}): Measured<CriticalStart> {
  return mapMeasured(
    criticalInitialisation((x) => f(x), { fixedPoint: secondMoment }),
    ({ weightVariance, biasVariance }) => ({ spread: Math.sqrt(weightVariance), biasSpread: Math.sqrt(biasVariance) }),
  );
}
