import { peer } from "../../contenders/peer.js";

/** What is used of jStat. */
interface Distributions {
  readonly studentt: { inv(share: number, freedom: number): number; cdf(t: number, freedom: number): number };
}
const { studentt } = (await peer<Distributions>("jstat")).module;

/** Share of intervals that hold the true mean. */
export const CONFIDENCE = 0.95;

/** A mean over seeds with the half of its interval by Student's t. */
export interface Estimate {
  readonly mean: number;
  readonly half: number;
  readonly count: number;
}

/** A mean difference, and how often chance alone would give one as far from 0. */
export interface Difference extends Estimate {
  readonly p: number;
}

export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, half: studentt.inv((1 + CONFIDENCE) / 2, count - 1) * standardError(values, mean), count };
}

/** Of differences seed by seed: a paired t-test. Where all of them are equal, p is 0, or 1 if they are 0. */
export function difference(values: readonly number[]): Difference {
  const whole = estimate(values);
  const error = standardError(values, whole.mean);
  if (error === 0) return { ...whole, p: whole.mean === 0 ? 1 : 0 };
  return { ...whole, p: 2 * studentt.cdf(-Math.abs(whole.mean / error), whole.count - 1) };
}

const standardError = (values: readonly number[], mean: number): number => {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
};

/** p-values corrected for their number: with these below 0.05, the chance that any of the differences is none is below 5 %. Holm 1979. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[at]!));
    corrected[at] = largest;
  });
  return corrected;
}
