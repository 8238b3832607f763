import type { BatchSource, ColumnNames } from "./fit-options.js";
import type { GivenBatch, Trainer } from "./trainer.js";

/** What is known of a training before its first step. */
export interface TrainingPlan extends ColumnNames {
  /** Steps in all; null where that is not known. */
  readonly steps: number | null;
  /** What is trained on, where it is one source. */
  readonly data?: BatchSource;
}

/** Takes the steps of a training in the trainer's place and looks at them. What is trained is the same to the bit. */
export interface Monitor {
  /** Told before the first step what is trained, and on what. */
  start(trainer: Trainer, plan: TrainingPlan): void | Promise<void>;
  /** How many steps may be under way at once: one while steps are timed. */
  stepsAhead(): number;
  /** Trains on one batch and returns its loss, as `trainer.step` does. */
  step(trainer: Trainer, batch: GivenBatch): Promise<number>;
}
