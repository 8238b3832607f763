import type { GivenBatch, Trainer } from "./trainer.js";

/** Takes the steps of a training in the trainer's place and looks at them. What is trained is the same to the bit. */
export interface Monitor {
  /** Told before the first step what is trained, and how many steps there will be in all; null where that is not known. */
  start(trainer: Trainer, plan: { readonly steps: number | null }): void;
  /** How many steps may be under way at once: one while steps are timed. */
  stepsAhead(): number;
  /** Trains on one batch and returns its loss, as `trainer.step` does. */
  step(trainer: Trainer, batch: GivenBatch): Promise<number>;
}
