import type { Reading } from "../../../src/health/history.js";
import { alarms, isLost, perLayer, type Rival } from "./rival.js";

/** Checks in a row with the same mean after which a tensor counts as constant. */
const SAME = 5;

export const deepLocalize: Rival = {
  name: "DeepLocalize",
  source: "Wardat et al. 2021, ICSE: DeepLocalize: Fault Localization for Deep Neural Networks",
  adapted:
    "Looks at the instrumented steps in place of every batch; means of the gradients' sizes stand for those of the gradients.",
  judge({ history }) {
    const { readings, layers } = history;
    const constant = (of: (reading: Reading) => readonly number[]): boolean =>
      layers.some((_, i) => isConstant(readings.map((reading) => of(reading)[i])));
    const zero = (of: (reading: Reading) => readonly number[]): boolean =>
      readings.some((reading) => of(reading).some((value) => value === 0));
    const outputs = (reading: Reading) => perLayer(reading, ({ mean }) => mean);
    const powers = (reading: Reading) => perLayer(reading, ({ power }) => power);
    const weights = (reading: Reading) => perLayer(reading, ({ meanWeight, weight }) => meanWeight ?? weight);
    const gradients = (reading: Reading) => perLayer(reading, ({ meanGradient, gradient }) => meanGradient ?? gradient);
    const deltas = (reading: Reading) => perLayer(reading, ({ delta }) => delta);
    return alarms({
      "not a number": isLost(history) || readings.some((reading) => reading.layers.some(({ nonFinite }) => nonFinite > 0)),
      "output is 0": zero(powers),
      "output does not change": constant(outputs),
      "weights are 0": zero(weights),
      "weights do not change": constant(weights),
      "gradient is 0": zero(gradients) || zero(deltas),
      "gradient does not change": constant(gradients),
    });
  },
};

/** Whether a value stays the same to a hundred-thousandth over five checks. */
function isConstant(values: readonly number[]): boolean {
  let run = 1;
  for (let i = 1; i < values.length; i++) {
    run = Math.abs(values[i] - values[i - 1]) <= 1e-5 * Math.abs(values[i]) ? run + 1 : 1;
    if (run >= SAME) return true;
  }
  return false;
}
