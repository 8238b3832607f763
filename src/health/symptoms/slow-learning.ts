import type { Look } from "../derived.js";
import { WEAK } from "../loss-course.js";
import { percent, shown, symptom } from "./symptom.js";

export const slowLearning = symptom({
  name: "slow learning",
  code: "S17",
  what: "The loss comes down, but the training ends long before it is down.",
  looks: "At the end of the budget the loss is close to that of a constant prediction and still falls at the pace of before.",
  threshold: "ρ above 0.9 at the end, with a loss that fell by more than 1 % in the last third.",
  causes: ["lowLearningRate", "tooFewSteps", "smallStart", "saturatingActivation", "tooMuchRegularisation"],
  source: "AUTOTRAINER (Zhang et al. 2021, ICSE), whose commonest finding it is",
  confirms: "withPoorLoss",
  find(look) {
    const { course, history } = look;
    if (history.steps.length < 0.9 * history.budget || course.state === "lost" || course.rho < WEAK) return [];
    const fall = fallOf(look);
    if (!(fall > 0.01)) return [];
    const evidence = `At the end the loss is ${shown(course.rho)} of a constant prediction's and fell by ${percent(fall)} in the last third.`;
    return [{ critical: course.rho > 0.95, measured: { name: "ρ while falling", value: course.rho, limit: WEAK }, evidence }];
  },
});

/** Share of the loss that the last third of the steps took away. */
export function fallOf({ course: { smooth } }: Look): number {
  const before = smooth[Math.floor((2 * smooth.length) / 3)];
  return (before - (smooth.at(-1) ?? before)) / Math.abs(before);
}
