import type { DType } from "../ir/dtype.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import type { Layer } from "../nn/layer.js";

/**
 * Looks into training steps: a step that runs with it has one more output, made of whatever it reads off the graph. It changes no
 * number of the training.
 */
export interface Instrument {
  /** Called once for every shape of batches, before the model is traced. */
  begin(model: Layer, inputs: { readonly shape: Shape; readonly dtype: DType }): Reader;
}

/** What an instrument does with one graph. */
export interface Reader {
  /** Sees every part's input and output, as a context's probe; what it returns goes on in its place, and must be equal. */
  probe(path: string, value: Tensor): Tensor | void;
  /** Called when the model has run: the values whose gradients are wanted, in the order in which they were made. */
  inside(): readonly Tensor[];
  /** Called when the update is known: a row of numbers, float32. */
  read(seen: StepInside): Tensor;
}

/** One training step, seen from inside. */
export interface StepInside {
  /** Gradients of the values that were asked for; null where the loss does not depend on one. */
  readonly cotangents: readonly (Tensor | null)[];
  /** Parameters by name, before the update and after it; without a gradient what is not trained. */
  readonly parameters: ReadonlyMap<string, ParameterInside>;
  /** Moments of the optimizer after the update, without their pull toward the start; null where it keeps none. */
  readonly moments: { readonly first: readonly Tensor[]; readonly second: readonly Tensor[] } | null;
}

export interface ParameterInside {
  readonly before: Tensor;
  readonly after: Tensor;
  readonly gradient: Tensor | null;
}

/** What is looked at in a step: the length of its gradients, and what an instrument reads, if there is one. */
export interface StepOptions {
  readonly instrument: Instrument | null;
}

/** A step that was looked at. */
export interface MeasuredStep {
  /** What its inputs look like, the batch in front. */
  readonly inputs: { readonly shape: Shape; readonly dtype: DType };
  readonly loss: number;
  /** Length of all gradients together, of this batch, before they are clipped. Not finite when one of them is not. */
  readonly gradientNorm: number;
  /** What the instrument read; null without one. */
  readonly reading: Float32Array | null;
}
