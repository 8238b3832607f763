import {
  difference,
  exponentialPart,
  type NumericPiece,
  type NumericPieces,
  pieceValue,
  polynomialOf,
  slopeOf,
} from "../numeric/pieces.js";

export type Monotone = "increasing" | "decreasing" | "neither";
export type Convexity = "convex" | "concave" | "neither";

/** Which signs the numbers have, up to rounding. */
export interface Signs {
  readonly negative: boolean;
  readonly positive: boolean;
}

/** Whether a function of pieces never falls, or never rises: its slopes, and its jumps. A constant counts as increasing. */
export const monotoneOf = (pieces: NumericPieces): Monotone =>
  named(signsOf(slopeOf(pieces), jumps(pieces)), "increasing", "decreasing");

/** Whether a function of pieces is convex, or concave: no jumps, and slopes that never fall, or never rise. A line counts as convex. */
export function convexityOf(pieces: NumericPieces): Convexity {
  if (jumps(pieces).some((jump) => jump !== 0)) return "neither";
  const slopes = slopeOf(pieces);
  return named(signsOf(slopeOf(slopes), jumps(slopes)), "convex", "concave");
}

export const named = <A, B>({ negative, positive }: Signs, up: A, down: B): A | B | "neither" =>
  negative && positive ? "neither" : negative ? down : up;

function signsOf(pieces: NumericPieces, more: readonly number[]): Signs {
  const values = [...more, ...pieces.pieces.flatMap((piece, k) => extremesOn(piece, pieces.breaks[k - 1], pieces.breaks[k]))];
  const scale = Math.max(...values.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)), 0);
  const rounding = 1e-13 * scale;
  return { negative: values.some((value) => value < -rounding), positive: values.some((value) => value > rounding) };
}

/** Jumps at the breaks; what rounding leaves of a kink counts as none. */
export function jumps({ breaks, pieces }: NumericPieces): number[] {
  return breaks.map((at, k) => {
    const jump = pieceValue(difference(pieces[k + 1], pieces[k]), at);
    const terms = [...pieces[k], ...pieces[k + 1]].map((term) => Math.abs(pieceValue([term], at)));
    return Math.abs(jump) <= 1e-13 * Math.max(0, ...terms) ? 0 : jump;
  });
}

/** Values of a piece among which its smallest and its largest are: the ends, where it turns, and what it grows to. */
function extremesOn(piece: NumericPiece, low = -Infinity, high = Infinity): number[] {
  const inside = (x: number): boolean => x > low && x < high;
  if (exponentialPart(piece).length > 0) {
    const [from, to] = [
      Number.isFinite(low) ? low : Math.min(high, 0) - 40,
      Number.isFinite(high) ? high : Math.max(low, 0) + 40,
    ];
    return Array.from({ length: 257 }, (_, i) => pieceValue(piece, from + ((to - from) * i) / 256));
  }
  const polynomial = polynomialOf(piece);
  const finite = [low, high].filter((x) => Number.isFinite(x));
  const lead = polynomial.length - 1;
  const ends = [low, high].filter((x) => !Number.isFinite(x)).map((x) => (lead < 1 ? (polynomial[0] ?? 0) : polynomial[lead] * Math.sign(x) ** lead * Infinity)); // biome-ignore format: one line
  const turns = turnsOf(polynomial).filter(inside);
  return [...finite, ...turns].map((x) => pieceValue(piece, x)).concat(ends);
}

/** Where a polynomial of degree 3 at most may turn; of a higher one, where it is looked at. */
function turnsOf(polynomial: readonly number[]): number[] {
  const [, b = 0, c = 0, d = 0] = polynomial;
  if (polynomial.length > 4) return Array.from({ length: 401 }, (_, i) => (i - 200) / 10);
  if (d === 0) return c === 0 ? [] : [-b / (2 * c)];
  const root = c * c - 3 * b * d;
  if (root < 0) return [];
  const sum = -(c + (c < 0 ? -1 : 1) * Math.sqrt(root));
  return [sum / (3 * d), b / sum].filter(Number.isFinite);
}

/** Whether f(−x) = f(x), or −f(x). */
export function parityOf({ breaks, pieces }: NumericPieces): "odd" | "even" | "neither" {
  const mirrored = breaks.every((at, k) => Math.abs(at + breaks[breaks.length - 1 - k]) <= 1e-14 * Math.abs(at));
  if (!mirrored) return "neither";
  const turned =
    (sign: 1 | -1) =>
    (piece: NumericPiece, k: number): boolean => {
      const image = pieces[pieces.length - 1 - k].map(({ coefficient, power, rate }) => ({
        coefficient: sign * coefficient * (power % 2 === 0 ? 1 : -1),
        power,
        rate: rate === null ? null : -rate,
      }));
      const scale = Math.max(...piece.map(({ coefficient }) => Math.abs(coefficient)), 0);
      return difference(piece, image).every(({ coefficient }) => Math.abs(coefficient) <= 1e-13 * scale);
    };
  if (pieces.every(turned(1))) return "even";
  return pieces.every(turned(-1)) ? "odd" : "neither";
}
