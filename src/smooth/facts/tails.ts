import type { Tail } from "../../activations/facts.js";
import type { Side } from "../numeric/kernel-numbers.js";
import { changesAt, exponentialPart, type NumericPiece, pieceValue, polynomialOf } from "../numeric/pieces.js";
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
  if (form === "gate" && !Number.isFinite(constant)) {
    return {
      tail: { kind: "grows", like: "x" },
      ...far(Math.sign(constant), end * Math.sign(constant)),
      curvature: 0,
      deviation: constant,
    };
  }
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

/** Whether a gate leaves more than its pieces far out: zⁿD₀(z) does not die out where the moment n does not exist. */
export const lingers = ({ form, pieces, numbers }: NumericSmooth): boolean =>
  form === "gate" && highestOrder(changesAt(pieces)) >= numbers.kernel.record.momentsBelow;

const highestOrder = (changes: readonly (readonly number[])[]): number =>
  Math.max(-1, ...changes.map((coefficients) => coefficients.findLastIndex((c) => c !== 0)));

/** What the deviations of a gate tend to. Of the first moment that does not exist a constant is left; of higher ones, what is measured. */
function leftover(smooth: NumericSmooth, end: Side): number {
  if (!lingers(smooth)) return 0;
  const { pieces, numbers, width } = smooth;
  const { momentsBelow } = numbers.kernel.record;
  const changes = changesAt(pieces);
  if (highestOrder(changes) > momentsBelow) return measuredLeftover(smooth, end);
  const FAR = 1e8;
  return changes.reduce((sum, coefficients) => {
    const c = coefficients[momentsBelow] ?? 0;
    return c === 0 ? sum : sum + c * width ** momentsBelow * (end * FAR) ** momentsBelow * numbers.deviation(0, end, FAR);
  }, 0);
}

/** From two distances, as what is missing falls with the inverse of the distance; ∞ where it grows. */
function measuredLeftover(smooth: NumericSmooth, end: Side): number {
  const { breaks } = smooth.pieces;
  const span = breaks[breaks.length - 1] - breaks[0] + smooth.width;
  const from = end === -1 ? breaks[0] : breaks[breaks.length - 1];
  const xs = [1e3, 1e4].map((times) => from + end * times * span);
  const [near, far] = smooth
    .at(xs, 0)
    .map((value, i) => value - pieceValue(smooth.pieces.pieces[end === -1 ? 0 : breaks.length], xs[i]));
  return Math.abs(far) > 3 * Math.abs(near) ? Math.sign(far) * Infinity : (10 * far - near) / 9;
}

export const isConstant = (piece: NumericPiece): boolean => piece.every(({ power, rate }) => power === 0 && rate === null);
