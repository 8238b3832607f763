import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import type { BatchSource, ColumnNames, EarlyStopping, EpochReport, EvaluateOptions, FitOptions } from "./fit-options.js";
import type { Trainer, TrainingBatch } from "./trainer.js";

/** Steps under way at once: while the runtime computes one, the next ones are gathered and sent. */
const STEPS_AHEAD = 4;
/** Batches of validation data are this much larger: no gradients are kept. */
const EVALUATION_FACTOR = 4;

/** Trains epoch by epoch and reports after each. Stops with a fault when the loss is no longer a number. */
export async function* fit<P>(trainer: Trainer<P>, data: BatchSource, options: FitOptions): AsyncGenerator<EpochReport, void> {
  requireCount("epochs", options.epochs);
  requireCount("batchSize", options.batchSize);
  const watch = options.earlyStopping === undefined ? null : watcher(options.earlyStopping, options.validation !== undefined);
  while (trainer.progress.epoch < options.epochs && !options.signal?.aborted) {
    const epoch = trainer.progress.epoch;
    const started = performance.now();
    const learningRate = trainer.learningRate();
    const trained = await trainEpoch(trainer, data, options, epoch);
    if (options.signal?.aborted && !trained.complete) return;
    const seconds = (performance.now() - started) / 1000;
    const validation =
      options.validation === undefined
        ? null
        : await evaluate(trainer, options.validation, { ...options, batchSize: options.batchSize * EVALUATION_FACTOR });
    const report: EpochReport = {
      epoch: epoch + 1,
      steps: trainer.progress.steps,
      loss: trained.loss,
      learningRate,
      seconds,
      samplesPerSecond: trained.samples / seconds,
      validation,
      stopped: watch?.(validation) ?? false,
    };
    if (options.onCheckpoint !== undefined) await options.onCheckpoint(await trainer.checkpoint(), report);
    yield report;
    if (report.stopped) return;
  }
}

interface EpochTotals {
  readonly loss: number;
  readonly samples: number;
  readonly complete: boolean;
}

async function trainEpoch<P>(trainer: Trainer<P>, data: BatchSource, options: FitOptions, epoch: number): Promise<EpochTotals> {
  const { batchSize, shuffle = true, remainder = "keep" } = options;
  const total = data.batchCount?.({ size: batchSize, remainder }) ?? null;
  const start = trainer.progress.batch;
  const started = performance.now();
  let [done, samples, lossSum] = [start, 0, 0];
  const settle = (batch: TrainingBatch, loss: number): void => {
    requireFinite(loss, trainer, epoch, done);
    done += 1;
    samples += sizeOfBatch(batch);
    lossSum += loss * sizeOfBatch(batch);
    const samplesPerSecond = samples / ((performance.now() - started) / 1000);
    const position = { epoch: epoch + 1, epochs: options.epochs, batch: done, batches: total };
    options.onProgress?.({ ...position, loss: lossSum / samples, samplesPerSecond });
  };

  const underWay: Promise<void>[] = [];
  const order = { size: batchSize, epoch, start, remainder, ...(shuffle && { key: trainer.dataKey }) };
  let sent = start;
  for await (const batch of named(data.batches(order), options)) {
    if (options.signal?.aborted) break;
    const settled = trainer.step(batch).then((loss) => settle(batch, loss));
    settled.catch(() => undefined); // Heard below, when its turn comes.
    trainer.mark({ epoch, batch: ++sent });
    underWay.push(settled);
    if (underWay.length >= STEPS_AHEAD) await underWay.shift();
  }
  for (const settled of underWay) await settled;
  if (samples === 0) throw fault("fit", "there is nothing to train on", { got: "an epoch without batches" });
  const complete = !options.signal?.aborted;
  if (complete) trainer.mark({ epoch: epoch + 1, batch: 0 });
  return { loss: lossSum / samples, samples, complete };
}

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

function watcher(
  { patience, monitor = "loss", better = monitor === "loss" ? "smaller" : "larger", minChange = 0 }: EarlyStopping,
  hasValidation: boolean,
): (validation: Readonly<Record<string, number>> | null) => boolean {
  requireCount("patience", patience);
  if (!hasValidation) throw fault("fit", "early stopping needs data to test on", { fix: "pass validation" });
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  return (validation) => {
    const value = validation?.[monitor];
    if (value === undefined) {
      throw fault("fit", `there is no number "${monitor}" to watch`, {
        expected: Object.keys(validation ?? {}).join(", "),
        got: monitor,
      });
    }
    const cost = better === "smaller" ? value : -value;
    waited = cost < best - minChange ? 0 : waited + 1;
    best = Math.min(best, cost);
    return waited >= patience;
  };
}

function requireFinite<P>(loss: number, trainer: Trainer<P>, epoch: number, batch: number): void {
  if (Number.isFinite(loss)) return;
  throw fault("fit", `the loss is ${loss} at epoch ${epoch + 1}, batch ${batch + 1}`, {
    expected: "a finite number",
    got: `learning rate ${trainer.learningRate()}`,
    fix: "lower the learning rate, set clipNorm, or look for extreme values in the data",
  });
}

function requireCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw fault("fit", `${option} is not a count`, { expected: "a whole number, 1 or more", got: String(value) });
}
