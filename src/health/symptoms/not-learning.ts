import { EARLIEST, STUCK, WEAK } from "../loss-course.js";
import { shown, symptom } from "./symptom.js";

export const notLearning = symptom({
  name: "not learning",
  code: "S12",
  what: "The model is no better than one that ignores its input.",
  looks:
    "The loss goes to that of the best constant prediction (the entropy of the labels, the variance of the numbers) and stays there.",
  threshold:
    "ρ, the loss over that of the best constant, at 0.98 or more after 50 steps and a tenth of the budget; alarm after 30 %.",
  causes: [
    "saturatingActivation",
    "smallStart",
    "largeStart",
    "symmetricStart",
    "deadUnits",
    "lowLearningRate",
    "highLearningRate",
    "wrongHead",
    "unscaledInputs",
    "unscaledTargets",
    "cutGradient",
    "badLabels",
    "imbalance",
    "tooDeep",
    "recurrentVanishing",
    "tooMuchRegularisation",
    "linearNetwork",
    "tooFewSteps",
  ],
  source: "TheDeepChecker (Ben Braiek and Khomh 2023, TOSEM)",
  confirms: "alone",
  find({ course, history, subject, probes }) {
    if (course.state !== "stuck" || subject.data.constantLoss === null) return [];
    // Where the same training learns as little of shuffled labels there may be nothing to learn.
    const nothing = isNothingToLearn(probes?.shuffledLabels, course.rho);
    const evidence = `After ${history.steps.length} steps the loss is ${shown(course.last)}, and a constant prediction has ${shown(course.reference)}.`;
    const late = history.steps.length >= Math.max(EARLIEST, 0.3 * history.budget);
    return nothing
      ? []
      : [{ critical: late, step: EARLIEST, measured: { name: "ρ", value: course.rho, limit: STUCK }, evidence }];
  },
});

/** Whether labels in random order are learnt better than the given ones: then the training works, and these say nothing of the inputs. */
export const isNothingToLearn = (shuffled: number | undefined, rho: number): boolean =>
  shuffled !== undefined && shuffled <= WEAK && shuffled < rho - 0.02;
