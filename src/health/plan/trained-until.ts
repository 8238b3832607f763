import type { Layer } from "../../nn/layer.js";
import { compile, type Trainer } from "../../train/index.js";
import type { Trial } from "../trials/batch.js";
import { buildModel } from "./build.js";
import { type PlanData, prepareData } from "./data.js";
import { planLoss } from "./losses.js";
import { planOptimizer } from "./optimizer.js";
import type { Plan } from "./plan.js";
import { batchesOf } from "./run.js";

/** A place in a training that is gone to once more. */
export interface Revisit {
  readonly seed: number;
  /** Steps that are taken before the first look. */
  readonly step: number;
  readonly signal?: AbortSignal;
}

/**
 * Trains a plan anew up to a step, which gives the same parameters to the bit, and shows the trainer with the batch that comes next.
 * While `look` answers null a further step is taken, `most` looks in all.
 */
export async function trainedUntil<T>(
  plan: Plan,
  given: PlanData,
  { seed, step, signal }: Revisit,
  look: (trial: Trial) => Promise<T | null>,
  most = 1,
): Promise<T | null> {
  const data = prepareData(plan, given);
  const { loss } = planLoss(plan.loss, plan.task);
  const model = buildModel(plan) as Layer;
  const trainer: Trainer = await compile({ model, loss, optimizer: planOptimizer(plan.optimizer), seed });
  try {
    for await (const batch of batchesOf(trainer, plan, data)) {
      const { steps } = trainer.progress;
      if (signal?.aborted || steps >= step + most) return null;
      const seen = steps >= step ? await look({ trainer, batch }) : null;
      if (seen !== null) return seen;
      await trainer.step(batch);
    }
    return null;
  } finally {
    await trainer.dispose();
  }
}
