/** Shares with their uncertainty, and what is in the middle. */

/** A share of a number of cases, with the interval in which the true one lies with 95 % confidence. */
export interface Share {
  readonly hits: number;
  readonly count: number;
  /** NaN where there is no case. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the standard normal law. */
const Z = 1.959963984540054;

/** Wilson's score interval, which stays between 0 and 1 and holds for 0 of n too. E. B. Wilson, JASA 22 (1927) 209. */
export function wilson(hits: number, count: number): Share {
  if (count === 0) return { hits, count, share: Number.NaN, low: 0, high: 1 };
  const share = hits / count;
  const square = Z ** 2;
  const middle = (share + square / (2 * count)) / (1 + square / count);
  const half = (Z / (1 + square / count)) * Math.sqrt((share * (1 - share)) / count + square / (4 * count ** 2));
  return { hits, count, share, low: hits === 0 ? 0 : middle - half, high: hits === count ? 1 : middle + half };
}

/** How many of some things are so. */
export const shareOf = <T>(things: readonly T[], isSo: (thing: T) => boolean): Share =>
  wilson(things.filter(isSo).length, things.length);

/** The value in the middle, the mean of the two in the middle of an even number; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [left, right] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return left === undefined || right === undefined ? Number.NaN : (left + right) / 2;
}
