import type { Evaluate, Integral } from "./integrate.js";

/** Points further out than this are not asked for: the square and the cube of them would overflow in what a user writes. */
const FURTHEST = 1e75;
const FIRST_LEVEL = 3;
const LAST_LEVEL = 8;
/** Differences between levels that are this small a share of the integral of |f| are rounding. */
const SETTLED = 4e-15;

/** Where the rule looks, as distances from the left end, and with which weights. */
interface Points {
  readonly distances: Float64Array;
  readonly weights: Float64Array;
}

/**
 * ∫ f over a half line, x = from ± t, t > 0, with t = exp(½π sinh τ) and the trapezoid rule in τ: exponentially fast for what is
 * analytic and dies out, however slowly, and what happens at `from` is resolved down to the smallest distances. `f` is given
 * distances from `from`. The step is halved until the sum settles.
 */
export function integrateTail(f: Evaluate): Integral {
  return refine(f, (level) => tailPoints(level));
}

/**
 * ∫₀ᴸ f with t = L / (1 + exp(−π sinh τ)): what f does at the ends, however singular, costs nothing while it is integrable.
 * `f` is given distances from the left end.
 */
export function integrateBetween(f: Evaluate, length: number): Integral {
  return refine(f, (level) => innerPoints(level, length));
}

function refine(f: Evaluate, pointsAt: (level: number) => Points): Integral {
  let before = Number.NaN;
  let [value, error] = [Number.NaN, Infinity];
  for (let level = FIRST_LEVEL; level <= LAST_LEVEL; level++) {
    const { distances, weights } = pointsAt(level);
    const values = f(distances);
    let [sum, size] = [0, 0];
    for (let i = 0; i < weights.length; i++) {
      const term = weights[i] * values[i];
      sum += term;
      size += Math.abs(term);
    }
    [before, value] = [value, sum];
    error = Math.abs(value - before) + 2e-16 * size;
    if (Math.abs(value - before) <= SETTLED * size || size === 0) return { value, error: SETTLED * size };
  }
  return { value, error };
}

function tailPoints(level: number): Points {
  const step = 2 ** -level;
  const last = Math.asinh((2 / Math.PI) * Math.log(FURTHEST));
  return collect(step, -5, last, (tau) => {
    const distance = Math.exp((Math.PI / 2) * Math.sinh(tau));
    return [distance, (Math.PI / 2) * Math.cosh(tau) * distance * step];
  });
}

function innerPoints(level: number, length: number): Points {
  const step = 2 ** -level;
  return collect(step, -4.4, 4.4, (tau) => {
    const growth = Math.exp(Math.PI * Math.sinh(tau));
    const share = growth / (1 + growth);
    return [length * share, (length * Math.PI * Math.cosh(tau) * share * step) / (1 + growth)];
  });
}

function collect(step: number, from: number, to: number, at: (tau: number) => readonly [number, number]): Points {
  const first = Math.ceil(from / step);
  const pairs = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => at((first + i) * step));
  return {
    distances: Float64Array.from(pairs, ([distance]) => distance),
    weights: Float64Array.from(pairs, ([, weight]) => weight),
  };
}
