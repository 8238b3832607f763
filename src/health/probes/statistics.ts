import { pushForward } from "../../diff/forward.js";
import { sizeOf } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs, broadcastTo, cast, equal, full, less, lessEqual, max, mean, mul, reshape, square, sub, sum } from "../../ops/index.js"; // biome-ignore format: one line
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

/** The numbers of a reading that are taken of every layer in one step: dead units need more than one, loops over time more numbers. */
export type Statistic = Exclude<keyof LayerReading, "dead" | "overTime">;

/** What only the rules of other tools ask for. */
type ForOthers = Extract<Statistic, "meanGradient" | "largestGradient" | "meanWeight" | "meanUpdate" | "weightVariance" | "notPositive" | "beyondFive">; // biome-ignore format: one line

/** A statistic as the sums that the graph gives, a number each, and what is made of them outside of it. */
export interface Measure {
  readonly sums: readonly Tensor[];
  finish(...sums: readonly number[]): number;
}

/** Share of |φ′|'s largest value below which a unit counts as saturated. */
const SATURATED_SHARE = 0.05;

const measures: Readonly<Record<Exclude<Statistic, ForOthers>, (inside: LayerInside) => Measure>> = {
  power: ({ after }) => average(after, squares(after)),
  mean: ({ after }) => average(after, total(after)),
  largest: ({ after }) => same(largest(after)),
  signal: ({ after, measurable: { batchAxis } }) => signalOf(after, batchAxis),
  saturated: ({ slope, steepest }) => (slope ? share(slope, less(abs(column(slope)), SATURATED_SHARE * steepest)) : known(0)),
  gate: ({ slope }) => (slope ? average(slope, squares(slope)) : known(1)),
  delta: ({ cotangent }) => lengthOf(cotangent),
  gradient: ({ weight: { gradient } }) => lengthOf(gradient),
  weight: ({ weight: { before } }) => ({ sums: [squares(before)], finish: Math.sqrt }),
  update: ({ weight: { before, after } }) => ({ sums: [squares(sub(column(after), column(before)))], finish: Math.sqrt }),
  zeroGradient: ({ weight: { gradient } }) => (gradient ? share(gradient, equal(column(gradient), 0)) : known(0)),
  nonFinite: ({ after, cotangent, weight: { gradient } }) => countNonFinite([after, cotangent, gradient]),
};

const forOthers: Readonly<Record<ForOthers, (inside: LayerInside) => Measure>> = {
  meanGradient: ({ weight: { gradient } }) => (gradient ? average(gradient, total(abs(column(gradient)))) : known(0)),
  largestGradient: ({ weight: { gradient } }) => (gradient ? same(largest(gradient)) : known(0)),
  meanWeight: ({ weight: { before } }) => average(before, total(abs(column(before)))),
  meanUpdate: ({ weight: { before, after } }) => average(before, total(abs(sub(column(after), column(before))))),
  weightVariance: ({ weight: { before } }) => average(before, squares(sub(before, mean(before)))),
  notPositive: ({ after }) => share(after, lessEqual(column(after), 0)),
  beyondFive: ({ before }) => share(before, lessEqual(5, abs(column(before)))),
};

/** Every statistic of a layer, by name. */
export const measuresOf = (inside: LayerInside, forOtherTools: boolean): readonly (readonly [name: Statistic, Measure])[] =>
  Object.entries(forOtherTools ? { ...measures, ...forOthers } : measures).map(
    ([name, measure]) => [name as Statistic, measure(inside)] as const,
  );

/** φ′(z), number by number, from the graph that makes h of z. */
export function slopeOf(before: Tensor, after: Tensor): Tensor | null {
  if (before === after) return null;
  const [slope] = pushForward([after], [before], [broadcastTo(full([], 1), before.shape)]);
  return slope ?? broadcastTo(full([], 0), after.shape);
}

/** The largest φ′² of every unit over the batch. */
export function steepestPerUnit(slope: Tensor, unitAxis: number): Tensor {
  const axes = slope.shape.map((_, axis) => axis).filter((axis) => axis !== unitAxis);
  return max(square(slope), { axes });
}

/** Σx² over axes, and the same of numbers that are 2⁶⁰ times as large: gradients of 1e-30 have a length too. */
export function squareSums(x: Tensor, axes?: readonly number[]): readonly [plain: Tensor, raised: Tensor] {
  const raised = mul(x, RAISED);
  return [sum(square(x), { axes }), sum(square(raised), { axes })];
}

/** √Σx² from the two sums: from the raised one unless it has left float32. */
export const lengthFrom = (plain: number, raised: number): number =>
  Number.isFinite(raised) ? Math.sqrt(raised) / RAISED : Math.sqrt(plain);

const RAISED = 2 ** 60;

/** All numbers below each other, so that what is made of them by one sum has one axis: a node less for each when they are joined. */
const column = (x: Tensor): Tensor => reshape(x, [-1, 1]);
const total = (x: Tensor): Tensor => sum(column(x), { axes: 0 });
const squares = (x: Tensor): Tensor => total(square(column(x)));
const largest = (x: Tensor): Tensor => max(abs(column(x)), { axes: 0 });

const known = (value: number): Measure => ({ sums: [], finish: () => value });
const same = (value: Tensor): Measure => ({ sums: [value], finish: (number) => number });
const average = ({ size }: Tensor, added: Tensor): Measure => ({ sums: [added], finish: (number) => number / size });
const share = (x: Tensor, condition: Tensor): Measure => average(x, total(cast(condition, "float32")));
const lengthOf = (x: Tensor | null): Measure =>
  x === null ? known(0) : { sums: squareSums(column(x), [0]), finish: lengthFrom };

/** √(mean variance over the batch) ÷ root mean square; 1 for a batch of one, of which it says nothing, and 0 for a signal of zeros. */
function signalOf(x: Tensor, batchAxis: number): Measure {
  if (x.shape[batchAxis] < 2) return known(1);
  const centred = sub(x, mean(x, { axes: batchAxis, keepAxes: true }));
  const finish = (spread: number, power: number): number => (power === 0 ? 0 : Math.sqrt(spread / power));
  return { sums: [squares(centred), squares(x)], finish };
}

function countNonFinite(given: readonly (Tensor | null)[]): Measure {
  const tensors = given.filter((x) => x !== null);
  const size = tensors.reduce((count, { shape }) => count + sizeOf(shape), 0);
  const finite = tensors.map((x) => total(cast(less(abs(column(x)), Number.POSITIVE_INFINITY), "float32")));
  return { sums: finite, finish: (...counts) => size - counts.reduce((sum, count) => sum + count, 0) };
}
