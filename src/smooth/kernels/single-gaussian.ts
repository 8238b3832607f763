import type { Emitter } from "../../ir/emitter.js";
import { about } from "../numeric/pieces.js";
import { emitAlike, emitBounded, emitPolynomial, emitScaled, emitWeighted, type Weighted } from "./emit.js";
import type { PlainPieces } from "./pieces-operation.js";
import {
  type BreakByBreak,
  degreeOf,
  emitBreakByBreak,
  emitTotal,
  HEADROOM,
  type SingleForm,
  type SingleTerm,
  scaleAt,
} from "./single-form.js";

/** What Iₙ is made of, by rising power of z: Iₙ = Aₙ(z)·(1 + erf(z/√2)) + Bₙ(z)·e^(−z²/2)/√(2π). */
const PARTS = [
  { error: [0.5], bell: [] },
  { error: [0, 0.5], bell: [1] },
  { error: [0.5, 0, 0.5], bell: [0, 1] },
  { error: [0, 1.5, 0, 0.5], bell: [2, 0, 1] },
] as const;

/** Here 1 + erf becomes 0 in float32; up to here its rounding is multiplied by powers of z. */
const REACH = 6;

/** Up to so many widths from 0 a break is told from x/w as well as from x: half a unit of z is no more than the slopes bear. */
const NEAR = 12;

/** An error function and an exponential to a break, whatever the degree. */
export const gaussianSingle: SingleForm = (onnx, x, pieces) =>
  emitTogether(onnx, x, pieces) ?? emitBreakByBreak(onnx, byBreak, x, pieces);

/** Σ cₙwⁿ·part of Iₙ(d/w), by rising power of d: of the distance, as z may overflow where the distance does not. */
function partsOf(coefficients: readonly number[], width: number): { error: number[]; bell: number[] } {
  const [error, bell] = (["error", "bell"] as const).map((part) =>
    [0, 1, 2, 3].map((power) =>
      coefficients.reduce((sum, c, n) => sum + c * (PARTS[n][part][power] ?? 0) * width ** (n - power), 0),
    ),
  );
  return { error, bell: bell.map((value) => value / Math.sqrt(2 * Math.PI)) };
}

interface Share {
  readonly at: number;
  readonly width: number;
  /** What 1 + erf and the bell of this break are multiplied by: coefficients by rising power of x. */
  readonly error: readonly number[];
  readonly bell: readonly number[];
}

/**
 * All breaks by the same powers of x: Σⱼ xʲ·(Kⱼ + Σₖ Pₖⱼ·erf(uₖ) + Σₖ Qₖⱼ·e^(−uₖ²)), uₖ = (x − aₖ)/(w√2), by Horner's rule. Left
 * and right the error functions are ±1, so that the sums are the outer lines. Null where rounding would show.
 */
