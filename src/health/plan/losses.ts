import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { binaryCrossEntropy, hinge, huber, mae, mse, softmaxCrossEntropy } from "../../nn/index.js";
import { add, clip, log, mean, mul, neg, oneHot, sub, sum } from "../../ops/index.js";
import type { TrainingLoss } from "../../train/step.js";
import { constantLossOf, type TargetNumbers } from "./constant-loss.js";
import type { Plan } from "./plan.js";

/** What a loss of plans takes for the model's output. */
export type Predictions = "values" | "logits" | "logProbabilities" | "probabilities";

/** A loss as an author writes it, mistakes included. */
export interface PlanLoss {
  readonly name: string;
  readonly predictions: Predictions;
  readonly loss: TrainingLoss;
  /** As an expression of a program: the library's loss, or a function of predictions p and targets t. */
  readonly code: string;
  /** What the expression imports from the library itself. */
  readonly functions: readonly string[];
  /** Loss of the best prediction that ignores the input, per term; null where none is known. */
  constantLoss(targets: TargetNumbers): number | null;
}

/** Whether targets count classes, so that a loss for numbers needs them as ones among zeros. */
type Targets = "labels" | "numbers";

type LossRecord = Omit<PlanLoss, "name"> & { readonly name: string; readonly takes?: Targets };

const lowest = 1e-7;
const classesOf = (p: Tensor): number => p.shape[p.rank - 1];
const chosen = (p: Tensor, t: Tensor): Tensor => oneHot(t, classesOf(p));

/** −Σ t log p as it stands in a textbook: 0 · log 0 is NaN. */
const crossEntropyOf = (p: Tensor, t: Tensor): Tensor => mean(neg(sum(mul(chosen(p, t), log(p)), { axes: -1 })));
/** −t log p − (1 − t) log(1 − p), with nothing that keeps p from 0 and 1. */
const binaryOf = (p: Tensor, t: Tensor): Tensor => mean(neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p))))));

const held = "clip(p, 1e-7, 1 - 1e-7)";
const crossEntropyCode = (p: string): string => `mean(neg(sum(mul(oneHot(t, p.shape[p.rank - 1]), log(${p})), { axes: -1 })))`;
const binaryCode = (p: string): string => `mean(neg(add(mul(t, log(${p})), mul(sub(1, t), log(sub(1, ${p}))))))`;
const typed = (body: string): string => `(p: Tensor, t: Tensor) => ${body}`;
const ofProbabilities = { predictions: "probabilities", constantLoss: constantLossOf.entropy } as const;
const crossEntropyNames = ["log", "mean", "mul", "neg", "oneHot", "sum", "type Tensor"];
const binaryNames = ["add", "log", "mean", "mul", "neg", "sub", "type Tensor"];

const records: readonly LossRecord[] = [
  { name: "softmaxCrossEntropy", predictions: "logits", loss: softmaxCrossEntropy, code: "nn.softmaxCrossEntropy", functions: [], constantLoss: constantLossOf.entropy }, // biome-ignore format: one row
  { name: "binaryCrossEntropy", predictions: "logits", loss: binaryCrossEntropy, code: "nn.binaryCrossEntropy", functions: [], constantLoss: constantLossOf.entropy }, // biome-ignore format: one row
  { name: "hinge", predictions: "logits", loss: hinge, code: "nn.hinge", functions: [], constantLoss: () => null },
  { name: "mse", predictions: "values", takes: "numbers", loss: mse, code: "nn.mse", functions: [], constantLoss: constantLossOf.variance }, // biome-ignore format: one row
  { name: "mae", predictions: "values", takes: "numbers", loss: mae, code: "nn.mae", functions: [], constantLoss: constantLossOf.deviation }, // biome-ignore format: one row
  { name: "huber", predictions: "values", takes: "numbers", loss: huber, code: "nn.huber", functions: [], constantLoss: () => null }, // biome-ignore format: one row
  {
    ...ofProbabilities,
    name: "crossEntropyOfProbabilities",
    loss: crossEntropyOf,
    code: typed(crossEntropyCode("p")),
    functions: crossEntropyNames,
  },
  {
    ...ofProbabilities,
    name: "crossEntropyOfProbabilitiesClamped",
    loss: (p, t) => crossEntropyOf(clip(p, lowest, 1 - lowest), t),
    code: typed(crossEntropyCode(held)),
    functions: ["clip", ...crossEntropyNames],
  },
  {
    ...ofProbabilities,
    name: "binaryCrossEntropyOfProbabilities",
    loss: binaryOf,
    code: typed(binaryCode("p")),
    functions: binaryNames,
  },
  {
    ...ofProbabilities,
    name: "binaryCrossEntropyOfProbabilitiesClamped",
    loss: (p, t) => binaryOf(clip(p, lowest, 1 - lowest), t),
    code: typed(binaryCode(held)),
    functions: ["add", "clip", ...binaryNames.slice(1)],
  },
];

/** Names of all losses that plans know. */
export const planLossNames: readonly string[] = records.map(({ name }) => name);

/**
 * The loss that a plan names. "sum(mse)" adds the terms up where others average, "minus(mse)" climbs where others descend. A loss
 * for numbers takes labels as ones among zeros.
 */
export function planLoss(name: string, task: Plan["task"] = "numbers"): PlanLoss {
  const wrapped = /^(sum|minus)\((.*)\)$/.exec(name);
  if (wrapped !== null) return wrappers[wrapped[1] as keyof typeof wrappers](planLoss(wrapped[2], task));
  const record = records.find((candidate) => candidate.name === name);
  if (record === undefined) {
    const expected = `${planLossNames.join(", ")}, sum(…), minus(…)`;
    throw fault("loss", "there is no such loss", { expected, got: `"${name}"` });
  }
  const { takes, ...made } = record;
  return takes === "numbers" && (task === "classes" || task === "tokens") ? ofLabels(made) : made;
}

/** A program's lines of a function of p and t around an expression that names a loss. */
const applied = (code: string): string => (code.startsWith("(") ? `(${code})(p, t)` : `${code}(p, t)`);

const ofLabels = (inner: PlanLoss): PlanLoss => ({
  ...inner,
  loss: (p, t) => inner.loss(p, chosen(p, t)),
  code: typed(`${inner.code}(p, oneHot(t, p.shape[p.rank - 1]))`),
  functions: ["oneHot", "type Tensor"],
});

const wrappers = {
  /** The mean times the number of its terms: one per target, or per label. */
  sum: (inner: PlanLoss): PlanLoss => ({
    ...inner,
    name: `sum(${inner.name})`,
    loss: (p, t) => mul(inner.loss(p, t), t.size),
    code: typed(`mul(${applied(inner.code)}, t.size)`),
    functions: [...inner.functions, "mul", "type Tensor"],
    // As many terms as a batch has: what one prediction costs depends on it.
    constantLoss: (targets) => times(inner.constantLoss(targets), targets.perBatch),
  }),
  minus: (inner: PlanLoss): PlanLoss => ({
    ...inner,
    name: `minus(${inner.name})`,
    loss: (p, t) => neg(inner.loss(p, t)),
    code: typed(`neg(${applied(inner.code)})`),
    functions: [...inner.functions, "neg", "type Tensor"],
    constantLoss: (targets) => times(inner.constantLoss(targets), -1),
  }),
};

const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
