import { type OptimizerFactory, optimizers } from "../../optim/index.js";
import type { Runtime } from "../../run/runtime.js";
import { compile, type Trainer } from "../../train/index.js";
import { activationOf } from "./activation-setting.js";
import { type NetworkPlan, type NetworkRecord, networks } from "./networks.js";
import type { Prepared } from "./prepare.js";
import { schedules } from "./schedules.js";
import type { TrainSettings } from "./settings.js";

/** The network of the settings, for the samples and the task. */
function planOf(
  { model, activation, ...settings }: TrainSettings,
  { train, task }: Prepared,
): { plan: NetworkPlan; network: NetworkRecord } {
  const { layers, channels, dropout } = settings;
  const features = train.columns.features.shape;
  const plan = {
    features,
    imageShape: train.info.imageShape,
    outputs: task.outputs,
    layers,
    channels,
    activation: activationOf(activation),
    dropout,
  };
  return { plan, network: networks[model] };
}

/** Multiplications of a forward pass below which threads cost more than they save: waiting for each other takes some 10 µs. */
const WORTH_THREADS = 4e6;

/**
 * One thread for small networks, null (the runtime's choice) for larger ones. With more threads a small step is no faster on an
 * idle machine, and several times slower on a busy one, where it waits for a thread that has no core.
 */
export function suitedThreads(settings: TrainSettings, prepared: Prepared): number | null {
  const { plan, network } = planOf(settings, prepared);
  const multiplications = network.multiplications(plan);
  return multiplications !== null && multiplications * settings.batchSize < WORTH_THREADS ? 1 : null;
}

/** Network, loss and optimizer, wired and with their first parameters. */
export function makeTrainer(settings: TrainSettings, prepared: Prepared, runtime: Runtime): Promise<Trainer> {
  const { train, task } = prepared;
  const { plan, network } = planOf(settings, prepared);
  const steps = settings.epochs * train.batchCount({ size: settings.batchSize });
  const factory: OptimizerFactory = optimizers[settings.optimizer as keyof typeof optimizers];
  const { weightDecay, clipNorm } = settings;
  return compile({
    model: network.build(plan),
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
