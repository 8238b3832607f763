import type { Emitter } from "../../ir/emitter.js";
import { type Lookup, lowerLookup, tabulate } from "../quadrature/lookup.js";
import { evaluatePanels, interpolatePanels } from "../quadrature/panels.js";
import type { Tail } from "./deviation.js";

/** What is known of a tail whose values are too long to compute in a runtime. */
export interface TabulatedTail {
  value(d: number): number;
  /** Beyond it the tail is 0; ∞ for one on the whole line. */
  readonly radius: number;
  /** A distance over which it changes. */
  readonly scale: number;
  /** Whether it is positive wherever it is not 0: then its logarithm is kept where digits of small values count. */
  readonly positive: boolean;
  /** For a tail that does not die out: it grows like this power of the distance, logarithms aside. Null for one that does. */
  readonly growth: number | null;
}

/** What is below it is 0 in float32. */
const NOTHING = 1e-46;
/** Logarithm of the largest float32, rounded up. */
const FAR = 89;
const PRECISE = 1e-9;
/** The same as a place within a radius: float32 numbers come no closer to it, and float64 distances become coarse there. */
const INSIDE = 17.5;

/** A tail that a runtime looks up in tables, which are made when a graph is lowered for the first time. */
export function tabulatedTail(tail: TabulatedTail): Tail {
  if (tail.growth !== null) return growingTail(tail, tail.growth);
  const logarithm = once(() => logarithmOf(tail));
  const plain = once(() => plainTable(tail.positive ? resampled(tail, logarithm()) : tail));
  const lower = (onnx: Emitter, d: string): string => lowerLookup(onnx, plainPlace(onnx, d, tail, plain().count), plain());
  const exact = once(() => (tail.positive ? logarithmTable(logarithm()) : signedTable(tail)));
  return {
    value: (d) => tail.value(d),
    lower,
    precise: (onnx, d) => {
      const place = logarithmicPlace(onnx, d, tail, exact());
      const found = lowerLookup(onnx, place, exact());
      if (!tail.positive) return found;
      const beyond = onnx.op("Greater", [place, onnx.scalar(exact().count)]);
      return onnx.op("Where", [beyond, onnx.scalar(0), onnx.op("Exp", [found])]);
    },
  };
}

/** Over d / radius on a compact support; over scale / (scale + d), which is 0 at infinity, on the whole line. */
function plainTable({ value, radius, scale }: TabulatedTail): Lookup {
  if (radius < Infinity) return tabulate((shares) => shares.map((share) => value(share * radius)), 0, 1);
  return tabulate((shares) => shares.map((share) => (share === 0 ? 0 : value(scale / share - scale))), 0, 1);
}

function plainPlace(onnx: Emitter, d: string, { radius, scale }: TabulatedTail, count: number): string {
  if (radius < Infinity) return onnx.op("Mul", [d, onnx.scalar(count / radius)]);
  return onnx.op("Div", [onnx.scalar(count * scale), onnx.op("Add", [d, onnx.scalar(scale)])]);
}

/** The distance at y = log(1 + d/scale), or y = −log(1 − d/radius): powers and exponentials are smooth in it. */
const distanceAt = ({ radius, scale }: TabulatedTail, y: number): number =>
  radius < Infinity ? -radius * Math.expm1(-y) : scale * Math.expm1(y);

function logarithmicPlace(onnx: Emitter, d: string, { radius, scale }: TabulatedTail, { count, to }: Lookup): string {
  const inside = radius < Infinity;
  const share = onnx.op("Mul", [d, onnx.scalar(inside ? -1 / radius : 1 / scale)]);
  const sum = onnx.op("Add", [share, onnx.scalar(1)]);
  const logarithm = onnx.op("Log", [inside ? onnx.op("Max", [sum, onnx.scalar(1e-41)]) : sum]);
  return onnx.op("Mul", [logarithm, onnx.scalar((inside ? -count : count) / to)]);
}

/** The logarithm of a positive tail over y, from 0 to where nothing is left in float32. */
interface Logarithm {
  readonly end: number;
  at(y: number): number;
}

/** By few values of the tail itself, which may cost much. */
function logarithmOf(tail: TabulatedTail): Logarithm {
  const value = (y: number): number => tail.value(distanceAt(tail, y));
  const end = lastPlace(value, tail.radius < Infinity ? INSIDE : FAR);
  const least = NOTHING / 1e3;
  const panels = interpolatePanels((places) => places.map((y) => Math.log(Math.max(value(y), least))), [0, end], {
    tolerance: tail.radius < Infinity ? 10 * PRECISE : PRECISE / 100,
    floor: 1,
  });
  return { end, at: (y) => evaluatePanels(panels, y) };
}

function resampled(tail: TabulatedTail, { end, at }: Logarithm): TabulatedTail {
  const { radius, scale } = tail;
  const value = (d: number): number => {
    const y = radius < Infinity ? -Math.log1p(-d / radius) : Math.log1p(d / scale);
    return y < end ? Math.exp(at(y)) : 0;
  };
  return { ...tail, value };
}

const logarithmTable = ({ end, at }: Logarithm): Lookup => tabulate((places) => places.map(at), 0, end, { tolerance: PRECISE });

function signedTable(tail: TabulatedTail): Lookup {
  const at = (y: number): number => tail.value(distanceAt(tail, y));
  const end = lastPlace((y) => Math.abs(at(y)), tail.radius < Infinity ? INSIDE : FAR);
  return tabulate((places) => places.map((y) => (y === end ? 0 : at(y))), 0, end, { tolerance: PRECISE });
}

/** The place beyond which nothing is left. */
function lastPlace(at: (y: number) => number, furthest: number): number {
  let [low, high] = [0, furthest];
  if (at(high) > NOTHING) return high;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (at(middle) > NOTHING) low = middle;
    else high = middle;
  }
  return high;
}

/** G(d) / (1 + d/scale)^growth is at most a logarithm, which is nearly straight over log(1 + d/scale). */
function growingTail(tail: TabulatedTail, growth: number): Tail {
  const { scale } = tail;
  const table = once(() => {
    const at = (y: number): number => tail.value(scale * Math.expm1(y)) * Math.exp(-growth * y);
    return tabulate((places) => places.map(at), 0, FAR - Math.min(0, Math.log(scale)), {
      tolerance: PRECISE,
      floor: 1e-3 * scale,
    });
  });
  const lower = (onnx: Emitter, d: string): string => {
    const found = lowerLookup(onnx, logarithmicPlace(onnx, d, tail, table()), table());
    const factor = onnx.op("Add", [onnx.op("Mul", [d, onnx.scalar(1 / scale)]), onnx.scalar(1)]);
    if (!Number.isInteger(growth)) return onnx.op("Mul", [found, onnx.op("Pow", [factor, onnx.scalar(growth)])]);
    return Array.from({ length: growth }).reduce<string>((product) => onnx.op("Mul", [product, factor]), found);
  };
  return { value: (d) => tail.value(d), lower };
}

/** A value that is computed when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
