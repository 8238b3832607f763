import type { Diagnosis } from "../diagnosis.js";
import type { History } from "../history.js";
import type { Plan } from "../plan/plan.js";
import type { Ailment, Remedy } from "../treatment.js";
import { quantile, remedy, twoDigits, withOptimizer, withRate, withWeights } from "./change.js";

const tooFast: readonly Ailment[] = ["highLearningRate", "oscillation", "divergence", "update size", "exploding gradient", "deadUnits", "dead units", "curvature", "non-finite numbers"]; // biome-ignore format: one list
const tooSlow: readonly Ailment[] = ["lowLearningRate", "update size", "not learning", "tooFewSteps", "slow learning"];

const clipAtPercentile: Remedy = remedy({
  name: "clipAtPercentile",
  title: "clipping at the length that nine gradients in ten stay below",
  size: "clip",
  against: tooFast,
  why: "The few steps that are many times too long are cut to what is usual; the others stay as they are. The length comes from the data.",
  source: "Pascanu et al. 2013, arXiv:1211.5063; the percentile from Google's tuning playbook",
  apply: (plan, _, history) => clipped(plan, percentile(history)),
});

/** Of the first hundred lengths that are finite. */
function percentile({ steps }: History): number {
  const finite = steps.map(({ gradientNorm }) => gradientNorm).filter(Number.isFinite);
  return twoDigits(quantile(finite.slice(0, 100), 0.9));
}

const clipOne: Remedy = remedy({
  name: "clipOne",
  title: "clipping gradients to length 1",
  size: "clip",
  against: [...tooFast, "unscaledTargets", "recurrent gradient", "recurrentExploding"],
  why: "No step is longer than the learning rate, whatever the loss says: one steep place cannot throw the parameters away.",
  source: "Pascanu et al. 2013, arXiv:1211.5063",
  apply: (plan) => clipped(plan, 1),
});

const clipped = (plan: Plan, length: number): Plan | null =>
  Number.isFinite(length) && length > 0 && length < (plan.optimizer.clipNorm ?? Number.POSITIVE_INFINITY)
    ? withOptimizer(plan, { clipNorm: length })
    : null;

const adam: Remedy = remedy({
  name: "adam",
  title: "Adam",
  size: "optimizer",
  against: [...tooSlow, "oscillation", "vanishing gradient", "exploding gradient", "divergence", "highLearningRate"],
  why: "Each weight's step is divided by the usual size of its gradient: layers whose gradients differ by orders of magnitude learn alike.",
  source: "Kingma and Ba 2015, arXiv:1412.6980",
  apply: (plan) => (/^adam/i.test(plan.optimizer.name) ? null : { ...plan, optimizer: asAdam(plan) }),
});

/** What is for another optimizer stays behind; a rate that is meant for gradients is none for Adam. */
const asAdam = ({ optimizer: { clipNorm, weightDecay, warmup } }: Plan): Plan["optimizer"] => ({
  name: "adam",
  learningRate: 0.001,
  ...(clipNorm !== undefined && { clipNorm }),
  ...(weightDecay !== undefined && { weightDecay }),
  ...(warmup !== undefined && { warmup }),
});

const adamFast: Remedy = remedy({
  name: "adamFast",
  title: "Adam at 0.01",
  size: "optimizer",
  against: tooSlow,
  why: "A short training of a small network needs longer steps than Adam's usual 0.001.",
  source: "Kingma and Ba 2015, arXiv:1412.6980",
  apply: (plan) => ({ ...plan, optimizer: { ...asAdam(plan), learningRate: 0.01 } }),
});

const epsilon: Remedy = remedy({
  name: "epsilon",
  title: "the usual ε of Adam",
  size: "optimizer",
  against: ["badEpsilon", "update size", "non-finite numbers", "numericOverflow"],
  why: "It bounds the step where gradients are next to nothing; much smaller, noise becomes full steps, much larger, everything becomes plain descent.",
  source: "Kingma and Ba 2015, arXiv:1412.6980",
  apply: (plan) => (plan.optimizer.epsilon === undefined ? null : withOptimizer(plan, { epsilon: 1e-8 })),
});

