import type { Finding } from "./diagnosis.js";
import type { History, LayerReading, Reading } from "./history.js";
import type { SymptomName } from "./names.js";
import { brief } from "./proof-text.js";
import { quantile } from "./remedies/change.js";
import type { MechanismCheck } from "./treatment.js";

/** A number of a reading that tells whether something is as it should be. */
interface Measure {
  readonly symbol: string;
  /** Names of the symptoms that it decides on. */
  readonly symptoms: readonly SymptomName[];
  of(reading: Reading, history: History): number;
  band(history: History): readonly [low: number, high: number];
  /** Where the other fault begins, which a training may come nearer to than it may start: 1 ÷ far and far. */
  readonly far?: number;
}

const fixedBand = (low: number, high: number) => (): readonly [number, number] => [low, high];

/** A ratio of 1 that narrow and deep networks keep only within one deviation of its logarithm. */
function ratioBand({ layers }: History): readonly [number, number] {
  const narrowest = Math.min(...layers.map(({ units }) => units));
  const tolerance = Math.min(5, Math.exp(0.5 * Math.sqrt((5 * layers.length) / narrowest)));
  return [0.1 / tolerance, 10 * tolerance];
}

const measures: readonly Measure[] = [
  {
    symbol: "R_δ",
    symptoms: ["vanishing gradient", "exploding gradient", "initialisation"],
    of: ({ layers }) => (layers[0]?.delta ?? Number.NaN) / (layers[layers.length - 1]?.delta ?? Number.NaN),
    band: ratioBand,
    far: 1e3,
  },
  {
    symbol: "R_act",
    symptoms: ["vanishing gradient", "exploding gradient", "initialisation"],
    of: (reading, history) => {
      const hidden = hiddenOf(reading, history);
      return Math.sqrt((hidden[hidden.length - 1]?.power ?? Number.NaN) / (hidden[0]?.power ?? Number.NaN));
    },
    band: ratioBand,
    far: 1e3,
  },
  {
    symbol: "least signal",
    symptoms: ["signal collapse"],
    of: (reading, history) => Math.min(...hiddenOf(reading, history).map(({ signal }) => signal)),
    band: fixedBand(0.05, Number.POSITIVE_INFINITY),
  },
  {
    symbol: "dead units",
    symptoms: ["dead units"],
    of: (reading, history) => Math.max(0, ...hiddenOf(reading, history).map(({ dead }) => dead)),
    band: fixedBand(0, 0.2),
  },
  {
    symbol: "saturated",
    symptoms: ["saturation"],
    of: (reading, history) => Math.max(0, ...hiddenOf(reading, history).map(({ saturated }) => saturated)),
    band: fixedBand(0, 0.5),
  },
  {
    symbol: "‖ΔW‖ ÷ ‖W‖",
    symptoms: ["update size"],
    of: ({ layers }) => quantile(layers.map(({ update, weight }) => update / weight).filter(Number.isFinite), 0.5),
    band: fixedBand(1e-4, 1e-1),
  },
  {
    symbol: "numbers that are not finite",
    symptoms: ["non-finite numbers"],
    of: ({ layers }) => layers.reduce((sum, { nonFinite }) => sum + nonFinite, 0),
    band: fixedBand(0, 0),
  },
  {
    symbol: "gradient over time",
    symptoms: ["recurrent gradient"],
    of: ({ layers }) => worst(layers.flatMap(({ overTime }) => (overTime === undefined ? [] : [overTime[0] / (overTime.at(-1) ?? Number.NaN)]))), // biome-ignore format: one line
    band: fixedBand(1e-3, 1e3),
  },
];

/** Layers with an activation; the last one only where it is the only one. */
function hiddenOf({ layers }: Reading, { layers: known }: History): readonly LayerReading[] {
  const hidden = layers.filter((_, i) => known[i]?.head === false);
  return hidden.length > 0 ? hidden : layers;
}

/** The ratio that is furthest from 1. */
const worst = (ratios: readonly number[]): number =>
  ratios.reduce((far, ratio) => (Math.abs(Math.log(ratio)) > Math.abs(Math.log(far)) ? ratio : far), 1);

const measuresFor = (findings: readonly Finding[]): readonly Measure[] =>
  measures.filter(({ symptoms }) =>
    findings.some(({ symptom, severity }) => severity !== "note" && symptoms.some((name) => name === symptom)),
  );

const inside = (value: number, [low, high]: readonly [number, number]): boolean => value >= low && value <= high;

/** Whether everything that was found bad in the first steps is as it should be in those of another history. */
export function startsWell(findings: readonly Finding[], before: History, history: History): { well: boolean; because: string } {
  const [was] = before.readings;
  const [reading] = history.readings;
  if (reading === undefined || was === undefined) return { well: true, because: "nothing was measured" };
  const lost = reading.layers.some(({ nonFinite }) => nonFinite > 0);
  if (lost) return { well: false, because: "numbers are not finite from the first step on" };
  for (const measure of measuresFor(findings)) {
    // What was fine at the start and broke later cannot be judged at the start.
    if (inside(measure.of(was, before), measure.band(before))) continue;
    const value = measure.of(reading, history);
    const band = measure.band(history);
    if (!inside(value, band)) return { well: false, because: `${measure.symbol} ${brief(value)}, outside ${shownBand(band)}` };
  }
  return { well: true, because: "starts inside the bands" };
}

/** What was found, measured over whole trainings without (one history) and with (one or more) a remedy. */
export function checkMechanism(
  findings: readonly Finding[],
  before: History,
  after: readonly History[],
  predicted: number | null,
): MechanismCheck[] {
  return measuresFor(findings).flatMap((measure): MechanismCheck[] => {
    const bad = median(measure, before);
    // A measure that stayed in its band was not what went wrong.
    if (shareInside(measure, before) >= 0.9) return [];
    return [
      {
        symptom: findings.find(({ symptom }) => measure.symptoms.some((name) => name === symptom))?.symptom ?? "",
        measure: measure.symbol,
        before: bad,
        after: quantile(after.map((history) => median(measure, history)), 0.5), // biome-ignore format: one line
        band: mendedBand(measure, bad, after[0] ?? before),
        share: Math.min(...after.map((history) => shareInside(measure, history, mendedBand(measure, bad, history)))),
        predicted: measure.symbol === "R_δ" ? predicted : null,
      },
    ];
  });
}

/**
 * Where a training with the remedy has to stay: inside the band toward the fault that it had. Toward the other side ratios may
 * drift as far as the other fault, as those of healthy trainings do while they learn.
 */
function mendedBand({ band, far }: Measure, was: number, history: History): readonly [number, number] {
  const [low, high] = band(history);
  if (far === undefined || Number.isNaN(was)) return [low, high];
  return was < low ? [low, Math.max(far, high)] : [Math.min(1 / far, low), high];
}

function shareInside(measure: Measure, history: History, band = measure.band(history)): number {
  const values = history.readings.map((reading) => measure.of(reading, history));
  return values.length === 0 ? 0 : values.filter((value) => inside(value, band)).length / values.length;
}

const median = (measure: Measure, history: History): number =>
  quantile(history.readings.map((reading) => measure.of(reading, history)), 0.5); // biome-ignore format: one line

const shownBand = ([low, high]: readonly [number, number]): string => `${brief(low)} to ${brief(high)}`;
