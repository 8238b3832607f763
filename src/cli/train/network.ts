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
