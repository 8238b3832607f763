import type { Kernel } from "../kernels/kernel.js";
import { choose } from "./choose.js";
import { type KernelNumbers, kernelNumbers, type Side } from "./kernel-numbers.js";
import { changesAt, difference, horner, type NumericPieces, pieceAt, pieceValue, polynomialOf, slopeOf } from "./pieces.js";
import { smoothedExponentials } from "./quadrature.js";

/**
 * How a function of pieces is made smooth. mollify: the convolution with the kernel. gate: the pieces kept as they are, and the
 * steps between them smoothed, p₀(x) + Σₖ (pₖ₊₁(x) − pₖ(x)) I₀((x − aₖ)/w): a relu becomes x I₀(x/w), as GELU and SiLU are.
 */
export type FormKind = "mollify" | "gate";

/** A smoothed function in plain float64. */
export interface NumericSmooth {
  readonly pieces: NumericPieces;
  readonly numbers: KernelNumbers;
  readonly width: number;
  readonly form: FormKind;
  /** Its derivative of an order at many points; order 0 is the function itself. */
  at(points: ArrayLike<number>, order: number): Float64Array;
}

export function numericSmooth(pieces: NumericPieces, kernel: Kernel, width: number, form: FormKind): NumericSmooth {
  const numbers = kernelNumbers(kernel);
  const own = { pieces, numbers, width, form };
  return { ...own, at: (points, order) => (form === "gate" ? gatedAt : mollifiedAt)(own, points, order) };
}

type Parts = Omit<NumericSmooth, "at">;

/** The slope of a convolution is the convolved slope, and a density at every jump that was differentiated. */
function mollifiedAt(parts: Parts, points: ArrayLike<number>, order: number): Float64Array {
  const { numbers, width } = parts;
  let sharp = parts.pieces;
  const jumps: { at: number; height: number; density: number }[] = [];
  for (let k = 0; k < order; k++) {
    for (const { at, height } of heights(sharp)) jumps.push({ at, height, density: order - k - 1 });
    sharp = slopeOf(sharp);
  }
  const result = convolved(sharp, numbers, width, points);
  for (const { at, height, density } of jumps) {
    if (height === 0) continue;
    const values = numbers.density(
      Float64Array.from(points, (x) => (x - at) / width),
      density,
    )[density];
    const scale = height / width ** (density + 1);
    for (let i = 0; i < result.length; i++) result[i] += scale * values[i];
  }
  return result;
}

const heights = ({ breaks, pieces }: NumericPieces): { at: number; height: number }[] =>
  breaks.map((at, k) => ({ at, height: pieceValue(difference(pieces[k + 1], pieces[k]), at) }));

function convolved(pieces: NumericPieces, numbers: KernelNumbers, width: number, points: ArrayLike<number>): Float64Array {
  const result = smoothedExponentials(pieces, numbers, width, points);
  const changes = changesAt(pieces);
  const shifted = pieces.pieces.map((piece) => {
    const polynomial = polynomialOf(piece);
    const added = numbers.shift(polynomial, width);
    return polynomial.map((coefficient, n) => coefficient + (added[n] ?? 0));
  });
  for (let i = 0; i < points.length; i++) {
    const x = points[i];
    let sum = horner(shifted[pieceAt(pieces.breaks, x)], x);
    changes.forEach((coefficients, k) => {
      const [side, d] = sideOf(x, pieces.breaks[k], width);
      coefficients.forEach((c, n) => {
        if (c !== 0) sum += c * width ** n * numbers.deviation(n, side, d);
      });
    });
    result[i] += sum;
  }
  return result;
}

/** On which side of a break x lies (right, at the break itself), and how many widths away. */
export const sideOf = (x: number, a: number, width: number): [side: Side, d: number] =>
  x < a ? [-1, (a - x) / width] : [1, (x - a) / width];

/** f⁽ᵏ⁾ + Σ (Δ·D₀)⁽ᵏ⁾ with Δ the change of the piece at a break, by Leibniz's rule. */
function gatedAt({ pieces, numbers, width }: Parts, points: ArrayLike<number>, order: number): Float64Array {
  const slopes = (changes: NumericPieces): NumericPieces[] => {
    const all = [changes];
    for (let k = 0; k < order; k++) all.push(slopeOf(all[k]));
    return all;
  };
  const sharp = slopes(pieces)[order];
  const result = Float64Array.from(points, (x) => pieceValue(sharp.pieces[pieceAt(sharp.breaks, x)], x));
  pieces.breaks.forEach((a, k) => {
    const change = slopes({ breaks: [], pieces: [difference(pieces.pieces[k + 1], pieces.pieces[k])] });
    const z = Float64Array.from(points, (x) => (x - a) / width);
    const densities = order > 0 ? numbers.density(z, order - 1) : [];
    for (let i = 0; i < z.length; i++) {
      const [side, d] = sideOf(points[i], a, width);
      for (let j = 0; j <= order; j++) {
        const factor = j === 0 ? numbers.deviation(0, side, d) : densities[j - 1][i] / width ** j;
        if (factor !== 0) result[i] += choose(order, j) * factor * pieceValue(change[order - j].pieces[0], points[i]);
      }
    }
  });
  return result;
}
