import type { Pair, Proof, ProofVerdict } from "./treatment.js";

/** A gain of fewer points than this is no cure. */
const LEAST_GAIN = 0.05;
/** How near the reference counts as reaching it. */
const NEAR = 0.05;

/** What a pair of trainings says: better by more than chance, as good as a healthy one, worse. */
export interface Judgement {
  readonly better: boolean;
  readonly reached: boolean;
  readonly worse: boolean;
  /** The training without the remedy was already as good as a healthy one. */
  readonly wasWell: boolean;
}

/** Judges a score and a loss (over that of a constant) against those without the change; `noise` is the scores' deviation. */
export function judge(before: Pair["before"], after: Pair["after"], noise: number, reference: number): Judgement {
  const gain = finite(after.score) - finite(before.score);
  const least = Math.max(LEAST_GAIN, 2 * noise);
  const lossFell = after.rho < 0.9 && after.rho <= 0.9 * before.rho && gain >= -0.01;
  return {
    better: gain >= least || lossFell,
    reached: finite(after.score) >= reference - NEAR,
    worse: gain <= -LEAST_GAIN || (!Number.isFinite(after.rho) && Number.isFinite(before.rho)),
    wasWell: finite(before.score) >= reference - NEAR,
  };
}

/** A score that is no number is that of a model that answers nothing. */
const finite = (score: number): number => (Number.isFinite(score) ? score : 0);

/** Pooled standard deviation of the scores with and without a remedy; 0 of one pair. */
export function pooledNoise(pairs: readonly Pair[]): number {
  const spread = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  };
  const scores = (side: "before" | "after"): number[] => pairs.map((pair) => finite(pair[side].score));
  return Math.sqrt((spread(scores("before")) + spread(scores("after"))) / 2);
}

type Grounds = Pick<Proof, "mechanism" | "fresh" | "reverted" | "placebos" | "reference">;

/**
 * What all of it comes to. Proved: what was measured wrong is right in nine readings of ten, the outcome is better in every seed
 * and as good as a healthy one, nothing new is critical, taking the remedy out restores every bit, and no placebo cures.
 */
export function verdictOf(
  judgements: readonly Judgement[],
  { mechanism, fresh, reverted, placebos, reference }: Grounds,
): ProofVerdict {
  const count = (which: keyof Judgement): number => judgements.filter((one) => one[which]).length;
  const all = judgements.length;
  const better = count("better");
  if (count("worse") > 0 && count("worse") >= better) return "harmful";
  const mended = mechanism.every(({ share }) => share >= 0.9);
  const known = mechanism.length > 0;
  if (better === 0) return known && mended ? "symptom only" : "no effect";
  // A seed that was well by luck has nothing to gain; it must stay well.
  const whole = judgements.every((one) => one.reached && (one.better || one.wasWell)) && better > 0;
  if (!mended) return whole && better === all ? "outcome only" : "improved";
  const chance = placebos.some(({ score }) => finite(score) >= reference - NEAR);
  return whole && fresh.length === 0 && reverted.identical && !chance ? "proved" : "improved";
}
