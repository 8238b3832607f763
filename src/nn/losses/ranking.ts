import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, argsort, cast, div, equal, exp, iota, less, log, mul, sort, sub, sum, where } from "../../ops/index.js";
import { laplace } from "../../smooth/kernels/laplace.js";
import { softRank, softTopK, straightThrough } from "../../smooth/several/index.js";
import { defineLoss, requireOption, sameAsPredictions } from "./loss.js";
import { type MetricOptions, requireList, requireMetricOptions } from "./metric.js";

const LAST = { axes: -1 } as const;
/** Ranks and top-k masks cost O(n log n) with this kernel. */
const common: MetricOptions = { width: 1, kernel: laplace, sharp: false };

/** Places from the largest score down, 0 … n − 1; equal scores keep their order. NaN in a row leaves it without places. */
function places(x: Tensor): Tensor {
  const unknown = sum(where(equal(x, x), 0, x), { axes: -1, keepAxes: true });
  return add(cast(argsort(argsort(x, -1, { descending: true })), "float32"), unknown);
}

/** Terms written once for something of the scores that is smooth, or sharp with the slopes of the smooth one. */
function either(
  sharp: boolean,
  hard: (x: Tensor) => Tensor,
  soft: (x: Tensor) => Tensor,
  terms: (of: Tensor, targets: Tensor) => Tensor,
) {
  const smooth = (x: Tensor, targets: Tensor): Tensor => terms(soft(x), targets);
  return sharp ? straightThrough((x: Tensor, targets: Tensor) => terms(hard(x), targets), smooth) : smooth;
}

export interface NdcgLossOptions extends MetricOptions {
  /** What an entry of relevance t is worth: 2ᵗ − 1 (`exponential`, default), or t (`linear`). */
  readonly gain: "exponential" | "linear";
}

const gains: Readonly<Record<NdcgLossOptions["gain"], (relevance: Tensor) => Tensor>> = {
  exponential: (relevance) => sub(exp(mul(relevance, Math.LN2)), 1),
  linear: (relevance) => relevance,
};

/** Σ g / log₂(1 + rank). */
const discounted = (gain: Tensor, ranks: Tensor): Tensor => mul(sum(div(gain, log(add(ranks, 1))), LAST), Math.LN2);

/**
 * 1 − NDCG over the last axis: the discounted gain Σ g/log₂(1 + r) of the soft descending ranks r, as a share of that of the best
 * order (Järvelin and Kekäläinen 2002; Taylor et al. 2008 smoothed the ranks). Targets are relevances, 0 or more. 0 where none is relevant.
 */
export const ndcgLoss = defineLoss<NdcgLossOptions>({
  name: "ndcgLoss",
  tex: "1 - \\frac{\\sum_i g(t_i) / \\log_2(1 + r_i)}{\\max_\\pi \\sum_i g(t_i) / \\log_2(1 + \\pi_i)}",
  doc: "One less the normalised discounted cumulative gain over the last axis, with soft ranks. The loss of search results.",
  predictions: "values",
  targets: ["values"],
  defaults: { ...common, gain: "exponential" },
  check: (options) => {
    requireMetricOptions("ndcgLoss", options);
    if (!(options.gain in gains)) {
      throw fault("ndcgLoss", "no such gain", { expected: Object.keys(gains).join(" or "), got: String(options.gain) });
    }
  },
  terms: (scores, targets, { width, kernel, sharp, gain }) => {
    const count = requireList("ndcgLoss", scores);
    const best = add(cast(iota(count), "float32"), 1);
    const soft = (x: Tensor): Tensor => softRank(x, { width, kernel, descending: true });
    const loss = either(
      sharp,
      (x) => add(places(x), 1),
      soft,
      (ranks, relevance) => {
        const worth = gains[gain](relevance);
        const ideal = discounted(sort(worth, -1, { descending: true }), best);
        const nothing = equal(ideal, 0);
        return where(nothing, 0, sub(1, div(discounted(worth, ranks), where(nothing, 1, ideal))));
      },
    );
    return loss(scores, sameAsPredictions("ndcgLoss", scores, targets));
  },
});

export interface PrecisionLossOptions extends MetricOptions {
  /** How many of the entries are chosen: from 1 (default) to all of them. */
  readonly k: number;
}

/** 1 − precision at k over the last axis: of the k entries with the largest scores, chosen by a soft top-k mask, the share that is not wanted. */
export const precisionLoss = defineLoss<PrecisionLossOptions>({
  name: "precisionLoss",
  tex: "1 - \\frac1k \\sum_i t_i F((x_i - \\theta)/w), \\quad \\sum_i F((x_i - \\theta)/w) = k",
  doc: "One less the smoothed precision at k over the last axis: how many of the k best-scored entries are not wanted.",
  predictions: "values",
  targets: ["probabilities"],
  defaults: { ...common, k: 1 },
  check: (options) => {
    requireMetricOptions("precisionLoss", options);
    requireOption("precisionLoss", "k", options.k, Number.isInteger(options.k) && options.k >= 1, "a whole number, 1 or more");
  },
  terms: (scores, targets, { width, kernel, sharp, k }) => {
    const count = requireList("precisionLoss", scores);
    if (k > count)
      throw fault("precisionLoss", "there are fewer than k entries", { expected: `k up to ${count}`, got: `k = ${k}` });
    const hard = (x: Tensor): Tensor => {
      const place = places(x);
      return where(equal(place, place), cast(less(place, k), "float32"), place);
    };
    const soft = (x: Tensor): Tensor => softTopK(x, k, { width, kernel }).mask;
    const loss = either(sharp, hard, soft, (mask, wanted) => sub(1, mul(sum(mul(mask, wanted), LAST), 1 / k)));
    return loss(scores, sameAsPredictions("precisionLoss", scores, targets));
  },
});
