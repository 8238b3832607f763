import type { Smoothness } from "../../activations/index.js";
import { grad } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";
import { stopGradient } from "../../ops/identity.js";
import { abs, add, cast, div, equal, less, neg, type ReduceOptions, sum, type TensorLike, where } from "../../ops/index.js";
import { below, largestOf, ROW, rowsOver, widthOf } from "./rows.js";

/** By how much a smooth maximum may miss the maximum: max − below ≤ value ≤ max + above. */
export interface Bounds {
  readonly below: number;
  readonly above: number;
}

/** What is true of a smooth maximum. Tests check every one. */
export interface MaximumFacts {
  /** Whether it lies below its chords. */
  readonly convex: boolean;
  /** Whether a larger entry never makes it smaller: weights ≥ 0. */
  readonly monotone: boolean;
  /** What the weights, its gradient, add up to: 1 exactly where adding c to all entries adds c to it. Null when not fixed. */
  readonly weightSum: 1 | null;
  /** Whether the order of the entries does not matter. */
  readonly symmetric: boolean;
  /** Whether m(m(a, b), c) = m(a, b, c). */
  readonly associative: boolean;
  /** Whether entries far below the largest have weight exactly 0. */
  readonly sparse: boolean;
  readonly smoothness: Smoothness;
}

/** A smooth maximum as data. */
export interface SmoothMaximumRecord {
  readonly name: string;
  readonly title: string;
  /** The value as TeX: entries x_i, width τ. */
  readonly tex: string;
  readonly source: string;
  readonly doc: string;
  /** What it yields, from rows `(… n)` that are shifted so that their largest entry is 0 (`rise`), or as they are (`whole`). */
  readonly value: Rise | Whole;
  /** For `count` entries of which the largest is `largest`. */
  bounds(count: number, width: number, largest: number): Bounds;
  readonly facts: MaximumFacts;
}

interface Rise {
  readonly kind: "rise";
  /** The value `(… 1)`, which moves with the entries. */
  of(rows: Tensor, width: Tensor): Tensor;
  /** Its gradient `(… n)`; found by differentiation when left out. */
  weights?(rows: Tensor, width: Tensor): Tensor;
}

interface Whole {
  readonly kind: "whole";
  maximum(rows: Tensor, width: Tensor): Tensor;
  minimum(rows: Tensor, width: Tensor): Tensor;
}

export interface SmoothMaximumOptions extends ReduceOptions {
  /** How far it smooths, in units of x unless the record says otherwise: a number greater than 0, or a tensor to be trained. */
  readonly width: TensorLike;
}

/** `logSumExp(x, { width, axes })`, with its record's fields and what follows from it. */
export interface SmoothMaximum extends SmoothMaximumRecord {
  (x: TensorLike, options: SmoothMaximumOptions): Tensor;
  /** The smooth minimum that belongs to it: −maximum(−x) unless the record knows better. */
  minimum(x: TensorLike, options: SmoothMaximumOptions): Tensor;
  /** Its gradient, in the shape of x: a soft one-hot of the largest entry. */
  weights(x: TensorLike, options: Omit<SmoothMaximumOptions, "keepAxes">): Tensor;
}

const INFINITE = Number.POSITIVE_INFINITY;
type OfRows = (rows: Tensor, width: Tensor) => Tensor;

/**
 * Makes the function of a record. Whatever the record, entries of −∞ do not count among others, a row with ∞ has the maximum ∞,
 * and NaN stays NaN.
 */
export function smoothMaximum(record: SmoothMaximumRecord): SmoothMaximum {
  const { name, value, ...fields } = record;
  const maximum: OfRows = value.kind === "rise" ? shifted(value) : value.maximum;
  const minimum: OfRows = value.kind === "rise" ? (rows, width) => neg(maximum(neg(rows), width)) : value.minimum;
  const weights: OfRows = value.kind === "rise" ? weightsOf(value) : slopeOf(value.maximum);
  const reducing =
    (f: OfRows) =>
    (x: TensorLike, options: SmoothMaximumOptions): Tensor => {
      const { rows, reduced } = rowsOver(name, x, options);
      return reduced(f(rows, widthOf(name, options.width)));
    };
  return Object.assign(Object.defineProperty(reducing(maximum), "name", { value: name }), fields, {
    value,
    minimum: reducing(minimum),
    weights: (x: TensorLike, { width, axes }: Omit<SmoothMaximumOptions, "keepAxes">): Tensor => {
      const { rows, restored } = rowsOver(name, x, { axes });
      return restored(weights(rows, widthOf(name, width)));
    },
  }) as SmoothMaximum;
}

/** The value of rows that have a finite largest entry; the largest entry of others. */
const shifted =
  ({ of }: Rise): OfRows =>
  (rows, width) => {
    const largest = largestOf(rows);
    const finite = less(abs(largest), INFINITE);
    // A constant: what is added for it is taken off the entries, so its slope is 0 whatever it is.
    const shift = stopGradient(where(finite, largest, 0));
    const value = of(where(finite, below(rows, shift), 0), width);
    return where(finite, add(value, shift), largest);
  };

const slopeOf = (f: OfRows): OfRows => {
  const slope = grad((rows: Tensor, width: Tensor) => sum(f(rows, width)));
  return (rows, width) => slope(rows, width);
};

const weightsOf = (rise: Rise): OfRows => {
  const slope = rise.weights ?? slopeOf(rise.of);
  return (rows, width) => {
    const largest = largestOf(rows);
    const finite = less(abs(largest), INFINITE);
    const attained = cast(equal(rows, largest), "float32");
    const shared = div(attained, sum(attained, ROW));
    return where(finite, slope(where(finite, below(rows, stopGradient(largest)), 0), width), shared);
  };
};
