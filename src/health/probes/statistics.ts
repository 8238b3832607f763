import { pushForward } from "../../diff/forward.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs, add, broadcastTo, cast, div, equal, full, less, lessEqual, logicalAnd, max, mean, mul, reshape, sqrt, square, sub, sum, variance, where } from "../../ops/index.js"; // biome-ignore format: one line
import type { ParameterInside } from "../../train/index.js";
import type { LayerReading } from "../history.js";
import type { Measurable } from "./measured.js";

/** What is known of one layer within the graph of a step. */
export interface LayerInside {
  readonly measurable: Measurable;
  readonly before: Tensor;
  readonly after: Tensor;
  readonly slope: Tensor | null;
  /** Gradient with respect to z; null where the loss does not depend on it. */
  readonly cotangent: Tensor | null;
  readonly weight: ParameterInside;
  /** Largest |φ′|. */
  readonly steepest: number;
}

/** What only the rules of other tools ask for. */
type ForOthers = Extract<keyof LayerReading, "meanGradient" | "largestGradient" | "meanWeight" | "meanUpdate" | "weightVariance" | "notPositive" | "beyondFive">; // biome-ignore format: one line

/** The numbers of a reading that are taken of every layer in one step: dead units need more than one, loops over time more numbers. */
export type Statistic = Exclude<keyof LayerReading, "dead" | "overTime">;

/** Share of |φ′|'s largest value below which a unit counts as saturated. */
const SATURATED_SHARE = 0.05;

const zero = (): Tensor => full([], 0);
const share = (condition: Tensor): Tensor => mean(cast(condition, "float32"));

/** Every statistic as a number in the graph. */
const statistics: Readonly<Record<Exclude<Statistic, ForOthers>, (inside: LayerInside) => Tensor>> = {
  power: ({ after }) => mean(square(after)),
  mean: ({ after }) => mean(after),
  largest: ({ after }) => largest(after),
  signal: ({ after, measurable: { batchAxis } }) => signalOf(after, batchAxis),
  saturated: ({ slope, steepest }) => (slope === null ? zero() : share(less(abs(slope), SATURATED_SHARE * steepest))),
  gate: ({ slope }) => (slope === null ? full([], 1) : mean(square(slope))),
  delta: ({ cotangent }) => (cotangent === null ? zero() : norm(cotangent)),
  gradient: ({ weight: { gradient } }) => (gradient === null ? zero() : norm(gradient)),
  weight: ({ weight: { before } }) => norm(before),
  update: ({ weight: { before, after } }) => norm(sub(after, before)),
  zeroGradient: ({ weight: { gradient } }) => (gradient === null ? zero() : share(equal(gradient, 0))),
  nonFinite: ({ after, cotangent, weight: { gradient } }) =>
    [after, cotangent, gradient].reduce<Tensor>((total, x) => (x === null ? total : add(total, notFinite(x))), zero()),
};

/** What only the rules of other tools ask for. */
const forOthers: Readonly<Record<ForOthers, (inside: LayerInside) => Tensor>> = {
  meanGradient: ({ weight: { gradient } }) => (gradient === null ? zero() : mean(abs(gradient))),
  largestGradient: ({ weight: { gradient } }) => (gradient === null ? zero() : largest(gradient)),
  meanWeight: ({ weight: { before } }) => mean(abs(before)),
  meanUpdate: ({ weight: { before, after } }) => mean(abs(sub(after, before))),
  weightVariance: ({ weight: { before } }) => variance(before),
  notPositive: ({ after }) => share(lessEqual(after, 0)),
  beyondFive: ({ before }) => share(lessEqual(5, abs(before))),
};

/** Names of the numbers of a layer, in the order of a row. */
export const rowNames = (forOtherTools: boolean): readonly Statistic[] =>
  Object.keys(forOtherTools ? { ...statistics, ...forOthers } : statistics) as Statistic[];

/** The row of a layer. */
export const rowOf = (inside: LayerInside, forOtherTools: boolean): Tensor[] =>
  Object.values(forOtherTools ? { ...statistics, ...forOthers } : statistics).map((statistic) => statistic(inside));

/** φ′(z), number by number, from the graph that makes h of z. */
export function slopeOf(before: Tensor, after: Tensor): Tensor | null {
  if (before === after) return null;
  const [slope] = pushForward([after], [before], [broadcastTo(full([], 1), before.shape)]);
  return slope ?? broadcastTo(full([], 0), after.shape);
}

/** The largest φ′² of every unit over the batch. */
export function steepestPerUnit(slope: Tensor, unitAxis: number): Tensor {
  const axes = slope.shape.map((_, axis) => axis).filter((axis) => axis !== unitAxis);
  return reshape(max(square(slope), { axes }), [-1]);
}

/** √Σx², scaled so that the squares of small and of large numbers count: gradients of 1e-25 have a length. */
export function norm(x: Tensor, options: { axes?: readonly number[] } = {}): Tensor {
  const size = max(abs(x), { ...options, keepAxes: true });
  // A length of 0, ∞ and NaN is what it is.
  const plain = logicalAnd(less(0, size), less(size, Number.POSITIVE_INFINITY));
  const scale = where(plain, size, 1);
  const root = sqrt(sum(square(div(x, scale)), options));
  return mul(root, reshape(scale, root.shape));
}

const largest = (x: Tensor): Tensor => max(abs(x));

/** √(mean variance over the batch) ÷ root mean square; 1 for a batch of one, of which it says nothing, and 0 for a signal of zeros. */
function signalOf(x: Tensor, batchAxis: number): Tensor {
  if (x.shape[batchAxis] < 2) return full([], 1);
  const power = mean(square(x));
  const spread = mean(variance(x, { axes: batchAxis }));
  return sqrt(where(less(0, power), div(spread, where(less(0, power), power, 1)), 0));
}

const notFinite = (x: Tensor): Tensor => sum(where(less(abs(x), Number.POSITIVE_INFINITY), broadcastTo(full([], 0), x.shape), 1));
