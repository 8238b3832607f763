import { percent, shown, symptom } from "./symptom.js";

export const trainAndEvaluationDiffer = symptom({
  name: "train and evaluation differ",
  code: "S14",
  what: "The model says something else of the same samples when it is used than when it learns.",
  looks:
    "The losses of one batch in the two modes are far apart, though dropout and noise are small: the running statistics of batch norms are not those of the batches.",
  threshold: "A difference above 50 % of the loss, alarm above 100 %; asked for by a probe.",
  causes: ["normWithSmallBatch", "smallBatch", "tooFewSteps"],
  source: "Ioffe 2017, arXiv:1702.03275; Keras issues 6977 and 7265",
  confirms: "alone",
  find({ probes, subject, course }) {
    const { modes } = probes ?? {};
    const normed = subject.layers.some(({ norm }) => norm === "batchNorm");
    if (modes === undefined || !normed) return [];
    const gap = Math.abs(modes.evaluation - modes.train) / Math.max(Math.abs(modes.train), 0.05 * Math.abs(course.reference));
    if (!(gap > 0.5)) return [];
    const evidence = `One batch has loss ${shown(modes.train)} in training and ${shown(modes.evaluation)} in use: ${percent(gap)} apart.`;
    return [{ critical: gap > 1, step: modes.step, measured: { name: "difference of modes", value: gap, limit: 0.5 }, evidence }];
  },
});
