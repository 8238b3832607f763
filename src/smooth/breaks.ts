import type { Tensor } from "../ir/tensor.js";
import { div, greater, sub, type TensorLike, where } from "../ops/index.js";
import { taylor } from "./pieces/piece.js";
import type { Piece, Pieces } from "./pieces/pieces.js";
import { type Scalar, scalar, subScalars } from "./pieces/scalar.js";
import { scaled } from "./sum.js";

/** A break a seen from x. */
export interface Break {
  readonly at: Scalar;
  /** The piece right of it less the piece left of it, polynomial terms only, by rising power of x − a. */
  readonly jump: readonly Scalar[];
  /** (x − a)/width. */
  readonly z: Tensor;
}

export function breakAt(at: Scalar, jump: readonly Scalar[], x: Tensor, width: TensorLike): Break {
  const distance = at.graph === 0 ? x : sub(x, at.graph);
  return { at, jump, z: typeof width === "number" ? scaled(1 / width, distance) : div(distance, width) };
}

export const breaksOf = ({ breaks, pieces }: Pieces, x: Tensor, width: TensorLike): Break[] =>
  breaks.map((at, k) => breakAt(at, polynomialDifferences(pieces[k], pieces[k + 1], at), x, width));

export function polynomialDifferences(left: Piece, right: Piece, at: Scalar): Scalar[] {
  const [before, after] = [polynomialPart(left), polynomialPart(right)].map((piece) => taylor(piece, at));
  const zero = scalar(0);
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, n) => subScalars(after[n] ?? zero, before[n] ?? zero));
}

export const polynomialPart = (piece: Piece): Piece => piece.filter(({ rate }) => rate === null);

/**
 * The one of several values that belongs to the piece at x; a break belongs to the left. It is asked of z, as the corrections are: the
 * two must never disagree about the side. Null stands for 0.
 */
export function chooseLocal(local: readonly (Tensor | null)[], breaks: readonly Break[]): Tensor | null {
  return breaks.reduce<Tensor | null>((value, { z }, k) => {
    const next = local[k + 1];
    return value === null && next === null ? null : where(greater(z, 0), next ?? 0, value ?? 0);
  }, local[0]);
}
