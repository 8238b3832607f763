import type { Tensor } from "../../ir/tensor.js";

/**
 * How the order of rows `(… n)` is smoothed with one kernel, for entries in units of its width. Everything else follows by
 * scaling. F is the kernel's distribution function.
 */
export interface OrderMethod {
  /** Σ_{j ≠ i} F(xᵢ − xⱼ), `(… n)`: how many others an entry exceeds. */
  exceeded(rows: Tensor): Tensor;
  /** The θ with Σᵢ F(xᵢ − θ) = level for every level, `(… levels)`. */
  thresholds(rows: Tensor, levels: Levels): Tensor;
}

/** How many entries are to lie above a threshold: numbers between 0 and n, both excluded. */
export type Levels =
  | { readonly kind: "few"; readonly values: readonly number[] }
  /** n − ½, n − 3/2, …, ½: one threshold per entry, ascending. */
  | { readonly kind: "each" };
