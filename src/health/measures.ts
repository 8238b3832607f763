import type { History, LayerReading, Reading } from "./history.js";
import type { SymptomName } from "./names.js";
import { quantile } from "./remedies/change.js";

/** A number of a reading that tells whether something is as it should be. */
export interface Measure {
  readonly symbol: string;
  /** Names of the symptoms that it decides on. */
  readonly symptoms: readonly SymptomName[];
  of(reading: Reading, history: History): number;
  /** Where a start should lie. */
  band(history: History): Band;
  /** Where the opposite fault begins: as far a training may drift that had this one. Ratios drift while a network learns. */
  readonly beyond: Band;
  /** Whether it is compared by its logarithm. */
  readonly ratio: boolean;
}

export type Band = readonly [low: number, high: number];

const fixed = (low: number, high: number) => (): Band => [low, high];
const anything: Band = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** A ratio of 1 that narrow and deep networks keep only within one deviation of its logarithm (Hanin and Rolnick 2018). */
function ratioBand({ layers }: History): Band {
  const narrowest = Math.min(...layers.map(({ units }) => units));
  const tolerance = Math.min(5, Math.exp(0.5 * Math.sqrt((5 * layers.length) / narrowest)));
  return [0.1 / tolerance, 10 * tolerance];
}

export const measures: readonly Measure[] = [
  {
    symbol: "R_δ",
    symptoms: ["vanishing gradient", "exploding gradient", "initialisation"],
    of: ({ layers }) => (layers[0]?.delta ?? Number.NaN) / (layers[layers.length - 1]?.delta ?? Number.NaN),
    band: ratioBand,
    beyond: [1e-3, 1e3],
    ratio: true,
  },
  {
    symbol: "R_act",
    symptoms: ["vanishing gradient", "exploding gradient", "initialisation"],
    of: (reading, history) => {
      const hidden = hiddenOf(reading, history);
      return Math.sqrt((hidden[hidden.length - 1]?.power ?? Number.NaN) / (hidden[0]?.power ?? Number.NaN));
    },
    band: ratioBand,
    beyond: [1e-3, 1e3],
    ratio: true,
  },
  {
    symbol: "least signal",
    symptoms: ["signal collapse"],
    of: (reading, history) => Math.min(...hiddenOf(reading, history).map(({ signal }) => signal)),
    band: fixed(0.05, Number.POSITIVE_INFINITY),
    beyond: anything,
    ratio: true,
  },
  {
    symbol: "dead units",
    symptoms: ["dead units"],
    of: (reading, history) => Math.max(0, ...hiddenOf(reading, history).map(({ dead }) => dead)),
    band: fixed(0, 0.2),
    beyond: anything,
    ratio: false,
  },
  {
    symbol: "saturated",
    symptoms: ["saturation"],
    of: (reading, history) => Math.max(0, ...hiddenOf(reading, history).map(({ saturated }) => saturated)),
    band: fixed(0, 0.5),
    beyond: anything,
    ratio: false,
  },
  {
    symbol: "‖ΔW‖ ÷ ‖W‖",
    symptoms: ["update size"],
    of: ({ layers }) => quantile(layers.map(({ update, weight }) => update / weight).filter(Number.isFinite), 0.5),
    band: fixed(1e-4, 1e-1),
    // Updates end where nothing is left to learn.
    beyond: [0, 1],
    ratio: true,
  },
  {
    symbol: "numbers that are not finite",
    symptoms: ["non-finite numbers"],
    of: ({ layers }) => layers.reduce((sum, { nonFinite }) => sum + nonFinite, 0),
    band: fixed(0, 0),
    beyond: anything,
    ratio: false,
  },
  {
    symbol: "gradient over time",
    symptoms: ["recurrent gradient"],
    of: ({ layers }) =>
      furthest(layers.flatMap(({ overTime }) => (overTime ? [overTime[0] / (overTime.at(-1) ?? Number.NaN)] : []))),
    band: fixed(1e-3, 1e3),
    beyond: [1e-6, 1e6],
    ratio: true,
  },
];

/** Layers with an activation; the last one only where it is the only one. */
function hiddenOf({ layers }: Reading, { layers: known }: History): readonly LayerReading[] {
  const hidden = layers.filter((_, i) => known[i]?.head === false);
  return hidden.length > 0 ? hidden : layers;
}

/** The ratio that is furthest from 1. */
const furthest = (ratios: readonly number[]): number =>
  ratios.reduce((far, ratio) => (Math.abs(Math.log(ratio)) > Math.abs(Math.log(far)) ? ratio : far), 1);
