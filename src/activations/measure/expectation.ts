import { established, type Measured, notEstablished } from "./report.js";

/** Functions of z, given as one array of values each at the points asked for. */
export type Integrands = (points: Float64Array) => readonly ArrayLike<number>[];

/** Beyond it the normal density is below the smallest normal float64. */
const REACH = 37.5;
/** Share of the whole that a panel may be off by before it is halved. The Kronrod sum is far better than this difference. */
const PANEL_TOLERANCE = 1e-12;
const MOST_PANELS = 6000;

interface Panel {
  readonly from: number;
  readonly to: number;
}

/**
 * E g(z) for z from the standard normal law, for several g at once: Gauss–Kronrod panels, cut where the functions are not
 * smooth, halved where they are not resolved. Not established when the integral is infinite or does not settle.
 */
export function expectations(integrands: Integrands, cuts: readonly number[]): Measured<number>[] {
  let open = startingPanels(cuts);
  const total: number[] = [];
  const size: number[] = [];
  const doubt: number[] = [];
  let count = 0;
  while (open.length > 0) {
    count += open.length;
    const parts = integratePanels(integrands, open);
    const scale = parts[0].map((_, c) => (size[c] ?? 0) + parts.reduce((sum, part) => sum + part[c].size, 0));
    const unsettled = (i: number): boolean => parts[i].some(({ difference }, c) => difference > PANEL_TOLERANCE * scale[c]);
    const next: Panel[] = [];
    parts.forEach((part, i) => {
      const halves = split(open[i]);
      if (unsettled(i) && halves !== null && count < MOST_PANELS) {
        next.push(...halves);
        return;
      }
      part.forEach(({ sum, size: extent, difference }, c) => {
        total[c] = (total[c] ?? 0) + sum;
        size[c] = (size[c] ?? 0) + extent;
        doubt[c] = (doubt[c] ?? 0) + (difference > PANEL_TOLERANCE * scale[c] ? difference : 0);
      });
    });
    open = next;
  }
  const ends = weighted(integrands, Float64Array.of(-REACH, REACH));
  return total.map((value, c) => verdict(value, size[c], doubt[c], ends[c]));
}

function verdict(value: number, size: number, doubt: number, ends: readonly number[]): Measured<number> {
  if (Number.isNaN(value)) return notEstablished("it is not a number for some inputs");
  if (!Number.isFinite(value)) return notEstablished("the moment is infinite, or too large for a float64");
  if (ends.some((end) => !(Math.abs(end) * REACH <= 1e-13 * size))) {
    return notEstablished("the function grows so fast that the normal density does not hold it: the moment may be infinite");
  }
  if (doubt > 1e-11 * size) return notEstablished("the integral does not settle: the function changes too fast to be sampled");
  return established(value);
}

function startingPanels(cuts: readonly number[]): Panel[] {
  const even = [-REACH, -30, -24, -20, -16, ...Array.from({ length: 53 }, (_, i) => (i - 26) / 2), 16, 20, 24, 30, REACH];
  const edges = [...new Set([...even, ...cuts.filter((cut) => Math.abs(cut) < REACH)])].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => ({ from: edges[i], to }));
}

/** Two halves, or null when a panel is too narrow to be cut. */
function split({ from, to }: Panel): Panel[] | null {
  const middle = (from + to) / 2;
  const narrow = to - from <= 1e-13 * Math.max(Math.abs(from), Math.abs(to));
  if (narrow || to - from < 1e-30) return null;
  const left = { from, to: middle };
  return [left, { from: middle, to }];
}

/** Sum by the Kronrod rule, sum of absolute values, and how far the Gauss rule is from it, for each panel and integrand. */
function integratePanels(integrands: Integrands, panels: readonly Panel[]) {
  const perPanel = kronrod.length;
  const points = new Float64Array(panels.length * perPanel);
  panels.forEach(({ from, to }, p) => {
    const [middle, half] = [(from + to) / 2, (to - from) / 2];
    kronrod.forEach(({ node }, i) => {
      points[p * perPanel + i] = middle + half * node;
    });
  });
  const values = weighted(integrands, points);
  return panels.map(({ from, to }, p) =>
    values.map((component) => {
      let [sum, size, gauss] = [0, 0, 0];
      kronrod.forEach(({ weight, gaussWeight }, i) => {
        const value = (component[p * perPanel + i] * (to - from)) / 2;
        sum += weight * value;
        size += weight * Math.abs(value);
        gauss += gaussWeight * value;
      });
      return { sum, size, difference: Math.abs(sum - gauss) };
    }),
  );
}

/** The integrands times the normal density. */
function weighted(integrands: Integrands, points: Float64Array): number[][] {
  const density = points.map((z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
  return integrands(points).map((values) => Array.from(density, (weight, i) => (values[i] === 0 ? 0 : weight * values[i])));
}

// The pair of 7 Gauss and 15 Kronrod points on −1 … 1: Piessens et al., QUADPACK, 1983 (routine QK15).
const halfRule: readonly (readonly [node: number, weight: number, gaussWeight: number])[] = [
  [0.9914553711208126, 0.022935322010529224, 0],
  [0.9491079123427585, 0.06309209262997856, 0.1294849661688697],
  [0.8648644233597691, 0.10479001032225019, 0],
  [0.7415311855993945, 0.14065325971552592, 0.27970539148927664],
  [0.5860872354676911, 0.1690047266392679, 0],
  [0.4058451513773972, 0.19035057806478542, 0.3818300505051189],
  [0.20778495500789848, 0.20443294007529889, 0],
];

/** The whole rule, from left to right. */
export const kronrod: readonly { readonly node: number; readonly weight: number; readonly gaussWeight: number }[] = [
  ...halfRule.map(([node, weight, gaussWeight]) => ({ node: -node, weight, gaussWeight })),
  { node: 0, weight: 0.20948214108472782, gaussWeight: 0.4179591836734694 },
  ...halfRule.map(([node, weight, gaussWeight]) => ({ node, weight, gaussWeight })).reverse(),
];
