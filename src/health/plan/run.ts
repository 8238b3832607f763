import { parametersOf } from "../../nn/index.js";
import { compile } from "../../train/compile.js";
import type { Trainer, TrainingBatch } from "../../train/trainer.js";
import type { History, ModeLosses, StepRecord } from "../history.js";
import { type Watch, watch } from "../probes/watch.js";
import type { Outcome } from "../treatment.js";
import { compareModes } from "../trials/batch.js";
import { buildModel } from "./build.js";
import { type PlanData, prepareData, targetColumn } from "./data.js";
import { fingerprintOf } from "./fingerprint.js";
import { planLoss } from "./losses.js";
import { planOptimizer } from "./optimizer.js";
import type { Plan } from "./plan.js";
import { scoreOf } from "./score.js";

export interface RunOptions {
  /** Root of parameters, order and dropout. Default 0. */
  readonly seed?: number;
  /** Fewer than the plan's: the beginning of the same training. */
  readonly steps?: number;
  /** Whether the layers are looked at on the way; otherwise only the losses are known. It changes no result. Default true. */
  readonly monitor?: boolean;
  /** Whether readings have the numbers that only other tools judge by. Default false. */
  readonly forOtherTools?: boolean;
  readonly signal?: AbortSignal;
}

/** Steps under way at once. */
const STEPS_AHEAD = 4;
/** Looks along a training, beside those at its start: by number and not by time, so that one seed gives one history. */
const LOOKS = 50;
/** Losses in a row that are no finite numbers, after which nothing else can come. */
const HOPELESS = 5;

/**
 * Trains a plan and judges it on the test data. A training whose loss is no longer finite goes on for a few steps, so that it is seen
 * where it broke, and then ends: it has an outcome like any other.
 */
export async function runPlan(
  plan: Plan,
  given: PlanData,
  { seed = 0, steps = plan.steps, monitor = true, forOtherTools = false, signal }: RunOptions = {},
): Promise<Outcome> {
  const data = prepareData(plan, given);
  const model = buildModel(plan);
  const { loss } = planLoss(plan.loss, plan.task);
  const trainer = await compile({ model, loss, optimizer: planOptimizer(plan.optimizer), seed });
  try {
    const started = performance.now();
    const seen = monitor ? watch({ every: Math.ceil(plan.steps / LOOKS), forOtherTools }) : null;
    seen?.start(trainer as Trainer, { steps: plan.steps });
    const records = await trainSteps(trainer, plan, data, { steps, watch: seen, signal });
    const milliseconds = performance.now() - started;
    const { testLoss, score } = await judge(trainer, plan, data);
    const modes = seen && (await modesOf(trainer as Trainer, plan, data, seen.history()));
    const watched = seen && { ...seen.history(), ...(modes && { modes }) };
    const history = watched ?? { layers: [], steps: records, readings: [], budget: plan.steps };
    return {
      plan,
      seed,
      history,
      score,
      testLoss,
      milliseconds,
      parameters: parametersOf(model).reduce((count, { shape }) => count + shape.reduce((size, axis) => size * axis, 1), 0),
      fingerprint: fingerprintOf(await trainer.parameters()),
    };
  } finally {
    await trainer.dispose();
  }
}

async function trainSteps(
  trainer: Trainer,
  plan: Plan,
  data: PlanData,
  { steps, watch, signal }: { steps: number; watch: Watch | null; signal: AbortSignal | undefined },
): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  const underWay: Promise<void>[] = [];
  let lost = 0;
  for await (const batch of batchesOf(trainer, plan, data)) {
    const step = trainer.progress.steps;
    if (step >= steps || lost >= HOPELESS || signal?.aborted) break;
    const learningRate = trainer.learningRate(step);
    const settled = (watch?.step(trainer, batch) ?? trainer.step(batch)).then((loss) => {
      lost = Number.isFinite(loss) ? 0 : lost + 1;
      records.push({ loss, gradientNorm: Number.NaN, learningRate });
    });
    settled.catch(() => undefined); // Heard below, when its turn comes.
    underWay.push(settled);
    if (underWay.length >= STEPS_AHEAD) await underWay.shift();
  }
  for (const settled of underWay) await settled;
  return records;
}

/** Epoch after epoch of whole batches, in the order of the trainer's key. */
export async function* batchesOf(trainer: Trainer, plan: Plan, { train }: PlanData): AsyncGenerator<TrainingBatch, never> {
  const order = { size: Math.min(plan.batchSize, train.length), remainder: "drop", key: trainer.dataKey } as const;
  const target = targetColumn(plan);
  for (let epoch = 0; ; epoch++) {
    for await (const batch of train.batches({ ...order, epoch })) yield { inputs: batch.features, targets: batch[target] };
  }
}

/** Batches of which the two modes' losses are a mean. */
const COMPARED = 16;

/** How far a model with batch norms is from what it learnt with when it is used; null without them, and when the loss is lost. */
async function modesOf(trainer: Trainer, plan: Plan, data: PlanData, { layers, steps }: History): Promise<ModeLosses | null> {
  const finite = Number.isFinite(steps.at(-1)?.loss ?? Number.NaN);
  if (!finite || !layers.some(({ norm }) => norm === "batchNorm")) return null;
  const batches: TrainingBatch[] = [];
  for await (const batch of batchesOf(trainer, plan, data)) {
    if (batches.push(batch) === COMPARED) break;
  }
  return compareModes(trainer, batches);
}

async function judge(trainer: Trainer, plan: Plan, { test }: PlanData): Promise<{ testLoss: number; score: number }> {
  const { features, [targetColumn(plan)]: targets } = test.gather();
  const { predictions, loss } = await trainer.test({ inputs: features, targets });
  return { testLoss: loss, score: scoreOf(plan, predictions, targets) };
}
