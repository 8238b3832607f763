import type { Kernel } from "../kernels/kernel.js";
import { isPolynomial, numbersOf, pieceAt, pieceValue } from "../numeric/pieces.js";
import { gaussLegendre } from "../numeric/quadrature.js";
import { type FormKind, type NumericSmooth, numericSmooth } from "../numeric/smooth.js";
import type { Pieces } from "../pieces/pieces.js";
import { certify } from "./certify.js";
import { requireConvergent, requireWidth } from "./require.js";
import { extremesOf, pointsFor } from "./scan.js";
import { limitsOf, lingers } from "./tails.js";

/** How far a smoothed function f_w lies from the function f that it was made of. */
export interface SmoothingError {
  /** sup |f_w − f|; ∞ where the distance grows. */
  readonly sup: number;
  /** Where it is attained, or approached: beside a jump, or toward ±∞. */
  readonly at: number;
  /** ∫ |f_w − f|; ∞ where it does not exist. */
  readonly l1: number;
  /**
   * bound: no |f_w − f| is larger, but for rounding, and the numbers are exact for one break and to a hundred-thousandth for several.
   * measured: the largest that a search found, for pieces with exponentials, for kernels that change their sign, and for gates whose
   * deviation does not die out.
   */
  readonly kind: "bound" | "measured";
}

/**
 * The error of smoothing. For one break it is what the theory says: a kink of change κ gives κ·w·½E|U| at the kink and ½κw²E U² in
 * all; a jump of height J gives J/2, however small the width, and J·w·E|U| in all.
 */
export function errorOf(pieces: Pieces, kernel: Kernel, width: number, form: FormKind = "mollify"): SmoothingError {
  const numeric = numbersOf(pieces);
  requireConvergent("errorOf", numeric, kernel, form);
  return errorOfSmooth(numericSmooth(numeric, kernel, requireWidth("errorOf", width), form));
}

export function errorOfSmooth(smooth: NumericSmooth): SmoothingError {
  const { kernel } = smooth.numbers;
  if (kernel.record.positive && isPolynomial(smooth.pieces) && !lingers(smooth)) return { ...certify(smooth), kind: "bound" };
  return { ...measured(smooth), kind: "measured" };
}

function measured(smooth: NumericSmooth): Omit<SmoothingError, "kind"> {
  const { pieces } = smooth;
  const away = (points: Float64Array): Float64Array => {
    const values = smooth.at(points, 0);
    return values.map((value, i) => Math.abs(value - pieceValue(pieces.pieces[pieceAt(pieces.breaks, points[i])], points[i])));
  };
  const points = pointsFor(smooth);
  const { high } = extremesOf(away, points);
  const limits = limitsOf(smooth).map(({ deviation }) => Math.abs(deviation));
  const [left, right] = limits;
  const l1 = Math.max(...limits) > 0 ? Infinity : integral(away, points);
  if (Math.max(left, right) > high.value) return { sup: Math.max(left, right), at: left > right ? -Infinity : Infinity, l1 };
  return { sup: high.value, at: high.at, l1 };
}

/** By eight-point Gauss–Legendre quadrature between neighbouring points. */
function integral(f: (points: Float64Array) => Float64Array, points: Float64Array): number {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 1; i < points.length; i++) {
    const [middle, half] = [(points[i - 1] + points[i]) / 2, (points[i] - points[i - 1]) / 2];
    for (const [node, weight] of LEGENDRE)
      for (const t of [-node, node]) {
        nodes.push(middle + half * t);
        weights.push(weight * half);
      }
  }
  const values = f(Float64Array.from(nodes));
  return weights.reduce((sum, weight, i) => sum + weight * values[i], 0);
}

const LEGENDRE = gaussLegendre(4);
