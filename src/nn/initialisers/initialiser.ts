import type { Shape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import type { KeyLike } from "../../random/graph.js";

/** What an initialiser may look at: the row of the parameter it fills. */
export interface Slot {
  readonly shape: Shape;
  /** Inputs that each output sums over. */
  readonly fanIn: number;
  /** Outputs that each input goes to. */
  readonly fanOut: number;
  /** Gain of the activation that follows; null when none is known, which counts as 1. */
  readonly gain: number | null;
}

/** A way to fill a parameter at the start. */
export interface Initialiser {
  readonly name: string;
  /** Other names by which the field knows it: Xavier for Glorot, Kaiming for He. */
  readonly aliases: readonly string[];
  /** The law of an element as TeX. */
  readonly tex: string;
  readonly source: string;
  draw(key: KeyLike, slot: Slot): Tensor;
}
