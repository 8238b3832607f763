import { constantPiece, identityPiece, subPiece, substitute, valueAt } from "./piece.js";
import type { Piece, Pieces } from "./pieces.js";
import { signChanges } from "./roots.js";
import { type Scalar, scalar } from "./scalar.js";

/** The same piece everywhere. */
export const everywhere = (piece: Piece): Pieces => ({ breaks: [], pieces: [piece] });

export const constantPieces = (value: Scalar): Pieces => everywhere(constantPiece(value));
export const identityPieces: Pieces = everywhere(identityPiece);

/** Pieces of plain numbers: coefficients by rising power, breaks between them. */
export function polynomialPieces(breaks: readonly number[], coefficients: readonly (readonly number[])[]): Pieces {
  return {
    breaks: breaks.map((at) => scalar(at)),
    pieces: coefficients.map((list) =>
      list.flatMap((value, power) => (value === 0 ? [] : [{ coefficient: scalar(value), power, rate: null }])),
    ),
  };
}

/** The piece that holds at a number that is no break. */
export function pieceAt({ breaks, pieces }: Pieces, x: number): Piece {
  const right = breaks.findIndex(({ at }) => x < at);
  return pieces[right < 0 ? breaks.length : right];
}

/** The intervals between the breaks, the outer ones endless. */
export function intervals({ breaks }: Pieces): { low: Scalar | null; high: Scalar | null }[] {
  return Array.from({ length: breaks.length + 1 }, (_, k) => ({ low: breaks[k - 1] ?? null, high: breaks[k] ?? null }));
}

/** A number inside an interval. */
export function inside(low: number, high: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return low + (high - low) / 2;
  if (Number.isFinite(low)) return low + 1 + Math.abs(low);
  return Number.isFinite(high) ? high - 1 - Math.abs(high) : 0;
}

/** Two functions of pieces combined piece by piece; where `splits` changes its sign there is a new break. */
export function combine(a: Pieces, b: Pieces, join: (a: Piece, b: Piece, x: number) => Piece, splits?: typeof subPiece): Pieces {
  const breaks = mergeBreaks(a.breaks, b.breaks);
  return overIntervals(breaks, (low, high) => {
    const x = inside(low, high);
    const [left, right] = [pieceAt(a, x), pieceAt(b, x)];
    const crossings = splits === undefined ? [] : signChanges(splits(left, right), low, high);
    return { crossings, piece: (at) => join(left, right, at) };
  });
}

/** The function of u `outer` at u = `inner`. */
export function compose(outer: Pieces, inner: Pieces): Pieces {
  return overIntervals(inner.breaks, (low, high) => {
    const piece = pieceAt(inner, inside(low, high));
    const crossings = outer.breaks.flatMap((at) => signChanges(subPiece(piece, constantPiece(at)), low, high));
    return {
      crossings: crossings.sort((a, b) => a.at - b.at),
      piece: (x) => substitute(pieceAt(outer, valueAt(piece, x)), piece),
    };
  });
}

interface Interval {
  /** New breaks inside it, in order. */
  readonly crossings: readonly Scalar[];
  /** The piece around a number inside it. */
  piece(x: number): Piece;
}

function overIntervals(breaks: readonly Scalar[], split: (low: number, high: number) => Interval): Pieces {
  const allBreaks: Scalar[] = [];
  const pieces: Piece[] = [];
  const stops: (Scalar | null)[] = [...breaks, null];
  let low = -Infinity;
  for (const stop of stops) {
    const high = stop?.at ?? Infinity;
    const { crossings, piece } = split(low, high);
    for (const end of [...crossings, stop]) {
      pieces.push(piece(inside(low, end?.at ?? Infinity)));
      if (end === null) break;
      allBreaks.push(end);
      low = end.at;
    }
  }
  return joinEqual({ breaks: allBreaks, pieces });
}

/** The breaks of two functions in order; those at one place are one. */
function mergeBreaks(a: readonly Scalar[], b: readonly Scalar[]): Scalar[] {
  const all = [...a, ...b].sort((left, right) => left.at - right.at);
  return all.filter((stop, i) => i === 0 || stop.at !== all[i - 1].at);
}

/** Without the breaks at which nothing changes, and without intervals that are a single number. */
function joinEqual({ breaks, pieces }: Pieces): Pieces {
  const kept: { breaks: Scalar[]; pieces: Piece[] } = { breaks: [], pieces: [pieces[0]] };
  breaks.forEach((stop, k) => {
    const last = kept.pieces.length - 1;
    if (stop.at === kept.breaks[last - 1]?.at) {
      kept.pieces[last] = pieces[k + 1];
    } else if (!samePiece(kept.pieces[last], pieces[k + 1])) {
      kept.breaks.push(stop);
      kept.pieces.push(pieces[k + 1]);
    }
  });
  return kept;
}

const samePiece = (a: Piece, b: Piece): boolean => subPiece(a, b).length === 0;

/** One of two pieces by the sign of their difference: a where a > b. */
export const chooseBySign = (a: Pieces, b: Pieces, join: (a: Piece, b: Piece, aIsAbove: boolean) => Piece): Pieces =>
  combine(a, b, (left, right, x) => join(left, right, valueAt(left, x) > valueAt(right, x)), subPiece);

/** A function of pieces piece by piece. */
export const mapPieces = ({ breaks, pieces }: Pieces, f: (piece: Piece) => Piece): Pieces =>
  joinEqual({ breaks, pieces: pieces.map(f) });
