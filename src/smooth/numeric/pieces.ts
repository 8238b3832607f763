import type { Pieces } from "../pieces/pieces.js";

/** coefficient · x^power · e^(rate·x), in plain numbers; rate null for a polynomial term. */
export interface NumericTerm {
  readonly coefficient: number;
  readonly power: number;
  readonly rate: number | null;
}

export type NumericPiece = readonly NumericTerm[];

/** {@link Pieces} in plain numbers, every piece in its shortest form, and no break between equal pieces. */
export interface NumericPieces {
  readonly breaks: readonly number[];
  readonly pieces: readonly NumericPiece[];
}

/** The numbers that the pieces have now, whatever is learned. */
export function numbersOf({ breaks, pieces }: Pieces): NumericPieces {
  const numeric = pieces.map((piece) =>
    combined(piece.map(({ coefficient, power, rate }) => ({ coefficient: coefficient.at, power, rate: rate?.at || null }))),
  );
  return joined({ breaks: breaks.map(({ at }) => at), pieces: numeric });
}

/** A piece with one term to each power and rate, and none that is 0. */
export function combined(piece: NumericPiece): NumericPiece {
  const terms = new Map<string, NumericTerm>();
  for (const { coefficient, power, rate } of piece) {
    const key = `${rate ?? ""} ${power}`;
    terms.set(key, { coefficient: (terms.get(key)?.coefficient ?? 0) + coefficient, power, rate });
  }
  return [...terms.values()].filter(({ coefficient }) => coefficient !== 0).sort(byRateAndPower);
}

const byRateAndPower = (a: NumericTerm, b: NumericTerm): number => (a.rate ?? 0) - (b.rate ?? 0) || a.power - b.power;

/** The pieces without the breaks at which nothing changes. */
function joined({ breaks, pieces }: NumericPieces): NumericPieces {
  const kept = breaks.map((_, k) => difference(pieces[k + 1], pieces[k]).length > 0);
  return { breaks: breaks.filter((_, k) => kept[k]), pieces: pieces.filter((_, k) => k === 0 || kept[k - 1]) };
}

/** p − q. */
export const difference = (p: NumericPiece, q: NumericPiece): NumericPiece =>
  combined([...p, ...q.map((term) => ({ ...term, coefficient: -term.coefficient }))]);

/** The index of the piece that holds at x: at a break, the one right of it. */
export function pieceAt(breaks: readonly number[], x: number): number {
  let index = 0;
  while (index < breaks.length && x >= breaks[index]) index++;
  return index;
}

export const pieceValue = (piece: NumericPiece, x: number): number =>
  piece.reduce(
    (sum, { coefficient, power, rate }) => sum + coefficient * x ** power * (rate === null ? 1 : Math.exp(rate * x)),
    0,
  );

/** The slope of every piece; what happens at the breaks is left out. */
export const slopeOf = ({ breaks, pieces }: NumericPieces): NumericPieces => ({
  breaks,
  pieces: pieces.map((piece) =>
    combined(
      piece.flatMap(({ coefficient, power, rate }) => [
        ...(power > 0 ? [{ coefficient: coefficient * power, power: power - 1, rate }] : []),
        ...(rate === null ? [] : [{ coefficient: coefficient * rate, power, rate }]),
      ]),
    ),
  ),
});

/** The part of the pieces that is polynomial, and the part with exponentials. */
export const polynomialPart = (piece: NumericPiece): NumericPiece => piece.filter(({ rate }) => rate === null);
export const exponentialPart = (piece: NumericPiece): NumericPiece => piece.filter(({ rate }) => rate !== null);

export const isPolynomial = ({ pieces }: NumericPieces): boolean => pieces.every((piece) => exponentialPart(piece).length === 0);

/** Coefficients of 1, x, x², … of the polynomial part. */
export function polynomialOf(piece: NumericPiece): number[] {
  const terms = polynomialPart(piece);
  const coefficients = Array<number>(Math.max(0, ...terms.map(({ power }) => power + 1))).fill(0);
  for (const { coefficient, power } of terms) coefficients[power] += coefficient;
  return coefficients;
}

/** p(x), by Horner's rule. */
export const horner = (polynomial: readonly number[], x: number): number =>
  polynomial.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

/** Coefficients of the powers of x − a. */
export function about(polynomial: readonly number[], a: number): number[] {
  const shifted = [...polynomial];
  // Horner's rule, once for every order.
  for (let low = 0; low < shifted.length; low++) for (let i = shifted.length - 2; i >= low; i--) shifted[i] += a * shifted[i + 1];
  return shifted;
}

/** What the polynomial parts change by at every break: the coefficients of (x − aₖ)ⁿ₊. */
export const changesAt = ({ breaks, pieces }: NumericPieces): number[][] =>
  breaks.map((a, k) => about(polynomialOf(difference(pieces[k + 1], pieces[k])), a));
