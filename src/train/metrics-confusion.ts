import { fault } from "../ir/fault.js";
import { bestOf, forEachSample, type Predictions, type Targets, unlike } from "./metrics.js";

/** How often class t (row) was taken for class p (column). */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts of every pair of true and predicted class, which are class numbers, one per sample. Each counts 1, or its weight. */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): ConfusionMatrix {
  if (predicted.length !== labels.length) throw unlike("confusionMatrix", labels.length, predicted.length);
  if (weights !== undefined && weights.length !== labels.length) {
    throw unlike("confusionMatrix (its weights)", weights.length, labels.length);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = counts[labels[i]];
    if (row?.[predicted[i]] === undefined) {
      throw fault("confusionMatrix", `sample ${i} has a class that does not exist`, {
        expected: `0 to ${classes - 1}`,
        got: `label ${labels[i]}, predicted ${predicted[i]}`,
      });
    }
    row[predicted[i]] += weights?.[i] ?? 1;
  }
  return counts;
}

/** What batches of predictions came to. */
export interface ConfusionCount {
  readonly counts: ConfusionMatrix;
  /** Weight of the samples without a prediction, because a NaN was among it. */
  readonly undecided: number;
}

/** Confusion gathered batch by batch. */
export function confusion(classes: number): {
  add(predictions: Predictions, targets: Targets, weights?: ArrayLike<number>): void;
  result(): ConfusionCount;
} {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let undecided = 0;
  return {
    add(predictions, targets, weights) {
      forEachSample("confusion", { predictions, targets, weights }, (row, label, weight, sample) => {
        const best = bestOf(row);
        if (label >= classes || best >= classes) {
          throw fault("confusion", `sample ${sample} has a class that does not exist`, {
            expected: `0 to ${classes - 1}`,
            got: `label ${label}, predicted ${best}`,
          });
        }
        if (best === -1) undecided += weight;
        else counts[label][best] += weight;
      });
    },
    result: () => ({ counts: counts.map((row) => [...row]), undecided }),
  };
}

/** How one class fares. Ratios of nothing to nothing are 0. */
export interface ClassScores {
  /** Share of the samples taken for this class that are of it. */
  readonly precision: number;
  /** Share of the samples of this class that were taken for it. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
  /** Samples of this class. */
  readonly support: number;
}

export interface ClassReport {
  readonly classes: readonly ClassScores[];
  /** Plain mean over the classes. */
  readonly macro: Omit<ClassScores, "support">;
  /** Mean over the classes by their support. */
  readonly weighted: Omit<ClassScores, "support">;
  /** Share of all samples that are right; precision, recall and F1 counted over all classes together. */
  readonly accuracy: number;
}

/** Precision, recall and F1 of every class, and their means. */
export function classReport(matrix: ConfusionMatrix): ClassReport {
  const taken = matrix.map((_, column) => total(matrix.map((row) => row[column])));
  const classes = matrix.map((row, k): ClassScores => {
    const support = total(row);
    const precision = ratio(row[k], taken[k]);
    const recall = ratio(row[k], support);
    return { precision, recall, f1: ratio(2 * row[k], taken[k] + support), support };
  });
  const everything = total(classes.map(({ support }) => support));
  const mean = (weightOf: (scores: ClassScores) => number): Omit<ClassScores, "support"> => {
    const by = (key: keyof ClassScores): number => total(classes.map((scores) => scores[key] * weightOf(scores)));
    return { precision: by("precision"), recall: by("recall"), f1: by("f1") };
  };
  return {
    classes,
    macro: mean(() => 1 / classes.length),
    weighted: mean(({ support }) => ratio(support, everything)),
    accuracy: ratio(total(matrix.map((row, k) => row[k])), everything),
  };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0);

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
