import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor } from "../ops/create.js";
import { mul, type TensorLike } from "../ops/index.js";
import { step } from "../ops/piecewise.js";
import { type Break, breaksOf, chooseLocal } from "./breaks.js";
import type { Kernel } from "./kernels/kernel.js";
import { isPolynomial } from "./pieces/piece.js";
import type { Piece, Pieces } from "./pieces/pieces.js";
import type { Scalar } from "./pieces/scalar.js";
import { scaled, times, total, widthPower } from "./sum.js";

/**
 * A function of pieces with the steps between its pieces smoothed, and the pieces themselves left as they are:
 *
 *     f_w(x) = p₀(x) + Σₖ (pₖ₊₁(x) − pₖ(x)) · I₀((x − aₖ)/w)
 *
 * so x·[x > 0] becomes x·I₀(x/w): SiLU by the logistic kernel, GELU by the Gaussian one. What is added to the sharp function dies
 * out away from the breaks.
 */
export function gatePieces({ breaks: stops, pieces }: Pieces, kernel: Kernel, x: Tensor, width: TensorLike): Tensor {
  if (!pieces.every(isPolynomial)) {
    throw fault("gate", "a piece with an exponential has no gated form", { fix: "take mollify" });
  }
  const breaks = breaksOf({ breaks: stops, pieces }, x, width);
  const [first] = breaks;
  if (breaks.length === 1 && pieces[0].length === 0) {
    return total(first.jump.map((factor, n) => gatedPower(factor, n, first, kernel, width))) ?? asTensor(0);
  }
  const local = chooseLocal(pieces.map((piece) => polynomialAt(piece, x)), breaks); // biome-ignore format: one line
  const corrections = breaks.map(({ jump, z }) => {
    const difference = total(jump.map((factor, n) => powerOf(factor, n, z, width)));
    return difference === null ? null : mul(difference, kernel.deviation(0, z));
  });
  return total([local, ...corrections]) ?? asTensor(0);
}

/** A polynomial at x; null for 0. */
function polynomialAt(piece: Piece, x: Tensor): Tensor | null {
  return total(
    piece.map(({ coefficient, power }) =>
      power === 0 ? asTensor(coefficient.graph) : scaled(coefficient.graph, wholePower(x, power)),
    ),
  );
}

/** c·(x − a)ⁿ·I₀(z), with x − a = w·z. */
function gatedPower(factor: Scalar, n: number, { z }: Break, kernel: Kernel, width: TensorLike): Tensor | null {
  if (factor.graph === 0) return null;
  const outer = times(factor, widthPower(width, n));
  if (n === 0) return scaled(outer, kernel.integral(0, z));
  const gate = kernel.gate(z);
  return scaled(outer, n === 1 ? gate : mul(gate, wholePower(z, n - 1)));
}

const powerOf = (factor: Scalar, n: number, z: Tensor, width: TensorLike): Tensor | null =>
  factor.graph === 0 ? null : scaled(times(factor, widthPower(width, n)), wholePower(z, n));

function wholePower(z: Tensor, n: number): Tensor {
  if (n === 0) return step(z, { at: 0, below: 1, above: 1 });
  return n === 1 ? z : mul(z, wholePower(z, n - 1));
}
