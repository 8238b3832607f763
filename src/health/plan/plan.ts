import type { Shape } from "../../ir/shape.js";

/**
 * A training as plain data: what a described program is, what remedies change, and what code is written from. It says what an
 * author wrote, mistakes included: a softmax over one unit, a loss that takes probabilities, an inverted learning rate.
 */
export interface Plan {
  readonly title: string;
  readonly task: "classes" | "binary" | "numbers" | "tokens";
  /** Shape of a sample. */
  readonly input: Shape;
  readonly blocks: readonly Block[];
  readonly head: Head;
  /** Name of one of the plan's losses, as it is or in "sum(…)", "minus(…)". */
  readonly loss: string;
  readonly optimizer: OptimizerPlan;
  readonly data: DataPlan;
  readonly batchSize: number;
  readonly steps: number;
}

/** What every block with weights can be told. */
export interface Weights {
  /** Name of an activation of the catalogue, "exp", "softmax", or "none". */
  readonly activation: string;
  /** Name of an initialiser with its numbers, as the plan's initialisers read it: "auto", "heUniform", "uniform(0.05)", "ones". */
  readonly init: string;
  readonly bias?: boolean;
  /** A norm between weights and activation. Default "none". */
  readonly norm?: "none" | "batch" | "layer" | "group";
  /** Share dropped behind the activation. Default 0. */
  readonly dropout?: number;
  /** Whether the block's input is added to its output; its shape must not change. Default false. */
  readonly residual?: boolean;
  /** Whether its weights stay as they are. Default false. */
  readonly frozen?: boolean;
}

/** A part of the hidden network. */
export type Block =
  | ({ readonly kind: "dense"; readonly units: number } & Weights)
  | ({ readonly kind: "conv"; readonly channels: number; readonly size: number; readonly padding?: "same" | "valid" } & Weights)
  /** Windows of images, 2 × 2 unless told; globalAverage is the mean of a channel's places, or of a sequence's steps. */
  | { readonly kind: "pool"; readonly how: "max" | "average" | "globalAverage"; readonly size?: number }
  | { readonly kind: "flatten" }
  | { readonly kind: "embedding"; readonly rows: number; readonly units: number }
  /** Adds the sinusoids of the positions to a sequence. */
  | { readonly kind: "positions" }
  | {
      readonly kind: "recurrent";
      readonly cell: "rnn" | "lstm" | "gru";
      readonly units: number;
      /** Of an rnn. */
      readonly activation?: "tanh" | "relu";
      readonly init?: string;
      readonly recurrentInit?: string;
      readonly returns: "all" | "last";
    }
  | {
      readonly kind: "transformer";
      readonly width: number;
      readonly heads: number;
      readonly hidden: number;
      readonly norm: "pre" | "post";
    };

/** The last linear layer and what stands behind it in the model. */
export interface Head {
  readonly units: number;
  /** "none" leaves logits or values. */
  readonly activation: string;
  readonly init: string;
}

export interface OptimizerPlan {
  readonly name: string;
  readonly learningRate: number;
  readonly momentum?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
  /** Steps over which the rate rises from 0. Default none. */
  readonly warmup?: number;
}

/** What is done to the samples before they are trained on. */
export interface DataPlan {
  /** Features to mean 0 and deviation 1, by the numbers of the training data. Default "none". */
  readonly inputs: "none" | "standardise";
  /** The same for targets that are numbers. */
  readonly targets: "none" | "standardise";
}
