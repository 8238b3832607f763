import { relative } from "node:path";
import type { Columns, Values } from "../../data/columns.js";
import type { Dataset } from "../../data/index.js";
import { diagnose } from "../../health/diagnose.js";
import { type Watch, watch } from "../../health/index.js";
import { healthLine } from "../../health/report/line.js";
import { vocabulary } from "../../health/report/vocabulary.js";
import { Fault, fault } from "../../ir/fault.js";
import { trainingReport } from "../../plot/report/report.js";
import type { Outcome } from "../../plot/report/run-summary.js";
import type { Trainer } from "../../train/index.js";
import { bestEpoch, type EpochLine, packHistory, unpackHistory } from "./history.js";
import { makeTrainer, suitedThreads } from "./network.js";
import { type Prepared, prepare } from "./prepare.js";
import type { Reporter } from "./reporters.js";
import { type Results, sizeOfModel, summaryOf } from "./results.js";
import type { RunFile, RunFolder } from "./run-folder.js";
import { packHealth, scoreOf, subjectOfRun, worstOf } from "./run-health.js";
import { runtimes } from "./runtimes.js";
import type { TrainSettings } from "./settings.js";
import { readSource } from "./sources.js";

export interface TrainingJob {
  readonly settings: TrainSettings;
  readonly folder: RunFolder;
  /** Of the samples that a run began with; null for a new run. */
  readonly fingerprint: string | null;
  readonly reporter: Reporter;
  /** Stops training; the run can go on later from the last checkpoint. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly notify: (message: string) => void;
}

/** Does a run, or goes on with it: samples, training, test, files. Nothing is written before samples and settings are found sound. */
export async function runTraining(job: TrainingJob): Promise<"finished" | "interrupted"> {
  const { settings, notify } = job;
  const prepared = prepare(await readSource(settings), settings);
  requireSameSamples(job, prepared);
  const threads = settings.threads ?? suitedThreads(settings, prepared);
  const runtime = runtimes[settings.runtime]({ notify, ...(threads !== null && { threads }) });
  try {
    const trainer = await makeTrainer(settings, prepared, runtime);
    const runtimeName = await runtime.name();
    const history = await beginning(job, trainer, prepared);
    const titles = trainer.model.children.map(([, { title }]) => title);
    job.reporter.start({
      title: prepared.title,
      description: prepared.description,
      network: titles.join(" · "),
      parameters: sizeOfModel(trainer.model),
      runtime: runtimeName,
      folder: job.folder.path,
      epochs: settings.epochs,
      done: history.length,
    });
    // What was not watched from its start cannot be judged by it.
    const monitor = history.length === 0 ? watch() : null;
    const complete = await trainEpochs(job, trainer, { prepared, history, monitor });
    if (!complete) {
      job.reporter.interrupted(job.folder.path);
      return "interrupted";
    }
    job.reporter.results(await finish(job, { trainer, prepared, history, monitor, runtimeName }));
    await trainer.dispose();
    return "finished";
  } finally {
    await runtime.close();
  }
}

function requireSameSamples({ fingerprint, folder, settings }: TrainingJob, prepared: Prepared): void {
  if (fingerprint === null || fingerprint === prepared.fingerprint) return;
  throw fault(settings.data, "the samples are not those that the run began with", {
    expected: fingerprint.slice(0, 16),
    got: prepared.fingerprint.slice(0, 16),
    fix: `bring them back, or begin a new run; ${folder.path} is as it was`,
  });
}

/** Writes down a new run, or takes up one from its last checkpoint: the epochs that are done. */
async function beginning(
  { folder, settings, fingerprint }: TrainingJob,
  trainer: Trainer,
  prepared: Prepared,
): Promise<EpochLine[]> {
  if (fingerprint === null) {
    folder.clear();
    await folder.writeConfig({ settings, fingerprint: prepared.fingerprint });
    return [];
  }
  if (!folder.has("checkpoint")) return [];
  const { progress, extra } = await restoreFrom(trainer, folder, "checkpoint");
  const history = unpackHistory(extra.history, progress.epoch);
  // The file may be an epoch ahead of the checkpoint, or end in half a line.
  await folder.write("metrics", history.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return history;
}

async function restoreFrom(trainer: Trainer, folder: RunFolder, file: RunFile) {
  try {
    return await trainer.restore(await folder.read(file));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const where = folder.pathOf(file);
    throw error.where === where ? error : fault(where, error.problem, error.details, error);
  }
}

interface Epochs {
  readonly prepared: Prepared;
  readonly history: EpochLine[];
  /** Looks at signals and gradients on the way; null where nobody does. */
  readonly monitor: Watch | null;
}

/** True when training came to its end, false when it was interrupted. Every epoch ends in a checkpoint, then a line of metrics. */
async function trainEpochs(job: TrainingJob, trainer: Trainer, { prepared, history, monitor }: Epochs): Promise<boolean> {
  const { settings, folder, reporter, signal } = job;
  const { epochs, batchSize, patience } = settings;
  const heldName = prepared.validation === null ? "test" : "validation";
  const reports = trainer.fit(prepared.train, {
    epochs,
    batchSize,
    validation: prepared.validation ?? prepared.test,
    metrics: prepared.task.metrics,
    ...(patience !== null && { earlyStopping: { patience } }),
    ...(monitor !== null && { monitor }),
    onProgress: reporter.progress,
    signal,
  });
  try {
    for await (const { validation, ...report } of reports) {
      const line: EpochLine = { ...report, held: validation ?? {}, heldName };
      history.push(line);
      const bytes = await trainer.checkpoint({ history: packHistory(history) });
      if (patience !== null && bestEpoch(history) === line) await folder.write("best", bytes);
      await folder.write("checkpoint", bytes);
      await folder.append("metrics", JSON.stringify(line));
      reporter.epoch(line);
    }
  } finally {
    reporter.stop();
  }
  return history.length === epochs || history.at(-1)?.stopped === true;
}

interface Trained {
  readonly trainer: Trainer;
  readonly prepared: Prepared;
  readonly history: readonly EpochLine[];
  readonly monitor: Watch | null;
  readonly runtimeName: string;
}

/** Tests the trained model, exports it, and writes the report: the last file, by which a finished run is known. */
async function finish(job: TrainingJob, trained: Trained): Promise<Results> {
  const { folder, settings, now } = job;
  const { trainer, prepared, history, runtimeName } = trained;
  const best = settings.patience === null ? null : bestEpoch(history);
  const kept = best !== null && best.epoch !== history.length ? best.epoch : null;
  if (kept !== null) await restoreFrom(trainer, folder, "best");
  const predictions = await predictAll(trainer, prepared.test);
  const { loss: testLoss } = await trainer.evaluate(prepared.test);
  const model = await trainer.exportOnnx({ inputShape: prepared.train.columns.features.shape, metadata: prepared.metadata });
  await folder.write("model", model);
  const outcome = prepared.task.judge(predictions, prepared.testAsRead);
  const health = await writeHealth(job, trained, outcome);
  const results: Results = {
    outcome,
    testLoss,
    epochs: history.length,
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    kept,
    ...(health !== null && { health }),
    folder: folder.path,
    files: filesOf(folder),
  };
  const record = { settings, prepared, model: trainer.model, history, results, runtime: runtimeName, when: now() };
  await folder.write("report", trainingReport(summaryOf(record)));
  return results;
}

/** Keeps what was seen of the run's health, and says it in a line; null where the run was not watched from its start. */
async function writeHealth({ folder, settings }: TrainingJob, trained: Trained, outcome: Outcome): Promise<string | null> {
  const { prepared, trainer, monitor, history } = trained;
  if (monitor === null) return null;
  const evidence = { subject: subjectOfRun(settings, prepared, trainer.model), history: monitor.history() };
  const diagnosis = diagnose(evidence);
  const score = scoreOf(outcome);
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  await folder.write("health", packHealth({ ...evidence, title: prepared.title, diagnosis, score, seconds }));
  return healthLine(diagnosis, vocabulary, worstOf(evidence.history));
}

const purposes: readonly (readonly [file: RunFile, purpose: string])[] = [
  ["report", "everything about the run, for a browser"],
  ["model", "the trained network, for any ONNX runtime"],
  ["checkpoint", "the state of training after the last epoch"],
  ["best", "the state of training after the best epoch"],
  ["metrics", "a line of JSON for every epoch"],
  ["health", "signals, gradients and updates as they were seen: softgrad health reads it"],
  ["config", "the settings, to do it again"],
];

const filesOf = (folder: RunFolder): Results["files"] =>
  purposes
    .filter(([file]) => file === "report" || folder.has(file))
    .map(([file, purpose]) => ({ name: relative(folder.path, folder.pathOf(file)), purpose }));

const TEST_BATCH = 256;

async function predictAll(trainer: Trainer, data: Dataset<Columns>): Promise<Values<Float32Array>> {
  const parts: Float32Array[] = [];
  let shape: readonly number[] = [];
  for await (const { features } of data.batches({ size: TEST_BATCH })) {
    const predictions = await trainer.predict(features);
    parts.push(predictions.data);
    shape = predictions.shape;
  }
  const joined = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return { data: joined, shape: [data.length, ...shape.slice(1)], dtype: "float32" };
}
