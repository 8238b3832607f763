import type { History } from "./history.js";
import type { Subject } from "./subject.js";
import type { Outcome } from "./treatment.js";

/** Mean loss of the last steps over the loss of the best constant prediction: 1 has learned nothing; ∞ where it is no number. */
export function rhoOf({ history, score }: Pick<Outcome, "history" | "score">, { data }: Subject): number {
  const end = lastLoss(history);
  if (!Number.isFinite(end)) return Number.POSITIVE_INFINITY;
  return data.constantLoss === null || data.constantLoss <= 0 ? 1 - score : end / data.constantLoss;
}

/** Mean over the last twentieth of the steps, five at least. */
function lastLoss({ steps }: History): number {
  const last = steps.slice(-Math.max(5, Math.ceil(steps.length / 20)));
  return last.reduce((sum, { loss }) => sum + loss, 0) / last.length;
}

/** Shares of right answers that differ by less are the same: one standard deviation of a count, and a point at least. */
export function scoreNoise(score: number, samples: number): number {
  const share = Math.min(1, Math.max(0, score));
  return Math.max(0.01, Math.sqrt((share * (1 - share)) / Math.max(1, samples)));
}
