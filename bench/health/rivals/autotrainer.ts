import type { Evidence } from "../../../src/health/diagnosis.js";
import { alarms, checksOf, explained, firstLayer, isLost, lastLayer, lossChecks, type Rival } from "./rival.js";

/** Checks of a training: their callback looks every third epoch. */
const CHECKS = 20;
/** From here on a model counts as converged: their Θ for accuracies, taken of what is explained where only losses are known. */
const CONVERGED = 0.6;
const PROGRESS = 0.01;
const SWING = 0.03;
const SWINGS = 0.2;

export const autotrainer: Rival = {
  name: "AUTOTRAINER",
  source: "Zhang et al. 2021, ICSE: AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair System",
  adapted:
    "Accuracy is that of the checks where there are any, else the share of a constant prediction's loss that is explained; twenty checks per training in place of one every third epoch.",
  judge(evidence) {
    const { history } = evidence;
    const progress = progressOf(evidence);
    const poor = Math.max(...progress) < CONVERGED || slow(progress);
    const readings = checksOf(history, CHECKS).slice(Math.floor(0.3 * CHECKS));
    const share = (holds: (first: number, last: number, zero: number) => boolean): boolean =>
      readings.some((reading) => {
        const zero = Math.max(...reading.layers.slice(0, -1).map(({ zeroGradient }) => zeroGradient), 0);
        return holds(firstLayer(reading).gradient, lastLayer(reading).gradient, zero);
      });
    return alarms({
      "not a number": isLost(history) || history.steps.some(({ loss }) => loss > 1e3),
      "vanishing gradient": poor && share((first, last) => first / last < 1e-3 && first < 1e-4),
      "exploding gradient": poor && share((first, last) => first / last > 70 || !Number.isFinite(first + last)),
      "dying ReLU": poor && share((_, __, zero) => zero >= 0.7),
      "oscillating loss": swings(progress) >= SWINGS * progress.length,
      "slow convergence": slow(progress),
    });
  },
};

function progressOf({ history, subject }: Evidence): number[] {
  const accuracies = history.checks?.flatMap(({ accuracy }) => accuracy ?? []) ?? [];
  return accuracies.length > 0 ? accuracies : explained(lossChecks(history, CHECKS), subject.data.constantLoss);
}

/** Largest step of progress below a hundredth. */
const slow = (progress: readonly number[]): boolean =>
  Math.max(...progress.slice(1).map((value, i) => value - progress[i]), Number.NEGATIVE_INFINITY) < PROGRESS;

/** Falls of three points and more between successive checks. */
const swings = (progress: readonly number[]): number =>
  progress.slice(1).filter((value, i) => progress[i] - value >= SWING).length;
