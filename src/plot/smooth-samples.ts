import type { Tensor } from "../ir/tensor.js";
import { tensor } from "../ops/index.js";
import { interpret } from "../run/interpret.js";
import { type NumericPieces, numbersOf, pieceValue, slopeOf } from "../smooth/numeric/pieces.js";
import type { Smoothed } from "../smooth/smoothed.js";
import {
  type ActivationSamples,
  type CurvePoint,
  derivativesOf,
  type SampledCurve,
  sampleActivation,
} from "./activation-samples.js";

/** The sharp function, and smooth versions of it, as they are drawn over an interval. */
export interface SmoothSamples {
  readonly interval: readonly [low: number, high: number];
  /** f, f′, f″ between the breaks. */
  readonly sharp: readonly [SampledCurve, SampledCurve, SampledCurve];
  /** The breaks in the interval. */
  readonly kinks: ActivationSamples["kinks"];
  /** From narrow to wide. */
  readonly versions: readonly SmoothVersion[];
}

export interface SmoothVersion {
  readonly smooth: Smoothed;
  readonly width: number;
  /** f_w, f_w′, f_w″. */
  readonly curves: ActivationSamples["curves"];
  /** f_w − f. */
  readonly error: SampledCurve;
}

export interface SmoothSampleOptions {
  /** Default: the breaks, and to each side four widths or part of their distance. */
  readonly interval?: readonly [low: number, high: number];
  /** Default: a quarter, a half, one and two of the width that the function has. */
  readonly widths?: readonly number[];
}

/** Everything that a drawing of a smoothed function needs. */
export function sampleSmoothed(smooth: Smoothed, options: SmoothSampleOptions = {}): SmoothSamples {
  const { width } = smooth.values;
  const pieces = smooth.way.kind === "closed form" ? numbersOf(smooth.pieces) : null;
  const { interval = suitedInterval(pieces?.breaks ?? [], width), widths = [width / 4, width / 2, width, 2 * width] } = options;
  const [low, high] = interval;
  const ordered = [...new Set(widths)].sort((a, b) => a - b);
  const points = Math.round(Math.min(MOST, Math.max(FEWEST, (8 * (high - low)) / ordered[0])));
  const sharp = pieces === null ? probed(smooth.harden(), interval, points) : piecewise(pieces, interval, points);
  return {
    interval,
    sharp,
    kinks: pieces === null ? [] : kinksOf(pieces, interval),
    versions: ordered.map((one) => {
      const version = smooth.with({ width: one });
      // The facts of a function without pieces, which say where it has kinks, take a long search.
      const curves = pieces === null ? probed(version, interval, points) : sampleActivation(version, { interval, points }).curves;
      return {
        smooth: version,
        width: one,
        curves,
        error: pieces === null ? apart(curves[0], smooth.harden()) : away(curves[0], pieces),
      };
    }),
  };
}

type Curves = SmoothSamples["sharp"];

function piecewise(pieces: NumericPieces, interval: readonly [number, number], points: number): Curves {
  const orders = [pieces, slopeOf(pieces), slopeOf(slopeOf(pieces))];
  const [value, slope, curvature] = orders.map((order) => sharpCurve(order, interval, points));
  return [joined(value), slope, curvature];
}

/** A function that is not known by its pieces. */
function probed(f: (x: Tensor) => Tensor, [low, high]: readonly [number, number], points: number): Curves {
  const xs = Float64Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
  const values = interpret(derivativesOf(f, 2)(tensor(xs)));
  const [value, slope, curvature] = values.map((ys): SampledCurve => [Array.from(xs, (x, i) => ({ x, y: ys[i] }))]);
  return [value, slope, curvature];
}

function apart(curve: SampledCurve, f: (x: Tensor) => Tensor): SampledCurve {
  return curve.map((run) => {
    const [sharp] = interpret([f(tensor(Float64Array.from(run, ({ x }) => x)))]);
    return run.map(({ x, y }, i) => ({ x, y: y - sharp[i] }));
  });
}

const [FEWEST, MOST] = [480, 4000];

/** Wide enough for the breaks and for what the kernel does beside them. */
function suitedInterval(breaks: readonly number[], width: number): [number, number] {
  const [first, last] = breaks.length === 0 ? [0, 0] : [breaks[0], breaks[breaks.length - 1]];
  const [middle, span] = [(first + last) / 2, last - first];
  const reach = Number((span / 2 + Math.max(4 * width, 0.4 * span)).toPrecision(2));
  return [middle - reach, middle + reach];
}

function sharpCurve({ breaks, pieces }: NumericPieces, [low, high]: readonly [number, number], points: number): SampledCurve {
  const inside = breaks.filter((at) => at > low && at < high);
  const first = breaks.filter((at) => at <= low).length;
  const ends = [low, ...inside, high];
  return ends.slice(1).map((end, k) => {
    const start = ends[k];
    const count = Math.max(2, Math.ceil((points * (end - start)) / (high - low)));
    return Array.from({ length: count }, (_, i): CurvePoint => {
      const x = start + ((end - start) * i) / (count - 1);
      return { x, y: pieceValue(pieces[first + k], x) };
    });
  });
}

/** Neighbouring runs that meet put together. */
function joined(runs: SampledCurve): SampledCurve {
  const result: CurvePoint[][] = [];
  for (const run of runs) {
    const last = result[result.length - 1];
    const end = last?.[last.length - 1];
    if (end !== undefined && Math.abs(end.y - run[0].y) <= 1e-12 * Math.max(1, Math.abs(end.y))) last.push(...run);
    else result.push([...run]);
  }
  return result;
}

function kinksOf(pieces: NumericPieces, [low, high]: readonly [number, number]): ActivationSamples["kinks"] {
  const orders = [pieces, slopeOf(pieces), slopeOf(slopeOf(pieces)), slopeOf(slopeOf(slopeOf(pieces)))];
  return pieces.breaks.flatMap((at, k) => {
    if (at <= low || at >= high) return [];
    const jump = (order: NumericPieces): number =>
      Math.abs(pieceValue(order.pieces[k + 1], at) - pieceValue(order.pieces[k], at));
    const order = orders.findIndex((one) => jump(one) > 1e-12);
    const [left, right] = [pieceValue(pieces.pieces[k], at), pieceValue(pieces.pieces[k + 1], at)];
    const kink = [0, 1, 2, 3] as const;
    return order === -1 ? [] : [{ at, order: kink[order], left, value: right, right }];
  });
}

/** f_w − f, in a run for each piece. */
function away(curve: SampledCurve, { breaks, pieces }: NumericPieces): SampledCurve {
  const points = curve.flat();
  const ends = [-Infinity, ...breaks, Infinity];
  return pieces.flatMap((piece, k) => {
    const [from, to] = [ends[k], ends[k + 1]];
    const own = points.filter(({ x }) => x >= from && x <= to).map(({ x, y }) => ({ x, y: y - pieceValue(piece, x) }));
    return own.length === 0 ? [] : [own];
  });
}
