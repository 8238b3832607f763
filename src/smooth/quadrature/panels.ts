import { chebyshevCoefficients, chebyshevPoints, evaluateSeries, type Series } from "./chebyshev.js";
import type { Evaluate } from "./integrate.js";

/** A function as Chebyshev series on neighbouring intervals. */
export interface Panels {
  readonly series: readonly Series[];
  /** Largest last coefficient of a panel, relative to the size of the function there or to `floor`. */
  readonly error: number;
}

export interface PanelOptions {
  /** Share of the size of f on a panel, or of `floor` where that is more, that may be off; default 2e-15. */
  readonly tolerance?: number;
  readonly floor?: number;
}

const DEGREE = 24;
const LEVELS = 46;
const NOISE = 1e-7;
const MOST_PANELS = 1000;

/**
 * f between the first of the `edges` and the last: every panel between two edges is halved until its last coefficients vanish.
 * Breaks that are not among the edges are closed in on.
 */
export function interpolatePanels(f: Evaluate, edges: readonly number[], options: PanelOptions = {}): Panels {
  const { tolerance = 2e-15, floor = 0 } = options;
  let open = edges.slice(1).map((to, i) => ({ from: edges[i], to, before: Infinity, stalls: 0 }));
  const series: Series[] = [];
  let error = 0;
  for (let level = 0; open.length > 0; level++) {
    const grids = open.map(({ from, to }) => chebyshevPoints(DEGREE, from, to));
    const values = f(Float64Array.from(grids.flatMap((grid) => [...grid])));
    const next: typeof open = [];
    open.forEach(({ from, to, before, stalls: earlier }, p) => {
      const own = Float64Array.from({ length: DEGREE + 1 }, (_, i) => values[p * (DEGREE + 1) + i]);
      const coefficients = chebyshevCoefficients(own);
      const size = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), floor);
      const last = coefficients.slice(-4).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      // What halving time and again does not make smaller, and is small, is the rounding of f.
      const stalls = last > 0.6 * before ? earlier + 1 : 0;
      const noise = stalls >= 3 && last < NOISE * size;
      if (last > tolerance * size && !noise && level < LEVELS && series.length + 2 * open.length < MOST_PANELS) {
        const middle = from + (to - from) / 2;
        next.push({ from, to: middle, before: last, stalls }, { from: middle, to, before: last, stalls });
        return;
      }
      if (size > 0) error = Math.max(error, last / size);
      series.push({ from, to, coefficients });
    });
    open = next;
  }
  return { series: series.sort((a, b) => a.from - b.from), error };
}

/** The value at x, which is held between the ends of the panels. */
export function evaluatePanels({ series }: Panels, x: number): number {
  let [low, high] = [0, series.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x <= series[middle].to) high = middle;
    else low = middle + 1;
  }
  const panel = series[low];
  return evaluateSeries(panel, Math.min(Math.max(x, panel.from), panel.to));
}