const lessMomentum: Remedy = remedy({
  name: "lessMomentum",
  title: "no momentum",
  size: "optimizer",
  against: ["oscillation", "divergence", "highLearningRate"],
  why: "Momentum multiplies the length of a steady step by 1 ÷ (1 − β), and with it what a rate may be.",
  source: "Sutskever et al. 2013, ICML",
  apply: (plan) => ((plan.optimizer.momentum ?? 0) > 0 ? withOptimizer(plan, { momentum: 0 }) : null),
});

const rateThird: Remedy = remedy({
  name: "rateThird",
  title: "a third of the learning rate",
  size: "rate",
  against: tooFast,
  why: "Steps that overshoot the valley land inside it.",
  source: "Bengio 2012, arXiv:1206.5533",
  apply: (plan) => withRate(plan, 1 / 3),
});

const rateTenth: Remedy = remedy({
  name: "rateTenth",
  title: "a tenth of the learning rate",
  size: "rate",
  against: tooFast,
  why: "Steps that throw the parameters away become steps that go down.",
  source: "Bengio 2012, arXiv:1206.5533",
  apply: (plan) => withRate(plan, 0.1),
});

const rateHundredth: Remedy = remedy({
  name: "rateHundredth",
  title: "a hundredth of the learning rate",
  size: "rate",
  against: ["highLearningRate", "divergence", "non-finite numbers"],
  why: "Where a tenth still diverges, the rate was meant for a loss of another scale.",
  source: "Bengio 2012, arXiv:1206.5533",
  apply: (plan) => withRate(plan, 0.01),
});

const rateTenfold: Remedy = remedy({
  name: "rateTenfold",
  title: "ten times the learning rate",
  size: "rate",
  against: tooSlow,
  why: "Where updates are a ten-thousandth of the weights or less, nothing speaks against longer steps.",
  source: "Bengio 2012, arXiv:1206.5533",
  apply: (plan) => withRate(plan, 10),
});

const rateByUpdates: Remedy = remedy({
  name: "rateByUpdates",
  title: "the learning rate that moves weights by a thousandth",
  size: "rate",
  against: ["update size", "lowLearningRate", "highLearningRate"],
  why: "Healthy trainings change weights by about a thousandth of their length per step; the rate is scaled by what is measured.",
  source: "Karpathy, CS231n, on the ratio of updates to weights",
  apply: (plan, _, history) => {
    const factor = 1e-3 / medianUpdate(history);
    return Number.isFinite(factor) && (factor > 2 || factor < 0.5) ? withRate(plan, Math.min(100, Math.max(1e-3, factor))) : null;
  },
});

/** ‖ΔW‖ ÷ ‖W‖ over all layers and readings that trained. */
const medianUpdate = ({ readings }: History): number =>
  quantile(readings.flatMap(({ layers }) => layers.map(({ update, weight }) => update / weight)).filter((ratio) => ratio > 0), 0.5); // biome-ignore format: one line

const rateByCurvature: Remedy = remedy({
  name: "rateByCurvature",
  title: "the learning rate that the curvature allows",
  size: "rate",
  against: [
    "highLearningRate",
    "curvature",
    "oscillation",
    "divergence",
    "update size",
    "non-finite numbers",
    "exploding gradient",
  ],
  why: "Descent converges on a quadratic of curvature λ below the rate 2 ÷ λ and diverges above it; three quarters of that is on the safe side.",
  source: "LeCun et al. 1998, Efficient BackProp; Cohen et al. 2021, arXiv:2103.00065",
  apply: (plan, diagnosis, history) => {
    const product = rateTimesCurvature(diagnosis) ?? growth(plan, history);
    return product !== null && product > 2 ? withRate(plan, 1.5 / product) : null;
  },
});

