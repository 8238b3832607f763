import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import { watchValidation } from "./early-stopping.js";
import type { BatchSource, ColumnNames, EpochReport, EvaluateOptions, FitOptions } from "./fit-options.js";
import type { TrainingPlan } from "./monitor.js";
import { requireCount } from "./require.js";
import { findNonFinite } from "./targets.js";
import type { Trainer, TrainingBatch } from "./trainer.js";

/** Steps under way at once: while the runtime computes one, the next ones are gathered and sent. */
const STEPS_AHEAD = 4;
/** Batches of validation data are this much larger: no gradients are kept. */
const EVALUATION_FACTOR = 4;

/** Trains epoch by epoch and reports after each. Stops with a fault when the loss is no longer a number. */
export async function* fit<P>(trainer: Trainer<P>, data: BatchSource, options: FitOptions): AsyncGenerator<EpochReport, void> {
  requireCount("epochs", options.epochs);
  requireCount("batchSize", options.batchSize);
  const watch = options.earlyStopping && watchValidation(trainer.notes, options.earlyStopping, options.validation !== undefined);
  if (watch?.exhausted()) return;
  await options.monitor?.start(trainer as Trainer, planOf(data, options));
  while (trainer.progress.epoch < options.epochs && !options.signal?.aborted) {
    const epoch = trainer.progress.epoch;
    const started = performance.now();
    const trained = await trainEpoch(trainer, data, options, epoch);
    if (!trained.complete) return;
    const seconds = (performance.now() - started) / 1000;
    trainer.mark({ epoch: epoch + 1, batch: 0 });
    const validation =
      options.validation === undefined
        ? null
        : await evaluate(trainer, options.validation, { ...options, batchSize: options.batchSize * EVALUATION_FACTOR });
    const report: EpochReport = {
      epoch: epoch + 1,
      steps: trainer.progress.steps,
      loss: trained.loss,
      learningRate: trainer.learningRate(trainer.progress.steps - 1),
      seconds,
      samplesPerSecond: trained.samples / seconds,
      validation,
      stopped: watch?.stops(validation) ?? false,
    };
    if (options.onCheckpoint !== undefined) await options.onCheckpoint(await trainer.checkpoint(), report);
    yield report;
    if (report.stopped) return;
  }
}

function planOf(data: BatchSource, { epochs, batchSize, remainder = "keep", inputs, targets }: FitOptions): TrainingPlan {
  const perEpoch = data.batchCount?.({ size: batchSize, remainder }) ?? null;
  const names = { ...(inputs !== undefined && { inputs }), ...(targets !== undefined && { targets }) };
  return { steps: perEpoch === null ? null : perEpoch * epochs, data, ...names };
}

interface EpochTotals {
  /** Mean over the epoch, what was trained on before a restore included. */
  readonly loss: number;
  /** Samples trained on here. */
  readonly samples: number;
  /** False when the signal stopped it. */
  readonly complete: boolean;
}

