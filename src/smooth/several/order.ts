import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, div, flip, mul, neg, type TensorLike } from "../../ops/index.js";
import type { Kernel } from "../kernels/kernel.js";
import { laplace } from "../kernels/laplace.js";
import { kernelOrder } from "./kernel-order.js";
import { laplaceOrder } from "./laplace-order.js";
import type { Levels, OrderMethod } from "./order-method.js";
import { held, type Rows, rowsOver, widthOf } from "./rows.js";

/** Kernels with a faster way than to compare every entry with every other. */
const methods: ReadonlyMap<Kernel, OrderMethod> = new Map([[laplace, laplaceOrder]]);

export interface OrderOptions {
  /** How far apart two entries must be to count as different, in units of x: a number greater than 0, or a tensor to be trained. */
  readonly width: TensorLike;
  /** What smooths the comparison: {@link laplace} (default) takes O(n log n) by a sort, any other kernel O(n²). */
  readonly kernel?: Kernel;
  /** The axis whose entries are ordered; default the last. */
  readonly axis?: number;
}

/** The rows along the axis as the methods take them. */
export interface Prepared extends Rows {
  /** Rows in units of the width. Held to ±1e30 of them, so that no distance is ∞ − ∞. */
  readonly scaled: Tensor;
  readonly width: Tensor;
  readonly kernel: Kernel;
  readonly method: OrderMethod;
}

export function prepare(name: string, x: TensorLike, { width, kernel = laplace, axis = -1 }: OrderOptions): Prepared {
  const rows = rowsOver(name, x, { axes: axis });
  const one = widthOf(name, width);
  const method = methods.get(kernel) ?? kernelOrder(kernel);
  return { ...rows, scaled: held(div(held(rows.rows), one)), width: one, kernel, method };
}

/**
 * Soft ranks along an axis, rᵢ = 1 + Σ_{j ≠ i} F((xᵢ − xⱼ)/w): from 1 for the smallest to n for the largest, or the other way
 * round (`descending`). It is the convolution of the rank, a sum of pairwise steps, with the kernel. Ranks of an even kernel
 * add up to n(n + 1)/2; tied entries share the mean of theirs.
 */
export function softRank(x: TensorLike, { descending = false, ...options }: OrderOptions & { descending?: boolean }): Tensor {
  const { scaled, method, restored } = prepare("softRank", descending ? neg(x) : x, options);
  return restored(add(method.exceeded(scaled), 1));
}

/** One threshold for every row, in the units of x. */
export const threshold = ({ method, scaled, width }: Prepared, levels: Levels): Tensor =>
  mul(method.thresholds(scaled, levels), width);

/**
 * Soft order statistics along an axis, ascending unless told: the k-th smallest is the θ above which n − k + ½ entries lie,
 * counted by Σ F((xᵢ − θ)/w). Sharp as the width goes to 0, strictly between neighbours otherwise.
 */
export function softSort(x: TensorLike, { descending = false, ...options }: OrderOptions & { descending?: boolean }): Tensor {
  const prepared = prepare("softSort", x, options);
  const ascending = threshold(prepared, { kind: "each" });
  return prepared.restored(descending ? flip(ascending, -1) : ascending);
}

/**
 * The soft q-quantile along an axis, which is dropped: the θ above which n − ½ − (n − 1)q entries lie. The smallest entry of
 * {@link softSort} for q = 0, the largest for q = 1, {@link softMedian} for ½. Several q make a last axis.
 */
export function softQuantile(x: TensorLike, q: number | readonly number[], options: OrderOptions): Tensor {
  const prepared = prepare("softQuantile", x, options);
  const shares = typeof q === "number" ? [q] : q;
  const wrong = shares.find((share) => !(share >= 0 && share <= 1));
  if (wrong !== undefined || shares.length === 0) {
    throw fault("softQuantile", "a quantile is not a share", { expected: "numbers from 0 to 1", got: String(wrong ?? "none") });
  }
  const { count, reduced } = prepared;
  const found = threshold(prepared, { kind: "few", values: shares.map((share) => count - 0.5 - (count - 1) * share) });
  return typeof q === "number" ? reduced(found) : found;
}

/** The soft median along an axis, which is dropped: as much lies above it as below. */
export const softMedian = (x: TensorLike, options: OrderOptions): Tensor => softQuantile(x, 0.5, options);
