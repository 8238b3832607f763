/** Training: one compiled step, epochs, checkpoints, export. */
export type { BatchInput } from "./batch-input.js";
export type { Checkpoint } from "./checkpoint.js";
export { compile } from "./compile.js";
export type { ExportOptions } from "./export.js";
export type {
  BatchSource,
  ColumnNames,
  EarlyStopping,
  EpochReport,
  EvaluateOptions,
  FitOptions,
  FitProgress,
  Metric,
} from "./fit-options.js";
export type { Instrument, MeasuredStep, ParameterInside, Reader, StepInside, StepOptions } from "./instrument.js";
export { accuracy, bestClass, binaryAccuracy, rootMeanSquare, runningMean, topK, type WeightedMetric } from "./metrics.js";
export {
  type ClassReport,
  type ClassScores,
  type ConfusionMatrix,
  classReport,
  confusion,
  confusionMatrix,
} from "./metrics-confusion.js";
export { accuracyTensor, hits } from "./metrics-graph.js";
export type { Monitor, TrainingPlan } from "./monitor.js";
export type { Progress } from "./progress.js";
export type { TrainingLoss } from "./step.js";
export type { GivenBatch, Trainer, TrainerOptions, TrainingBatch } from "./trainer.js";
