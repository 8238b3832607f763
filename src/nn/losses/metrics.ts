import { fault } from "../../ir/fault.js";
import { formatShape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, div, equal, iota, mul, oneHot, reshape, slice, sub, sum, topK, where } from "../../ops/index.js"; // biome-ignore format: one list
import { logistic } from "../../smooth/kernels/logistic.js";
import { held } from "../../smooth/several/rows.js";
import { areLabels, defineLoss, requireOption, sameAsPredictions } from "./loss.js";
import { type MetricOptions, requireList, requireMetricOptions, type Step, withStep } from "./metric.js";

const LAST = { axes: -1 } as const;
const common: MetricOptions = { width: 1, kernel: logistic, sharp: false };

export interface AccuracyLossOptions extends MetricOptions {
  /** A label counts as found when it is among the k largest scores. A whole number from 1 (default) to less than the classes. */
  readonly k: number;
}

/**
 * 1 − accuracy, smoothed: F((r − x_label)/w) with r the k-th largest score of the other classes. The convolution of the step in the
 * margin: bounded, so that a hopeless sample has no say. Train with cross-entropy first, then with this. A tie is half an error.
 */
export const accuracyLoss = defineLoss<AccuracyLossOptions>({
  name: "accuracyLoss",
  tex: "F\\bigl(\\tfrac{1}{w}(\\max_{j \\ne t} x_j - x_t)\\bigr)",
  doc: "One less the smoothed accuracy, or top-k accuracy, of labels, from logits.",
  predictions: "logits",
  targets: ["labels"],
  defaults: { ...common, k: 1 },
  check: (options) => {
    requireMetricOptions("accuracyLoss", options);
    requireOption("accuracyLoss", "k", options.k, Number.isInteger(options.k) && options.k >= 1, "a whole number, 1 or more");
  },
  terms: (logits, labels, options) => {
    if (!areLabels("accuracyLoss", logits, labels, "labels")) {
      throw fault("accuracyLoss", "takes no distributions", { expected: `int32 ${formatShape(labels.shape.slice(0, -1))}` });
    }
    const classes = logits.shape[logits.rank - 1];
    const { k } = options;
    if (k >= classes) {
      throw fault("accuracyLoss", "every label is among the k largest", { expected: `k below ${classes}`, got: `k = ${k}` });
    }
    const terms = (step: Step, x: Tensor, chosen: Tensor): Tensor => {
      const isLabel = equal(chosen, 1);
      const others = topK(where(isLabel, Number.NEGATIVE_INFINITY, x), k).values;
      const rival = reshape(slice(others, ...x.shape.slice(1).map(() => null), [k - 1, k]), x.shape.slice(0, -1));
      return step(sub(rival, sum(where(isLabel, x, 0), LAST)));
    };
    return withStep(options, terms)(logits, oneHot(labels, classes));
  },
});

export interface FScoreLossOptions extends MetricOptions {
  /** How many times recall counts more than precision. Greater than 0; default 1. */
  readonly beta: number;
}

/**
 * 1 − Fβ over the last axis, with soft counts: F(x/w) of every logit is predicted. Of a row of n decisions one term: the batch itself for
 * predictions `(batch)`; classes first, `(classes batch)`, for the macro average. 0 where nothing is wanted and nothing predicted.
 */
export const fScoreLoss = defineLoss<FScoreLossOptions>({
  name: "fScoreLoss",
  tex: "1 - \\frac{(1 + \\beta^2) \\sum p t}{\\beta^2 \\sum t + \\sum p}, \\quad p = F(x / w)",
  doc: "One less the smoothed F-score of yes-or-no decisions over the last axis, from logits. Of small batches it is biased.",
  predictions: "logits",
  targets: ["probabilities"],
  defaults: { ...common, beta: 1 },
  check: (options) => {
    requireMetricOptions("fScoreLoss", options);
    requireOption("fScoreLoss", "beta", options.beta, options.beta > 0, "a number greater than 0");
  },
  terms: (logits, targets, options) => {
    requireList("fScoreLoss", logits);
    const share = options.beta ** 2;
    const terms = (step: Step, x: Tensor, wanted: Tensor): Tensor => {
      const predicted = step(x);
      const whole = add(mul(sum(wanted, LAST), share), sum(predicted, LAST));
      const nothing = equal(whole, 0);
      const found = div(mul(sum(mul(predicted, wanted), LAST), 1 + share), where(nothing, 1, whole));
      return where(nothing, 0, sub(1, found));
    };
    return withStep(options, terms)(logits, sameAsPredictions("fScoreLoss", logits, targets));
  },
});

/**
 * 1 − area under the curve of true against false positives, over the last axis: the share of pairs of one wanted and one unwanted
 * entry that are in the wrong order, each counted by F((x₋ − x₊)/w) (Mann and Whitney 1947). O(n²). Targets between 0 and 1 weigh
 * pairs by t(1 − t′). 0 where there are no pairs; ties are half wrong.
 */
export const aucLoss = defineLoss<MetricOptions>({
  name: "aucLoss",
  tex: "\\frac{\\sum_{i \\ne j} t_i (1 - t_j) F((x_j - x_i)/w)}{\\sum_{i \\ne j} t_i (1 - t_j)}",
  doc: "One less the smoothed area under the ROC curve over the last axis: the share of wanted entries ranked below unwanted ones.",
  predictions: "logits",
  targets: ["probabilities"],
  defaults: common,
  check: (options) => requireMetricOptions("aucLoss", options),
  terms: (scores, targets, options) => {
    const count = requireList("aucLoss", scores);
    const own = equal(reshape(iota(count), [count, 1]), iota(count));
    const column = (x: Tensor): Tensor => reshape(x, [...x.shape, 1]);
    const line = (x: Tensor): Tensor => reshape(x, [...x.shape.slice(0, -1), 1, count]);
    const terms = (step: Step, x: Tensor, wanted: Tensor): Tensor => {
      const weights = where(own, 0, mul(column(wanted), sub(1, line(wanted))));
      const pairs = sum(weights, { axes: [-2, -1] });
      // Infinite scores are held, so that two of them are equal.
      const finite = held(x);
      const wrong = sum(mul(weights, step(sub(line(finite), column(finite)))), { axes: [-2, -1] });
      const nothing = equal(pairs, 0);
      return where(nothing, 0, div(wrong, where(nothing, 1, pairs)));
    };
    return withStep(options, terms)(scores, sameAsPredictions("aucLoss", scores, targets));
  },
});
