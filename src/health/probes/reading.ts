import type { LayerReading, MeasuredLayer, Reading } from "../history.js";
import { lengthFrom, type Measure, type Statistic } from "./statistics.js";

/**
 * What the numbers of an instrumented step mean: two sums of moments; of every layer the sums of its statistics; of every layer the
 * largest φ′² per unit; of every layer two sums of squares per step of time, of all steps one, then of all the other.
 */
export interface Arrangement {
  readonly layers: readonly MeasuredLayer[];
  readonly measures: readonly (readonly (readonly [name: Statistic, Measure])[])[];
  /** Units of each layer whose largest slopes follow; 0 where slopes are not known. */
  readonly units: readonly number[];
  /** Steps of time of each layer. */
  readonly times: readonly number[];
}

/** Samples without a slope after which a unit counts as dead, and the most readings that are joined to have them. */
export const WINDOW_SAMPLES = 512;
export const WINDOW_READINGS = 20;

/** φ′² below which a slope counts as 0. */
const NO_SLOPE = 1e-6;

/** Turns the numbers of instrumented steps into readings, one after the other: dead units are told from several together. */
export interface ReadingMaker {
  read(numbers: Float32Array, step: { readonly step: number; readonly samples: number }, arrangement: Arrangement): Reading;
}

export function readingMaker(): ReadingMaker {
  const window: { readonly samples: number; readonly slopes: readonly Float32Array[] }[] = [];
  return {
    read(numbers, { step, samples }, { layers, measures, units, times }) {
      const next = cursor(numbers);
      const [first, second] = next(2);
      const rows = measures.map((row) => row.map(([name, { sums, finish }]) => [name, finish(...next(sums.length))] as const));
      window.unshift({ samples, slopes: units.map((count) => next(count)) });
      window.length = enough(window.map((entry) => entry.samples));
      const overTime = times.map((count) => [next(count), next(count)] as const);
      return {
        step,
        layers: layers.map((layer, i): LayerReading => {
          const numbersOf = Object.fromEntries(rows[i]) as Record<Statistic, number>;
          const [plain, raised] = overTime[i];
          return {
            ...numbersOf,
            delta: numbersOf.delta / layer.correction,
            dead: deadShare(window.map(({ slopes }) => slopes[i])),
            ...(times[i] > 0 && { overTime: Array.from(plain, (sum, t) => lengthFrom(sum, raised[t])) }),
          };
        }),
        momentRatio: second > 0 ? first / second : null,
      };
    },
  };
}

function cursor(numbers: Float32Array): (count: number) => Float32Array {
  let at = 0;
  return (count) => {
    at += count;
    return numbers.subarray(at - count, at);
  };
}

/** How many of the latest readings make a window. */
function enough(samples: readonly number[]): number {
  let [count, gathered] = [0, 0];
  while (count < samples.length && count < WINDOW_READINGS && gathered < WINDOW_SAMPLES) gathered += samples[count++];
  return count;
}

/** Share of units without a slope in every reading. NaN counts as a slope: that is another symptom. */
function deadShare(slopes: readonly Float32Array[]): number {
  const [latest] = slopes;
  if (latest.length === 0) return 0;
  const dead = latest.reduce((count, _, unit) => count + (slopes.every((one) => one[unit] < NO_SLOPE) ? 1 : 0), 0);
  return dead / latest.length;
}
