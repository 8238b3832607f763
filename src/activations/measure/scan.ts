import type { Probe } from "./probe.js";

/** f and its first four derivatives at a point. */
export interface Sample {
  readonly x: number;
  readonly g: readonly number[];
}

/** Two neighbouring samples. */
export type Cell = readonly [Sample, Sample];

/** A function sampled until it is resolved everywhere but at its breaks. */
export interface Scan {
  /** By increasing x. */
  readonly samples: readonly Sample[];
  /** Cells a few roundings wide over which f or a derivative still jumps. */
  readonly breaks: readonly Cell[];
  /** The ends of cells that had to be divided more than once: where the function is sharp. */
  readonly sharp: readonly number[];
  /** Where the function changes too fast to be resolved, or null. */
  readonly unresolved: number | null;
  /** Largest |f⁽ᵏ⁾| over |u| ≤ max(1, 2|x|): the size against which a jump at x counts. */
  scaleAt(order: number, x: number): number;
}

/** Derivatives that are sampled; jumps are looked for in all but the last. */
export const ORDER = 4;
/** Between −NEAR and NEAR the samples are evenly spaced, beyond it and toward 0 by a constant factor. */
export const NEAR = 40;
export const FAR = 1e8;
// (√5 − 1)/80: no whole multiple of it is a number that people choose for a kink.
const STEP = (Math.sqrt(5) - 1) / 80;
/** A cell is resolved when the trapezoid rule on f⁽ᵏ⁺¹⁾ gives the change of f⁽ᵏ⁾ to this share of its size. */
const RESOLVED = [1e-6, 1e-6, 1e-5, 1e-4];
/** Far out only what is large counts: oscillations that die out cannot be followed for ever. */
const RESOLVED_FAR = 0.1;
const PIECES = 16;
const LEVELS = 40;
/** A function with kinks takes about 200 samples for each. */
const BUDGET = 120_000;
/** Numbers closer to 0 than this count as 0 when a break is located there. */
export const AT_ZERO = 1e-30;

/**
 * Samples f on −reach … reach and halves in on what a trapezoid does not explain. Derivatives from order `trusted` + 1 on are
 * not looked at.
 */
export function scan(probe: Probe, reach: number, trusted: number): Scan {
  const samples = sample(probe, grid(reach));
  const scaleAt = scales(samples);
  const resolved = (cell: Cell): boolean => RESOLVED.every((_, order) => order >= trusted || !leaps(cell, order, scaleAt));
  const breaks: Cell[] = [];
  const sharp: number[] = [];
  let open = cellsOf(samples).filter((cell) => !resolved(cell));
  let unresolved: number | null = null;
  for (let level = 0; level < LEVELS && open.length > 0; level++) {
    const divisible = open.filter((cell) => !isTiny(cell));
    breaks.push(...open.filter(isTiny));
    if (level > 0) sharp.push(...divisible.flatMap(([left, right]) => [left.x, right.x]));
    const points = divisible.map(interior);
    if (samples.length + points.flat().length > BUDGET) {
      unresolved = middleOf(divisible[0]);
      break;
    }
    const found = sample(probe, points.flat());
    samples.push(...found);
    let used = 0;
    open = divisible.flatMap(([left, right], i) => {
      const inner = found.slice(used, used + points[i].length);
      used += points[i].length;
      return cellsOf([left, ...inner, right]).filter((cell) => !resolved(cell));
    });
  }
  samples.sort((a, b) => a.x - b.x);
  breaks.sort((a, b) => a[0].x - b[0].x);
  return { samples, breaks, sharp, unresolved, scaleAt };
}

export function sample(probe: Probe, points: readonly number[]): Sample[] {
  if (points.length === 0) return [];
  const orders = probe.at(points, ORDER);
  return points.map((x, i) => ({ x, g: orders.map((values) => values[i]) }));
}

export const cellsOf = (samples: readonly Sample[]): Cell[] => samples.slice(1).map((right, i) => [samples[i], right] as const);

const middleOf = ([{ x: a }, { x: b }]: Cell): number => (a + b) / 2;

