import type { Piece, Pieces } from "../../src/smooth/pieces/pieces.js";
import { scalar } from "../../src/smooth/pieces/scalar.js";

/** coefficient · x^power · e^(rate·x) */
export const term = (coefficient: number, power: number, rate: number | null = null): Piece[number] => ({
  coefficient: scalar(coefficient),
  power,
  rate: rate === null ? null : scalar(rate),
});

/** The polynomial with these coefficients of 1, x, x², … */
export const polynomial = (...coefficients: number[]): Piece =>
  coefficients.flatMap((coefficient, power) => (coefficient === 0 ? [] : [term(coefficient, power)]));

export const piecesOf = (breaks: readonly number[], pieces: readonly Piece[]): Pieces => ({
  breaks: breaks.map((at) => scalar(at)),
  pieces,
});

export const step = piecesOf([0], [[], polynomial(1)]);
export const ramp = piecesOf([0], [[], polynomial(0, 1)]);
export const leaky = (alpha: number): Pieces => piecesOf([0], [polynomial(0, alpha), polynomial(0, 1)]);
export const hardTanh = piecesOf([-1, 1], [polynomial(-1), polynomial(0, 1), polynomial(1)]);
export const elu = piecesOf([0], [[term(1, 0, 1), term(-1, 0)], polynomial(0, 1)]);
/** Two kinks and a jump, of degree 2 and 3 between lines. */
export const bumpy = piecesOf([-1, 0.2, 1], [polynomial(-1), polynomial(0, 1, 0, 2), polynomial(1, 0, -3), polynomial(0, 0.5)]);

/** A generator of numbers from 0 to 1, the same for one seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 2 to 8 pieces of degree 0 to 3, with ends that are lines at most; half of the breaks are kinks, the others jumps. */
export function randomPieces(random: () => number): Pieces {
  const count = 2 + Math.floor(random() * 7);
  const breaks = Array.from({ length: count - 1 }, () => 8 * random() - 4).sort((a, b) => a - b);
  const pieces: number[][] = [];
  for (let k = 0; k < count; k++) {
    const degree = Math.floor(random() * (k === 0 || k === count - 1 ? 2 : 4));
    const own = Array.from({ length: degree + 1 }, () => 4 * random() - 2);
    if (k > 0 && random() < 0.5) own[0] += valueAt(pieces[k - 1], breaks[k - 1]) - valueAt(own, breaks[k - 1]);
    pieces.push(own);
  }
  return piecesOf(breaks, pieces.map((own) => polynomial(...own))); // biome-ignore format: one line
}

const valueAt = (own: readonly number[], x: number): number => own.reduceRight((sum, c) => sum * x + c, 0);
