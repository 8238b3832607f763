import { findActivation } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";
import { sizeOf } from "../../ir/shape.js";
import { dropout, type Layer, linear, type Stage, sequential } from "../../nn/index.js";
import { type OptimizerFactory, optimizers } from "../../optim/index.js";
import type { Runtime } from "../../run/runtime.js";
import { compile, type Trainer } from "../../train/index.js";
import type { Prepared } from "./prepare.js";
import { schedules } from "./schedules.js";
import type { TrainSettings } from "./settings.js";

/** The hidden layers of the settings, each with activation and dropout, and a last one for the outputs. */
export function buildNetwork(inputs: number, outputs: number, { layers, activation, dropout: rate }: TrainSettings): Layer {
  const found = findActivation(activation);
  if (found === null) throw fault("--activation", `there is no activation "${activation}"`);
  const widths = [inputs, ...layers];
  const hidden = layers.flatMap((width, i): Stage[] => [linear(widths[i], width), found, ...(rate > 0 ? [dropout(rate)] : [])]);
  return sequential(...hidden, linear(widths[widths.length - 1], outputs));
}

/** Multiplications of a forward pass below which threads cost more than they save: waiting for each other takes some 10 µs. */
const WORTH_THREADS = 4e6;

/**
 * One thread for small networks, null (the runtime's choice) for larger ones. With more threads a small step is no faster on an
 * idle machine, and several times slower on a busy one, where it waits for a thread that has no core.
 */
export function suitedThreads({ layers, batchSize }: TrainSettings, { train, task }: Prepared): number | null {
  const widths = [sizeOf(train.columns.features.shape), ...layers, task.outputs];
  const weights = widths.slice(1).reduce((total, width, i) => total + width * widths[i], 0);
  return weights * batchSize < WORTH_THREADS ? 1 : null;
}

/** Network, loss and optimizer, wired and with their first parameters. */
export function makeTrainer(settings: TrainSettings, { train, task }: Prepared, runtime: Runtime): Promise<Trainer> {
  const steps = settings.epochs * train.batchCount({ size: settings.batchSize });
  const factory: OptimizerFactory = optimizers[settings.optimizer as keyof typeof optimizers];
  const { weightDecay, clipNorm } = settings;
  return compile({
    model: buildNetwork(sizeOf(train.columns.features.shape), task.outputs, settings),
    loss: task.loss,
    optimizer: factory({
      learningRate: schedules[settings.schedule](settings.learningRate, steps),
      weightDecay,
      ...(clipNorm !== null && { clipNorm }),
    }),
    seed: settings.seed,
    runtime,
  });
}
