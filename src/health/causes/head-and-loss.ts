import type { Look } from "../derived.js";
import { mismatchesOf } from "../mismatches.js";
import type { CauseName } from "../names.js";
import { cause, type Weighed, when } from "./cause.js";

/** The mismatches that a cause is behind: certain where nothing can be learnt with them. */
const mismatched = ({ subject, history }: Look, name: CauseName, usual: number): Weighed[] =>
  mismatchesOf(subject)
    .filter((one) => one.cause === name)
    .map(({ fatal, text, layer }) => ({
      weight: fatal ? 0.95 : usual,
      argument: text,
      layer: layer ?? history.layers.at(-1)?.path ?? null,
    }));

export const wrongHead = cause({
  name: "wrongHead",
  title: "The last activation does not fit the loss or the targets",
  why: "A head decides which outputs are possible, and a loss what they mean. A softmax over one unit can only say 1; a ReLU or a sigmoid before a loss of logits cannot say what it should; targets outside of the head's range are never reached.",
  advice: [
    "Leave the last layer linear and take the loss on logits.",
    "For numbers leave the last layer linear and take mean squared error.",
    "For independent decisions take one unit each and binary cross-entropy on logits.",
  ],
  weigh: (look) => mismatched(look, "wrongHead", 0.7),
});

export const wrongLoss = cause({
  name: "wrongLoss",
  title: "The loss does not fit the task",
  why: "Squares of probabilities hardly punish a sure mistake; a sign the wrong way round rewards it; cross-entropy of numbers that are no probabilities means nothing.",
  advice: [
    "Take softmax cross-entropy for one of several classes, binary cross-entropy for decisions, mean squared error for numbers.",
    "Check the sign: a loss gets smaller the better predictions are.",
  ],
  weigh: (look, findings) => [
    ...mismatched(look, "wrongLoss", 0.6),
    when(findings.by("divergence", "loss") !== null, 0.95, "The loss goes below 0, where no loss of its kind can be."),
  ],
});

export const linearNetwork = cause({
  name: "linearNetwork",
  title: "Nothing nonlinear stands between the layers",
  why: "Linear layers behind one another are one linear layer: the network can draw a single straight border.",
  advice: ["Put an activation behind every hidden layer: GELU, ReLU or tanh."],
  weigh: (look) => mismatched(look, "linearNetwork", 0.75),
});

export const cutGradient = cause({
  name: "cutGradient",
  title: "The gradient is cut off",
  why: "A step in the graph passes no gradient: something was detached, rounded or compared, or a function is flat everywhere.",
  advice: [
    "Look at the operation behind the last layer that gets no gradient.",
    "Take comparisons, rounding and arg max out of the way to the loss, or give them a straight-through derivative.",
  ],
  weigh(look, findings) {
    const still = findings.get("gradient not flowing");
    if (still === null) return [];
    const explained = findings.get("dead units") !== null || look.frames.some(({ layers }) => layers.some(underflow));
    return [
      when(
        !explained,
        0.8,
        "The gradient is exactly 0 though no unit died and nothing has become too small to be told from 0.",
        still.layer,
      ),
    ];
  },
});

/** A signal that is about to leave the numbers that float32 has. */
const underflow = ({ delta }: { readonly delta: number }): boolean => delta > 0 && delta < 1e-25;
