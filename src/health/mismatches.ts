import { findActivation } from "../activations/index.js";
import type { CauseName } from "./names.js";
import type { Subject } from "./subject.js";
import { shown } from "./symptoms/symptom.js";

/** Two parts of a training that do not fit each other. */
export interface Mismatch {
  readonly kind: string;
  readonly cause: CauseName;
  /** Whether nothing, or nothing right, can be learnt with it. */
  readonly fatal: boolean;
  /** A layer of the network; null for the head, the loss and the data. */
  readonly layer: string | null;
  readonly text: string;
}

type Check = (subject: Subject) => { readonly fatal: boolean; readonly text: string; readonly layer?: string } | null;

interface Rule {
  readonly kind: string;
  readonly cause: CauseName;
  readonly check: Check;
}

/** What an activation can say; a function of a row shares out 1. Null for a bare layer, and for what the catalogue does not have. */
function reachOf(activation: string): readonly [low: number, high: number] | null {
  const facts = activation === "none" ? undefined : findActivation(activation)?.facts;
  if (facts === undefined) return null;
  return facts.kind === "pointwise" ? [facts.range.low, facts.range.high] : [0, 1];
}

/** Whether outputs are shares of a whole, or decisions. */
function saysProbabilities({ activation }: Subject["head"]): boolean {
  const reach = reachOf(activation);
  return reach !== null && reach[0] >= 0 && reach[1] <= 1;
}

/** Share of the targets' extent that may lie outside of what the head can say. */
const SLACK = 0.05;

const rules: readonly Rule[] = [
  {
    kind: "softmax over one unit",
    cause: "wrongHead",
    check: ({ head }) =>
      head.activation === "softmax" && head.units === 1
        ? { fatal: true, text: "A softmax over one unit is 1 whatever comes in: it says nothing and passes no gradient." }
        : null,
  },
  {
    kind: "activation before a loss of logits",
    cause: "wrongHead",
    check: ({ head, loss }) => {
      if (loss.predictions !== "logits" || head.activation === "none") return null;
      const text = `The loss ${loss.name} takes logits and applies its own squashing; here it gets the outputs of ${head.activation}.`;
      // Logits that cannot be negative say yes to everything; those between 0 and 1 can at least be compared with each other.
      const [low, high] = reachOf(head.activation) ?? [Number.NEGATIVE_INFINITY, Infinity];
      const shares = findActivation(head.activation)?.facts.kind === "vector";
      return { fatal: shares || (low >= 0 && (head.units === 1 || high === Infinity)), text };
    },
  },
  {
    kind: "logarithm of what is no probability",
    cause: "wrongHead",
    check: ({ head, loss }) => {
      if (loss.predictions !== "probabilities" || saysProbabilities(head)) return null;
      const what = head.activation === "none" ? "a bare linear layer" : head.activation;
      return { fatal: true, text: `The loss ${loss.name} takes probabilities; ${what} also gives numbers below 0 and above 1.` };
    },
  },
  {
    kind: "targets out of the head's reach",
    cause: "wrongHead",
    check: ({ head, loss, data: { targets } }) => {
      if (targets.kind !== "numbers" || loss.predictions !== "values") return null;
      const range = reachOf(head.activation);
      if (range === null) return null;
      const [low, high] = range;
      const slack = SLACK * (targets.greatest - targets.least);
      if (targets.least >= low - slack && targets.greatest <= high + slack) return null;
      const reach = `${shown(low)} … ${shown(high)}`;
      const text = `${head.activation} gives numbers in ${reach}; targets reach from ${shown(targets.least)} to ${shown(targets.greatest)}.`;
      return { fatal: true, text };
    },
  },
  {
    kind: "shares for independent decisions",
    cause: "wrongHead",
    check: ({ head, data: { targets } }) => {
      if (head.activation !== "softmax" || head.units < 2 || targets.kind !== "numbers") return null;
      const sum = targets.mean * head.units;
      if (targets.least < 0 || targets.greatest > 1 || Math.abs(sum - 1) < 0.02) return null;
      return { fatal: false, text: `A softmax shares out 1, but the targets of a sample sum to ${shown(sum)} on average.` };
    },
  },
  {
    kind: "squares for classes",
    cause: "wrongLoss",
    check: ({ head, loss, data: { targets } }) => {
      const squares = ["mse", "mae", "huber"].some((name) => loss.name.toLowerCase().includes(name));
      const decisions = targets.whole && targets.least === 0 && targets.greatest === 1 && saysProbabilities(head);
      if (!squares || (targets.kind !== "classes" && !decisions)) return null;
      return {
        fatal: false,
        text: `${loss.name} of classes hardly punishes a sure mistake, and its gradient dies where the head saturates.`,
      };
    },
  },
  {
    kind: "classes for numbers",
    cause: "wrongLoss",
    check: ({ loss, data: { targets } }) => {
      if (targets.kind !== "numbers" || loss.predictions === "values") return null;
      if (targets.least >= 0 && targets.greatest <= 1) return null;
      const text = `${loss.name} is for probabilities between 0 and 1; targets reach from ${shown(targets.least)} to ${shown(targets.greatest)}.`;
      return { fatal: true, text };
    },
  },
  {
    kind: "loss that rewards mistakes",
    cause: "wrongLoss",
    check: ({ loss, data: { constantLoss } }) =>
      constantLoss !== null && constantLoss < 0
        ? { fatal: true, text: `${loss.name} gets smaller the worse the predictions are: its sign is the wrong way round.` }
        : null,
  },
  {
    kind: "sum over the batch",
    cause: "highLearningRate",
    check: ({ loss, batchSize }) =>
      loss.name.startsWith("sum(") && batchSize > 1
        ? {
            fatal: false,
            text: `${loss.name} adds up where others average: with ${batchSize} samples the rate works as one ${batchSize} times as high.`,
          }
        : null,
  },
  {
    kind: "logarithm of an unguarded probability",
    cause: "numericOverflow",
    check: ({ head, loss }) =>
      loss.predictions === "probabilities" && saysProbabilities(head) && !/clamped/i.test(loss.name)
        ? {
            fatal: false,
            text: `${loss.name} takes the logarithm of a probability that rounds to 0 as soon as the model is sure.`,
          }
        : null,
  },
  {
    kind: "softmax inside the network",
    cause: "saturatingActivation",
    check: ({ layers }) => {
      const inside = layers.find(
        ({ head, activation, kind }) => !head && kind !== "attention" && /softmax/i.test(activation?.title ?? ""),
      );
      if (inside === undefined) return null;
      return {
        fatal: false,
        layer: inside.path,
        text: `A softmax between layers leaves each unit about 1/${inside.units}: little signal, less gradient.`,
      };
    },
  },
  {
    kind: "nothing nonlinear",
    cause: "linearNetwork",
    check: ({ layers }) => {
      const plain = layers.every(
        ({ kind, activation, head }) => ["linear", "conv2d"].includes(kind) && (head || activation === null),
      );
      if (layers.length < 2 || !plain) return null;
      const text = `${layers.length} layers without an activation between them are one linear layer.`;
      return { fatal: false, layer: layers[0].path, text };
    },
  },
];

/** Everything that does not fit, judged before the first step. */
export const mismatchesOf = (subject: Subject): Mismatch[] =>
  rules.flatMap(({ kind, cause, check }) => {
    const found = check(subject);
    return found === null ? [] : [{ kind, cause, layer: null, ...found }];
  });
