import { mismatchesOf } from "../mismatches.js";
import { symptom } from "./symptom.js";

export const staticMismatch = symptom({
  name: "static mismatch",
  code: "S0",
  what: "Parts of the training do not fit each other: the last activation, the loss and the targets, or layers without anything nonlinear between them.",
  looks: "Nothing has to be measured: it can be read off the description before the first step.",
  threshold:
    "Each rule holds or does not: a softmax over one unit, an activation before a loss of logits, targets out of reach of the head, a logarithm of what is no probability, squares for classes, a sum over the batch, a softmax inside the network, nothing nonlinear.",
  causes: ["wrongHead", "wrongLoss", "linearNetwork", "saturatingActivation", "numericOverflow", "highLearningRate"],
  source: "Static rules of AUTOTRAINER (Zhang et al. 2021, ICSE) and NeuraLint (Nikanjam et al. 2021, TOSEM)",
  confirms: "withPoorLoss",
  // A loss with the wrong sign falls beautifully.
  certain: ({ critical }) => critical,
  find: ({ subject }) =>
    mismatchesOf(subject).map(({ kind, fatal, layer, text }) => ({
      critical: fatal,
      layer,
      measured: { name: kind, value: 1, limit: 0 },
      evidence: text,
    })),
});
