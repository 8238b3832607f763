import { customJvp } from "../../diff/index.js";
import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import {
  abs, add, equal, exp, iota, log, log1p, max, mul, neg, relu, reshape, sigmoid, square, stopGradient, sub, sum, where,
} from "../../ops/index.js"; // biome-ignore format: one list
import { areLabels, defineLoss, requireOption, sameAsPredictions } from "./loss.js";

/** `(…i) -> (…i classes)`: true at the label. Outside 0 … classes − 1 nothing is. */
const atLabel = (labels: Tensor, classes: number): Tensor =>
  equal(reshape(labels, [...labels.shape, 1]), iota(classes, { dtype: labels.dtype }));

export interface SoftmaxCrossEntropyOptions {
  /** The share of every target that is spread evenly over all classes: 0 (default) up to, not including, 1. */
  readonly labelSmoothing: number;
}

/**
 * Cross-entropy between targets and softmax(x) over the last axis: log Σ eˣ − x_label for labels, Σ t (log Σ eˣ − x) for
 * distributions. From logits, so nothing overflows; the gradient is softmax(x) − t. A class of logit −∞ is left out.
 * The caller answers for labels being in range.
 */
export const softmaxCrossEntropy = defineLoss<SoftmaxCrossEntropyOptions>({
  name: "softmaxCrossEntropy",
  tex: "-\\sum_k t_k \\log \\frac{e^{x_k}}{\\sum_j e^{x_j}}",
  doc: "Cross-entropy of softmax over the last axis, from logits, with labels or distributions. The loss of classification.",
  predictions: "logits",
  targets: ["labels", "distributions"],
  defaults: { labelSmoothing: 0 },
  check: ({ labelSmoothing: share }) =>
    requireOption("softmaxCrossEntropy", "labelSmoothing", share, share >= 0 && share < 1, "from 0 up to, not including, 1"),
  terms: (logits, targets, { labelSmoothing }) => {
    const labels = areLabels("softmaxCrossEntropy", logits, targets, "distributions");
    const classes = logits.shape[logits.rank - 1];
    // Shifted by the largest logit, which cancels between the two parts: every exponential is at most 1.
    const shifted = sub(logits, stopGradient(max(logits, { axes: -1, keepAxes: true })));
    const total = log(sum(exp(shifted), { axes: -1, keepAxes: true }));
    if (!labels) return distributionTerms(shifted, total, smooth(targets, classes, labelSmoothing));
    const mask = atLabel(targets, classes);
    const even = labelSmoothing / classes;
    const chosen = even === 0 ? where(mask, shifted, 0) : mul(shifted, where(mask, 1 - labelSmoothing + even, even));
    return sub(reshape(total, targets.shape), sum(chosen, { axes: -1 }));
  },
});

const smooth = (targets: Tensor, classes: number, share: number): Tensor =>
  share === 0 ? targets : add(mul(targets, 1 - share), share / classes);

/** Σ t (log Σ eˣ − x), with 0 for t = 0 even where x is −∞. */
const distributionTerms = (shifted: Tensor, total: Tensor, targets: Tensor): Tensor =>
  sum(where(equal(targets, 0), 0, mul(targets, sub(total, shifted))), { axes: -1 });

/**
 * log(1 + eˣ) − x t. Written so that nothing overflows and nothing cancels for t of 0 or 1; with its own derivative,
 * σ(x) − t in x, because |x| hides the curvature at 0.
 */
const logisticTerm = customJvp(
  (x: Tensor, t: Tensor) => add(sub(relu(x), mul(x, t)), log1p(exp(neg(abs(x))))),
  ([x, t], [xTangent, tTangent]) => sub(mul(xTangent, sub(sigmoid(x), t)), mul(tTangent, x)),
);

/**
 * Cross-entropy of independent yes-or-no decisions: log(1 + eˣ) − x t per element, t from 0 to 1, which is
 * −t log σ(x) − (1 − t) log(1 − σ(x)) without its overflow. The gradient is σ(x) − t.
 */
export const binaryCrossEntropy = defineLoss({
  name: "binaryCrossEntropy",
  tex: "-t \\log \\sigma(x) - (1 - t) \\log(1 - \\sigma(x))",
  doc: "Cross-entropy of sigmoid, from logits, element by element. The loss of yes-or-no decisions and of several at once.",
  predictions: "logits",
  targets: ["probabilities"],
  defaults: {},
  terms: (logits, targets) => logisticTerm(logits, sameAsPredictions("binaryCrossEntropy", logits, targets)),
});

export interface HingeOptions {
  /** By how much the right side must win. Greater than 0; default 1. */
  readonly margin: number;
  /** Squares every violation, which makes the loss differentiable. Default false. */
  readonly squared: boolean;
  /** With labels: every class that comes too close counts, averaged over the classes (`all`, default), or only the `worst`. */
  readonly rivals: "all" | "worst";
}

/**
 * Hinge loss. With signs t = ±1 shaped like x: max(0, margin − t x) per element. With labels: a class k that is not the label
 * violates by max(0, margin − x_label + x_k); the violations are summed and divided by the number of classes (Weston and
 * Watkins 1999), or the largest counts (Crammer and Singer 2001). The slope at the hinge is 0.
 */
export const hinge = defineLoss<HingeOptions>({
  name: "hinge",
  tex: "\\max(0, m - t x)",
  doc: "Linear penalty for scores that do not win by a margin, with signs or labels. The loss of support vector machines.",
  predictions: "logits",
  targets: ["signs", "labels"],
  defaults: { margin: 1, squared: false, rivals: "all" },
  check: ({ margin, rivals }) => {
    requireOption("hinge", "margin", margin, margin > 0, "a number greater than 0");
    if (rivals !== "all" && rivals !== "worst") {
      throw fault("hinge", "no such way to count rivals", { expected: "all or worst", got: String(rivals) });
    }
  },
  terms: (scores, targets, { margin, squared, rivals }) => {
    const bend = (violation: Tensor): Tensor => (squared ? square(relu(violation)) : relu(violation));
    const whole = targets.dtype === "int32" || targets.dtype === "uint32";
    if (!whole || targets.rank === scores.rank) {
      return bend(sub(margin, mul(scores, sameAsPredictions("hinge", scores, targets))));
    }
    areLabels("hinge", scores, targets, "signs");
    const classes = scores.shape[scores.rank - 1];
    const mask = atLabel(targets, classes);
    const own = sum(where(mask, scores, 0), { axes: -1, keepAxes: true });
    const violations = where(mask, 0, add(sub(scores, own), margin));
    if (rivals === "worst") return bend(max(violations, { axes: -1 }));
    return mul(sum(bend(violations), { axes: -1 }), 1 / classes);
  },
});