function emitTogether(onnx: Emitter, x: string, pieces: PlainPieces): string | null {
  const { width, breaks, smoothed, jumps } = pieces;
  const ends = [smoothed[0], smoothed[breaks.length]];
  if (ends.some((piece) => degreeOf(piece) > 1)) return null;
  const shares = breaks.map((at, k): Share => {
    const { error, bell } = partsOf(jumps[k], width);
    return { at, width, error: single(about(error, -at)), bell: single(about(bell, -at)) };
  });
  if (!breaks.every((at, k) => sizeAt(shares, Math.abs(at) + REACH * width) <= HEADROOM * scaleAt(pieces, k))) return null;
  const degree = Math.max(...shares.map(({ error }) => degreeOf(error)));
  if (degree < 0) return null;
  const clip = (low: number, high: number): string => onnx.op("Clip", [x, onnx.scalar(low), onnx.scalar(high)]);
  const [low, high] = [breaks[0] - REACH * width, breaks[breaks.length - 1] + REACH * width];
  const line = degree === 0 ? 0 : commonSlope(ends);
  const [flatLeft, flatRight] = ends.map((piece) => (piece[1] ?? 0) === line);
  // Where an outer piece is flat, 0 · ∞ would be NaN; where a sum is multiplied twice, its 0 may be a rounding.
  const outer = flatLeft || flatRight ? clip(flatLeft ? low : -Infinity, flatRight ? high : Infinity) : x;
  const parts = shares.map((share) => functionsOf(onnx, x, share));
  let above: Weighted | null = null;
  for (let power = degree; power >= 0; power--) {
    const shifted = above && timesX(onnx, above, power > 0 ? clip(low, high) : outer, power > 0 || (flatLeft && flatRight));
    const bent = withBells(onnx, shifted, parts, power);
    const errors = parts.map(({ share, error }): Weighted => ({ factor: share.error[power] ?? 0, x: error }));
    const own = (smoothed[0][power] ?? 0) - (power === 1 ? line : 0);
    above = withConstant(onnx, bent, errors, shares.reduce((sum, { error }) => sum + (error[power] ?? 0), own)); // biome-ignore format: one line
  }
  const sum = above && emitScaled(onnx, above.x, above.factor);
  return emitTotal(onnx, [line === 0 ? null : emitScaled(onnx, x, line), sum]);
}

/** The slope of a line to set apart: that of an end which would feel the rounding of the other's; on turned sides ∞ − ∞ would be NaN. */
function commonSlope(ends: readonly (readonly number[])[]): number {
  const [left, right] = ends.map((piece) => piece[1] ?? 0);
  const [least, most] = Math.abs(left) < Math.abs(right) ? [left, right] : [right, left];
  return least * most > 0 && 4 * Math.abs(least) < Math.abs(most) ? least : 0;
}

/** Times x, which may be so large that it is to be multiplied last. */
function timesX(onnx: Emitter, { factor, x: sum }: Weighted, x: string, held: boolean): Weighted {
  if (held) return { factor, x: onnx.op("Mul", [sum, x]) };
  return { factor: 1, x: onnx.op("Mul", [emitScaled(onnx, sum, factor), x]) };
}

/** In float32, where equal factors are to be found equal and what cancels is to be 0. */
function single(coefficients: readonly number[]): number[] {
  const size = Math.max(...coefficients.map(Math.abs));
  return coefficients.map((c) => (Math.abs(c) < 1e-14 * size ? 0 : Math.fround(c)));
}

/** What is added up near a break, at most: its rounding is to be small beside the function there. */
const sizeAt = (shares: readonly Share[], reach: number): number =>
  shares.flatMap(({ error, bell }) => [error, bell].flatMap((list) => list.map((c, n) => Math.abs(c) * reach ** n))).reduce((a, b) => a + b, 0); // biome-ignore format: one line

interface Functions {
  readonly share: Share;
  /** erf(u). */
  readonly error: string;
  /** height·e^(−u²). */
  bell(height: number): string;
}

function functionsOf(onnx: Emitter, x: string, share: Share): Functions {
  const { at, width } = share;
  const scale = Math.SQRT1_2 / width;
  const near = at !== 0 && Math.abs(at) <= NEAR * width;
  const distance = at === 0 || near ? x : onnx.op("Sub", [x, onnx.scalar(at)]);
  const scaled = emitScaled(onnx, distance, scale);
  const u = near ? onnx.op("Sub", [scaled, onnx.scalar(at * scale)]) : scaled;
  return { share, error: onnx.op("Erf", [u]), bell: (height) => emitBell(onnx, u, height) };
}

/** height·e^(−u²), with the height in the exponent, which saves a pass. */
function emitBell(onnx: Emitter, u: string, height: number): string {
  return onnx.op("Exp", [onnx.op("Sub", [onnx.scalar(Math.fround(Math.log(height))), onnx.op("Mul", [u, u])])]);
}

