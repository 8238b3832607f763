import { choose } from "../numeric/choose.js";
import type { KernelNumbers, Side } from "../numeric/kernel-numbers.js";
import type { NumericSmooth } from "../numeric/smooth.js";
import { type Bounds, type Cell, type Deviation, deviationOf, growthFrom } from "./deviation-parts.js";

/** Bounds of the error of a smoothed function, and where it is largest. */
export interface CertifiedError {
  readonly sup: number;
  readonly at: number;
  readonly l1: number;
}

/**
 * sup |f_w − f| and ∫ |f_w − f| for a polynomial between breaks, from above: cells are halved until what their enclosures leave
 * open is a millionth. Where the error falls from a break, and where it keeps its sign, the numbers are exact.
 */
export function certify(smooth: NumericSmooth): CertifiedError {
  const { pieces } = smooth;
  if (pieces.breaks.length === 0) return withoutBreaks(deviationOf(smooth).polynomials[0]);
  const deviation = deviationOf(smooth);
  const reach = reachOf(smooth);
  const cells = startingCells(smooth, reach);
  const limits = ([-1, 1] as const).map((end) => limitAt(deviation, end));
  const best = largest(deviation, cells, limits);
  const beyond = ([-1, 1] as const).map((end, i) => limits[i].size + tailBound(smooth, end, reach));
  const sup = Math.max(best.bound, ...beyond.filter((bound) => bound > best.value * (1 + TOLERANCE)));
  const l1 = limits.some(({ size }) => size > 0) ? Infinity : total(smooth, deviation, cells) + tailIntegral(smooth, reach);
  return { sup, at: best.at, l1 };
}

const TOLERANCE = 1e-9;

function withoutBreaks(polynomial: readonly number[]): CertifiedError {
  const size = polynomial.length > 1 ? Infinity : Math.abs(polynomial[0] ?? 0);
  return { sup: size, at: polynomial.length > 1 ? Infinity : 0, l1: size === 0 ? 0 : Infinity };
}

/** |f̃ − f| far out: what is left when the deviations from the breaks have died out. */
function limitAt(deviation: Deviation, end: Side): { at: number; size: number } {
  const polynomial = deviation.polynomials[end === -1 ? 0 : deviation.pieces - 1];
  return { at: end * Infinity, size: polynomial.length > 1 ? Infinity : Math.abs(polynomial[0] ?? 0) };
}

/** How many widths beyond the outermost breaks to look: until what is left is small against what was found. */
function reachOf(smooth: NumericSmooth): number {
  const { radius, momentsBelow } = smooth.numbers.kernel.record;
  if (Number.isFinite(radius)) return radius;
  const scale = tailBound(smooth, -1, 1) + tailBound(smooth, 1, 1);
  const most = Number.isFinite(momentsBelow) ? HEAVY_REACH : 2 ** 40;
  let reach = 8;
  while (reach < most && tailBound(smooth, -1, reach) + tailBound(smooth, 1, reach) > 1e-12 * scale) reach *= 2;
  return reach;
}

/** Heavy tails never get small against the middle; beyond this they are bounded as a whole. */
const HEAVY_REACH = 2 ** 12;

/** Bound of |e| beyond the outermost break by `reach` widths, but for its limit. */
function tailBound(smooth: NumericSmooth, end: Side, reach: number): number {
  const { numbers, width, form } = smooth;
  const growth = growthFrom(smooth, end);
  const bound = growth.reduce((sum, a, n) => sum + (a === 0 ? 0 : a * width ** n * moments[form](numbers, n, end, reach)), 0);
  if (form === "gate" || !sameEnds(smooth)) return bound;
  // What differs from the line at both ends lies between the outermost breaks, and so does the mass that meets it.
  const span = spanOf(smooth);
  const met = numbers.tail(0, end, reach) - numbers.tail(0, end, reach + span / width);
  return Math.min(bound, growth.reduce((size, a, n) => size + a * span ** n, 0) * met); // biome-ignore format: one line
}

