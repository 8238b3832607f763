import type { Activation } from "../activation.js";
import type { Facts } from "../facts.js";
import { identity } from "../rectified.js";
import { sigmoid, tanh } from "../sigmoidal.js";
import { softplus } from "../smooth-maximum.js";
import { softmax } from "../vector.js";

/** The end of a network: what its last numbers mean, and the loss that they are trained with. */
export interface OutputRecord {
  /** What is wanted, for people. */
  readonly wanted: string;
  readonly activation: Activation;
  /** The name of a loss of `nn`, and of others that can take its place. */
  readonly loss: string;
  readonly otherLosses: readonly string[];
  /** Whether the loss takes the numbers before the activation, which then belongs to prediction alone. */
  readonly lossTakes: "logits" | "values";
  readonly units: string;
  readonly reason: string;
  /** What another activation in its place must have. */
  fits(facts: Facts): boolean;
}

const within =
  (low: number, high: number) =>
  (facts: Facts): boolean =>
    facts.kind === "pointwise" && facts.monotone === "increasing" && facts.range.low === low && facts.range.high === high;

/** Activation and loss of the last layer, by what it is to say. Losses that take logits never see a logarithm of 0, which is why the activation is left to them. */
export const outputs = {
  binary: {
    wanted: "yes or no",
    activation: sigmoid,
    loss: "binaryCrossEntropy",
    otherLosses: ["hinge"],
    lossTakes: "logits",
    units: "1",
    reason: "its value is a probability, and the gradient of the loss is σ(x) − t, which does not die where the answer is wrong",
    fits: within(0, 1),
  },
  "multi-class": {
    wanted: "one of several classes",
    activation: softmax,
    loss: "softmaxCrossEntropy",
    otherLosses: ["hinge"],
    lossTakes: "logits",
    units: "one per class",
    reason: "its rows are distributions, and the gradient of the loss is softmax(x) − t",
    fits: (facts) => facts.kind === "vector" && facts.rowSum === 1,
  },
  "multi-label": {
    wanted: "any number of labels at once",
    activation: sigmoid,
    loss: "binaryCrossEntropy",
    otherLosses: ["hinge"],
    lossTakes: "logits",
    units: "one per label",
    reason: "each label is a yes or no of its own; softmax would make them compete",
    fits: within(0, 1),
  },
  distribution: {
    wanted: "shares that add up to 1",
    activation: softmax,
    loss: "softmaxCrossEntropy",
    otherLosses: ["klDivergence"],
    lossTakes: "logits",
    units: "one per share",
    reason: "its rows add up to 1; targets may be distributions as well as labels",
    fits: (facts) => facts.kind === "vector" && facts.rowSum === 1,
  },
  regression: {
    wanted: "any number",
    activation: identity,
    loss: "mse",
    otherLosses: ["huber", "mae"],
    lossTakes: "values",
    units: "one per number",
    reason: "every value can be reached and no gradient dies; huber where some targets are far off; standardise the targets",
    fits: (facts) => within(-Infinity, Infinity)(facts) && facts.lipschitz < Infinity,
  },
  positive: {
    wanted: "a number above 0",
    activation: softplus,
    loss: "mse",
    otherLosses: ["huber", "mae"],
    lossTakes: "values",
    units: "one per number",
    reason: "above 0 everywhere, straight for large values, and its slope dies only where the value is near 0",
    fits: (facts) => within(0, Infinity)(facts) && !facts.range.lowAttained && facts.lipschitz < Infinity,
  },
  bounded: {
    wanted: "a number between two bounds",
    activation: tanh,
    loss: "mse",
    otherLosses: ["huber", "mae"],
    lossTakes: "values",
    units: "one per number",
    reason: "from −1 to 1, then scaled to the bounds; keep targets off the ends, where its slope dies",
    fits: within(-1, 1),
  },
} as const satisfies Readonly<Record<string, OutputRecord>>;

export type OutputKind = keyof typeof outputs;

/** What an output layer can be asked to say. */
export const outputKinds = Object.keys(outputs) as readonly OutputKind[];
