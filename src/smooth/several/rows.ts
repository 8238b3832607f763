import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor } from "../../ops/create.js";
import { floatOnly, requireDtype, resolveAxes } from "../../ops/define.js";
import { greater, less, max, permute, type ReduceOptions, reshape, slice, sub, type TensorLike, where } from "../../ops/index.js";
import { keptShape } from "../../ops/reduce.js";

/** Reductions over the last axis that keep it. */
export const ROW = { axes: -1, keepAxes: true } as const;

/** Farther from the largest entry than this nothing counts as a number of its own: −∞ is held here, so that no ∞ − ∞ arises. */
const FAR = 1e30;

/** A tensor seen as rows `(… n)`: some of its axes laid end to end as the last one. */
export interface Rows {
  readonly rows: Tensor;
  readonly count: number;
  /** One number per row `(… 1)` as the reduction of the tensor over those axes. */
  reduced(perRow: Tensor): Tensor;
  /** Rows of n numbers in the shape of the tensor. */
  restored(rows: Tensor): Tensor;
}

/** The rows over the named axes (all when left out) of real numbers; a fault when they hold nothing. */
export function rowsOver(name: string, x: TensorLike, { axes, keepAxes = false }: ReduceOptions): Rows {
  const source = asTensor(x);
  requireDtype(name, source.dtype, floatOnly);
  const over = resolveAxes(name, axes, source.rank);
  const others = source.shape.map((_, axis) => axis).filter((axis) => !over.includes(axis));
  const order = [...others, ...over];
  const outer = others.map((axis) => source.shape[axis]);
  const count = over.reduce((product, axis) => product * source.shape[axis], 1);
  if (count === 0) {
    throw fault(name, "there is nothing to choose from", { expected: "at least one", got: `(${source.shape.join(" ")})` });
  }
  return {
    rows: reshape(permute(source, order), [...outer, count]),
    count,
    reduced: (perRow) => reshape(perRow, keepAxes ? keptShape(source.shape, over) : outer),
    restored: (rows) => {
      const permuted = order.map((axis) => source.shape[axis]);
      const back = order.map((_, axis) => order.indexOf(axis));
      return permute(reshape(rows, permuted), back);
    },
  };
}

/**
 * A width as one number of the graph: a positive number, or a tensor of no axes, which may be trained and for which the
 * caller answers.
 */
export function widthOf(name: string, width: TensorLike): Tensor {
  if (typeof width === "number" && !(width > 0 && width < Infinity)) {
    throw fault(name, "the width is not a positive number", { expected: "a number greater than 0", got: String(width) });
  }
  const given = asTensor(width);
  requireDtype(name, given.dtype, floatOnly);
  if (given.rank === 0) return given;
  throw fault(name, "the width is not one number", { expected: "()", got: `(${given.shape.join(" ")})` });
}

/** Rows less their largest entry, `held` so that no entry is infinitely far. */
export const below = (rows: Tensor, largest: Tensor): Tensor => {
  const shifted = sub(rows, largest);
  return where(less(shifted, -FAR), -FAR, shifted);
};

/** Numbers held to ±1e30; NaN stays. */
export const held = (x: Tensor): Tensor => where(less(x, -FAR), -FAR, where(greater(x, FAR), FAR, x));

/** The largest of each row. */
export const largestOf = (rows: Tensor): Tensor => max(rows, ROW);

/** Entries `start` to `end` of every row. */
export const lastAxis = (rows: Tensor, start: number, end: number): Tensor =>
  slice(rows, ...rows.shape.slice(1).map(() => null), [start, end]);