const spanOf = ({ pieces: { breaks } }: NumericSmooth): number => breaks[breaks.length - 1] - breaks[0];

function sameEnds({ pieces: { pieces } }: NumericSmooth): boolean {
  return JSON.stringify(pieces[0]) === JSON.stringify(pieces[pieces.length - 1]);
}

/** E(U − d)ⁿ₊ falls with d, and bounds dⁿ P(U > d) together with the powers below. */
const moments = {
  mollify: (numbers: KernelNumbers, n: number, side: Side, d: number): number => {
    const order = Math.min(n, Math.ceil(numbers.kernel.record.momentsBelow) - 1);
    return numbers.tail(order, side, d);
  },
  gate: (numbers: KernelNumbers, n: number, side: Side, d: number): number => {
    let sum = 0;
    for (let j = 0; j <= n; j++) sum += choose(n, j) * d ** (n - j) * numbers.tail(j, side, d);
    return sum;
  },
};

/** From both ends of every piece inwards in steps that double, as the deviations fall. */
function startingCells({ pieces: { breaks }, width }: NumericSmooth, reach: number): Cell[] {
  const cells: Cell[] = [];
  const last = breaks.length;
  for (let piece = 0; piece <= last; piece++) {
    const low = piece === 0 ? breaks[0] - reach * width : breaks[piece - 1];
    const high = piece === last ? breaks[last - 1] + reach * width : breaks[piece];
    const edges = new Set([low, high]);
    for (let step = width / 8; step < high - low; step *= 1.5) {
      if (piece > 0) edges.add(low + step);
      if (piece < last) edges.add(high - step);
    }
    const sorted = [...edges].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) cells.push({ piece, low: sorted[i - 1], high: sorted[i] });
  }
  return cells;
}

interface Largest {
  /** The largest |e| met, and where. */
  readonly value: number;
  readonly at: number;
  /** No |e| in the cells is larger. */
  readonly bound: number;
}

function largest(deviation: Deviation, start: readonly Cell[], limits: readonly { at: number; size: number }[]): Largest {
  let [value, at] = [0, deviation.breaks[0]];
  const meet = (x: number, size: number): void => {
    if (size > value || (size === value && Math.abs(x) < Math.abs(at))) [value, at] = [size, x];
  };
  for (const limit of limits) if (limit.size > 0) meet(limit.at, limit.size);
  let bound = 0;
  let cells = start;
  for (let round = 0; round < ROUNDS && cells.length > 0; round++) {
    const slopes = deviation.slopes(cells);
    const values = deviation.values(cells);
    const bounds = cells.map((cell, i) => {
      const ends = [Math.abs(deviation.at(cell.piece, cell.low)), Math.abs(deviation.at(cell.piece, cell.high))];
      meet(cell.low, ends[0]);
      meet(cell.high, ends[1]);
      const [low, high] = slopes[i];
      if (low >= 0 || high <= 0) return Math.max(...ends);
      const byMean = (ends[0] + ends[1] + (cell.high - cell.low) * Math.max(-low, high)) / 2;
      return Math.min(byMean, Math.max(-values[i][0], values[i][1]));
    });
    const last = round === ROUNDS - 1 || cells.length > MOST;
    const open: Cell[] = [];
    cells.forEach((cell, i) => {
      if (last || bounds[i] <= value * (1 + TOLERANCE)) bound = Math.max(bound, bounds[i]);
      else open.push(...halves(cell));
    });
    cells = open;
  }
  return { value, at, bound: Math.max(bound, value) };
}

const ROUNDS = 48;

function halves({ piece, low, high }: Cell): Cell[] {
  const middle = (low + high) / 2;
  return middle > low && middle < high
    ? [
        { piece, low, high: middle },
        { piece, low: middle, high },
      ]
    : [];
}

