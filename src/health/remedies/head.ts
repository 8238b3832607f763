import type { Plan } from "../plan/plan.js";
import type { Ailment, Remedy } from "../treatment.js";
import { remedy } from "./change.js";

/** The loss that takes what a bare last layer returns. */
const lossOf: Readonly<Record<Plan["task"], string>> = {
  classes: "softmaxCrossEntropy",
  tokens: "softmaxCrossEntropy",
  binary: "binaryCrossEntropy",
  numbers: "mse",
};

const mismatches: readonly Ailment[] = ["wrongHead", "wrongLoss", "static mismatch", "numericOverflow", "non-finite numbers", "gradient not flowing"]; // biome-ignore format: one list

const bareHead: Remedy = remedy({
  name: "bareHead",
  title: "a last layer without activation, and the loss that takes it as it is",
  size: "head",
  against: mismatches,
  why: "Logits and log-probabilities are joined in one formula that neither overflows nor takes the logarithm of 0, and a bare layer reaches every target.",
  source: "Goodfellow et al. 2016, Deep Learning, 6.2.2",
  apply: (plan) => ({ ...plan, head: { ...plan.head, activation: "none" }, loss: lossOf[plan.task] }),
});

const freshHead: Remedy = remedy({
  name: "freshHead",
  title: "the usual start of the last layer",
  size: "start",
  against: ["smallStart", "largeStart", "symmetricStart", "initialisation"],
  why: "A last layer that starts too large is sure of its guesses before it has seen a sample; one that starts at equal weights never tells its inputs apart.",
  source: "Glorot and Bengio 2010, AISTATS",
  apply: (plan) => ({ ...plan, head: { ...plan.head, init: "auto" } }),
});

/** What concerns the last layer and the loss. */
export const heads: readonly Remedy[] = [bareHead, freshHead];
