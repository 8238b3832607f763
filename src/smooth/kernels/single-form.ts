import type { Emitter } from "../../ir/emitter.js";
import { emitPolynomial, emitScaled } from "./emit.js";
import type { PlainPieces } from "./pieces-operation.js";

/**
 * How a kernel smooths a function of pieces in float32, where it knows better than to add up its deviations: in as few operators as it
 * takes to be right at the scale of the function. Null where it does not know.
 */
export type SingleForm = (onnx: Emitter, x: string, pieces: PlainPieces) => string | null;

/** The form's nodes; what cannot fall below 0 is kept from it. */
export function emitSingle(onnx: Emitter, form: SingleForm, x: string, pieces: PlainPieces): string | null {
  if (pieces.breaks.length === 0 || !isSmallAtZero(pieces)) return null;
  const total = form(onnx, x, pieces);
  return total !== null && isNeverNegative(pieces) ? onnx.op("Relu", [total]) : total;
}

/** By how much a rounding of 1 may be multiplied, in units of what the function is worth. */
export const HEADROOM = 16;

/** Whether what is added up at 0 is small beside the function there: it is to be right in units of the width, or of x. */
function isSmallAtZero({ width, breaks, smoothed, jumps, order }: PlainPieces): boolean {
  if (order > 0) return true;
  const size = jumps.flatMap((jump, k) => jump.map((c, n) => Math.abs(c * breaks[k] ** n))).reduce((a, b) => a + b, 0);
  const here = smoothed[breaks.findLastIndex((at) => at <= 0) + 1][0] ?? 0;
  return size <= HEADROOM * Math.max(width, Math.abs(here)) || breaks.every((at) => at === 0);
}

/** What the function is worth at a break, on the side where it is less: float32 is to be right in units of it. */
export function scaleAt({ width, breaks, smoothed, order }: PlainPieces, k: number): number {
  const [left, right] = [smoothed[k], smoothed[k + 1]].map((piece) => piece.reduce((sum, c, n) => sum + c * breaks[k] ** n, 0));
  const own = order === 0 ? Math.max(width, Math.min(1, Math.abs(breaks[k]))) : 1;
  return Math.max(own, Math.min(Math.abs(left), Math.abs(right)));
}

/** Sums of smoothed truncated powers, break by break. */
export interface BreakByBreak {
  /** |z| from which every deviation is below half a unit in the last place of 1. */
  readonly reach: number;
  /** Σₖ Σₙ cₖₙ wⁿ Iₙ(zₖ), right to the rounding of its largest term; null for orders that it does not know. */
  sum(onnx: Emitter, terms: readonly SingleTerm[]): string | null;
}

/** A break, seen from x. */
export interface SingleTerm {
  /** cₙ, by order, of sharp powers of the distance: what is summed is cₙwⁿIₙ(z). */
  readonly coefficients: readonly number[];
  /** scale·z, where it may be infinite. */
  z(scale: number): string;
  /** x − a. */
  readonly distance: string;
  /** The width, of which z = distance/width. */
  readonly width: number;
}

/**
 * The piece on the far left and the truncated powers that each break adds, with x held to where the kernel reaches the breaks: beyond,
 * f_w is a straight line, and adding up powers of a large x would cancel. Null where the outer pieces are no lines.
 */