/** ∫ |e| over the cells: exact where e keeps its sign, and about `SHARE` too large where that is left open. */
function total(smooth: NumericSmooth, deviation: Deviation, start: readonly Cell[]): number {
  let sum = 0;
  let cells = start;
  for (let round = 0; round < ROUNDS && cells.length > 0; round++) {
    const slopes = deviation.slopes(cells);
    const values = deviation.values(cells);
    const spans = cells.map((cell, i) => span(deviation, cell, slopes[i], within(values[i], farBound(smooth, cell))));
    const whole = sum + spans.reduce((size, { low, high }) => size + (low + high) / 2, 0);
    const share = ((deviation.integrates ? SHARE : ROUGH_SHARE) * whole) / Math.max(cells.length, 64);
    const last = round === ROUNDS - 1 || cells.length > MOST;
    const open: Cell[] = [];
    spans.forEach(({ low, high }, i) => {
      if (last || high - low <= share) sum += high;
      else open.push(...halves(cells[i]));
    });
    cells = open;
  }
  return sum;
}

/** Bound of |e| in a cell beyond the outermost breaks, where nothing but tails is left. */
function farBound(smooth: NumericSmooth, { piece, low, high }: Cell): number {
  const { breaks } = smooth.pieces;
  if (piece === 0) return tailBound(smooth, -1, (breaks[0] - high) / smooth.width);
  if (piece === breaks.length) return tailBound(smooth, 1, (low - breaks[breaks.length - 1]) / smooth.width);
  return Infinity;
}

const within = ([low, high]: Bounds, size: number): Bounds => [Math.max(low, -size), Math.min(high, size)];

const SHARE = 1e-5;
/** Where no rule but the trapezium is at hand. */
const ROUGH_SHARE = 1e-2;
const MOST = 4000;

/** Between which numbers ∫ |e| over a cell lies. */
function span(deviation: Deviation, cell: Cell, [low, high]: Bounds, [least, most]: Bounds): { low: number; high: number } {
  const length = cell.high - cell.low;
  const [first, last] = [deviation.at(cell.piece, cell.low), deviation.at(cell.piece, cell.high)];
  const monotone = low >= 0 || high <= 0;
  const steepest = Math.max(-low, high);
  const away = Math.min(Math.abs(first), Math.abs(last)) > (steepest * length) / 2;
  if (first * last < 0 || !(monotone || away)) return { low: 0, high: Math.max(-least, most, 0) * length };
  const exact = deviation.integral(cell);
  // The trapezium differs from the integral by at most ⅛ length² of the spread of the slopes.
  const slack = exact?.slack ?? ((high - low) * length ** 2) / 8;
  const size = Math.abs(exact?.value ?? ((first + last) / 2) * length);
  return { low: size - slack, high: size + slack };
}

/** ∫ |e| beyond the cells, from above; ∞ where it does not exist. */
function tailIntegral(smooth: NumericSmooth, reach: number): number {
  const { numbers, width, form } = smooth;
  const { momentsBelow } = numbers.kernel.record;
  if (reach >= numbers.kernel.record.radius) return 0;
  return ([-1, 1] as const).reduce((sum, end) => {
    const growth = growthFrom(smooth, end);
    if (sameEnds(smooth) && form === "mollify") {
      const span = spanOf(smooth);
      const most = growth.reduce((size, a, n) => size + a * span ** n, 0);
      return sum + most * span * numbers.tail(0, end, reach);
    }
    return growth.reduce((whole, a, n) => {
      if (a === 0) return whole;
      if (n + 1 >= momentsBelow || n > 2) return Infinity;
      if (form === "mollify") return whole + (a * width ** (n + 1) * numbers.tail(n + 1, end, reach)) / (n + 1);
      return whole + a * width ** (n + 1) * moments.gate(numbers, n + 1, end, reach);
    }, sum);
  }, 0);
}