/** A sum and the bells of a power, in its unit. */
function withBells(onnx: Emitter, sum: Weighted | null, parts: readonly Functions[], power: number): Weighted | null {
  const unit = sum?.factor ?? 1;
  const bells = parts.flatMap(({ share, bell }): Weighted[] => {
    const height = (share.bell[power] ?? 0) / unit;
    return height === 0 ? [] : [{ factor: Math.sign(height), x: bell(Math.abs(height)) }];
  });
  const total = emitWeighted(onnx, [...(sum === null ? [] : [{ factor: 1, x: sum.x }]), ...bells]);
  return total === null ? null : { factor: unit, x: total };
}

/** A sum, error functions and a constant. */
function withConstant(onnx: Emitter, sum: Weighted | null, errors: readonly Weighted[], constant: number): Weighted | null {
  const size = errors.reduce((total, { factor }) => total + Math.abs(factor), Math.abs(constant));
  const bounded = emitBounded(onnx, errors.filter(({ factor }) => factor !== 0), Math.abs(constant) < 1e-6 * size ? 0 : constant); // biome-ignore format: one line
  const total = emitAlike(
    onnx,
    [sum, bounded.sum].filter((term) => term !== null),
  );
  if (total === null || bounded.offset === 0) return total;
  return { factor: total.factor, x: onnx.op("Add", [total.x, onnx.scalar(bounded.offset / total.factor)]) };
}

/** A break for itself. */
const byBreak: BreakByBreak = {
  reach: REACH,
  sum: (onnx, terms) => {
    const rounding = terms.map(({ coefficients, width }) =>
      coefficients.map((c, n) => (n < 2 ? 0 : (Math.abs(c) * (width * REACH) ** n) / Math.min(1, width))),
    );
    if (Math.max(...rounding.flat()) > HEADROOM) return null;
    return emitWeighted(
      onnx,
      terms.flatMap((term) => termAlone(onnx, term, terms.length === 1)),
    );
  },
};

function termAlone(onnx: Emitter, { coefficients, width, distance, z }: SingleTerm, alone: boolean): Weighted[] {
  const { error, bell } = partsOf(coefficients, width);
  const leading = error.findLast((value) => value !== 0);
  if (leading === undefined) return [];
  // Alone it is scaled from within, so that 2·max(x, 0)/2 does not overflow; together, once for all.
  const factor = alone ? Math.sign(leading) : leading;
  const u = z(Math.SQRT1_2);
  const share = onnx.op("Add", [onnx.op("Erf", [u]), onnx.scalar(1)]);
  const gated = timesPolynomial(onnx, share, distance, over(error, factor));
  const round = over(bell, factor);
  if (round.every((value) => value === 0)) return [{ factor, x: gated }];
  return [{ factor, x: onnx.op("Add", [gated, emitRound(onnx, u, distance, round)]) }];
}

const over = (coefficients: readonly number[], factor: number): number[] => coefficients.map((value) => value / factor);

/** B(distance)·e^(−u²). */
function emitRound(onnx: Emitter, u: string, distance: string, factors: readonly number[]): string {
  const degree = degreeOf(factors);
  if (degree === 0 && factors[0] > 0) return emitBell(onnx, u, factors[0]);
  // Where the square of the distance overflows, the bell is 0 long since.
  const held = onnx.op("Clip", [distance, onnx.scalar(-1e18), onnx.scalar(1e18)]);
  return timesPolynomial(onnx, emitBell(onnx, u, 1), held, factors);
}

/** x·p(u); a leading constant first, so that nothing overflows before it is small. */
function timesPolynomial(onnx: Emitter, x: string, u: string, coefficients: readonly number[]): string {
  const degree = degreeOf(coefficients);
  if (degree === 0) return emitScaled(onnx, x, coefficients[0]);
  return onnx.op("Mul", [x, emitPolynomial(onnx, u, coefficients) ?? onnx.scalar(0)]);
}
