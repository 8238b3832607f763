import type { Values } from "../../data/columns.js";

/** Targets as a loss sees them: class numbers, or rows of numbers. */
export interface TargetNumbers {
  readonly kind: "classes" | "numbers";
  readonly data: Values["data"];
  /** Numbers per sample. */
  readonly width: number;
  /** Samples per class; empty for numbers. */
  readonly counts: readonly number[];
  /** Classes that the model tells apart, where it counts them. */
  readonly classes: number;
  /** Targets in a batch. */
  readonly perBatch: number;
}

const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
const plogp = (p: number): number => (p > 0 ? -p * Math.log(p) : 0);

/** The targets of each output on its own. */
const outputs = ({ data, width }: TargetNumbers): number[][] =>
  Array.from({ length: width }, (_, output) => Array.from(data as ArrayLike<number>).filter((_, i) => i % width === output));

const shares = ({ counts }: TargetNumbers): number[] => {
  const total = sumOf(counts);
  return counts.map((count) => count / total);
};

const varianceOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
};

function deviationOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return meanOf(values.map((value) => Math.abs(value - median)));
}

/** The loss of the best prediction that knows the targets but not the inputs. */
export const constantLossOf = {
  /** Entropy of the labels; of decisions the mean of their entropies. */
  entropy: (targets: TargetNumbers): number => {
    if (targets.kind === "classes") return sumOf(shares(targets).map(plogp));
    return meanOf(outputs(targets).map((values) => plogp(meanOf(values)) + plogp(1 - meanOf(values))));
  },
  /** Variance; of labels as ones among zeros p (1 − p), averaged over the classes. */
  variance: (targets: TargetNumbers): number => {
    if (targets.kind === "numbers") return meanOf(outputs(targets).map(varianceOf));
    return sumOf(shares(targets).map((p) => p * (1 - p))) / targets.classes;
  },
  /** Mean distance from the median; of labels as ones among zeros the smaller share. */
  deviation: (targets: TargetNumbers): number => {
    if (targets.kind === "numbers") return meanOf(outputs(targets).map(deviationOf));
    return sumOf(shares(targets).map((p) => Math.min(p, 1 - p))) / targets.classes;
  },
} as const;
