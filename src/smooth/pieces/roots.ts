import { fault } from "../../ir/fault.js";
import { div, mul, sqrt } from "../../ops/index.js";
import { degreeOf, isPolynomial, slopeOf, valueAt } from "./piece.js";
import type { Piece } from "./pieces.js";
import { addScalars, divScalars, mulScalars, negScalar, type Scalar, scalar, subScalars } from "./scalar.js";

/** Where a piece changes its sign between two numbers, in order. */
export function signChanges(piece: Piece, low: number, high: number): Scalar[] {
  const plain = piece.every(({ coefficient, rate }) => isPlain(coefficient) && (rate === null || isPlain(rate)));
  if (isPolynomial(piece) && degreeOf(piece) <= 1) return within(lineRoot(piece), low, high);
  if (isPolynomial(piece) && degreeOf(piece) === 2) return within(parabolaRoots(piece), low, high);
  if (plain) return numericRoots(piece, low, high).map((at) => scalar(at));
  throw fault("mollify", "where a learned parameter moves a break, pieces are of degree 2 at most", {
    got: `degree ${degreeOf(piece)}${isPolynomial(piece) ? "" : " with exponentials"}`,
    fix: "fix the parameter to a number, or write the break into the function",
  });
}

const isPlain = ({ graph }: Scalar): boolean => typeof graph === "number";

const within = (roots: readonly Scalar[], low: number, high: number): Scalar[] =>
  roots.filter(({ at }) => at > low && at < high).sort((a, b) => a.at - b.at);

const coefficientOf = (piece: Piece, power: number): Scalar =>
  piece.find((term) => term.power === power)?.coefficient ?? scalar(0);

function lineRoot(piece: Piece): Scalar[] {
  const slope = coefficientOf(piece, 1);
  return slope.at === 0 ? [] : [negScalar(divScalars(coefficientOf(piece, 0), slope))];
}

/** Both roots without cancellation: q = −(b + sign(b)·√(b² − 4ac))/2, and then q/a and c/q. */
function parabolaRoots(piece: Piece): Scalar[] {
  const [c, b, a] = [0, 1, 2].map((power) => coefficientOf(piece, power));
  const product = mulScalars(scalar(4), mulScalars(a, c));
  const discriminant = subScalars(mulScalars(b, b), product);
  // A double root is no change of sign.
  if (discriminant.at <= 4 * Number.EPSILON * (b.at * b.at + Math.abs(product.at))) return [];
  const root = squareRoot(discriminant);
  const sum = b.at < 0 ? subScalars(b, root) : addScalars(b, root);
  const q = typeof sum.graph === "number" ? scalar(-sum.at / 2) : scalar(-sum.at / 2, mul(sum.graph, -0.5));
  return [quotient(q, a), quotient(c, q)];
}

const squareRoot = ({ at, graph }: Scalar): Scalar =>
  scalar(Math.sqrt(at), typeof graph === "number" ? Math.sqrt(at) : sqrt(graph));

const quotient = (a: Scalar, b: Scalar): Scalar =>
  isPlain(a) && isPlain(b) ? scalar(a.at / b.at) : scalar(a.at / b.at, div(a.graph, b.graph));

/** Between the turning points, which are the sign changes of the slope, it is monotone, and a bisection cannot miss. */
function numericRoots(piece: Piece, low: number, high: number): number[] {
  if (piece.length === 0) return [];
  const [from, to] = [Math.max(low, -bound(piece)), Math.min(high, bound(piece))];
  if (!(from < to)) return [];
  const turns = isConstant(piece) ? [] : numericRoots(divided(slopeOf(piece)), from, to);
  const stops = [from, ...turns, to];
  const roots: number[] = [];
  for (let i = 1; i < stops.length; i++) {
    const root = bisect(piece, stops[i - 1], stops[i]);
    if (root !== null && root > low && root < high) roots.push(root);
  }
  return roots;
}

const isConstant = (piece: Piece): boolean => piece.every(({ power, rate }) => power === 0 && rate === null);

/** Without a factor e^(rate·x) that all terms share: it has no root, and its slope would never end. */
function divided(piece: Piece): Piece {
  const [first] = piece;
  const rate = first?.rate ?? null;
  if (rate === null || piece.some((term) => term.rate?.at !== rate.at)) return piece;
  return piece.map((term) => ({ ...term, rate: null }));
}

/** Beyond it no root lies: Cauchy's bound of a polynomial, and what doubles carry for exponentials. */
function bound(piece: Piece): number {
  if (!isPolynomial(piece)) return 700 / Math.max(...piece.map(({ rate }) => Math.abs(rate?.at ?? 0)));
  const degree = degreeOf(piece);
  const leading = Math.abs(coefficientOf(piece, degree).at);
  return (
    1 + Math.max(0, ...piece.filter(({ power }) => power < degree).map(({ coefficient }) => Math.abs(coefficient.at) / leading))
  );
}

function bisect(piece: Piece, low: number, high: number): number | null {
  const [startSign, endSign] = [Math.sign(valueAt(piece, low)), Math.sign(valueAt(piece, high))];
  if (startSign === endSign || endSign === 0) return null;
  if (startSign === 0) return low;
  let [left, right] = [low, high];
  for (;;) {
    const middle = left + (right - left) / 2;
    if (middle <= left || middle >= right) return middle;
    if (Math.sign(valueAt(piece, middle)) === startSign) left = middle;
    else right = middle;
  }
}
