import type { NumericSmooth } from "../numeric/smooth.js";

/** A value that a function takes, and where. */
export interface Place {
  readonly at: number;
  readonly value: number;
}

/** Distances from a break, in widths, at which a smoothed function is looked at: dense where a kernel bends, sparse far out. */
const OFFSETS = [
  ...Array.from({ length: 48 }, (_, i) => (i + 1) / 16),
  ...Array.from({ length: 40 }, (_, i) => 3 * 1.2 ** (i + 1)),
];
/** What is met first beside a place at which a derivative jumps. */
const BESIDE = 1e-9;

/** Points at which a smoothed function shows what it does: about its breaks, by the width, and between them. */
export function pointsFor({ pieces: { breaks }, width, numbers }: NumericSmooth): Float64Array {
  const { radius } = numbers.kernel.record;
  const compact = Number.isFinite(radius);
  const scaled = compact ? OFFSETS.slice(0, 48).map((offset) => (offset / 3) * radius) : OFFSETS;
  const offsets = [0, BESIDE, ...scaled, ...(compact ? [radius * (1 - BESIDE), radius * (1 + BESIDE), 1.5 * radius] : [])];
  const around = breaks.flatMap((a) => offsets.flatMap((offset) => [a - offset * width, a + offset * width]));
  const between = breaks.slice(1).flatMap((high, k) => {
    const low = breaks[k];
    return Array.from({ length: 31 }, (_, i) => low + ((high - low) * (i + 1)) / 32);
  });
  const plain = breaks.length === 0 ? Array.from({ length: 129 }, (_, i) => (i - 64) / 4) : [];
  return Float64Array.from(new Set([...around, ...between, ...plain])).sort();
}

export interface Extremes {
  readonly low: Place;
  readonly high: Place;
}

/** The smallest and the largest value at the points and near them; of equal ones that nearest to 0. */
export function extremesOf(f: (points: Float64Array) => Float64Array, points: Float64Array): Extremes {
  const values = f(points);
  return { low: extreme(f, points, values, -1), high: extreme(f, points, values, 1) };
}

const CANDIDATES = 3;
const LEVELS = 9;
const PARTS = 8;

function extreme(f: (points: Float64Array) => Float64Array, points: Float64Array, values: Float64Array, sign: 1 | -1): Place {
  const score = (i: number): number => (i < 0 || i >= values.length ? -Infinity : sign * values[i]);
  const better = (a: Place, b: Place): number => sign * (b.value - a.value) || Math.abs(a.at) - Math.abs(b.at);
  const peaks = [...points.keys()].filter((i) => score(i) >= score(i - 1) && score(i) >= score(i + 1));
  const best = peaks
    .map((i) => ({ i, at: points[i], value: values[i] }))
    .sort(better)
    .slice(0, CANDIDATES);
  let brackets = best.map(({ i, at, value }) => ({
    at,
    value,
    step: Math.max(at - (points[i - 1] ?? at), (points[i + 1] ?? at) - at) / PARTS,
  }));
  for (let level = 0; level < LEVELS; level++) {
    const tried = brackets.flatMap(({ at, step }) => Array.from({ length: 2 * PARTS + 1 }, (_, j) => at + (j - PARTS) * step));
    const found = f(Float64Array.from(tried));
    brackets = brackets.map((bracket, b) => {
      let { at, value } = bracket;
      for (let j = b * (2 * PARTS + 1); j < (b + 1) * (2 * PARTS + 1); j++)
        if (sign * found[j] > sign * value) [at, value] = [tried[j], found[j]];
      return { at, value, step: bracket.step / PARTS };
    });
  }
  return brackets.length === 0 ? { at: 0, value: 0 } : brackets.map(({ at, value }) => ({ at, value })).sort(better)[0];
}
