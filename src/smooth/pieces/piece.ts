import { exp } from "../../ops/index.js";
import { choose } from "../numeric/choose.js";
import { NoClosedForm } from "../refusals.js";
import type { Piece, Term } from "./pieces.js";
import { addScalars, mulScalars, negScalar, type Scalar, scalar } from "./scalar.js";

/** A number that is the same for every x. */
export const constantPiece = (value: Scalar): Piece => (value.graph === 0 ? [] : [{ coefficient: value, power: 0, rate: null }]);

/** x itself. */
export const identityPiece: Piece = [{ coefficient: scalar(1), power: 1, rate: null }];

export const addPiece = (a: Piece, b: Piece): Piece => collect([...a, ...b]);
export const negPiece = (a: Piece): Piece => a.map((term) => ({ ...term, coefficient: negScalar(term.coefficient) }));
export const subPiece = (a: Piece, b: Piece): Piece => addPiece(a, negPiece(b));

export function mulPiece(a: Piece, b: Piece): Piece {
  return collect(a.flatMap((left) => b.map((right) => mulTerm(left, right))));
}

const mulTerm = (a: Term, b: Term): Term => ({
  coefficient: mulScalars(a.coefficient, b.coefficient),
  power: a.power + b.power,
  rate: a.rate === null ? b.rate : b.rate === null ? a.rate : addScalars(a.rate, b.rate),
});

/** Terms of one power and rate added up; plain zeros left out. */
function collect(terms: readonly Term[]): Piece {
  const sums: Term[] = [];
  for (const term of terms) {
    const rate = term.rate?.graph === 0 ? null : term.rate;
    const at = sums.findIndex((sum) => sum.power === term.power && sameRate(sum.rate, rate));
    if (at < 0) sums.push({ ...term, rate });
    else sums[at] = { ...sums[at], coefficient: addPlain(sums[at].coefficient, term.coefficient) };
  }
  return sums.filter(({ coefficient }) => coefficient.graph !== 0);
}

const sameRate = (a: Scalar | null, b: Scalar | null): boolean => a === b || (a !== null && b !== null && a.graph === b.graph);

/** What is left of two plain numbers that differ by rounding only is 0: it would be a break that is not there. */
function addPlain(a: Scalar, b: Scalar): Scalar {
  const sum = addScalars(a, b);
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(a.at), Math.abs(b.at));
  return typeof sum.graph === "number" && Math.abs(sum.at) <= rounding ? scalar(0) : sum;
}

/** Its value at a number. */
export function valueAt(piece: Piece, x: number): number {
  return piece.reduce((sum, { coefficient, power, rate }) => {
    const grown = rate === null ? 1 : Math.exp(rate.at * x);
    // x⁰ is 1 at infinity too, and 0 · ∞ is 0: a decaying exponential wins.
    return sum + (grown === 0 ? 0 : coefficient.at * x ** power * grown);
  }, 0);
}

/** d/dx. */
export function slopeOf(piece: Piece): Piece {
  return collect(
    piece.flatMap(({ coefficient, power, rate }) => [
      ...(power > 0 ? [{ coefficient: mulScalars(coefficient, scalar(power)), power: power - 1, rate }] : []),
      ...(rate === null ? [] : [{ coefficient: mulScalars(coefficient, rate), power, rate }]),
    ]),
  );
}

/** The highest power without an exponential; −1 for 0. */
export const degreeOf = (piece: Piece): number => Math.max(-1, ...piece.filter(({ rate }) => rate === null).map(({ power }) => power)); // biome-ignore format: one line

export const isPolynomial = (piece: Piece): boolean => piece.every(({ rate }) => rate === null);

/** The number that a piece without x is. Null when x is in it. */
export function constantOf(piece: Piece): Scalar | null {
  if (piece.length === 0) return scalar(0);
  const [{ coefficient, power, rate }] = piece;
  return piece.length === 1 && power === 0 && rate === null ? coefficient : null;
}

/** The piece `outer`, written in u, at u = `inner`. */
export function substitute(outer: Piece, inner: Piece): Piece {
  return outer.reduce<Piece>((sum, { coefficient, power, rate }) => {
    const powered = Array.from({ length: power }).reduce<Piece>((product) => mulPiece(product, inner), constantPiece(scalar(1)));
    const scaled = mulPiece(powered, constantPiece(coefficient));
    return addPiece(sum, rate === null ? scaled : mulPiece(scaled, exponentialOf(inner, rate)));
  }, []);
}

/** e^(rate·inner), for an inner piece that is a straight line. */
function exponentialOf(inner: Piece, rate: Scalar): Piece {
  if (!isPolynomial(inner) || degreeOf(inner) > 1) {
    throw new NoClosedForm("mollify", "the exponential of something that is no straight line has no closed form here", {
      fix: 'allow quadrature: { method: "quadrature" }',
    });
  }
  const at = (power: number): Scalar => inner.find((term) => term.power === power)?.coefficient ?? scalar(0);
  const height = mulScalars(at(0), rate);
  const growth = mulScalars(at(1), rate);
  const lifted = typeof height.graph === "number" ? scalar(Math.exp(height.at)) : scalar(Math.exp(height.at), exp(height.graph));
  return [{ coefficient: lifted, power: 0, rate: growth.graph === 0 ? null : growth }];
}

/** The coefficients of a polynomial about `centre`: Σ cₙ (x − centre)ⁿ. */
export function taylor(piece: Piece, centre: Scalar): Scalar[] {
  const degree = degreeOf(piece);
  const coefficients: Scalar[] = Array.from({ length: degree + 1 }, () => scalar(0));
  const magnitudes = new Array<number>(degree + 1).fill(0);
  for (const { coefficient, power } of piece) {
    for (let n = 0; n <= power; n++) {
      const lifted = mulScalars(coefficient, mulScalars(scalar(choose(power, n)), powerOf(centre, power - n)));
      coefficients[n] = addScalars(coefficients[n], lifted);
      magnitudes[n] += Math.abs(lifted.at);
    }
  }
  return coefficients.map((value, n) =>
    typeof value.graph === "number" && Math.abs(value.at) <= 8 * Number.EPSILON * magnitudes[n] ? scalar(0) : value,
  );
}

const powerOf = (base: Scalar, power: number): Scalar =>
  Array.from({ length: power }).reduce<Scalar>((product) => mulScalars(product, base), scalar(1));
