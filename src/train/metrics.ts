import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import type { Metric } from "./fit-options.js";

/** Predictions of any float kind: what engines return, and what the float64 interpreter does. */
export type Predictions = Pick<Values<Float32Array>, "shape"> & { readonly data: Float32Array | Float64Array };
/** Labels (whole numbers, one per sample) or distributions over the classes (shaped like the predictions). */
export type Targets = Pick<Values, "shape"> & { readonly data: ArrayLike<number> };

/** A metric that can also be told how much each sample counts. */
export interface WeightedMetric extends Metric {
  start(): WeightedCount;
}

export interface WeightedCount {
  add(predictions: Predictions, targets: Targets, weights?: ArrayLike<number>): void;
  result(): number;
}

/**
 * Share of samples whose largest prediction is their label's, from 0 to 1. Of equal predictions the first counts; a sample with a
 * NaN is wrong. One prediction per sample is a logit: above 0 means label 1.
 */
export const accuracy: WeightedMetric = {
  name: "accuracy",
  start: () => meanOverSamples("accuracy", (row, label) => (bestOf(row) === label ? 1 : 0)),
};

/** Share of samples whose label is among the k largest predictions; of equal ones the first count. */
export function topK(k: number): WeightedMetric {
  const name = `top-${k} accuracy`;
  if (!Number.isInteger(k) || k < 1) {
    throw fault("topK", "k is not a count", { expected: "a whole number, 1 or more", got: String(k) });
  }
  return { name, start: () => meanOverSamples(name, (row, label) => (rankOf(row, label) < k ? 1 : 0)) };
}

/** Share of yes-or-no decisions that are right, whatever their shape: a logit above 0 against a target above ½. */
export const binaryAccuracy: WeightedMetric = {
  name: "binary accuracy",
  start: () => meanOverElements("binaryAccuracy", (x, t) => (Number.isNaN(x) || x > 0 !== t > 0.5 ? 0 : 1)),
};

/** √ of the mean squared difference of predictions and targets, in their unit. */
export const rootMeanSquare: WeightedMetric = {
  name: "root mean square",
  start() {
    const { add, result } = meanOverElements("rootMeanSquare", (x, t) => (x - t) ** 2);
    return { add, result: () => Math.sqrt(result()) };
  },
};

/** Mean of numbers that come with weights, such as the losses of batches with their sizes. NaN before anything was added. */
export function runningMean(): { add(value: number, weight?: number): void; result(): number } {
  let [total, share] = [0, 0];
  return {
    add(value, weight = 1) {
      if (weight === 0) return;
      total += value * weight;
      share += weight;
    },
    result: () => total / share,
  };
}

/** The class with the largest prediction for one sample; −1 when one of its predictions is NaN. */
export function bestClass({ data, shape }: Predictions, row: number): number {
  const width = shape.length < 2 ? 1 : shape[shape.length - 1];
  return bestOf(data.subarray(row * width, (row + 1) * width));
}

/** Position of the first largest entry, −1 with NaN; a single entry is a logit between class 0 and class 1. */
export function bestOf(row: ArrayLike<number>): number {
  if (hasNaN(row)) return -1;
  return row.length === 1 ? Number(row[0] > 0) : largest(row, 0, row.length);
}

/** How many entries come before the label's: larger ones, and equal ones that stand before it. */
function rankOf(row: ArrayLike<number>, label: number): number {
  if (hasNaN(row)) return Number.POSITIVE_INFINITY;
  let rank = 0;
  for (let i = 0; i < row.length; i++) if (row[i] > row[label] || (row[i] === row[label] && i < label)) rank++;
  return rank;
}

function hasNaN(row: ArrayLike<number>): boolean {
  for (let i = 0; i < row.length; i++) if (Number.isNaN(row[i])) return true;
  return false;
}

/** Visits every sample with its row of predictions, its label and its weight. */
export function forEachSample(
  where: string,
  { predictions, targets, weights }: { predictions: Predictions; targets: Targets; weights?: ArrayLike<number> },
  visit: (row: ArrayLike<number>, label: number, weight: number, sample: number) => void,
): void {
  const { data, shape } = predictions;
  const width = shape.length < 2 ? 1 : shape[shape.length - 1];
  const samples = width === 0 ? 0 : data.length / width;
  const distributions = width > 1 && targets.data.length === data.length;
  if (!distributions && targets.data.length !== samples) throw unlike(where, targets.data.length, samples);
  if (weights !== undefined && weights.length !== samples) throw unlike(`${where} (its weights)`, weights.length, samples);
  const classes = Math.max(2, width);
  for (let sample = 0; sample < samples; sample++) {
    const row = data.subarray(sample * width, (sample + 1) * width);
    const label = distributions ? largest(targets.data, sample * width, width) : targets.data[sample];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw fault(where, `sample ${sample} has a label that is no class`, {
        expected: `0 to ${classes - 1}`,
        got: String(label),
      });
    }
    visit(row, label, weights?.[sample] ?? 1, sample);
  }
}

function largest(data: ArrayLike<number>, from: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (data[from + i] > data[from + best]) best = i;
  return best;
}

function meanOverSamples(where: string, score: (row: ArrayLike<number>, label: number) => number): WeightedCount {
  const mean = runningMean();
  return {
    add(predictions, targets, weights) {
      forEachSample(where, { predictions, targets, weights }, (row, label, weight) => mean.add(score(row, label), weight));
    },
    result: mean.result,
  };
}

/** Weights are per sample, that is, per entry of the first axis. */
function meanOverElements(where: string, score: (prediction: number, target: number) => number): WeightedCount {
  const mean = runningMean();
  return {
    add({ data, shape }, targets, weights) {
      if (data.length !== targets.data.length) throw unlike(where, targets.data.length, data.length);
      const samples = shape[0] ?? 1;
      if (weights !== undefined && weights.length !== samples) throw unlike(`${where} (its weights)`, weights.length, samples);
      const width = data.length / samples;
      data.forEach((value: number, i: number) => mean.add(score(value, targets.data[i]), weights?.[Math.floor(i / width)] ?? 1));
    },
    result: mean.result,
  };
}

export const unlike = (where: string, targets: number, predictions: number) =>
  fault(where, "there is not one prediction for each target", { expected: String(targets), got: String(predictions) });
