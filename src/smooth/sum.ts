import type { Tensor } from "../ir/tensor.js";
import { add, mul, type TensorLike } from "../ops/index.js";
import type { Scalar } from "./pieces/scalar.js";

/** A product that costs nothing where a factor is 1. */
export const scaled = (factor: TensorLike, x: Tensor): Tensor => (factor === 1 ? x : mul(x, factor));

/** The sum of what is there; null when nothing is. */
export function total(terms: readonly (Tensor | null)[]): Tensor | null {
  return terms.reduce((sum, term) => (sum === null ? term : term === null ? sum : add(sum, term)), null);
}

/** widthⁿ. */
export function widthPower(width: TensorLike, n: number): TensorLike {
  if (typeof width === "number") return width ** n;
  if (n === 0) return 1;
  return n === 1 ? width : mul(width, widthPower(width, n - 1));
}

/** A factor of a piece times a power of the width. */
export const times = (factor: Scalar, power: TensorLike): TensorLike =>
  typeof factor.graph === "number" && typeof power === "number"
    ? factor.graph * power
    : power === 1
      ? factor.graph
      : mul(factor.graph, power);
