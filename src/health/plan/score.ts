import type { Values } from "../../data/columns.js";
import { bestOf } from "../../train/metrics.js";
import { planActivation } from "./activations.js";
import { planLoss } from "./losses.js";
import type { Plan } from "./plan.js";

/**
 * How good predictions are. Of classes, tokens and decisions the share of right answers; of numbers the share of their variance
 * that is explained, 1 − Σ(p − t)² ÷ Σ(t − mean)², and 0 where the mean explains as much, or where predictions are not finite.
 */
export function scoreOf(plan: Plan, predictions: Values<Float32Array>, targets: Values): number {
  if (plan.task === "numbers") return explained(predictions.data, targets.data);
  if (plan.task === "binary") return shareOf(predictions.data, targets.data, threshold(plan));
  const classes = predictions.shape[predictions.shape.length - 1];
  let right = 0;
  for (let i = 0; i < targets.data.length; i++) {
    if (bestOf(predictions.data.subarray(i * classes, (i + 1) * classes)) === targets.data[i]) right++;
  }
  return right / targets.data.length;
}

/** From where a prediction means yes: ½ of what lies between 0 and 1, and 0 of a logit. */
function threshold({ head, loss }: Plan): number {
  const range = planActivation(head.activation)?.facts.range;
  if (range !== undefined && range.low === 0 && range.high === 1) return 0.5;
  return { values: 0.5, probabilities: 0.5, logits: 0, logProbabilities: Math.log(0.5) }[planLoss(loss).predictions];
}

function shareOf(predictions: Float32Array, targets: Values["data"], least: number): number {
  let right = 0;
  for (let i = 0; i < predictions.length; i++) if (predictions[i] > least === targets[i] > 0.5) right++;
  return right / predictions.length;
}

function explained(predictions: Float32Array, targets: Values["data"]): number {
  const mean = (targets as Float32Array).reduce((total, value) => total + value, 0) / targets.length;
  let [error, spread] = [0, 0];
  for (let i = 0; i < targets.length; i++) {
    error += (predictions[i] - targets[i]) ** 2;
    spread += (targets[i] - mean) ** 2;
  }
  const score = 1 - error / spread;
  return Number.isFinite(score) ? Math.max(0, score) : 0;
}