/** Learning rate × curvature along the gradient, where it was measured. */
const rateTimesCurvature = ({ findings }: Diagnosis): number | null =>
  findings.find(({ symptom }) => symptom === "curvature")?.measured.value ?? null;

/** Steps after which the direction of largest curvature rules a descent that diverges, and how many are looked at. */
const SETTLED = 5;
const LOOKED_AT = 60;

/**
 * The same from how the gradient grows: on a quadratic plain descent multiplies it by 1 − ηλ at every step, so that one that grows by
 * r has ηλ = 1 + r. Null for other optimizers, and where it does not grow.
 */
function growth({ optimizer }: Plan, { steps }: History): number | null {
  if (optimizer.name !== "sgd" || (optimizer.momentum ?? 0) > 0) return null;
  const norms = steps.slice(SETTLED, SETTLED + LOOKED_AT).map(({ gradientNorm }) => gradientNorm);
  const ratios = norms.slice(1).map((norm, i) => norm / norms[i]).filter(Number.isFinite); // biome-ignore format: one line
  const usual = quantile(ratios, 0.5);
  return ratios.length >= SETTLED && usual > 1.02 ? 1 + usual : null;
}

const warmUp: Remedy = remedy({
  name: "warmUp",
  title: "warm-up of the learning rate",
  size: "rate",
  against: ["noWarmup", "highLearningRate", "divergence", "exploding gradient"],
  why: "The first steps, when moments are guesses and gradients largest, are short; the rate rises to its full height after a twentieth of the steps.",
  source: "Goyal et al. 2017, arXiv:1706.02677; Xiong et al. 2020, arXiv:2002.04745",
  apply: (plan) => ((plan.optimizer.warmup ?? 0) > 0 ? null : withOptimizer(plan, { warmup: Math.max(100, Math.ceil(plan.steps / 20)) })), // biome-ignore format: one line
});

const largerBatch: Remedy = remedy({
  name: "largerBatch",
  title: "batches of 32 and more",
  size: "rate",
  against: ["smallBatch", "oscillation", "gradient noise", "normWithSmallBatch", "train and evaluation differ"],
  why: "The noise of a gradient falls with the root of the batch; eight times the samples, or 32, whichever is more.",
  source: "McCandlish et al. 2018, arXiv:1812.06162",
  apply: (plan) => (plan.batchSize >= 256 ? null : { ...plan, batchSize: Math.max(32, Math.min(256, 8 * plan.batchSize)) }),
});

const moreSteps: Remedy = remedy({
  name: "moreSteps",
  title: "four times the steps",
  size: "architecture",
  against: ["tooFewSteps", "slow learning"],
  why: "The loss was still falling when training ended.",
  source: "the curve of the loss",
  apply: (plan) => ({ ...plan, steps: 4 * plan.steps }),
});

const lessDecay: Remedy = remedy({
  name: "lessDecay",
  title: "no weight decay and no dropout",
  size: "optimizer",
  against: ["tooMuchRegularisation"],
  why: "What pulls the weights to 0 or drops values has to be weaker than what is to be learned.",
  source: "Krogh and Hertz 1992, NeurIPS; Srivastava et al. 2014, JMLR",
  apply: (plan) => {
    const { weightDecay: _, ...optimizer } = plan.optimizer;
    return { ...withWeights(plan, (block) => (block.dropout === undefined ? {} : { dropout: 0 })), optimizer };
  },
});

/** How the weights are moved. */
export const trainings: readonly Remedy[] = [
  clipOne,
  clipAtPercentile,
  adam,
  adamFast,
  epsilon,
  lessDecay,
  lessMomentum,
  rateByCurvature,
  rateTenth,
  warmUp,
  rateByUpdates,
  rateTenfold,
  largerBatch,
  rateThird,
  rateHundredth,
  moreSteps,
];
