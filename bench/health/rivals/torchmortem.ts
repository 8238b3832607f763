import type { History, Reading } from "../../../src/health/history.js";
import { alarms, firstLayer, isLost, lastLayer, type Rival } from "./rival.js";

export const torchmortem: Rival = {
  name: "torchmortem",
  source: "torchmortem, a package for PyTorch of 2026, by the thresholds that its detectors start with",
  adapted:
    "Rank collapse and the distance to the edge of stability are not measured; what it calls sustained is half of the readings.",
  judge({ history }) {
    const { readings } = history;
    const sustained = (holds: (reading: Reading) => boolean): boolean =>
      readings.length > 0 && readings.filter(holds).length > readings.length / 2;
    const hidden = (reading: Reading) => reading.layers.filter((_, i) => history.layers[i]?.head === false);
    const ratios = ({ layers }: Reading): number[] => layers.map(({ update, weight }) => update / weight);
    return alarms({
      "not a number": isLost(history),
      "vanishing gradient": sustained((reading) => lastLayer(reading).gradient > 100 * firstLayer(reading).gradient),
      "exploding gradient": history.steps.some(({ gradientNorm }) => gradientNorm > 1e3),
      "gradient stalled": sustained(({ layers }) => layers.some(({ gradient }) => gradient < 1e-8)),
      "dead units": sustained((reading) => hidden(reading).some(({ dead }) => dead > 0.5)),
      saturation: sustained((reading) => hidden(reading).some(({ saturated, gate }) => saturated > 0.5 && gate < 0.1)),
      "update size": sustained((reading) => ratios(reading).some((ratio) => !(ratio >= 1e-5 && ratio <= 1e-1))),
      "weights grow": growth(history) > 10,
    });
  },
};

/** How many times longer the weights of a layer end than they began. */
const growth = ({ readings, layers }: History): number =>
  Math.max(0, ...layers.map((_, i) => (readings.at(-1)?.layers[i].weight ?? 0) / (readings[0]?.layers[i].weight || Infinity)));
