import { withSlope } from "../activations/slope.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor } from "../ops/create.js";
import { div, mul, type TensorLike } from "../ops/index.js";
import { type Break, breakAt, breaksOf, chooseLocal } from "./breaks.js";
import { anchorExponentials, convolveExponentials } from "./convolve-exponentials.js";
import { type Kernel, ORDERS } from "./kernels/kernel.js";
import { numericPieces } from "./numeric-pieces.js";
import { degreeOf, isPolynomial, slopeOf, valueAt } from "./pieces/piece.js";
import type { Piece, Pieces } from "./pieces/pieces.js";
import { scalar } from "./pieces/scalar.js";
import { Divergence, NoClosedForm } from "./refusals.js";
import { scaled, times, total, widthPower } from "./sum.js";

/**
 * The exact convolution of a function of pieces with a kernel of some width:
 *
 *     f_w(x) = f̃(x) + Σₖ Σₙ cₖₙ wⁿ Dₙ((x − aₖ)/w)
 *
 * where f̃ is the piece at x with every power xⁿ replaced by wⁿMₙ(x/w), and cₖₙ are the Taylor coefficients at the break aₖ of
 * the piece right of it less the piece left of it. Far from the breaks the sum is tiny and f̃ exact, so nothing cancels for large x;
 * that is why truncated powers themselves are not added up. Pieces with exponentials: {@link convolveExponentials}.
 */
export function convolvePieces(pieces: Pieces, kernel: Kernel, x: Tensor, width: TensorLike): Tensor {
  requireConvergence(pieces, kernel);
  const numeric = numericPieces(pieces, kernel, width);
  if (numeric !== null && !(width === 1 && hasOwnOperation(pieces, kernel))) return kernel.pieces(x, numeric);
  if (pieces.pieces.every(isPolynomial)) return convolvePolynomials(pieces, kernel, x, width) ?? asTensor(0);
  const smoothed = (at: Tensor): Tensor => convolveMixed(pieces, kernel, at, width);
  const plain = isPlain(pieces) && typeof width === "number";
  // In plain numbers the slope is that of the pieces, and what jumps: differentiated, the parts at a break would cancel.
  return plain ? withSlope(smoothed, (at) => slopeOfConvolution(pieces, kernel, at, width))(x) : smoothed(x);
}

function convolvePolynomials(pieces: Pieces, kernel: Kernel, x: Tensor, width: TensorLike): Tensor | null {
  const breaks = breaksOf(pieces, x, width);
  return directForm(pieces.pieces, breaks, kernel, x, width) ?? localForm(pieces.pieces, breaks, kernel, x, width);
}

function convolveMixed(pieces: Pieces, kernel: Kernel, x: Tensor, width: TensorLike): Tensor {
  const { polynomials, terms } = anchorExponentials(pieces, kernel);
  const rest = { breaks: pieces.breaks, pieces: polynomials };
  const smoothed = polynomials.every((piece) => piece.length === 0) ? null : convolvePieces(rest, kernel, x, width);
  const breaks = breaksOf(rest, x, width);
  const grown = convolveExponentials(pieces, breaks, kernel, breakAt(scalar(0), [], x, width), width, terms);
  return total([smoothed, grown]) ?? asTensor(0);
}

/** Whether nothing in it is learned. */
function isPlain({ breaks, pieces }: Pieces): boolean {
  const factors = pieces.flat().flatMap(({ coefficient, rate }) => (rate === null ? [coefficient] : [coefficient, rate]));
  return [...breaks, ...factors].every(({ graph }) => typeof graph === "number");
}

/** The slopes of the pieces convolved, and a density where they do not meet. */
function slopeOfConvolution({ breaks, pieces }: Pieces, kernel: Kernel, x: Tensor, width: number): Tensor {
  const densities = breaks.map((at, k) => {
    const [left, right] = [valueAt(pieces[k], at.at), valueAt(pieces[k + 1], at.at)];
    const jump = right - left;
    if (Math.abs(jump) <= 8 * Number.EPSILON * Math.max(Math.abs(left), Math.abs(right))) return null;
    return mul(kernel.density(breakAt(at, [], x, width).z), jump / width);
  });
  const slopes = convolvePieces({ breaks, pieces: pieces.map(slopeOf) }, kernel, x, width);
  return total([slopes, ...densities]) as Tensor;
}

