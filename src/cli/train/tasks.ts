import type { Columns, Values } from "../../data/columns.js";
import type { Dataset, DatasetInfo } from "../../data/index.js";
import { mse, softmaxCrossEntropy } from "../../nn/losses/index.js";
import type { Mistake, Outcome } from "../../plot/report/run-summary.js";
import { accuracy, confusion, type Metric, type TrainingLoss } from "../../train/index.js";

/** What is asked of a network, and how its answers are judged. */
export interface Task {
  /** Numbers that the network returns for a sample. */
  readonly outputs: number;
  readonly loss: TrainingLoss;
  readonly metrics: readonly Metric[];
  /** Key-value pairs for the exported model: what its outputs mean. */
  readonly metadata: Readonly<Record<string, string>>;
  /** How good the predictions for samples are; the samples as they were read, not scaled. */
  judge(predictions: Values<Float32Array>, samples: Dataset<Columns>): Outcome;
}

/** One class out of several. */
export function classificationTask({
  classNames,
  labelSmoothing,
  info,
}: {
  classNames: readonly string[];
  labelSmoothing: number;
  info: DatasetInfo;
}): Task {
  const classes = classNames.length;
  return {
    outputs: classes,
    loss: softmaxCrossEntropy.with({ labelSmoothing }),
    metrics: [accuracy],
    metadata: { task: "classification", output: "logits", class_names: JSON.stringify(classNames) },
    judge(predictions, { columns: { features, labels, sample } }) {
      const counted = confusion(classes);
      counted.add(predictions, { data: labels.data, shape: [labels.data.length] });
      const { counts } = counted.result();
      const mistakes: Mistake[] = [];
      for (let row = 0; row < labels.data.length; row++) {
        const chances = softmax(predictions.data.subarray(row * classes, (row + 1) * classes));
        const predicted = chances.indexOf(Math.max(...chances));
        const label = labels.data[row];
        if (predicted === label) continue;
        const width = features.data.length / labels.data.length;
        mistakes.push({
          sample: sample.data[row],
          truth: classNames[label],
          predicted: classNames[predicted] ?? "nothing",
          confidence: chances[predicted] ?? Number.NaN,
          truthProbability: chances[label],
          shown: shownSample(features.data.subarray(row * width, (row + 1) * width), info),
        });
      }
      mistakes.sort((a, b) => b.confidence - a.confidence);
      return {
        kind: "classification",
        classNames,
        accuracy: 1 - mistakes.length / labels.data.length,
        confusion: counts,
        mistakes,
      };
    },
  };
}

/** A number, learned as standardised by the training samples and judged in its own unit. */
export function regressionTask({ target, scaling }: { target: string; scaling: { mean: number; deviation: number } }): Task {
  const unscaled = (value: number): number => value * scaling.deviation + scaling.mean;
  return {
    outputs: 1,
    loss: mse,
    metrics: [],
    metadata: { task: "regression", output: target, output_scaling: JSON.stringify({ kind: "standardise", ...scaling }) },
    judge(predictions, { columns: { targets } }) {
      const pairs = Array.from(targets.data, (value: number, i): [number, number] => [value, unscaled(predictions.data[i])]);
      const mean = pairs.reduce((sum, [truth]) => sum + truth, 0) / pairs.length;
      const squares = pairs.reduce((sum, [truth, predicted]) => sum + (truth - predicted) ** 2, 0);
      const spread = pairs.reduce((sum, [truth]) => sum + (truth - mean) ** 2, 0);
      return {
        kind: "regression",
        target,
        rootMeanSquare: Math.sqrt(squares / pairs.length),
        meanAbsolute: pairs.reduce((sum, [truth, predicted]) => sum + Math.abs(truth - predicted), 0) / pairs.length,
        determination: 1 - squares / spread,
        pairs,
      };
    },
  };
}

/** Features as a person can look at them: a grey picture, or the first of the numbers. */
function shownSample(features: ArrayLike<number>, { imageShape, featureNames }: DatasetInfo): Mistake["shown"] {
  if (imageShape?.length === 2) return { rows: imageShape[0], columns: imageShape[1], shade: Float32Array.from(features) };
  const shown = 6;
  return Array.from({ length: Math.min(shown, features.length) }, (_, i) => [
    featureNames?.[i] ?? `feature ${i}`,
    features[i].toLocaleString("en-US", { maximumSignificantDigits: 4 }),
  ]);
}

export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const highest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - highest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}
