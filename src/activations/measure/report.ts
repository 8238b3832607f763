import type { Kink, PointwiseFacts, Range, Smoothness, Tail } from "../facts.js";

/** A number or fact that was measured, or why none can be trusted. */
export type Measured<T> =
  | { readonly established: true; readonly value: T }
  | { readonly established: false; readonly reason: string };

export const established = <T>(value: T): Measured<T> => ({ established: true, value });
export const notEstablished = (reason: string): { readonly established: false; readonly reason: string } => ({
  established: false,
  reason,
});

/** The value, or null when none is established. */
export const valueIfKnown = <T>(measured: Measured<T>): T | null => (measured.established ? measured.value : null);

/** The measured value put through `f`; what is not established stays so. */
export const mapMeasured = <T, U>(measured: Measured<T>, f: (value: T) => U): Measured<U> =>
  measured.established ? established(f(measured.value)) : measured;

/** A place where f (order 0) or its derivative of that order jumps, and by how much: right limit minus left limit. */
export interface MeasuredKink extends Kink {
  readonly jump: number;
}

/** A lowest or highest value, a place where it is taken, and whether that is the only one. */
export interface Extreme {
  readonly at: number;
  readonly value: number;
  readonly unique: boolean;
}

/** Variances of weights (times fanIn) and biases for which nearby signals neither converge nor part: see `criticalInitialisation`. */
export interface CriticalInitialisation {
  /** The second moment that layers keep. */
  readonly fixedPoint: number;
  /** σ_w²: weights have variance σ_w² / fanIn. */
  readonly weightVariance: number;
  /** σ_b². */
  readonly biasVariance: number;
}

/** f(x + length) = f(x) + drift for all x. */
export interface Period {
  readonly length: number;
  readonly drift: number;
}

/** Everything that `measureFacts` finds out about a function of one number. */
export interface MeasuredFacts {
  readonly range: Measured<Range>;
  readonly monotone: Measured<PointwiseFacts["monotone"]>;
  readonly parity: Measured<PointwiseFacts["parity"]>;
  /** Whether E f(z) = 0 for z from the standard normal law, to 1e-12 of the size of f. */
  readonly zeroCentred: Measured<boolean>;
  readonly left: Measured<Tail>;
  readonly right: Measured<Tail>;
  /** On which sides it approaches a constant. */
  readonly saturates: Measured<"neither" | "left" | "right" | "both">;
  readonly period: Measured<Period | null>;
  /** All places where f, f′, f″ or f‴ jumps. */
  readonly kinks: Measured<readonly MeasuredKink[]>;
  /** The kinks that were found, whether or not they are known to be all. */
  readonly kinksFound: readonly MeasuredKink[];
  /** "smooth" means that no derivative up to the third jumps: more cannot be measured. */
  readonly smoothness: Measured<Smoothness>;
  /** The Lipschitz constant: ∞ for a function that jumps. */
  readonly lipschitz: Measured<number>;
  /** sup |f′| and sup |f″| away from kinks. */
  readonly steepest: Measured<number>;
  readonly curvature: Measured<number>;
  /** Null for a value that is only approached, or for none at all. */
  readonly minimum: Measured<Extreme | null>;
  readonly maximum: Measured<Extreme | null>;
  /** E f(z), E f(z)² and E f′(z)² for z from the standard normal law. */
  readonly mean: Measured<number>;
  readonly secondMoment: Measured<number>;
  readonly slopeSecondMoment: Measured<number>;
  /** 1 / √E f(z)² and 1 / √E f′(z)²: the factors on the weights that keep the size of signals and of gradients. */
  readonly forwardGain: Measured<number>;
  readonly backwardGain: Measured<number>;
  /** The critical initialisation that keeps a second moment of 1. */
  readonly critical: Measured<CriticalInitialisation>;
}
