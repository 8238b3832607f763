import type { Evaluate } from "./integrate.js";

/** c₀ + Σ cₖ Tₖ(s), s running from −1 to 1 as x runs from `from` to `to`. */
export interface Series {
  readonly from: number;
  readonly to: number;
  readonly coefficients: Float64Array;
}

export interface Interpolated {
  readonly series: Series;
  /** Largest difference seen at the points halfway between those that were interpolated, four times, and what was cut off. */
  readonly error: number;
  /** Whether the error is within the tolerance. */
  readonly resolved: boolean;
}

export interface InterpolateOptions {
  /** Share of max |f| that may be off; default 1e-15. */
  readonly tolerance?: number;
  /** Largest degree, a power of two; default 256. */
  readonly degree?: number;
}

/** Extrema of the Chebyshev polynomial of a degree on an interval, from left to right: degree + 1 points with both ends. */
export function chebyshevPoints(degree: number, from: number, to: number): Float64Array {
  // Sines about the middle keep the points symmetric; the ends are themselves.
  return Float64Array.from({ length: degree + 1 }, (_, i) => {
    if (i === 0 || i === degree) return i === 0 ? from : to;
    return (from + to) / 2 + ((to - from) / 2) * Math.sin((Math.PI * (2 * i - degree)) / (2 * degree));
  });
}

/** Coefficients of the polynomial through values at `chebyshevPoints`. */
export function chebyshevCoefficients(values: ArrayLike<number>): Float64Array {
  const degree = values.length - 1;
  return Float64Array.from({ length: degree + 1 }, (_, k) => {
    let sum = 0;
    for (let i = 0; i <= degree; i++) {
      const share = i === 0 || i === degree ? 0.5 : 1;
      // The point i is that of angle π − πi/degree; whole turns are taken off so that large k lose nothing.
      sum += share * values[i] * Math.cos((Math.PI * ((k * (degree - i)) % (2 * degree))) / degree);
    }
    return ((k === 0 || k === degree ? 1 : 2) * sum) / degree;
  });
}

/**
 * The Chebyshev interpolant of f between two numbers: the degree is doubled until the coefficients die out, and those that
 * are below the tolerance are cut off. Where f has a break the degree runs out, and the error says so.
 */
export function interpolate(f: Evaluate, from: number, to: number, options: InterpolateOptions = {}): Interpolated {
  const { tolerance = 1e-15, degree: most = 256 } = options;
  let values = Float64Array.from(f(chebyshevPoints(8, from, to)));
  for (let degree = 8; ; degree *= 2) {
    const finer = Float64Array.from(f(chebyshevPoints(2 * degree, from, to)));
    const size = finer.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const chopped = chop(chebyshevCoefficients(values), tolerance * size);
    const series = { from, to, coefficients: chopped.kept };
    const points = chebyshevPoints(2 * degree, from, to);
    let apart = 0;
    for (let i = 1; i < finer.length; i += 2) apart = Math.max(apart, Math.abs(evaluateSeries(series, points[i]) - finer[i]));
    const error = 4 * apart + chopped.lost;
    const resolved = apart <= 8 * tolerance * size;
    if (resolved || degree >= most) return { series, error, resolved };
    values = finer;
  }
}

/** The coefficients without the last ones that together are within the tolerance, and the sum of what was left out. */
function chop(coefficients: Float64Array, tolerance: number): { kept: Float64Array; lost: number } {
  let lost = 0;
  let count = coefficients.length;
  while (count > 1 && lost + Math.abs(coefficients[count - 1]) <= tolerance) {
    lost += Math.abs(coefficients[count - 1]);
    count--;
  }
  return { kept: coefficients.slice(0, count), lost };
}

/** The value of a series, by Clenshaw's recurrence. Outside the interval the polynomial goes on. */
export function evaluateSeries({ from, to, coefficients }: Series, x: number): number {
  // Twice the place on −1 … 1; taken from the nearer end it is exact there.
  const twice = (2 * (x - from - (to - x))) / (to - from);
  let [ahead, value] = [0, 0];
  for (let k = coefficients.length - 1; k > 0; k--) [ahead, value] = [value, coefficients[k] + twice * value - ahead];
  return coefficients[0] + (twice / 2) * value - ahead;
}

/** The derivative of a series, as a series. */
export function differentiateSeries({ from, to, coefficients }: Series): Series {
  const degree = coefficients.length - 1;
  const slope = new Float64Array(Math.max(degree, 1));
  for (let k = degree - 1; k >= 0; k--) slope[k] = (k + 2 < degree ? slope[k + 2] : 0) + 2 * (k + 1) * coefficients[k + 1];
  slope[0] /= 2;
  return { from, to, coefficients: slope.map((coefficient) => (coefficient * 2) / (to - from)) };
}

/** The antiderivative of a series that is 0 at `from`. */
export function integrateSeries({ from, to, coefficients }: Series): Series {
  const at = (k: number): number => coefficients[k] ?? 0;
  const half = (to - from) / 2;
  const sum = Float64Array.from({ length: coefficients.length + 1 }, (_, k) => {
    if (k === 0) return 0;
    return (half * ((k === 1 ? 2 * at(0) : at(k - 1)) - at(k + 1))) / (2 * k);
  });
  sum[0] = -evaluateSeries({ from: -1, to: 1, coefficients: sum }, -1);
  return { from, to, coefficients: sum };
}
