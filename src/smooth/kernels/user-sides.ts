import { gaussLegendre } from "../quadrature/legendre.js";
import type { ReadDensity } from "./user-density.js";

/**
 * One side of a density, φ(−d) or φ(d) for d > 0, cut into panels that a Gauss–Legendre rule resolves relative to themselves, and
 * the integrals Jₙ(d) = ∫_d^∞ (v − d)ⁿ φ(v) dv, in which a kernel without negative parts loses nothing however far out.
 */
export interface Side {
  /** Distances of breaks on this side, ascending. */
  readonly breaks: readonly number[];
  /** Beyond it there is nothing, or a power. */
  readonly end: number;
  /** Jₙ at places, for an order that exists. See `placeOf`. */
  integrals(order: number, places: Float64Array): Float64Array;
  /** ∫ (v)ⁿ φ over the whole side: the moments, order by order. */
  readonly moments: readonly number[];
  /** Nodes and weights of all panels, φ included, and how long the panel of each is. */
  readonly rule: { readonly places: readonly number[]; readonly weights: readonly number[]; readonly lengths: readonly number[] };
}

export interface Places {
  readonly radius: number;
  readonly scale: number;
}

/** Where a distance is kept: by what is left to the radius where there is one, by itself otherwise. */
export const placeOf = ({ radius }: Places, d: number): number => (radius < Infinity ? radius - d : d);

/** The place at y = log(1 + d/scale), or y = −log(1 − d/radius). */
export const placeAt = ({ radius, scale }: Places, y: number): number =>
  radius < Infinity ? radius * Math.exp(-y) : scale * Math.expm1(y);

/** The y of a distance. */
export const logarithmic = ({ radius, scale }: Places, d: number): number =>
  radius < Infinity ? -Math.log((radius - d) / radius) : Math.log1p(d / scale);

const POINTS = 24;
const HIGHEST = 4;
const NOTHING = 1e-300;
const POWER_FROM = 1e12;
const LEVELS = 48;
/** Panels longer than this many typical distances are far out, and not cut up for the sake of waves. */
const FAR_PANEL = 20;
const MOST_PANELS = 800;

/** An interval, by the distance of its ends from the radius where there is one, from 0 otherwise: exact next to the edge. */
interface Panel {
  readonly inner: number;
  readonly outer: number;
}

/** The side −1 (φ(−d)) or 1 (φ(d)) of a density. */
export function readSide(density: ReadDensity, sign: -1 | 1): Side {
  const { radius, scale, power } = density;
  const inside = radius < Infinity;
  const innermost = radius * (1 - Number.EPSILON);
  const rule = gaussLegendre(POINTS);
  const shares = rule.nodes.map((node) => (1 + node) / 2);
  const lengthOf = ({ inner, outer }: Panel): number => (inside ? inner - outer : outer - inner);
  /** φ at the nodes of panels, one panel after another. */
  const heightsOn = (panels: readonly Panel[]): ArrayLike<number> => {
    const points = new Float64Array(panels.length * POINTS);
    panels.forEach((panel, p) => {
      for (let i = 0; i < POINTS; i++) {
        const along = lengthOf(panel) * shares[i];
        // The edge itself may already be outside.
        points[p * POINTS + i] = sign * (inside ? Math.min(radius - (panel.inner - along), innermost) : panel.inner + along);
      }
    });
    return density.values(points);
  };
  /** ∫ tⁿ φ over panels, t from the inner end, in all orders. */
  const localIntegrals = (panels: readonly Panel[]): number[][] => {
    const heights = heightsOn(panels);
    return panels.map((panel, p) => {
      const length = lengthOf(panel);
      const sums = new Array<number>(HIGHEST + 1).fill(0);
      for (let i = 0; i < POINTS; i++) {
        let term = (rule.weights[i] / 2) * length * heights[p * POINTS + i];
        for (let n = 0; n <= HIGHEST; n++) {
          sums[n] += term;
          term *= length * shares[i];
        }
      }
      return sums;
    });
  };
  const breaks = density.breaks.map((at) => sign * at).filter((d) => d > 0 && d < radius);
  const end = inside ? radius : endOf(density, sign, Math.max(...breaks, 0));
  const panels = refine(startingPanels(breaks, end, density), localIntegrals);
  const own = localIntegrals(panels);
  // From the outside in: what lies beyond a panel, seen from its inner end, is a polynomial in its length.
  const beyond: number[][] = new Array(panels.length + 1);
  beyond[panels.length] = remainder(density, sign, end, power);
  for (let p = panels.length - 1; p >= 0; p--) {
    beyond[p] = moved(beyond[p + 1], lengthOf(panels[p])).map((value, n) => value + own[p][n]);
  }
  const integrals = (order: number, places: Float64Array): Float64Array => {
    const spans = places.length === 0 ? [] : Array.from(places, (at) => spanAt(at));
    const local = localIntegrals(spans.map(({ panel }) => panel));
    return Float64Array.from(spans, ({ panel, next }, i) => local[i][order] + moved(beyond[next], lengthOf(panel))[order]);
  };
  const spanAt = (at: number): { panel: Panel; next: number } => {
    let [low, high] = [0, panels.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inside ? at > panels[middle].outer : at < panels[middle].outer) high = middle;
      else low = middle + 1;
    }
    const outer = panels[low].outer;
    return { panel: { inner: inside ? Math.max(at, outer) : Math.min(at, outer), outer }, next: low + 1 };
  };
  const fine = panels.flatMap((panel) => (lengthOf(panel) > scale / 2 && lengthOf(panel) < FAR_PANEL * scale ? cut(panel, Math.ceil((2 * lengthOf(panel)) / scale)) : [panel])); // biome-ignore format: one line
  const heights = heightsOn(fine);
  return {
    breaks,
    end,
    integrals,
    moments: beyond[0],
    rule: {
      places: fine.flatMap((panel) =>
        Array.from(shares, (share) => (inside ? radius - panel.inner : panel.inner) + lengthOf(panel) * share),
      ),
      weights: fine.flatMap((panel, p) =>
        Array.from(rule.weights, (weight, i) => (weight / 2) * lengthOf(panel) * heights[p * POINTS + i]),
      ),
      lengths: fine.flatMap((panel) => Array.from(shares, () => lengthOf(panel))),
    },
  };
}

