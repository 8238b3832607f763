import type { Tail } from "../../activations/facts.js";
import type { Side } from "../numeric/kernel-numbers.js";
import { changesAt, exponentialPart, type NumericPiece, polynomialOf } from "../numeric/pieces.js";
import type { NumericSmooth } from "../numeric/smooth.js";

/** What a smoothed function does toward one end of the line. */
export interface Limit {
  readonly tail: Tail;
  /** Limits of the function, its slope and its second derivative; ±∞ where they grow. */
  readonly value: number;
  readonly slope: number;
  readonly curvature: number;
  /** Limit of f_w − f. */
  readonly deviation: number;
}

/** Toward −∞ and toward +∞. */
export const limitsOf = (smooth: NumericSmooth): readonly [Limit, Limit] => [limitAt(smooth, -1), limitAt(smooth, 1)];

function limitAt(smooth: NumericSmooth, end: Side): Limit {
  const { pieces, numbers, width, form } = smooth;
  const last = pieces.pieces[end === -1 ? 0 : pieces.pieces.length - 1];
  const growing = exponentialPart(last).find(({ rate }) => (rate ?? 0) * end > 0);
  if (growing !== undefined) {
    const sign = Math.sign(growing.coefficient) * end ** growing.power;
    return { tail: { kind: "grows", like: grownLike(growing.rate ?? 0) }, ...far(sign, end * sign), deviation: sign * Infinity };
  }
  const polynomial = polynomialOf(last);
  const shift = form === "gate" ? [leftover(smooth, end)] : numbers.shift(polynomial, width);
  const [intercept = 0, slope = 0, bend = 0, twist = 0] = polynomial.map((c, n) => c + (shift[n] ?? 0));
  const constant = polynomial.length === 0 ? (shift[0] ?? 0) : intercept;
  const degree = polynomial.length - 1;
  const deviation = shift.length > 1 ? (shift[shift.length - 1] > 0 ? Infinity : -Infinity) : (shift[0] ?? 0);
  if (degree <= 1) {
    const value = slope === 0 ? constant : slope * end * Infinity;
    return { tail: { kind: "line", slope, intercept: constant }, value, slope, curvature: 0, deviation };
  }
  const lead = polynomial[degree];
  const sign = Math.sign(lead) * end ** degree;
  const tail: Tail = { kind: "grows", like: degree === 2 ? "x²" : degree === 3 ? "x³" : "xⁿ" };
  return { tail, ...far(sign, sign * end), curvature: degree === 2 ? 2 * bend : twist * end * Infinity, deviation };
}

const far = (value: number, slope: number) => ({ value: value * Infinity, slope: slope * Infinity, curvature: value * Infinity });

const grownLike = (rate: number): string => (rate === 1 ? "eˣ" : rate === -1 ? "e⁻ˣ" : `e^(${rate}x)`);

/** What zⁿD₀(z) of a gate tends to: a kernel of which just the moment n does not exist leaves a constant. */
function leftover({ pieces, numbers, width }: NumericSmooth, end: Side): number {
  const FAR = 1e8;
  const { momentsBelow } = numbers.kernel.record;
  return changesAt(pieces).reduce((sum, coefficients) => {
    const c = coefficients[momentsBelow] ?? 0;
    if (c === 0 || momentsBelow === 0) return sum;
    return sum + c * width ** momentsBelow * (end * FAR) ** momentsBelow * numbers.deviation(0, end, FAR);
  }, 0);
}

export const isConstant = (piece: NumericPiece): boolean => piece.every(({ power, rate }) => power === 0 && rate === null);
