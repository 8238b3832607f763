import type { Shape } from "../ir/shape.js";

/** A layer with weights as gradient health sees it: what is known of it before the first step. */
export interface MeasuredLayer {
  /** Its name in the parameter table: "3", "encoder.0.attention". */
  readonly path: string;
  readonly title: string;
  /** Name of the layer's record: "linear", "conv2d", "lstm". */
  readonly kind: string;
  /** The weights with the most numbers, by which updates are judged. */
  readonly weight: { readonly name: string; readonly shape: Shape; readonly fanIn: number; readonly trained: boolean };
  /** Numbers of one sample's pre-activation, and how many units they belong to (channels of a convolution). */
  readonly size: number;
  readonly units: number;
  /** The function that takes the pre-activation: its title, and its place in the measured model; null where there is none. */
  readonly activation: { readonly title: string; readonly path: string } | null;
  /** Whether a norm stands between the weights and the activation, and which. */
  readonly norm: string | null;
  /** The last layer, whose pre-activation is the model's output. */
  readonly head: boolean;
  /**
   * Factor by which operations between this layer and the model's output shrink or stretch the back-propagated signal by themselves
   * (average pooling, dropout), all together; δ is reported divided by it, so that layers can be compared.
   */
  readonly correction: number;
}

/** What one instrumented step says of one layer; h is the output of its activation, z the pre-activation, δ = ∂L/∂z. */
export interface LayerReading {
  /** Mean of h². */
  readonly power: number;
  readonly mean: number;
  /** Largest |h|. */
  readonly largest: number;
  /** √(mean over units of the variance of h over the batch) ÷ root mean square of h: 0 when every sample looks alike. */
  readonly signal: number;
  /** Share of units whose slope was 0 (φ′² < 1e-6) for every sample of the window that ends here. */
  readonly dead: number;
  /** Share of pre-activations where |φ′| is below 5 % of its largest value. */
  readonly saturated: number;
  /** Mean of φ′(z)²; of gates that of their slopes, each over its steepest. */
  readonly gate: number;
  /** ‖∂L/∂z‖ over the whole batch (Frobenius), after the correction. */
  readonly delta: number;
  /** ‖∂L/∂W‖, ‖W‖ before and ‖ΔW‖ of the update. */
  readonly gradient: number;
  readonly weight: number;
  readonly update: number;
  /** Share of entries of ∂L/∂W that are exactly 0. */
  readonly zeroGradient: number;
  /** Numbers that are not finite in h, δ and ∂L/∂W. */
  readonly nonFinite: number;
  /** Recurrent layers: ‖∂L/∂h_t‖ at every step of time. */
  readonly overTime?: readonly number[];
  /** Mean and largest |∂L/∂W|, mean |W| and |ΔW|, variance of W: what other tools judge by. */
  readonly meanGradient?: number;
  readonly largestGradient?: number;
  readonly meanWeight?: number;
  readonly meanUpdate?: number;
  readonly weightVariance?: number;
  /** Share of h that is at most 0, and of pre-activations with |z| ≥ 5. */
  readonly notPositive?: number;
  readonly beyondFive?: number;
}

/** An instrumented step. */
export interface Reading {
  /** Number of the step, from 0. */
  readonly step: number;
  /** One per measured layer, in the order of the forward pass. */
  readonly layers: readonly LayerReading[];
  /** Σm̂²/Σv̂ of Adam's moments over all parameters; null for other optimizers. */
  readonly momentRatio: number | null;
}

/** What is known of every step. */
export interface StepRecord {
  readonly loss: number;
  /** Length of all gradients together, before clipping; of the last step at which it was taken, where that is not every one. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** The model judged on data, between two steps. */
export interface Check {
  readonly step: number;
  readonly loss: number;
  /** Share of right answers on training and on test data; null for numbers. */
  readonly accuracy: number | null;
  readonly testAccuracy: number | null;
}

/** The loss of the same samples as the model learns and as it is used. */
export interface ModeLosses {
  readonly step: number;
  readonly train: number;
  readonly evaluation: number;
}

/** A training as it was watched. */
export interface History {
  readonly layers: readonly MeasuredLayer[];
  readonly steps: readonly StepRecord[];
  readonly readings: readonly Reading[];
  /** Steps that were planned. */
  readonly budget: number;
  /** Judgements along the way, at the end of an epoch for instance. */
  readonly checks?: readonly Check[];
  /** Of models whose norms gather statistics, at the end. */
  readonly modes?: ModeLosses;
}
