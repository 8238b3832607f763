import type { DType } from "../../ir/dtype.js";
import { fault } from "../../ir/fault.js";
import type { Shape } from "../../ir/shape.js";
import type { MeasuredStep, Monitor, Trainer } from "../../train/index.js";
import type { History, MeasuredLayer, Reading, StepRecord } from "../history.js";
import { healthInstrument, type InstrumentOptions } from "./instrument.js";
import { readingMaker } from "./reading.js";
import { type Schedule, type ScheduleOptions, schedule } from "./schedule.js";

export interface WatchOptions extends Omit<ScheduleOptions, "steps">, InstrumentOptions {
  /** Called after every reading with all that is known. */
  readonly onReading?: (history: History) => void;
}

/** What inputs of a step look like, the batch in front. */
export interface BatchShape {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A monitor that gathers the history of a training. */
export interface Watch extends Monitor {
  history(): History;
  /** Shape and dtype of the inputs of the last batch that was looked into. */
  sampleShape(): BatchShape;
  /** When it looks, and what that costs. */
  readonly schedule: Pick<Schedule, "overhead" | "every">;
}

/**
 * Watches a training: the loss at every step, the length of the gradients as often as its cost allows (where it was not taken stands the
 * last that was), and a reading of every layer at the steps that the
 * schedule chooses. A watch is for one training.
 */
export function watch({ onReading, forOtherTools, ...timing }: WatchOptions = {}): Watch {
  const instrument = healthInstrument({ ...(forOtherTools !== undefined && { forOtherTools }) });
  const maker = readingMaker();
  const steps: StepRecord[] = [];
  const readings: Reading[] = [];
  let layers: readonly MeasuredLayer[] = [];
  let batch: BatchShape = { shape: [0], dtype: "float32" };
  let planned: number | null = null;
  let watched: Trainer | null = null;
  let updates = 0;
  let lastLength = 0;
  let plan = schedule(timing);
  const history = (): History => ({ layers, steps, readings, budget: planned ?? steps.length });

  const note = (step: number, learningRate: number, result: MeasuredStep | number): void => {
    const { loss, gradientNorm, inputs, reading } =
      typeof result === "number" ? { loss: result, gradientNorm: lastLength, inputs: batch, reading: null } : result;
    lastLength = gradientNorm;
    steps.push({ loss, gradientNorm, learningRate });
    if (reading === null) return;
    const arrangement = instrument.arrangement(inputs.shape);
    layers = arrangement.layers;
    batch = inputs;
    readings.push(maker.read(reading, { step, samples: inputs.shape[0] }, arrangement));
  };
  return {
    history,
    sampleShape: () => batch,
    schedule: { overhead: (kind) => plan.overhead(kind), every: () => plan.every() },
    start(trainer, { steps: all }) {
      if (watched !== null && watched !== trainer) {
        throw fault("gradient health", "this watch has seen another training", { fix: "make a new one for every trainer" });
      }
      if (watched === null) plan = schedule({ ...timing, steps: all });
      [watched, planned] = [trainer, all];
    },
    stepsAhead: () => (plan.times(updates) ? 1 : Number.POSITIVE_INFINITY),
    async step(trainer, given) {
      const { steps: step } = trainer.progress;
      // Batches whose gradients are only gathered move nothing that could be judged.
      const update = (step + 1) % trainer.accumulate === 0 ? updates++ : null;
      const kind = update === null ? "plain" : plan.kindOf(update);
      const learningRate = trainer.learningRate(step);
      const started = performance.now();
      const result = await (kind === "plain"
        ? trainer.step(given)
        : trainer.step(given, { instrument: kind === "look" ? instrument : null }));
      note(step, learningRate, result);
      if (update !== null) plan.took(update, kind, performance.now() - started);
      if (kind === "look") onReading?.(history());
      return typeof result === "number" ? result : result.loss;
    },
  };
}
