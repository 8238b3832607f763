import { fault } from "../../ir/fault.js";
import { interpret } from "../../run/interpret.js";
import { type PerturbationOptions, perturbationOf } from "./perturbation.js";

export interface Estimate {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Standard errors of both, from the spread of the samples; NaN when there is but one, or one pair. */
  readonly valueError: number;
  readonly gradientError: Float64Array;
}

export interface EstimateOptions extends Omit<PerturbationOptions, "sigma"> {
  readonly sigma: number;
}

/**
 * E f(x + σZ) and its gradient for a function of plain numbers: a simulator, a solver, anything that can be called. Estimated from
 * its values alone as by `perturbed`, with how far off the estimates may be. The control variate costs one more call.
 */
export function estimatePerturbed(f: (x: Float64Array) => number, x: ArrayLike<number>, options: EstimateOptions): Estimate {
  const { sigma } = options;
  if (!(sigma > 0 && sigma < Infinity)) {
    throw fault("estimatePerturbed", "sigma is not a positive number", { expected: "greater than 0", got: String(sigma) });
  }
  const at = Float64Array.from(x);
  const size = at.length;
  const { draws, scores, samples, controlVariate, antithetic } = perturbationOf("estimatePerturbed", [size], options);
  const [moves, weights] = interpret([draws, scores]);
  const baseline = controlVariate ? f(at.slice()) : 0;
  const values = Float64Array.from({ length: samples }, (_, s) => f(at.map((value, i) => value + sigma * moves[s * size + i])));
  // Opposite draws are not independent: their mean is one observation.
  const observations = antithetic ? samples / 2 : samples;
  const observed = (one: (sample: number) => number): Float64Array =>
    Float64Array.from({ length: observations }, (_, s) => (antithetic ? (one(s) + one(s + observations)) / 2 : one(s)));
  const value = meanOf(observed((s) => values[s]));
  const slopes = Array.from(at, (_, i) => meanOf(observed((s) => ((values[s] - baseline) * weights[s * size + i]) / sigma)));
  return {
    value: value.mean,
    valueError: value.error,
    gradient: Float64Array.from(slopes, ({ mean }) => mean),
    gradientError: Float64Array.from(slopes, ({ error }) => error),
  };
}

function meanOf(observations: Float64Array): { mean: number; error: number } {
  const count = observations.length;
  const mean = observations.reduce((a, b) => a + b, 0) / count;
  const square = observations.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(square / (count - 1) / count) };
}
