import type { Column, Columns, Values } from "../../data/columns.js";
import type { Dataset } from "../../data/index.js";
import { sizeOf } from "../../ir/shape.js";
import type { DataSummary } from "../subject.js";
import type { TargetNumbers } from "./constant-loss.js";

export interface SummaryOptions {
  /** The column of what is to be learnt. */
  readonly target: "labels" | "targets";
  /** Whether targets are yes or no: 1 or 0. They are counted as two classes. */
  readonly decisions: boolean;
  /** Classes that the model tells apart; used for labels. */
  readonly classes: number;
  readonly batchSize: number;
  /** The loss of the best prediction that ignores the input. */
  constantLoss(targets: TargetNumbers): number | null;
}

/** What the samples look like to somebody who knows nothing else of them. */
export function summarise(
  { columns, length }: Dataset<Columns>,
  { target, decisions, classes, batchSize, constantLoss }: SummaryOptions,
): DataSummary {
  const { features, [target]: targets } = columns;
  const kind = target === "labels" ? "classes" : "numbers";
  const counts = kind === "classes" ? countsOf(targets.data, classes) : [];
  const width = sizeOf(targets.shape);
  const numbers = { kind, data: targets.data, width, counts, classes, perBatch: Math.min(batchSize, length) * width } as const;
  const { mean, deviation } = momentsOf(targets.data);
  let [least, greatest, whole] = [Infinity, -Infinity, true];
  for (const value of targets.data) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    whole &&= Number.isInteger(value);
  }
  return {
    samples: length,
    features: featuresOf(features),
    nonFinite: [features, targets].reduce((count, { data }) => count + nonFinite(data), 0),
    targets: {
      kind: decisions ? "classes" : kind,
      mean,
      deviation,
      least,
      greatest,
      whole,
      counts: decisions ? [1 - mean, mean].map((share) => Math.round(share * targets.data.length)) : counts,
    },
    constantLoss: constantLoss(numbers),
  };
}

/** Mean and deviation of every number of a sample; none of positions in a table, which are no quantities. */
function featuresOf({ data, shape, dtype }: Column): DataSummary["features"] {
  if (dtype !== "float32") return [];
  const width = sizeOf(shape);
  const rows = data.length / width;
  const [means, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let i = 0; i < data.length; i++) means[i % width] += data[i] / rows;
  for (let i = 0; i < data.length; i++) squares[i % width] += (data[i] - means[i % width]) ** 2 / rows;
  return Array.from(means, (mean, i) => ({ mean, deviation: Math.sqrt(squares[i]) }));
}

function countsOf(labels: Values["data"], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label >= 0 && label < classes) counts[label]++;
  return counts;
}

function momentsOf(data: Values["data"]): { mean: number; deviation: number } {
  let [sum, square] = [0, 0];
  for (const value of data) sum += value / data.length;
  for (const value of data) square += (value - sum) ** 2 / data.length;
  return { mean: sum, deviation: Math.sqrt(square) };
}

function nonFinite(data: Values["data"]): number {
  let count = 0;
  for (const value of data) if (!Number.isFinite(value)) count++;
  return count;
}
