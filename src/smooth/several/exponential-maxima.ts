import type { Tensor } from "../../ir/tensor.js";
import { stopGradient } from "../../ops/identity.js";
import { abs, add, div, equal, exp, less, log, logicalAnd, logsumexp, max, min, mul, neg, softmax, sub, sum, where } from "../../ops/index.js"; // biome-ignore format: one list
import { type MaximumFacts, smoothMaximum } from "./maximum.js";
import { ROW } from "./rows.js";

const smoothFacts: MaximumFacts = {
  convex: true,
  monotone: true,
  weightSum: 1,
  symmetric: true,
  associative: false,
  sparse: false,
  smoothness: "analytic",
};

const logSumOf = (rows: Tensor, width: Tensor): Tensor => mul(logsumexp(div(rows, width), ROW), width);
const softmaxOf = (rows: Tensor, width: Tensor): Tensor => softmax(div(rows, width));

/** τ log Σ e^(xᵢ/τ): convex, associative, and never below the maximum. Its gradient is softmax(x/τ). */
export const logSumExp = smoothMaximum({
  name: "logSumExp",
  title: "log-sum-exp",
  tex: String.raw`\tau \log \sum_i e^{x_i/\tau}`,
  source: "Kreisselmeier & Steinhauser, IFAC 1979",
  doc: "The expected maximum of entries with centred Gumbel noise of scale τ; the pairwise smoothing with the logistic kernel.",
  value: { kind: "rise", of: logSumOf, weights: softmaxOf },
  bounds: (count, width) => ({ below: 0, above: width * Math.log(count) }),
  facts: { ...smoothFacts, associative: true },
});

/** τ log((1/n) Σ e^(xᵢ/τ)): log-sum-exp less what n equal entries add to it. Never above the maximum. */
export const mellowmax = smoothMaximum({
  name: "mellowmax",
  title: "mellowmax",
  tex: String.raw`\tau \log \tfrac1n \sum_i e^{x_i/\tau}`,
  source: "Asadi & Littman, ICML 2017, arXiv:1612.05628",
  doc: "Equal entries have that entry as their value, and two rows never lie farther apart in value than in their worst entry.",
  value: {
    kind: "rise",
    of: (rows, width) => sub(logSumOf(rows, width), mul(width, Math.log(rows.shape[rows.rank - 1]))),
    weights: softmaxOf,
  },
  bounds: (count, width) => ({ below: width * Math.log(count), above: 0 }),
  facts: smoothFacts,
});

/** Σ xᵢ softmax(x/τ)ᵢ. Neither convex nor monotone: weights may be negative. */
export const boltzmann = smoothMaximum({
  name: "boltzmann",
  title: "Boltzmann maximum",
  tex: String.raw`\sum_i x_i \frac{e^{x_i/\tau}}{\sum_j e^{x_j/\tau}}`,
  source: "Sutton & Barto 1998; the ACON of Ma et al., arXiv:2009.04759, for two entries",
  doc: "The mean of the entries under softmax. A larger entry can make it smaller.",
  value: {
    kind: "rise",
    of: (rows, width) => sum(mul(rows, softmaxOf(rows, width)), ROW),
    weights: (rows, width) => {
      const p = softmaxOf(rows, width);
      const mean = sum(mul(rows, p), ROW);
      // An entry without weight is taken for the mean, which it has no part in: far away, 0 · ∞ would arise.
      const distance = where(equal(p, 0), 0, div(sub(rows, mean), width));
      return mul(p, add(distance, 1));
    },
  },
  bounds: (count, width) => ({ below: width * lambertW((count - 1) / Math.E), above: 0 }),
  facts: { ...smoothFacts, convex: false, monotone: false },
});

/** The w ≥ 0 with w eʷ = x, for x ≥ 0, by Newton's method. */
function lambertW(x: number): number {
  let w = Math.log1p(x);
  for (let step = 0; step < 40; step++) w -= (w - x * Math.exp(-w)) / (1 + w);
  return w;
}

/** The slopes of log|x| of zeros are never used: their logarithm is −∞ as a constant. */
const logOf = (x: Tensor): Tensor => where(equal(x, 0), Number.NEGATIVE_INFINITY, log(where(equal(x, 0), 1, x)));

/** m·exp(±τ log Σ (|xᵢ|/m)^(±1/τ)) with m the extreme of |xᵢ|, which is taken out so that no power overflows. */
function powerSum(rows: Tensor, width: Tensor, extreme: Tensor, sign: 1 | -1): Tensor {
  const scale = stopGradient(extreme);
  const ordinary = logicalAnd(less(scale, Number.POSITIVE_INFINITY), less(0, scale));
  const ratios = where(ordinary, div(abs(rows), where(ordinary, scale, 1)), 1);
  const signed = (t: Tensor): Tensor => (sign === 1 ? t : neg(t));
  const total = mul(logsumexp(div(signed(logOf(ratios)), width), ROW), width);
  return where(ordinary, mul(exp(signed(total)), scale), extreme);
}

/**
 * (Σ |xᵢ|^p)^(1/p) with p = 1/τ: a smooth maximum of entries ≥ 0 that scales with them. The width has no unit: 1/p, from 0 to 1.
 * Its minimum is (Σ |xᵢ|^(−p))^(−1/p), 0 when an entry is. An entry of 0 has the slope 0, and no curvature whatever p is.
 */
export const pNorm = smoothMaximum({
  name: "pNorm",
  title: "p-norm",
  tex: String.raw`\Bigl(\sum_i \lvert x_i \rvert^{1/\tau}\Bigr)^{\tau}`,
  source: "Minkowski 1896",
  doc: "Log-sum-exp on a logarithmic scale: for entries of 0 or more, whose size is taken; its width 1/p is relative.",
  value: {
    kind: "whole",
    maximum: (rows, width) => powerSum(rows, width, max(abs(rows), ROW), 1),
    minimum: (rows, width) => powerSum(rows, width, min(abs(rows), ROW), -1),
  },
  bounds: (count, width, largest) => ({ below: 0, above: (count ** width - 1) * largest }),
  facts: { ...smoothFacts, weightSum: null, associative: true, smoothness: "smooth" },
});