/** A panel in equal parts. */
const cut = ({ inner, outer }: Panel, count: number): Panel[] =>
  Array.from({ length: count }, (_, i) => ({
    inner: inner + ((outer - inner) * i) / count,
    outer: inner + ((outer - inner) * (i + 1)) / count,
  }));

/** ∫ (t + length)ⁿ from ∫ tⁿ. */
function moved(integrals: readonly number[], length: number): number[] {
  return integrals.map((_, n) => {
    let [sum, choose, power] = [0, 1, 1];
    for (let j = n; j >= 0; j--) {
      // Orders that diverge are ∞, which a length of 0 leaves alone.
      sum += choose * power * integrals[j];
      choose = (choose * j) / (n - j + 1);
      power *= length;
    }
    return sum;
  });
}

/** Where the density ends in float64, or where it is a power. */
function endOf({ values, scale, power, samples }: ReadDensity, sign: -1 | 1, outermost: number): number {
  if (power < Infinity) return Math.max(scale, outermost) * POWER_FROM;
  const seen = samples.reduce((far, { x, g }) => (Math.abs(g[0]) > NOTHING ? Math.max(far, sign * x) : far), outermost);
  let end = Math.max(seen, scale / 8);
  for (let step = 0; step < 200 && Math.abs(values(Float64Array.of(sign * end))[0]) > NOTHING; step++) end *= 1.1;
  return end;
}

function startingPanels(breaks: readonly number[], end: number, { radius, scale }: ReadDensity): Panel[] {
  const edges = new Set([0, ...breaks, end]);
  for (let d = scale / 4; d < end; d *= 2) edges.add(d);
  const sorted = [...edges].sort((a, b) => a - b);
  const at = (d: number): number => (radius < Infinity ? radius - d : d);
  return sorted.slice(1).map((outer, i) => ({ inner: at(sorted[i]), outer: at(outer) }));
}

/** Halves panels until both halves together are the whole to the last digits of itself. */
function refine(start: readonly Panel[], integrals: (panels: readonly Panel[]) => number[][]): Panel[] {
  const done: Panel[] = [];
  let open = [...start];
  for (let level = 0; open.length > 0; level++) {
    const halves = open.flatMap(({ inner, outer }) => {
      const middle = (inner + outer) / 2;
      return [
        { inner, outer: middle },
        { inner: middle, outer },
      ];
    });
    const [whole, parts] = [integrals(open), integrals(halves)];
    const next: Panel[] = [];
    open.forEach((panel, p) => {
      const [near, far] = [parts[2 * p], moved(parts[2 * p + 1], Math.abs(panel.outer - panel.inner) / 2)];
      const size = Math.max(Math.abs(near[0]), Math.abs(far[0]));
      // An exponential of a large number has lost the digits that its argument has before the point.
      const rounding = 1e-14 + 2e-16 * Math.abs(Math.log(Math.max(size, NOTHING)));
      const off = (n: number): number => Math.abs(near[n] + far[n] - whole[p][n]) / Math.max(Math.abs(near[n]), Math.abs(far[n]));
      const settled = size <= NOTHING || Math.max(off(0), off(3)) <= rounding;
      if (!settled && level < LEVELS && done.length + 2 * open.length < MOST_PANELS) next.push(halves[2 * p], halves[2 * p + 1]);
      else done.push(panel);
    });
    open = next;
  }
  const outward = done.length > 0 && done[0].inner > done[0].outer ? -1 : 1;
  return done.sort((a, b) => outward * (a.inner - b.inner));
}

/** ∫ tⁿ φ beyond the end, where φ is a power or nothing: φ(end) endⁿ⁺¹ n! / ((p − 1) … (p − 1 − n)); ∞ where that diverges. */
function remainder({ values, radius }: ReadDensity, sign: -1 | 1, end: number, power: number): number[] {
  if (power === Infinity || radius < Infinity) return new Array<number>(HIGHEST + 1).fill(0);
  const height = values(Float64Array.of(sign * end))[0];
  let product = height * end;
  return Array.from({ length: HIGHEST + 1 }, (_, n) => {
    product *= n === 0 ? 1 / (power - 1) : (n * end) / (power - 1 - n);
    return power - 1 > n ? product : Infinity;
  });
}