/** Even steps near 0, growing steps beyond, shrinking ones around 0 itself. */
function grid(reach: number): number[] {
  const right: number[] = [];
  for (let x = 1e-12; x < STEP; x *= 1.8) right.push(x);
  for (let i = 1; i * STEP < Math.min(NEAR, reach); i++) right.push(i * STEP);
  for (let x = NEAR; x < reach; x *= 1.03) right.push(x);
  right.push(reach);
  return [...right.map((x) => -x).reverse(), 0, ...right];
}

function interior([{ x: a }, { x: b }]: Cell): number[] {
  // Around 0 an even division would take hundreds of levels to reach the smallest numbers.
  const cuts =
    a < -AT_ZERO && b > AT_ZERO
      ? [-AT_ZERO, AT_ZERO, a / PIECES, b / PIECES]
      : Array.from({ length: PIECES - 1 }, (_, i) => a + ((b - a) * (i + 1)) / PIECES);
  return [...new Set(cuts)].filter((x) => x > a && x < b).sort((p, q) => p - q);
}

const isTiny = ([{ x: a }, { x: b }]: Cell): boolean =>
  b - a <= 4 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b)) || (Math.abs(a) <= AT_ZERO && Math.abs(b) <= AT_ZERO);

/** Whether f⁽ᵏ⁾ changes by more over the cell than the trapezoid rule on the next derivative explains. */
function leaps(cell: Cell, order: number, scaleAt: Scan["scaleAt"]): boolean {
  const [a, b] = cell;
  const change = b.g[order] - a.g[order];
  if (!Number.isFinite(change) || overflows(a) || overflows(b)) return false;
  const width = b.x - a.x;
  // The trapezoid rule, corrected at the ends where one more derivative is at hand.
  const correction = order + 2 <= ORDER ? (width / 6) * (a.g[order + 2] - b.g[order + 2]) : 0;
  const explained = (width / 2) * (a.g[order + 1] + b.g[order + 1] + correction);
  const size = sizeIn(cell, order, scaleAt);
  const far = Math.abs(a.x + b.x) > 2 * NEAR;
  if (far && Math.abs(change) <= RESOLVED_FAR * size) return false;
  return !(Math.abs(change - explained) <= (far ? RESOLVED_FAR : RESOLVED[order]) * size);
}

/** Whether f⁽ᵏ⁾ differs between the ends of a cell by more than rounding. */
export const differs = (cell: Cell, order: number, scaleAt: Scan["scaleAt"]): boolean =>
  Math.abs(cell[1].g[order] - cell[0].g[order]) > RESOLVED[order] * sizeIn(cell, order, scaleAt);

function sizeIn([a, b]: Cell, order: number, scaleAt: Scan["scaleAt"]): number {
  const x = Math.max(Math.abs(a.x), Math.abs(b.x));
  return Math.max(scaleAt(order, x), Math.abs(a.g[order]), Math.abs(b.g[order]));
}

/** Whether f is so large that its derivatives may be ∞ only because float64 ends. */
const overflows = ({ g }: Sample): boolean => Math.abs(g[0]) > 1e250;

/** The largest size of each derivative up to a distance from 0, with a floor below which differences are rounding. */
function scales(samples: readonly Sample[]): Scan["scaleAt"] {
  const outward = [...samples].sort((a, b) => Math.abs(a.x) - Math.abs(b.x));
  const distance = Float64Array.from(outward, ({ x }) => Math.abs(x));
  const largest = Array.from({ length: ORDER + 1 }, (_, order) => {
    let top = 0;
    return Float64Array.from(outward, ({ g }) => {
      if (Number.isFinite(g[order])) top = Math.max(top, Math.abs(g[order]));
      return top;
    });
  });
  const within = (order: number, radius: number): number => {
    const count = countUpTo(distance, radius);
    return count === 0 ? 0 : largest[order][count - 1];
  };
  const lower = (order: number): number => Math.max(...largest.slice(0, order + 1).map((_, k) => within(k, 2)));
  const floors = largest.map((_, order) => 1e-6 * lower(order));
  return (order, x) => Math.max(within(order, Math.max(1, 2 * Math.abs(x))), floors[order]);
}

/** How many of the increasing numbers are at most `limit`. */
function countUpTo(increasing: Float64Array, limit: number): number {
  let [low, high] = [0, increasing.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (increasing[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
