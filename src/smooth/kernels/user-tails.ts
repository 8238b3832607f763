import { gaussLegendre } from "../quadrature/legendre.js";
import { evaluatePanels, interpolatePanels, type Panels } from "../quadrature/panels.js";
import type { Tail } from "./deviation.js";
import { tabulatedTail } from "./tabulated.js";
import { logarithmic, type Places, placeAt, placeOf, type Side } from "./user-sides.js";

/** What the tails of one side are made of. */
export interface TailSource extends Places {
  readonly side: Side;
  /** E|U|ⁿ is finite for n below this. */
  readonly momentsBelow: number;
  /** What an antiderivative that diverges is at 0, by order. */
  readonly starts: readonly number[];
}

export type Tails = readonly [Tail, Tail, Tail, Tail];

/** A value for every distance, and the tables behind it. */
interface Tabulated {
  readonly tail: Tail;
  readonly tables: readonly Panels[];
}

/** The tails of a side as Chebyshev tables: of their logarithm, as small values count as much as large ones. */
export function tailsOf(source: TailSource): { tails: Tails; tables: readonly Panels[] } {
  const made: Tabulated[] = [];
  for (const order of [0, 1, 2, 3]) {
    made.push(order < source.momentsBelow ? dyingTail(source, order) : growingTail(source, order, made[order - 1].tail));
  }
  const [a, b, c, d] = made.map(({ tail }) => tail);
  return { tails: [a, b, c, d], tables: made.flatMap(({ tables }) => tables) };
}

/** Tables end at this y within a radius: any closer, float64 has no distances. */
const CLOSEST = 36;
const PROBES = 800;

/** Edges of a table between two y: breaks, and steps over which a distance, or what is left to the radius, doubles. */
function edgesOf(source: TailSource, from: number, to: number): number[] {
  const breaks = source.side.breaks.map((d) => logarithmic(source, d)).filter((y) => y > from && y < to);
  const steps = Math.ceil((to - from) / Math.LN2);
  const even = Array.from({ length: steps + 1 }, (_, i) => (i === steps ? to : from + i * Math.LN2));
  return [...new Set([...even, ...breaks])].sort((a, b) => a - b);
}

/** The same as places, ascending. */
const placesOf = (source: TailSource, from: number, to: number): number[] =>
  edgesOf(source, from, to)
    .map((y) => placeAt(source, y))
    .sort((a, b) => a - b);

function dyingTail(source: TailSource, order: number): Tabulated {
  const { side, radius, scale, momentsBelow } = source;
  const at = (places: Float64Array): Float64Array => side.integrals(order, places);
  const heavy = momentsBelow < Infinity;
  const reach = radius < Infinity ? CLOSEST : logarithmic(source, side.end);
  const probes = Float64Array.from({ length: PROBES + 1 }, (_, i) => (reach * i) / PROBES);
  const values = at(probes.map((y) => placeAt(source, y)));
  const last = values.findLastIndex((value) => Math.abs(value) > 1e-300);
  if (last < 1) return nothing(scale);
  const end = heavy ? reach : probes[last];
  const sign = Math.sign(values[last]);
  // Up to the last change of sign the values themselves are kept, from there on their logarithm.
  // A tail that starts at 0, as that of a gated relu does, has no logarithm there either.
  const highest = Math.max(...values.map(Math.abs));
  const peak = values.findIndex((value) => Math.abs(value) === highest);
  const turn = values.findLastIndex(
    (value, i) => i <= last && (value * sign <= 0 || (i < peak && Math.abs(value) < 1e-9 * highest)),
  );
  const from = turn < 0 ? 0 : Math.min(probes[turn + 1] + reach / PROBES, end);
  const plain = from > 0 ? interpolatePanels(at, placesOf(source, 0, from), { floor: Math.abs(values[0]) * 1e-3 }) : null;
  const logarithms = interpolatePanels(
    (places) => at(places).map((value) => Math.log(Math.max(sign * value, 1e-305))),
    placesOf(source, from, end),
    { tolerance: 4e-16, floor: 1 },
  );
  const beyond = (d: number): number => {
    if (Number.isNaN(d) || !heavy) return Number.isNaN(d) ? d : 0;
    // The power law goes on; other tails have ended.
    return sign * Math.exp(evaluatePanels(logarithms, side.end)) * (d / side.end) ** (order - momentsBelow);
  };
  const value = (d: number): number => {
    const y = logarithmic(source, d);
    if (!(y <= end)) return beyond(d);
    const place = placeOf(source, d);
    return plain !== null && y <= from ? evaluatePanels(plain, place) : sign * Math.exp(evaluatePanels(logarithms, place));
  };
  const positive = sign > 0 && plain === null;
  return {
    tail: tabulatedTail({ value, radius, scale, positive, growth: null }),
    tables: [logarithms, ...(plain === null ? [] : [plain])],
  };
}

/** The tail of a side on which there is nothing. */
const nothing = (scale: number): Tabulated => ({
  tail: tabulatedTail({ value: (d) => 0 * Math.min(d, 1), radius: scale, scale, positive: false, growth: null }),
  tables: [],
});

const rule = gaussLegendre(24);

/**
 * G(d) = start − n ∫₀ᵈ Gₙ₋₁(t) dt for an order that diverges: G(d) / (1 + d/scale)^growth, which is at most a logarithm, over
 * logarithmic places, and the straight line that it is far out.
 */
function growingTail(source: TailSource, order: number, before: Tail): Tabulated {
  const { momentsBelow, starts, scale, side } = source;
  const growth = order - momentsBelow;
  const start = starts[order];
  const end = logarithmic(source, side.end);
  const edges = edgesOf(source, 0, end).flatMap((y, i, all) => {
    const pieces = i === 0 ? 1 : Math.ceil((y - all[i - 1]) / 0.25);
    return Array.from({ length: pieces }, (_, k) => (i === 0 ? 0 : all[i - 1] + ((k + 1) * (y - all[i - 1])) / pieces));
  });
  const slope = (y: number): number => order * before.value(placeAt(source, y)) * scale * Math.exp(y);
  const integral = (from: number, to: number): number => {
    let sum = 0;
    for (let i = 0; i < rule.nodes.length; i++)
      sum += (rule.weights[i] / 2) * slope(from + ((to - from) * (1 + rule.nodes[i])) / 2);
    return sum * (to - from);
  };
  const totals = [0];
  for (let i = 1; i < edges.length; i++) totals.push(totals[i - 1] + integral(edges[i - 1], edges[i]));
  const scaled = (y: number): number => {
    const next = edges.findIndex((edge) => edge >= y);
    const first = Math.max(next - 1, 0);
    return (start - totals[first] - integral(edges[first], y)) * Math.exp(-growth * y);
  };
  const table = interpolatePanels((places) => places.map(scaled), edgesOf(source, 0, end), { floor: scale * 1e-3 });
  const rise = evaluatePanels(table, end) - evaluatePanels(table, end - 1);
  const value = (d: number): number => {
    const y = logarithmic(source, d);
    const held = Math.min(y, end);
    return (evaluatePanels(table, held) + rise * (y - held)) * Math.exp(growth * y);
  };
  return { tail: tabulatedTail({ value, radius: Infinity, scale, positive: false, growth }), tables: [table] };
}
