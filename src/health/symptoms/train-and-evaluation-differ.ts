import { percent, shown, symptom } from "./symptom.js";

/** Share of a constant prediction's loss below which losses are all the same. */
const SMALL_LOSS = 0.2;

export const trainAndEvaluationDiffer = symptom({
  name: "train and evaluation differ",
  code: "S14",
  what: "The model says something else of the same samples when it is used than when it learns.",
  looks:
    "The losses of one batch in the two modes are far apart, though dropout and noise are small: the running statistics of batch norms are not those of the batches.",
  threshold:
    "A loss in use that is above that in training by 50 % of it, alarm at 100 %; what is less than a fifth of a constant prediction's loss does not count. Of models with batch norm.",
  causes: ["normWithSmallBatch", "smallBatch", "tooFewSteps"],
  source: "Ioffe 2017, arXiv:1702.03275; Keras issues 6977 and 7265",
  confirms: "alone",
  find({ probes, history, subject, course }) {
    const modes = probes?.modes ?? history.modes;
    const normed = subject.layers.some(({ norm }) => norm === "batchNorm");
    if (modes === undefined || !normed) return [];
    const level = Math.max(Math.abs(modes.train), SMALL_LOSS * Math.abs(course.reference));
    const gap = (modes.evaluation - modes.train) / level;
    if (!(gap > 0.5)) return [];
    const evidence = `The same samples have loss ${shown(modes.train)} in training and ${shown(modes.evaluation)} in use, ${percent(gap)} more.`;
    return [{ critical: gap > 1, step: modes.step, measured: { name: "difference of modes", value: gap, limit: 0.5 }, evidence }];
  },
});
