import { binaryCrossEntropy, hinge, softmaxCrossEntropy } from "./classification.js";
import { klDivergence } from "./divergence.js";
import type { LossFunction } from "./loss.js";
import { accuracyLoss, aucLoss, fScoreLoss } from "./metrics.js";
import { ndcgLoss, precisionLoss } from "./ranking.js";
import { huber, mae, mse } from "./regression.js";

export {
  binaryCrossEntropy,
  type HingeOptions,
  hinge,
  type SoftmaxCrossEntropyOptions,
  softmaxCrossEntropy,
} from "./classification.js";
export { type KlDivergenceOptions, klDivergence } from "./divergence.js";
export {
  defineLoss,
  type Loss,
  type LossFunction,
  type LossOptions,
  type LossRecord,
  type PredictionKind,
  type TargetKind,
} from "./loss.js";
export type { MetricOptions } from "./metric.js";
export { type AccuracyLossOptions, accuracyLoss, aucLoss, type FScoreLossOptions, fScoreLoss } from "./metrics.js";
export { type NdcgLossOptions, ndcgLoss, type PrecisionLossOptions, precisionLoss } from "./ranking.js";
export { type HuberOptions, huber, mae, mse } from "./regression.js";
export { NO_LABEL, type TokenCrossEntropyOptions, tokenCrossEntropy } from "./tokens.js";

/** Every loss, for lists and tables. */
export const losses: readonly LossFunction[] = [
  mse,
  mae,
  huber,
  softmaxCrossEntropy,
  binaryCrossEntropy,
  hinge,
  klDivergence,
  accuracyLoss,
  fScoreLoss,
  aucLoss,
  ndcgLoss,
  precisionLoss,
];