/** Whether it is one truncated power, for which the library has an operation: a relu by the logistic kernel is softplus. */
function hasOwnOperation({ breaks, pieces }: Pieces, kernel: Kernel): boolean {
  if (breaks.length !== 1 || !kernel.even) return false;
  const [left, right] = pieces;
  const shown = left.length === 0 ? right : right.length === 0 ? left : [];
  return shown.length === 1 && Boolean(kernel.record.direct?.[shown[0].power]) && (shown[0].power === 0 || breaks[0].graph === 0);
}

/**
 * One break, and nothing left of it (or nothing right of it): the truncated power on the other side alone, for which the library
 * has operations of its own. Null where this is not the case.
 */
function directForm(
  pieces: readonly Piece[],
  breaks: readonly Break[],
  kernel: Kernel,
  x: Tensor,
  width: TensorLike,
): Tensor | null {
  if (breaks.length !== 1 || !kernel.even) return null;
  const [{ jump, z }] = breaks;
  const orders = jump.flatMap(({ graph }, n) => (graph === 0 ? [] : [n]));
  if (orders.some((n) => !kernel.record.direct?.[n])) return null;
  const [left, right] = pieces;
  // With pieces on both sides the sum must not cancel: the left one must not outgrow what is left on the right.
  if (right.length === 0) {
    return total(orders.map((n) => scaled(times(jump[n], mirroredPower(width, n)), kernel.integral(n, mul(z, -1)))));
  }
  if (left.length > 0 && !outgrows(right, left)) return null;
  const ramps = orders.map((n) => scaled(times(jump[n], widthPower(width, n)), kernel.integral(n, z)));
  return total([shifted(left, kernel, x, width), ...ramps]);
}

/** Whether the piece on the right is at least as large, far out, as the one on the left that it is added to. */
function outgrows(right: Piece, left: Piece): boolean {
  const [degree, other] = [degreeOf(right), degreeOf(left)];
  const leading = (piece: Piece): number => Math.abs(piece.find(({ power }) => power === degree)?.coefficient.at ?? 0);
  return degree > other || (degree === other && leading(right) >= leading(left));
}

/** −(−w)ⁿ: the sharp power of order n left of its break is −(−1)ⁿ times that of the mirrored distance. */
const mirroredPower = (width: TensorLike, n: number): TensorLike => {
  const power = widthPower(width, n);
  return n % 2 === 1 ? power : typeof power === "number" ? -power : mul(power, -1);
};

function localForm(
  pieces: readonly Piece[],
  breaks: readonly Break[],
  kernel: Kernel,
  x: Tensor,
  width: TensorLike,
): Tensor | null {
  const local = chooseLocal(pieces.map((piece) => shifted(piece, kernel, x, width)), breaks); // biome-ignore format: one line
  const corrections = breaks.flatMap(({ jump, z }) =>
    jump.map((factor, n) => (factor.graph === 0 ? null : scaled(times(factor, widthPower(width, n)), kernel.deviation(n, z)))),
  );
  return total([local, ...corrections]);
}

/** A polynomial convolved with the kernel: every power replaced by its mean over the kernel. Null for 0. */
function shifted(piece: Piece, kernel: Kernel, x: Tensor, width: TensorLike): Tensor | null {
  return total(
    piece.map(({ coefficient, power }) => {
      if (power === 0) return asTensor(coefficient.graph);
      if (power === 1 && kernel.mean === 0) return scaled(coefficient.graph, x);
      return scaled(times(coefficient, widthPower(width, power)), kernel.power(power, div(x, width)));
    }),
  );
}

function requireConvergence({ pieces }: Pieces, kernel: Kernel): void {
  const degree = Math.max(...pieces.map(degreeOf));
  if (degree >= ORDERS.length) {
    throw new NoClosedForm("mollify", "a piece is of too high a degree for a closed form", {
      expected: `degree ${ORDERS.length - 1} at most`,
      got: `degree ${degree}`,
      fix: 'smooth it by quadrature: { method: "quadrature" }',
    });
  }
  const growth = Math.max(...[pieces[0], pieces[pieces.length - 1]].map((piece) => (isPolynomial(piece) ? degreeOf(piece) : 0)));
  if (growth < kernel.record.momentsBelow) return;
  throw new Divergence(`mollify (${kernel.name})`, "the convolution diverges: the function outgrows the tails of the kernel", {
    expected: `a function that grows more slowly than |x|^${kernel.record.momentsBelow}`,
    got: `a function that grows like |x|^${growth}`,
    fix: "take a kernel with lighter tails (gaussian, logistic, t5), a bounded function, or gate",
  });
}