async function trainEpoch<P>(trainer: Trainer<P>, data: BatchSource, options: FitOptions, epoch: number): Promise<EpochTotals> {
  const { batchSize, shuffle = true, remainder = "keep", signal, monitor } = options;
  const batches = data.batchCount?.({ size: batchSize, remainder }) ?? null;
  const start = trainer.progress.batch;
  const started = performance.now();
  let done = start;
  let samples = 0;
  let before: TrainingBatch | null = null;
  const settle = (batch: TrainingBatch, loss: number): void => {
    done += 1;
    requireFinite(loss, { batch, before, epoch: epoch + 1, number: done, learningRate: trainer.learningRate() });
    before = batch;
    samples += sizeOfBatch(batch);
    const samplesPerSecond = samples / ((performance.now() - started) / 1000);
    const position = { epoch: epoch + 1, epochs: options.epochs, batch: done, batches };
    options.onProgress?.({ ...position, loss: meanLoss(trainer), samplesPerSecond });
  };

  const underWay: Promise<void>[] = [];
  const order = { size: batchSize, epoch, start, remainder, ...(shuffle && { key: trainer.dataKey }) };
  let sent = start;
  let complete = true;
  for await (const batch of named(data.batches(order), options)) {
    complete = !signal?.aborted;
    if (!complete) break;
    const step = monitor === undefined ? trainer.step(batch) : monitor.step(trainer as Trainer, batch);
    const settled = step.then((loss) => settle(batch, loss));
    settled.catch(() => undefined); // Heard below, when its turn comes.
    trainer.mark({ epoch, batch: ++sent });
    underWay.push(settled);
    while (underWay.length >= Math.min(STEPS_AHEAD, monitor?.stepsAhead() ?? STEPS_AHEAD)) await underWay.shift();
  }
  for (const settled of underWay) await settled;
  if (complete && sent === 0) throw fault("fit", "there is nothing to train on", { got: "an epoch without batches" });
  return { loss: meanLoss(trainer), samples, complete };
}

const meanLoss = <P>({ progress }: Trainer<P>): number => progress.lossSum / progress.samples;

const sizeOfBatch = ({ inputs }: TrainingBatch): number => inputs.shape[0] ?? 0;

/** Picks inputs and targets out of batches. */
async function* named(
  source: AsyncIterable<Readonly<Record<string, Values>>>,
  { inputs = "features", targets }: ColumnNames,
): AsyncGenerator<TrainingBatch> {
  for await (const batch of source) {
    const target = targets ?? ("labels" in batch ? "labels" : "targets");
    for (const column of [inputs, target]) {
      if (column in batch) continue;
      throw fault("fit", `the data have no column "${column}"`, {
        expected: Object.keys(batch).join(", "),
        got: column,
        fix: "name them with the options inputs and targets",
      });
    }
    yield { inputs: batch[inputs], targets: batch[target] };
  }
}

/** Loss (mean over samples) and metrics of the model in evaluation mode. */
export async function evaluate<P>(
  trainer: Trainer<P>,
  data: BatchSource,
  { batchSize = 256, metrics = [], ...columns }: EvaluateOptions = {},
): Promise<Record<string, number>> {
  const counts = metrics.map((metric) => metric.start());
  let [samples, lossSum] = [0, 0];
  for await (const batch of named(data.batches({ size: batchSize }), columns)) {
    const { predictions, loss } = await trainer.test(batch);
    samples += sizeOfBatch(batch);
    lossSum += loss * sizeOfBatch(batch);
    for (const count of counts) count.add(predictions, batch.targets);
  }
  if (samples === 0) throw fault("evaluate", "there is nothing to test on", { got: "no samples" });
  return { loss: lossSum / samples, ...Object.fromEntries(metrics.map(({ name }, i) => [name, counts[i].result()])) };
}

interface Measured {
  readonly batch: TrainingBatch;
  /** The batch before it in the epoch: what is not finite there can pass through to a finite loss and break the parameters. */
  readonly before: TrainingBatch | null;
  readonly epoch: number;
  /** Number of the batch, from 1. */
  readonly number: number;
  readonly learningRate: number;
}

function requireFinite(loss: number, { batch, before, epoch, number, learningRate }: Measured): void {
  if (Number.isFinite(loss)) return;
  const [own, earlier] = [batch, before].map((columns) => columns && findNonFinite({ ...columns }));
  const culprit = own ?? earlier;
  throw fault("fit", `the loss is ${loss} at epoch ${epoch}, batch ${number}`, {
    expected: "a finite number",
    got: culprit ? `${culprit} of batch ${own === null ? number - 1 : number}` : `finite data, learning rate ${learningRate}`,
    fix: culprit
      ? "drop or fill such samples before training"
      : "lower the learning rate, set clipNorm, or look for extreme values in the data",
  });
}
