import { alarms, checksOf, explained, isLost, lossChecks, type Rival } from "./rival.js";

const CHECKS = 30;

export const deepDiagnosis: Rival = {
  name: "DeepDiagnosis",
  source:
    "Wardat et al. 2022, ICSE: DeepDiagnosis: Automatically Diagnosing Faults and Recommending Actionable Fixes in Deep Learning Programs",
  adapted:
    "Thirty checks per training in place of one per epoch; the unchanged accuracy is an unchanged explained loss where no accuracy is known.",
  judge({ history, subject }) {
    const readings = checksOf(history, CHECKS);
    const last = readings.at(-1);
    const hidden = (i: number): boolean => history.layers[i]?.head === false;
    const rates = new Map(history.steps.map(({ learningRate }, step) => [step, learningRate]));
    const losses = lossChecks(history, CHECKS);
    const features = subject.data.features;
    const widest = Math.max(...features.map(({ mean, deviation }) => Math.abs(mean) + 2 * deviation), 0);
    return alarms({
      "numerical error": isLost(history) || readings.some(({ layers }) => layers.some(({ nonFinite }) => nonFinite > 0)),
      "dead units": last?.layers.some(({ notPositive = 0 }, i) => hidden(i) && notPositive >= 0.7) ?? false,
      "saturated activation": last?.layers.some(({ beyondFive = 0 }, i) => hidden(i) && beyondFive > 0.5) ?? false,
      "vanishing gradient": readings.some(({ layers }) => layers.some(({ meanGradient = 1 }) => meanGradient < 1e-7)),
      "weights out of range":
        last?.layers.some(({ weightVariance = 1 }) => weightVariance < 1e-5 || weightVariance > 10) ?? false,
      "learning rate":
        last?.layers.some(({ gradient, weight }) => outside(((rates.get(last.step) ?? 0) * gradient) / weight)) ?? false,
      "unchanged loss": unchanged(losses, 5),
      "accuracy does not rise": unchanged(explained(losses, subject.data.constantLoss), 20),
      "output out of range": outOfRange(subject.head.activation, subject.data.targets),
      "inputs out of range": features.length > 0 && widest > 1.5 && !standardised(features),
    });
  },
};

const outside = (ratio: number): boolean => !(ratio >= 1e-5 && ratio <= 1e-1);

/** Whether `count` values in a row are the same to a millionth. */
function unchanged(values: readonly number[], count: number): boolean {
  let run = 1;
  for (let i = 1; i < values.length; i++) {
    run = Math.abs(values[i] - values[i - 1]) <= 1e-6 * Math.abs(values[i]) ? run + 1 : 1;
    if (run >= count) return true;
  }
  return false;
}

/** Standardised inputs leave −1 … 1 too; their rule would flag every one of them, which says nothing of their tool. */
const standardised = (features: readonly { readonly mean: number; readonly deviation: number }[]): boolean =>
  features.every(({ mean, deviation }) => Math.abs(mean) < 0.5 && deviation < 1.5);

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  sigmoid: [0, 1],
  softmax: [0, 1],
  tanh: [-1, 1],
  relu: [0, Infinity],
};

function outOfRange(head: string, { least, greatest, kind }: { least: number; greatest: number; kind: string }): boolean {
  const [low, high] = ranges[head] ?? [Number.NEGATIVE_INFINITY, Infinity];
  return kind === "numbers" && (least < low || greatest > high);
}
