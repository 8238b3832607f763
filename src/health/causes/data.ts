import { percent } from "../symptoms/symptom.js";
import { cause, when } from "./cause.js";

export const unscaledInputs = cause({
  name: "unscaledInputs",
  title: "The inputs are not scaled",
  why: "Initialisations assume inputs of mean 0 and deviation 1. Inputs of hundreds saturate or kill the first layer and make its gradients that much larger than all others; one learning rate cannot fit both.",
  advice: [
    "Standardise the features by mean and deviation of the training data.",
    "Divide images by 255.",
    "Take logarithms of features that extend over many powers of ten.",
  ],
  weigh(look, findings) {
    const seen = findings.by("data scale", "input scale");
    if (seen === null) return [];
    const first = look.history.layers[0]?.path ?? null;
    return [
      { weight: seen.critical ? 0.85 : 0.5, argument: seen.evidence, layer: first },
      when(
        (findings.get("dead units") ?? findings.get("saturation"))?.layer === first,
        0.5,
        "It is the first layer that suffers.",
        first,
      ),
    ];
  },
});

export const unscaledTargets = cause({
  name: "unscaledTargets",
  title: "The targets are not scaled",
  why: "A network starts with outputs of about 1. Errors of thousands make gradients of thousands: either the first steps throw the weights away, or the rate that is small enough to bear them is too small to get there.",
  advice: ["Standardise the targets by mean and deviation of the training data, and undo it on the predictions."],
  weigh(look, findings) {
    const seen = findings.by("data scale", "target scale");
    if (seen === null) return [];
    return [{ weight: seen.critical ? 0.75 : 0.45, argument: seen.evidence, layer: look.history.layers.at(-1)?.path ?? null }];
  },
});

export const badLabels = cause({
  name: "badLabels",
  title: "The data say nothing, or something wrong",
  why: "All targets are the same, numbers are missing, or labels were destroyed on the way (divided, cut off, shuffled against their samples).",
  advice: [
    "Look at ten samples with their labels.",
    "Count how often each label occurs.",
    "Remove samples with numbers that are not finite, or fill them in.",
  ],
  weigh: (look, findings) => [
    when(findings.by("data scale", "different targets") !== null, 0.97, "All targets are the same."),
    when(look.subject.data.nonFinite > 0, 0.97, "The data have numbers that are not finite."),
    when(
      look.course.state === "stuck" && findings.all.filter(({ symptom }) => symptom !== "not learning").length === 0,
      0.35,
      "Nothing else is wrong, and yet nothing is learnt.",
    ),
  ],
});

export const imbalance = cause({
  name: "imbalance",
  title: "One class is far more frequent than the others",
  why: "To answer with the frequent class whatever comes is nearly right, and the rest is too rare to be learnt from.",
  advice: ["Weight the samples by one over the frequency of their class.", "Draw batches with as many samples of each class."],
  weigh({ subject, course }) {
    const { counts } = subject.data.targets;
    const share = Math.max(...counts) / counts.reduce((sum, count) => sum + count, 0);
    const suffers = course.rho > 0.9;
    return [
      when(share > 0.9 && suffers, 0.7, `${percent(share)} of the samples are of one class.`),
      when(share > 0.8 && share <= 0.9 && suffers, 0.35, `${percent(share)} of the samples are of one class.`),
    ];
  },
});
