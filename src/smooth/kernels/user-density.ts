import { findBreaks } from "../../activations/measure/breaks.js";
import { probe, whyNotPointwise } from "../../activations/measure/probe.js";
import { FAR, ORDER, type Sample, scan } from "../../activations/measure/scan.js";
import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs, greater, where } from "../../ops/index.js";
import { type Evaluate, integrate } from "../quadrature/integrate.js";

/** A density as it was written, looked at closely enough to integrate it. */
export interface ReadDensity {
  /** φ(u), 0 outside the radius. */
  graph(u: Tensor): Tensor;
  readonly values: Evaluate;
  /** Where φ or one of its first three derivatives jumps, ascending. */
  readonly breaks: readonly number[];
  readonly radius: number;
  /** Continuous derivatives; ∞ when no jump was found. */
  readonly smoothness: number;
  readonly even: boolean;
  /** A typical |u|: (∫√|u| |φ|)², which heavy tails have too. */
  readonly scale: number;
  readonly area: number;
  /** φ ~ |u|^(−power) far out; ∞ for what falls faster than every power. */
  readonly power: number;
  readonly samples: readonly Sample[];
}

/** Looks at a density. `where` names it in faults. */
export function readDensity(where: string, density: (u: Tensor) => Tensor, radius?: number): ReadDensity {
  if (radius !== undefined && !(radius > 0 && radius < Infinity))
    throw fault(where, "a radius is a finite length above 0", {
      got: String(radius),
      fix: "leave it out for a density on the whole line",
    });
  const graph = radius === undefined ? density : (u: Tensor) => cutOff(density, radius, u);
  const why = whyNotPointwise(graph);
  if (why !== null)
    throw fault(where, `the density is not a function of one number: ${why}`, {
      expected: "operations that treat every number of a tensor alike",
    });
  const points = probe(graph);
  const values: Evaluate = (places) => requireNumbers(where, places, points.at(places, 0)[0]);
  const scanned = scan(points, FAR, ORDER);
  const { samples } = scanned;
  const { x: xs, values: heights } = { x: samples.map(({ x }) => x), values: samples.map(({ g }) => g[0]) };
  requireNumbers(where, Float64Array.from(xs), Float64Array.from(heights));
  const found = findBreaks(points, scanned);
  // A break is found to a rounding of what is subtracted there: what is that close to 0 is 0.
  const breaks = found.map(({ at }) => (Math.abs(at) < CLOSE ? 0 : at));
  const support = radius ?? supportOf(samples, breaks);
  const edges = [...new Set([...breaks, 0, ...(support < Infinity ? [-support, support] : [])])].sort((a, b) => a - b);
  const ends = support < Infinity ? edges : [-Infinity, ...edges, Infinity];
  const area = requireSettled(where, integrate(values, ends));
  // A rough figure will do, and kinks where φ changes its sign would make it no more.
  const spread = integrate((places) => weighted(values, places), ends).value;
  const root = (spread / Math.max(Math.abs(area), 1e-300)) ** 2;
  const scale = root > 0 && root < Infinity ? root : 1;
  return {
    graph,
    values,
    breaks,
    radius: support,
    smoothness: found.reduce((least, { order }) => Math.min(least, order - 1), Infinity),
    even: isEven(values, xs, heights),
    scale,
    area,
    power: support < Infinity ? Infinity : powerOf(values, scale),
    samples,
  };
}

const CLOSE = 1e-15;

function cutOff(density: (u: Tensor) => Tensor, radius: number, u: Tensor): Tensor {
  const outside = greater(abs(u), radius);
  return where(outside, 0, density(where(outside, 0, u)));
}

function weighted(values: Evaluate, places: Float64Array): Float64Array {
  const heights = values(places);
  return places.map((u, i) => Math.sqrt(Math.abs(u)) * Math.abs(heights[i]));
}

/** What a density is at a point so far out that powers of it overflow is of no account; elsewhere it is a number. */
const OVERFLOWING = 1e15;

function requireNumbers(where: string, places: Float64Array, heights: Float64Array): Float64Array {
  const bad = heights.findIndex((height, i) => !Number.isFinite(height) && Math.abs(places[i]) <= OVERFLOWING);
  if (bad < 0) return heights.map((height) => (Number.isFinite(height) ? height : 0));
  throw fault(where, "the density is not a finite number everywhere", {
    got: `${heights[bad]} at u = ${Number(places[bad].toPrecision(3))}`,
    fix: "give its radius, or guard both sides of a where",
  });
}

function requireSettled(where: string, { value, error }: { value: number; error: number }): number {
  if (Number.isFinite(value) && error <= 1e-9 * Math.max(Math.abs(value), 1e-3)) return value;
  throw fault(where, "the integral of the density does not settle", {
    got: `${Number(value.toPrecision(6))}, give or take ${Number(error.toPrecision(2))}`,
    fix: "a density falls faster than 1 / |u|, and has no poles",
  });
}

/** The outermost break when there is nothing beyond it on either side, else ∞. */
function supportOf(samples: readonly Sample[], breaks: readonly number[]): number {
  const outermost = Math.max(...breaks.map(Math.abs), 0);
  const nothing = samples.every(({ x, g }) => Math.abs(x) <= outermost * (1 + 1e-12) || g[0] === 0);
  return outermost > 0 && nothing ? outermost : Infinity;
}

function isEven(values: Evaluate, xs: readonly number[], heights: readonly number[]): boolean {
  const mirrored = values(Float64Array.from(xs, (x) => -x));
  const size = heights.reduce((largest, height) => Math.max(largest, Math.abs(height)), 0);
  // At a jump itself either side's value will do.
  const off = heights.filter((height, i) => Math.abs(height - mirrored[i]) > 1e-13 * Math.max(Math.abs(height), 1e-4 * size));
  return off.length <= 4;
}

/** How many doublings of the distance further out a power is read off. */
const FAR_OUT = 2 ** 27;

function powerOf(values: Evaluate, scale: number): number {
  const places = [1, 2, 16, 32].map((factor) => scale * FAR_OUT * factor);
  const heights = values(Float64Array.from([...places.map((u) => -u), ...places]));
  const sides = [0, 4].map((side) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => Math.abs(heights[side + i]));
    const [near, far] = [Math.log2(a / b), Math.log2(c / d)];
    // What falls ever faster is no power.
    return c < 1e-280 || !(Math.abs(far - near) < 1e-3) ? Infinity : far;
  });
  const power = Math.min(...sides);
  const rounded = Math.round(power * 1e4) / 1e4;
  return Math.abs(power - rounded) < 1e-6 ? rounded : power;
}
