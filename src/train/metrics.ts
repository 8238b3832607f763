import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import type { Metric } from "./fit.js";

/** Share of samples whose largest prediction is their label's, from 0 to 1. Of equal predictions the first counts. */
export const accuracy: Metric = {
  name: "accuracy",
  start: () => share((predictions, row, label) => bestClass(predictions, row) === label, "accuracy"),
};

/** Share of samples whose label is among the k largest predictions. Ties count for the sample: equal is not larger. */
export function topK(k: number): Metric {
  const name = `top-${k} accuracy`;
  if (!Number.isInteger(k) || k < 1) {
    throw fault("topK", "k is not a count", { expected: "a whole number, 1 or more", got: String(k) });
  }
  const among = (predictions: Values<Float32Array>, row: number, label: number): boolean => {
    const classes = rowOf(predictions, row);
    return classes.filter((value) => value > classes[label]).length < k;
  };
  return { name, start: () => share(among, name) };
}

/** √ of the mean squared difference of predictions and targets, in their unit. */
export const rootMeanSquare: Metric = {
  name: "root mean square",
  start() {
    let [squares, count] = [0, 0];
    return {
      add({ data }, targets) {
        if (data.length !== targets.data.length) throw unlike("rootMeanSquare", targets.data.length, data.length);
        data.forEach((value, i) => {
          squares += (value - targets.data[i]) ** 2;
        });
        count += data.length;
      },
      result: () => Math.sqrt(squares / count),
    };
  },
};

/** How often class t (row) was taken for class p (column). */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts of every pair of true and predicted class. Both are class numbers, one per sample. */
export function confusionMatrix(predicted: ArrayLike<number>, labels: ArrayLike<number>, classes: number): ConfusionMatrix {
  if (predicted.length !== labels.length) throw unlike("confusionMatrix", labels.length, predicted.length);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = counts[labels[i]];
    if (row?.[predicted[i]] === undefined) {
      throw fault("confusionMatrix", `sample ${i} has a class that does not exist`, {
        expected: `0 to ${classes - 1}`,
        got: `label ${labels[i]}, predicted ${predicted[i]}`,
      });
    }
    row[predicted[i]]++;
  }
  return counts;
}

/** The class with the largest prediction for one sample. */
export function bestClass(predictions: Values<Float32Array>, row: number): number {
  const classes = rowOf(predictions, row);
  return classes.reduce((best, value, i) => (value > classes[best] ? i : best), 0);
}

function rowOf({ data, shape }: Values<Float32Array>, row: number): Float32Array {
  const width = shape[shape.length - 1] ?? 1;
  return data.subarray(row * width, (row + 1) * width);
}

function share(holds: (predictions: Values<Float32Array>, row: number, label: number) => boolean, where: string) {
  let [right, count] = [0, 0];
  return {
    add(predictions: Values<Float32Array>, targets: Values): void {
      const [samples] = predictions.shape;
      if (samples !== targets.data.length) throw unlike(where, targets.data.length, samples);
      for (let row = 0; row < samples; row++) if (holds(predictions, row, targets.data[row])) right++;
      count += samples;
    },
    result: () => right / count,
  };
}

const unlike = (where: string, targets: number, predictions: number) =>
  fault(where, "there is not one prediction for each target", { expected: String(targets), got: String(predictions) });
