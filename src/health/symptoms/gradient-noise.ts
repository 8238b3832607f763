import { medianOf } from "../loss-course.js";
import { shown, symptom } from "./symptom.js";

/** Σm̂²/Σv̂ of pure noise: (1 − β₁) ÷ (1 + β₁) at β₁ = 0.9. */
const FLOOR = 0.053;
const LIMIT = 0.08;

export const gradientNoise = symptom({
  name: "gradient noise",
  code: "S16",
  what: "Gradients of successive batches have little in common: steps are mostly chance.",
  looks: "Adam's squared first moments over its second moments are near 0.053, what pure noise gives.",
  threshold:
    "Below 0.08 in the median of the last half of the readings, where the loss is not far below that of a constant prediction. For information.",
  causes: ["smallBatch", "badLabels"],
  source: "McCandlish et al. 2018, arXiv:1812.06162",
  confirms: "never",
  find({ history, course }) {
    const late = history.readings.filter(({ step }) => step >= history.steps.length / 2 && step >= 100);
    const value = medianOf(late.map(({ momentRatio }) => momentRatio ?? Number.NaN));
    if (!(value < LIMIT) || course.rho < 0.9) return [];
    const evidence = `The squared mean of the gradient is ${shown(value)} of its mean square; pure noise gives about ${FLOOR}.`;
    return [{ critical: false, step: late[0].step, measured: { name: "Σm̂² ÷ Σv̂", value, limit: LIMIT }, evidence }];
  },
});