export function emitBreakByBreak(onnx: Emitter, form: BreakByBreak, x: string, pieces: PlainPieces): string | null {
  const { width, breaks, smoothed, jumps } = pieces;
  const free = breaks.length === 1 && outgrows(smoothed[1], smoothed[0]) && outgrows(smoothed[1], jumps[0]);
  const ends = [smoothed[0], smoothed[breaks.length]];
  if (!free && ends.some((piece) => degreeOf(piece) > 1)) return null;
  const [low, high] = [breaks[0] - form.reach * width, breaks[breaks.length - 1] + form.reach * width];
  // On the far right the powers of all breaks are added up to one line.
  const size = jumps.flatMap((jump, k) => jump.map((c, n) => Math.abs(c) * (high - breaks[k]) ** n)).reduce((a, b) => a + b, 0);
  if (!free && size > HEADROOM * scaleAt(pieces, breaks.length - 1)) return null;
  // A large x would meet a tail that is 0.
  const held = onnx.op("Clip", [x, onnx.scalar(low), onnx.scalar(free ? Infinity : high)]);
  const terms = breaks.map((at, k): SingleTerm => {
    // First the difference, which is exact near the break.
    const distance = at === 0 ? held : onnx.op("Sub", [held, onnx.scalar(at)]);
    return { coefficients: jumps[k], distance, width, z: (scale) => emitScaled(onnx, distance, scale / width) };
  });
  const sum = form.sum(onnx, terms);
  if (sum === null) return null;
  const base = emitPolynomial(onnx, free ? x : held, smoothed[0]);
  return emitTotal(onnx, [base, sum, ...(free ? [] : emitBeyond(onnx, x, held, low, high, ends))]);
}

/** The sum of what there is. */
export const emitTotal = (onnx: Emitter, parts: readonly (string | null)[]): string | null =>
  parts.reduce<string | null>((a, b) => (a === null ? b : b === null ? a : onnx.op("Add", [a, b])), null);

/** The same and a constant, which takes the shape of x, and its NaNs, where there is nothing else. */
export function emitSum(onnx: Emitter, x: string, parts: readonly (string | null)[], offset: number): string {
  const total = emitTotal(onnx, parts) ?? onnx.op("Mul", [x, onnx.scalar(0)]);
  return offset === 0 ? total : onnx.op("Add", [total, onnx.scalar(offset)]);
}

/** Whether the sharp function is lines that stay above 0, as far as can be seen from the smoothed ones: then so is what is smoothed. */
function isNeverNegative({ breaks, smoothed, jumps }: PlainPieces): boolean {
  if (smoothed.some((piece) => degreeOf(piece) > 1)) return false;
  if (breaks.length === 1 && smoothed[0].length > 0 && smoothed[1].length > 0) return false;
  const line = ([c0 = 0, c1 = 0]: readonly number[], x: number): number => c0 + c1 * x;
  const ends = breaks.flatMap((at, k) => [line(smoothed[k], at), line(smoothed[k + 1], at)]);
  const [left, right] = [smoothed[0][1] ?? 0, smoothed[breaks.length][1] ?? 0];
  return left <= 0 && right >= 0 && ends.every((value) => value >= -1e-12) && jumps.length > 0;
}

/** What the straight lines beyond the ends add. */
function emitBeyond(
  onnx: Emitter,
  x: string,
  held: string,
  low: number,
  high: number,
  ends: readonly (readonly number[])[],
): (string | null)[] {
  const [left, right] = ends.map((piece) => piece[1] ?? 0);
  if (left === right) return [left === 0 ? null : emitScaled(onnx, onnx.op("Sub", [x, held]), left)];
  const above = (): string => onnx.op("Relu", [onnx.op("Sub", [x, onnx.scalar(high)])]);
  const below = (): string => onnx.op("Clip", [onnx.op("Sub", [x, onnx.scalar(low)]), onnx.scalar(-Infinity), onnx.scalar(0)]);
  return [right === 0 ? null : emitScaled(onnx, above(), right), left === 0 ? null : emitScaled(onnx, below(), left)];
}

export const degreeOf = (piece: readonly number[]): number => piece.findLastIndex((value) => value !== 0);

/** Whether the piece on the right is at least as large, far out, as the one on the left that it is added to. */
function outgrows(right: readonly number[], left: readonly number[]): boolean {
  const [degree, other] = [degreeOf(right), degreeOf(left)];
  return other < 0 || degree > other || (degree === other && Math.abs(right[degree]) >= Math.abs(left[other]));
}
