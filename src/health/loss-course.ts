import type { StepRecord } from "./history.js";

/** What has become of the loss. */
export type LearningState = "lost" | "diverged" | "stuck" | "weak" | "falling" | "learned" | "early";

/** The loss of a training, judged as a whole. */
export interface LossCourse {
  /** Exponential mean of the finite losses, one per step. */
  readonly smooth: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly least: number;
  /** Loss of the best constant prediction, or the first loss where none is known. */
  readonly reference: number;
  /** ρ: smoothed loss over the reference, at the end and at its best. */
  readonly rho: number;
  readonly bestRho: number;
  /** Relative change of the smoothed loss per budget, over the last third: −1 would end at 0. */
  readonly slope: number;
  /** Share of the last third's loss that varies around its trend. */
  readonly roughness: number;
  /** The first step whose loss is not finite; null for none. */
  readonly lostAt: number | null;
  readonly state: LearningState;
}

/** Steps before which nothing is said about learning, and their share of the budget. */
export const EARLIEST = 50;
const EARLY_SHARE = 0.1;

/** ρ from which a model knows no more than a constant, and below which it has learnt what matters. */
export const STUCK = 0.98;
export const WEAK = 0.9;
export const LEARNED = 0.5;
/** Change of the loss per budget from which it is still on its way: what lies still between weak and learnt stays there. */
const FALLING = -0.1;
/** ρ above which a training has ended without having learnt enough for what was found to be harmless. */
const POOR_END = 0.8;

/** A loss so far above its least has come back, and is not falling. */
const RELAPSE = 1.2;

/** Judges losses against the best constant prediction; empty and all-infinite trainings included. */
export function courseOf(steps: readonly StepRecord[], constantLoss: number | null, budget: number): LossCourse {
  const losses = steps.map(({ loss }) => loss);
  const lostAt = losses.findIndex((loss) => !Number.isFinite(loss));
  const finite = lostAt < 0 ? losses : losses.slice(0, lostAt);
  const smooth = smoothed(finite, Math.max(3, finite.length / 40));
  const first = meanOf(finite.slice(0, 3));
  const last = smooth.at(-1) ?? Number.NaN;
  const least = Math.min(...smooth);
  const known = constantLoss !== null && constantLoss > 0;
  const reference = known ? constantLoss : first;
  const third = smooth.slice(Math.floor((2 * smooth.length) / 3));
  const slope = third.length < 2 ? 0 : ((third.at(-1) as number) - third[0]) / Math.max(Math.abs(third[0]), 1e-300);
  const course = {
    smooth,
    first,
    last,
    least,
    reference,
    rho: last / reference,
    bestRho: least / reference,
    slope: (slope * 3 * budget) / Math.max(finite.length, 1),
    roughness: roughnessOf(finite.slice(Math.floor((2 * finite.length) / 3)), third),
    lostAt: lostAt < 0 ? null : lostAt,
  };
  return { ...course, state: stateOf(course, finite.length, budget) };
}

function stateOf(course: Omit<LossCourse, "state">, count: number, budget: number): LearningState {
  const { lostAt, rho, bestRho, slope, last, least, first, reference } = course;
  if (lostAt !== null) return "lost";
  // Only a loss that has come down, or was never up, can be said to have left again.
  if (count >= 10 && last > 2 * Math.max(least, 0.05 * reference) && rho > 1.2 && last > 0.5 * first) return "diverged";
  if (count < Math.max(Math.min(EARLIEST, budget), EARLY_SHARE * budget)) return "early";
  if (rho < LEARNED) return "learned";
  if (rho >= STUCK) return bestRho < WEAK || slope < -1 ? "weak" : "stuck";
  const enough = count < 0.9 * budget ? WEAK : POOR_END;
  return rho < enough && slope < FALLING && last <= RELAPSE * least ? "falling" : "weak";
}

/** Exponential mean over about `span` steps, corrected for its start. */
export function smoothed(values: readonly number[], span: number): number[] {
  const keep = 1 - 1 / span;
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = keep * sum + value;
    weight = keep * weight + 1;
    return sum / weight;
  });
}

function roughnessOf(values: readonly number[], trend: readonly number[]): number {
  const level = Math.abs(meanOf(values));
  return level === 0 || values.length < 2 ? 0 : Math.sqrt(meanOf(values.map((value, i) => (value - trend[i]) ** 2))) / level;
}

/** NaN for nothing. */
export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which half of the finite ones lie; NaN when there is none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
