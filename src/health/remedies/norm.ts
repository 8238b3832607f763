import type { Plan, Weights } from "../plan/plan.js";
import type { Ailment, Remedy } from "../treatment.js";
import { isWeighted, remedy, withBlocks, withWeights } from "./change.js";

const scales: readonly Ailment[] = ["saturatingActivation", "smallStart", "largeStart", "tooDeep", "initialisation", "vanishing gradient", "exploding gradient", "signal collapse", "saturation", "dead units", "deadUnits", "unscaledInputs"]; // biome-ignore format: one list

/** A norm between the weights and the activation of every hidden block that has none. */
const normed = (plan: Plan, norm: NonNullable<Weights["norm"]>): Plan =>
  withWeights(plan, (block) => ((block.norm ?? "none") === "none" ? { norm } : {}));

const batchNorm: Remedy = remedy({
  name: "batchNorm",
  title: "batch normalisation",
  size: "norm",
  against: scales,
  why: "Every unit gets mean 0 and deviation 1 over the batch before its activation, whatever the weights are: neither a bad start nor a drift reaches the next layer.",
  source: "Ioffe and Szegedy 2015, arXiv:1502.03167",
  // A batch of a few samples has no mean to speak of.
  apply: (plan) => (plan.batchSize < 8 ? null : normed(plan, "batch")),
});

const layerNorm: Remedy = remedy({
  name: "layerNorm",
  title: "layer normalisation",
  size: "norm",
  against: scales,
  why: "Every sample's units get mean 0 and deviation 1 together: it needs no batch, and is the same in training and in use.",
  source: "Ba et al. 2016, arXiv:1607.06450",
  apply: (plan) => normed(plan, "layer"),
});

const groupNorm: Remedy = remedy({
  name: "groupNorm",
  title: "group normalisation",
  size: "norm",
  against: [...scales, "normWithSmallBatch", "train and evaluation differ"],
  why: "Channels are normalised in groups within a sample: it needs no batch, and keeps more than layer normalisation tells apart.",
  source: "Wu and He 2018, arXiv:1803.08494",
  apply: (plan) => (plan.blocks.some((block) => block.kind === "conv") ? replaced(normed(plan, "group"), "group") : null),
});

const layerForBatchNorm: Remedy = remedy({
  name: "layerForBatchNorm",
  title: "layer normalisation in place of batch normalisation",
  size: "norm",
  against: ["normWithSmallBatch", "train and evaluation differ", "smallBatch"],
  why: "Statistics of a few samples are noise in training and another thing in use; those of one sample's units are the same in both.",
  source: "Ba et al. 2016, arXiv:1607.06450; Wu and He 2018, arXiv:1803.08494",
  apply: (plan) => replaced(plan, "layer"),
});

const replaced = (plan: Plan, norm: NonNullable<Weights["norm"]>): Plan =>
  withWeights(plan, (block) => (block.norm === "batch" ? { norm } : {}));

const preNorm: Remedy = remedy({
  name: "preNorm",
  title: "normalisation before each branch of the transformer",
  size: "norm",
  against: [
    "noWarmup",
    "exploding gradient",
    "vanishing gradient",
    "divergence",
    "oscillation",
    "highLearningRate",
    "not learning",
  ],
  why: "The residual stream itself is left alone, so that the gradient reaches every block unscaled, from the first step on.",
  source: "Xiong et al. 2020, arXiv:2002.04745",
  apply: (plan) => withBlocks(plan, (block) => [block.kind === "transformer" ? { ...block, norm: "pre" } : block]),
});

const residual: Remedy = remedy({
  name: "residual",
  title: "residual connections",
  size: "residual",
  against: scales,
  why: "The identity beside every block is a way on which the gradient arrives unchanged: the derivative of x + f(x) is 1 + f′(x).",
  source: "He et al. 2016, arXiv:1512.03385",
  apply: (plan) => joined(plan),
});

const residualNorm: Remedy = remedy({
  name: "residualNorm",
  title: "residual connections and normalisation",
  size: "residual",
  against: ["tooDeep", "exploding gradient", "vanishing gradient", "deadUnits"],
  why: "Beyond some thirty layers neither is enough alone: normalisation without a way around makes gradients grow from layer to layer, a sum without normalisation makes the signal grow.",
  source: "Yang et al. 2019, arXiv:1902.08129; He et al. 2016, arXiv:1512.03385",
  apply: (plan) => joined(normed(plan, "layer")),
  parts: [residual, layerNorm],
});

/** The identity beside every block of units whose input is as wide as its output. */
function joined(plan: Plan): Plan {
  let width = plan.input.length === 1 ? plan.input[0] : Number.NaN;
  return withBlocks(plan, (block) => {
    const before = width;
    if (block.kind === "dense") width = block.units;
    else if (!isWeighted(block)) width = Number.NaN;
    const fits = block.kind === "dense" ? block.units === before : false;
    return [fits ? { ...block, residual: true } : block];
  });
}

/** Norms, and ways around layers. */
export const norms: readonly Remedy[] = [batchNorm, layerForBatchNorm, preNorm, layerNorm, groupNorm, residualNorm, residual];
