import { choose } from "../numeric/choose.js";
import type { KernelNumbers, Side } from "../numeric/kernel-numbers.js";
import { about, changesAt, difference, horner, polynomialOf } from "../numeric/pieces.js";
import type { FormKind, NumericSmooth } from "../numeric/smooth.js";

/** An interval between two neighbouring breaks, or of a half-line that was cut: where the deviation has one formula. */
export interface Cell {
  readonly piece: number;
  readonly low: number;
  readonly high: number;
}

/**
 * e = f_w − f on the pieces of a polynomial function: a polynomial and, for every break and order, a weight times a function of the
 * distance from the break that dies out. Each of these falls on its side of the break, which is what encloses e in an interval.
 */
export interface Deviation {
  readonly breaks: readonly number[];
  readonly pieces: number;
  /** f̃ − f on every piece: the coefficients of 1, x, x², … */
  readonly polynomials: readonly (readonly number[])[];
  /** e at x, as the formula of a piece has it: at a break, the limit from the side of that piece. */
  at(piece: number, x: number): number;
  /** Bounds of e in every cell. */
  values(cells: readonly Cell[]): Bounds[];
  /** Bounds of the slope of e in every cell. */
  slopes(cells: readonly Cell[]): Bounds[];
  /** Whether {@link integral} has an answer. */
  readonly integrates: boolean;
  /** ∫ e over a cell, and by how much that may be off; null when nothing better than its slopes says so. */
  integral(cell: Cell): { value: number; slack: number } | null;
}

export type Bounds = readonly [low: number, high: number];

/** c·B with B = Dₙ, or B = zⁿD₀ for a gate, at the distance d on a side of the break a. */
interface Part {
  readonly break: number;
  readonly order: number;
  readonly weight: number;
}

export function deviationOf({ pieces, numbers, width, form }: NumericSmooth): Deviation {
  const { breaks } = pieces;
  const parts = changesAt(pieces).flatMap((coefficients, k) =>
    coefficients.map((c, order) => ({ break: k, order, weight: c * width ** order })).filter(({ weight }) => weight !== 0),
  );
  const polynomials = pieces.pieces.map((piece) => (form === "gate" ? [] : numbers.shift(polynomialOf(piece), width)));
  const basis = bases[form](numbers);
  const sideOf = (cell: { piece: number }, part: Part): Side => (cell.piece <= part.break ? -1 : 1);
  const distance = (x: number, part: Part): number => Math.abs(x - breaks[part.break]) / width;

  const at = (piece: number, x: number): number =>
    parts.reduce(
      (sum, part) => sum + part.weight * basis.value(part.order, sideOf({ piece }, part), distance(x, part)),
      horner(polynomials[piece], x),
    );
  const values = (cells: readonly Cell[]): Bounds[] =>
    cells.map((cell) => {
      const polynomial = enclose(polynomials[cell.piece], cell);
      const bounds = parts.map((part): Bounds => {
        const side = sideOf(cell, part);
        const [a, b] = [cell.low, cell.high].map((x) => distance(x, part));
        return times(part.weight, basis.bounds(part.order, side, Math.min(a, b), Math.max(a, b)));
      });
      return sumOf([polynomial, ...bounds]);
    });
  const slopes = (cells: readonly Cell[]): Bounds[] => {
    const ends = cells.flatMap((cell) =>
      parts.flatMap((part) => [(cell.low - breaks[part.break]) / width, (cell.high - breaks[part.break]) / width]),
    );
    const density = basis.needsDensity(parts) ? numbers.density(ends, 0)[0] : new Float64Array(ends.length);
    return cells.map((cell, i) => {
      const polynomial = enclose(derivative(polynomials[cell.piece]), cell);
      const bounds = parts.map((part, j): Bounds => {
        const first = 2 * (i * parts.length + j);
        const range = ordered(density[first], density[first + 1]);
        return times(part.weight / width, basis.slopes(part.order, sideOf(cell, part), ends[first], ends[first + 1], range));
      });
      return sumOf([polynomial, ...bounds]);
    });
  };
  const integrates = form === "mollify" || parts.every(({ order }) => order <= 2);
  const integral = (cell: Cell): { value: number; slack: number } | null => {
    if (!integrates) return null;
    const antiderivative = [0, ...polynomials[cell.piece].map((c, n) => c / (n + 1))];
    let value = horner(antiderivative, cell.high) - horner(antiderivative, cell.low);
    let slack = 0;
    for (const part of parts) {
      const side = sideOf(cell, part);
      const [from, to] = [distance(cell.low, part), distance(cell.high, part)];
      if (part.order > 2) {
        const third = 6 * numbers.tail(0, side, Math.min(from, to));
        value += part.weight * width * simpson((d) => basis.value(part.order, side, d), from, to);
        slack += Math.abs(part.weight) * width * SIMPSON * third * Math.abs(to - from) ** 4;
      } else value += part.weight * width * side * (basis.beyond(part.order, side, from) - basis.beyond(part.order, side, to));
    }
    return { value, slack };
  };
  return { breaks, pieces: pieces.pieces.length, polynomials, at, values, slopes, integrates, integral };
}

/** What is added to f̃ at a break, as a function of z: Dₙ(z), or zⁿ D₀(z). */
interface Basis {
  value(order: number, side: Side, d: number): number;
  /** For distances from d₁ to d₂. */
  bounds(order: number, side: Side, d1: number, d2: number): Bounds;
  /** The slope in z for z₁ to z₂ on one side, where the density lies in the range. */
  slopes(order: number, side: Side, z1: number, z2: number, density: Bounds): Bounds;
  needsDensity(parts: readonly Part[]): boolean;
  /** Its integral over all distances beyond d. */
  beyond(order: number, side: Side, d: number): number;
}

