import type { MeasuredLayer } from "./history.js";

/** What is known of a training before it begins: the network, how it starts, and what it is to learn from. */
export interface Subject {
  readonly layers: readonly SubjectLayer[];
  /** What the model's output means: the function behind the last weights, by its record's name, or "none". */
  readonly head: { readonly activation: string; readonly units: number };
  readonly loss: { readonly name: string; readonly predictions: "values" | "logits" | "logProbabilities" | "probabilities" };
  readonly optimizer: {
    readonly name: string;
    readonly learningRate: number;
    readonly clipNorm: number | null;
    readonly momentum?: number;
    readonly epsilon?: number;
    readonly weightDecay?: number;
    /** Steps over which the rate rises from 0. */
    readonly warmup?: number;
  };
  /** Whether inputs of blocks are added to their outputs, and whether a norm stands behind such a sum (post-norm transformer). */
  readonly residual?: "none" | "plain" | "normBehind";
  readonly batchSize: number;
  readonly data: DataSummary;
}

/** A measured layer with how its weights start. */
export interface SubjectLayer extends MeasuredLayer {
  /** sd(W)·√fanIn at the start, and what the activation needs for a second moment that stays. */
  readonly spread: number;
  readonly neededSpread: number | null;
  /** Whether two units start with the same weights: they stay the same for ever. */
  readonly alike: boolean;
  /**
   * Mean-field factor on ‖δ‖² that is expected of this layer at its start: σ_w² E φ′², and 1 more where it is a branch around which
   * its input goes; null where it is not established.
   */
  readonly expectedFactor: number | null;
  /** The same factor when its weights start with `neededSpread`: far from 1 where no spread helps this activation. */
  readonly bestFactor?: number | null;
}

/** What the samples look like. */
export interface DataSummary {
  readonly samples: number;
  readonly features: readonly { readonly mean: number; readonly deviation: number }[];
  readonly nonFinite: number;
  readonly targets: {
    readonly kind: "classes" | "numbers";
    readonly mean: number;
    readonly deviation: number;
    readonly least: number;
    readonly greatest: number;
    /** Whether all are whole numbers. */
    readonly whole: boolean;
    /** Samples per class; empty for numbers. */
    readonly counts: readonly number[];
  };
  /** Loss of the best prediction that ignores the input: entropy of the labels, variance of the numbers. Null: not known. */
  readonly constantLoss: number | null;
}
