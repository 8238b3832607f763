import type { PointwiseFacts, Range } from "../../activations/facts.js";
import type { Kernel } from "../kernels/kernel.js";
import { numbersOf } from "../numeric/pieces.js";
import { gaussLegendre } from "../numeric/quadrature.js";
import { type FormKind, type NumericSmooth, numericSmooth } from "../numeric/smooth.js";
import type { Pieces } from "../pieces/pieces.js";
import { errorOfSmooth, type SmoothingError } from "./error.js";
import { requireConvergent, requireWidth } from "./require.js";
import { roughnessOf } from "./roughness.js";
import { type Extremes, extremesOf, type Place, pointsFor } from "./scan.js";
import { type Convexity, convexityOf, type Monotone, monotoneOf, named, parityOf } from "./shape.js";
import { isConstant, type Limit, limitsOf } from "./tails.js";

/** What is true of a smoothed function: the facts of an activation, whether it is convex, and how far it is from the sharp one. */
export interface SmoothFacts extends PointwiseFacts {
  readonly convexity: Convexity;
  /** Computed when it is read. */
  readonly error: SmoothingError;
}

/**
 * Facts of a smoothed function. A density keeps monotone functions monotone and convex ones convex; what follows from no law is
 * found by a search of the function and its first two derivatives, to about 1e-9.
 */
export function factsOf(pieces: Pieces, kernel: Kernel, width: number, form: FormKind = "mollify"): SmoothFacts {
  const numeric = numbersOf(pieces);
  requireConvergent("factsOf", numeric, kernel, form);
  const smooth = numericSmooth(numeric, kernel, requireWidth("factsOf", width), form);
  const points = pointsFor(smooth);
  const [left, right] = limitsOf(smooth);
  const ends = [left, right];
  const search = (order: number): Extremes => extremesOf((x) => smooth.at(x, order), points);
  const [values, slopes, bends] = [search(0), search(1), search(2)];
  const range = rangeOf(smooth, values, ends);
  const parity = kernel.even ? parityOf(smooth.pieces) : "neither";
  return {
    kind: "pointwise",
    range,
    minimumAt: range.lowAttained ? lowestAt(smooth, values.low, ends) : null,
    monotone: monotoneSmoothed(smooth, slopes, ends),
    convexity: convexitySmoothed(smooth, bends, ends),
    parity,
    zeroCentred: parity === "odd" || Math.abs(meanOf(smooth)) < 1e-12,
    left: left.tail,
    right: right.tail,
    lipschitz: Math.max(-slopes.low.value, slopes.high.value, ...ends.map(({ slope }) => Math.abs(slope))),
    curvature: Math.max(-bends.low.value, bends.high.value, ...ends.map(({ curvature }) => Math.abs(curvature))),
    ...roughnessOf(smooth.pieces, kernel, width, form),
    get error() {
      return errorOfSmooth(smooth);
    },
  };
}

/** Whether the laws of convolution with a density hold. */
const keepsShape = ({ form, numbers }: NumericSmooth): boolean => form === "mollify" && numbers.kernel.record.positive;

function monotoneSmoothed(smooth: NumericSmooth, slopes: Extremes, ends: readonly Limit[]): Monotone {
  const sharp = monotoneOf(smooth.pieces);
  if (keepsShape(smooth) && sharp !== "neither") return sharp;
  return named(signs(slopes, ends.map(({ slope }) => slope)), "increasing", "decreasing"); // biome-ignore format: one line
}

function convexitySmoothed(smooth: NumericSmooth, bends: Extremes, ends: readonly Limit[]): Convexity {
  const sharp = convexityOf(smooth.pieces);
  if (keepsShape(smooth) && sharp !== "neither") return sharp;
  // Where the slope jumps, the second derivative does not tell.
  if (roughnessOf(smooth.pieces, smooth.numbers.kernel, smooth.width, smooth.form).kinks.some(({ order }) => order <= 1))
    return "neither";
  return named(signs(bends, ends.map(({ curvature }) => curvature)), "convex", "concave"); // biome-ignore format: one line
}

function signs({ low, high }: Extremes, limits: readonly number[]) {
  const scale = 1e-11 * Math.max(Math.abs(low.value), Math.abs(high.value));
  return {
    negative: Math.min(low.value, ...limits) < -scale,
    positive: Math.max(high.value, ...limits) > scale,
  };
}

function rangeOf(smooth: NumericSmooth, { low, high }: Extremes, ends: readonly Limit[]): Range {
  const lowest = endOf(smooth, low, ends, -1);
  const highest = endOf(smooth, high, ends, 1);
  return { low: lowest.value, high: highest.value, lowAttained: lowest.attained, highAttained: highest.attained };
}

function endOf(smooth: NumericSmooth, place: Place, ends: readonly Limit[], sign: 1 | -1): { value: number; attained: boolean } {
  const limit = sign * Math.max(...ends.map(({ value }) => sign * value));
  const beyond = 1e-13 * Math.max(1, Math.abs(place.value));
  if (sign * (place.value - limit) > beyond) return { value: place.value, attained: true };
  const reached = ends.some(({ value }, i) => value === limit && isReached(smooth, i));
  return { value: limit, attained: reached };
}

/** Whether the limit toward an end is attained: the end piece is constant, and the kernel does not look beyond its radius. */
function isReached({ pieces, numbers }: NumericSmooth, end: number): boolean {
  const piece = pieces.pieces[end === 0 ? 0 : pieces.pieces.length - 1];
  return isConstant(piece) && (Number.isFinite(numbers.kernel.record.radius) || pieces.breaks.length === 0);
}

/** Where the smallest value is attained: of a flat end, where it begins. */
function lowestAt(smooth: NumericSmooth, low: Place, ends: readonly Limit[]): number {
  const { pieces, numbers, width } = smooth;
  const { radius } = numbers.kernel.record;
  const flat = ends.findIndex(({ value }, i) => value === endOf(smooth, low, ends, -1).value && isReached(smooth, i));
  if (flat === -1 || pieces.breaks.length === 0) return low.at;
  return flat === 0 ? pieces.breaks[0] - radius * width : pieces.breaks[pieces.breaks.length - 1] + radius * width;
}

/** E f(z) for z from the standard normal law, relative to E |f(z)|. */
function meanOf(smooth: NumericSmooth): number {
  const edges = Array.from({ length: 97 }, (_, i) => (i - 48) / 4);
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 1; i < edges.length; i++)
    for (const [node, weight] of LEGENDRE)
      for (const t of [-node, node]) {
        const x = (edges[i - 1] + edges[i] + t * (edges[i] - edges[i - 1])) / 2;
        nodes.push(x);
        weights.push(weight * Math.exp((-x * x) / 2));
      }
  const values = smooth.at(nodes, 0);
  const sum = (f: (value: number) => number): number => weights.reduce((total, weight, i) => total + weight * f(values[i]), 0);
  return sum((value) => value) / Math.max(sum(Math.abs), Number.MIN_VALUE);
}

const LEGENDRE = gaussLegendre(4);
