import { shown, symptom } from "./symptom.js";

export const divergence = symptom({
  name: "divergence",
  code: "S11",
  what: "The loss leaves where it has been and rises.",
  looks:
    "After a while, or from the first step on, the loss grows to several times its least value, or ends far above that of a constant prediction.",
  threshold: "More than twice the least loss and worse than a constant prediction; alarm at three times a constant prediction.",
  causes: [
    "highLearningRate",
    "noWarmup",
    "explodingActivation",
    "largeStart",
    "unscaledInputs",
    "unscaledTargets",
    "wrongLoss",
    "recurrentExploding",
  ],
  source: "Cohen et al. 2021, arXiv:2103.00065, on steps longer than the curvature allows",
  confirms: "alone",
  find({ course, subject }) {
    const { constantLoss } = subject.data;
    if (course.last < -1e-3 * Math.abs(course.first) && constantLoss !== null && constantLoss >= 0) {
      const evidence = `The loss has fallen to ${shown(course.last)}: a loss that can be negative rewards what it should punish.`;
      return [{ critical: true, measured: { name: "loss", value: course.last, limit: 0 }, evidence }];
    }
    if (course.state !== "diverged") return [];
    const step = course.smooth.indexOf(course.least);
    const evidence = `The loss rose from ${shown(course.least)} to ${shown(course.last)}, ${shown(course.rho)} times that of a constant prediction.`;
    return [
      { critical: course.rho > 3, step, measured: { name: "loss over constant", value: course.rho, limit: 1.2 }, evidence },
    ];
  },
});
