import type { Scalar } from "./scalar.js";

/** coefficient · x^power · e^(rate·x); rate null for a polynomial term. */
export interface Term {
  readonly coefficient: Scalar;
  readonly power: number;
  readonly rate: Scalar | null;
}

/** What a function is between two breaks: a sum of terms; none for 0. */
export type Piece = readonly Term[];

/**
 * A function of one number that is a polynomial, or a polynomial times exponentials, between breaks a₁ < a₂ < …: pieces[k] holds
 * right of breaks[k − 1] and up to breaks[k]. What it is at a break itself is of no account to a convolution.
 */
export interface Pieces {
  readonly breaks: readonly Scalar[];
  readonly pieces: readonly Piece[];
}