const mollified = (numbers: KernelNumbers): Basis => {
  const { momentsBelow } = numbers.kernel.record;
  const bounds = (order: number, side: Side, d1: number, d2: number): Bounds => {
    if (order < momentsBelow) return ordered(numbers.deviation(order, side, d1), numbers.deviation(order, side, d2));
    // It grows, and not always to one side: by the mean value, whose slope is n times the order below.
    const middle = numbers.deviation(order, side, (d1 + d2) / 2);
    const [low, high] = bounds(order - 1, side, d1, d2);
    const reach = ((d2 - d1) / 2) * order * Math.max(Math.abs(low), Math.abs(high));
    return [middle - reach, middle + reach];
  };
  return {
    value: (order, side, d) => numbers.deviation(order, side, d),
    bounds,
    slopes: (order, side, z1, z2, density) => {
      if (order === 0) return density;
      const [a, b] = [Math.abs(z1), Math.abs(z2)];
      return times(order, bounds(order - 1, side, Math.min(a, b), Math.max(a, b)));
    },
    needsDensity: (parts) => parts.some(({ order }) => order === 0),
    beyond: (order, side, d) => numbers.deviation(order + 1, side, d) * (-side / (order + 1)),
  };
};

const gated = (numbers: KernelNumbers): Basis => {
  const power = (order: number, side: Side, d: number): number => (order === 0 ? 1 : (side * d) ** order);
  return {
    value: (order, side, d) => (order > 0 && d === Infinity ? 0 : power(order, side, d) * numbers.deviation(0, side, d)),
    bounds: (order, side, d1, d2) => {
      const steps = ordered(numbers.deviation(0, side, d1), numbers.deviation(0, side, d2));
      return product(ordered(power(order, side, d1), power(order, side, d2)), steps);
    },
    slopes: (order, side, z1, z2, density) => {
      if (order === 0) return density;
      const [a, b] = [Math.abs(z1), Math.abs(z2)];
      const steps = ordered(numbers.deviation(0, side, a), numbers.deviation(0, side, b));
      const grown = times(order, product(ordered(power(order - 1, side, a), power(order - 1, side, b)), steps));
      return sumOf([grown, product(ordered(power(order, side, a), power(order, side, b)), density)]);
    },
    needsDensity: () => true,
    // ∫ tⁿ P(U > t) dt beyond d is E(Uⁿ⁺¹ − dⁿ⁺¹ where U > d) / (n + 1), by the binomial theorem about d.
    beyond: (order, side, d) => {
      let sum = 0;
      for (let j = 1; j <= order + 1; j++) sum += choose(order + 1, j) * d ** (order + 1 - j) * numbers.tail(j, side, d);
      return (-side * side ** order * sum) / (order + 1);
    },
  };
};

const bases: Readonly<Record<FormKind, (numbers: KernelNumbers) => Basis>> = { mollify: mollified, gate: gated };

/**
 * Bounds of |f − pₑ| as Σ Aₙ tⁿ at the distance t beyond the outermost break, pₑ the piece at that end. No power is higher than the
 * two ends differ by: higher ones hold only up to some break, and are what they are there.
 */
export function growthFrom({ pieces: { breaks, pieces } }: NumericSmooth, end: Side): number[] {
  const last = end === -1 ? 0 : breaks.length;
  const from = breaks[end === -1 ? 0 : breaks.length - 1];
  const apartAt = (piece: number): number[] => about(polynomialOf(difference(pieces[piece], pieces[last])), from);
  const far = breaks.length - last;
  const growth = apartAt(far).map(Math.abs);
  const degree = Math.max(0, growth.length - 1);
  for (let piece = 1; piece < breaks.length; piece++) {
    const reach = Math.abs((end === -1 ? breaks[piece] : breaks[piece - 1]) - from);
    const bound = Array<number>(degree + 1).fill(0);
    apartAt(piece).forEach((c, n) => {
      bound[Math.min(n, degree)] += Math.abs(c) * reach ** Math.max(0, n - degree);
    });
    for (const [n, a] of bound.entries()) growth[n] = Math.max(growth[n] ?? 0, a);
  }
  return growth;
}

const simpson = (f: (d: number) => number, from: number, to: number): number =>
  (Math.abs(to - from) / 6) * (f(from) + 4 * f((from + to) / 2) + f(to));

/** Simpson's rule on an interval of length L is off by at most L⁴/576 times the largest third derivative. */
const SIMPSON = 1 / 576;

const derivative = (polynomial: readonly number[]): number[] => polynomial.slice(1).map((c, n) => c * (n + 1));

/** Bounds of a polynomial in a cell, by powers of the distance from the middle. */
function enclose(polynomial: readonly number[], { low, high }: Cell): Bounds {
  const centred = about(polynomial, (low + high) / 2);
  const half = (high - low) / 2;
  const reach = centred.slice(1).reduce((sum, c, n) => sum + Math.abs(c) * half ** (n + 1), 0);
  const middle = centred[0] ?? 0;
  return [middle - reach, middle + reach];
}

const ordered = (a: number, b: number): Bounds => (a <= b ? [a, b] : [b, a]);
const times = (c: number, [low, high]: Bounds): Bounds => ordered(c * low, c * high);

function product(a: Bounds, b: Bounds): Bounds {
  const all = [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]];
  return [Math.min(...all), Math.max(...all)];
}

const sumOf = (bounds: readonly Bounds[]): Bounds => [
  bounds.reduce((sum, [low]) => sum + low, 0),
  bounds.reduce((sum, [, high]) => sum + high, 0),
];
