import type { Tail } from "../facts.js";
import type { Probe } from "./probe.js";
import { established, type Measured, notEstablished } from "./report.js";

/** Where limits are read off. Functions must be right up to the largest float32. */
const FAR_POINTS = [1e2, 1e4, 1e8, 1e16, 1e32];
/** Shares of a window: fractions of i²·√2, spaced so irregularly that no period hides between them. */
const SPREAD = Array.from({ length: 200 }, (_, i) => ((i + 1) ** 2 * Math.SQRT2) % 1).sort((a, b) => a - b);

/** What f approaches toward +∞ (`side` 1) or −∞ (−1), beyond its outermost kink at distance `from`. */
export function tailOf(probe: Probe, side: 1 | -1, from: number): Measured<Tail> {
  const points = FAR_POINTS.map((x) => side * Math.max(x, 4 * from));
  const [values, slopes] = probe.at(points, 1);
  const broken = points.findIndex((_, i) => Number.isNaN(values[i]) || Number.isNaN(slopes[i]));
  if (broken >= 0) return notEstablished(`it or its derivative is not a number at x = ${points[broken]}`);
  if (oscillates(probe, side, from)) return established({ kind: "oscillates" });
  if (values.some((value) => !Number.isFinite(value))) return established({ kind: "grows", like: "faster than every power" });
  const [third, fourth, fifth] = [slopes[2], slopes[3], slopes[4]];
  const steps = [Math.abs(fourth - third), Math.abs(fifth - fourth)];
  if (steps[1] > 1e-7 * Math.max(1, Math.abs(fifth))) {
    if (Math.abs(fifth) > Math.abs(fourth) && Math.abs(fourth) > Math.abs(third) && steps[1] >= 0.5 * steps[0]) {
      return established({ kind: "grows", like: powerOf(points[3], values[3], slopes[3]) });
    }
    return notEstablished("its slope settles too slowly for a limit to be read off");
  }
  return asymptote(probe, side, from, Math.abs(fifth) < 1e-12 && Math.abs(fifth) <= 1e-3 * Math.abs(fourth) ? 0 : fifth);
}

function powerOf(x: number, value: number, slope: number): string {
  const power = (x * slope) / value;
  const whole = Math.round(power * 1000) / 1000;
  return Number.isFinite(power) ? `x^${whole}` : "faster than every power";
}

/** From 10⁸ to 10¹⁶ and on to 10³²: a logarithm grows twice as much the second time, a power p by 10^(16p) times as much. */
function slowGrowth([first, second]: readonly number[], x: number): string {
  const sign = second > 0 ? "" : "−";
  const ratio = second / first;
  if (Math.abs(ratio - 2) < 0.05) return `${sign}log ${x > 0 ? "x" : "|x|"}`;
  return ratio > 100
    ? `${sign}${x > 0 ? "x" : "|x|"}^${Math.round((1000 * Math.log10(ratio)) / 16) / 1000}`
    : `${sign}slower than a line`;
}

/** Whether the slope, or f less its mean growth, keeps turning without dying out. */
export function oscillates(probe: Probe, side: 1 | -1, from: number): boolean {
  const turning = [1e3, 1e5, 1e7]
    .map((distance) => Math.max(distance, 4 * from))
    .map((start) => {
      const points = SPREAD.map((share) => side * start * (1 + share));
      const [values, slopes] = probe.at(points, 1);
      if (![...values, ...slopes].every(Number.isFinite)) return null;
      const growth = (values[values.length - 1] - values[0]) / (points[points.length - 1] - points[0]);
      const rest = values.map((value, i) => value - values[0] - growth * (points[i] - points[0]));
      const noise = 1e-12 * Math.max(...values.map(Math.abs));
      return { slope: spreadOfTurns(slopes, 1e-9 * Math.max(...slopes.map(Math.abs))), rest: spreadOfTurns(rest, noise) };
    });
  const first = turning[0];
  if (first === null) return false;
  const lasts = (what: "slope" | "rest"): boolean =>
    first[what] > 0 && turning.every((window) => window !== null && window[what] > 0.05 * first[what]);
  return lasts("slope") || lasts("rest");
}

/** Largest less smallest value of what turns often; 0 for what turns seldom or only within rounding. */
function spreadOfTurns(values: Float64Array, noise: number): number {
  const steps = Array.from(values.subarray(1), (value, i) => value - values[i]).filter((step) => Math.abs(step) > noise);
  const turns = steps.slice(1).filter((step, i) => step > 0 !== steps[i] > 0).length;
  return turns > 10 ? Math.max(...values) - Math.min(...values) : 0;
}

/** The line with a known slope: its intercept by Richardson's extrapolation of f(x) − slope·x in 1/x, on doubled x. */
function asymptote(probe: Probe, side: 1 | -1, from: number, slope: number): Measured<Tail> {
  const start = Math.max(64, 4 * from);
  const points = Array.from({ length: 16 }, (_, i) => side * start * 2 ** i);
  const farther = FAR_POINTS.slice(2).map((x) => side * Math.max(x, start * 2 ** 16));
  const [near] = probe.at(points, 0);
  const [far] = probe.at(farther, 0);
  let best = { value: Number.NaN, doubt: Infinity };
  const offer = (value: number, doubt: number): void => {
    if (doubt < best.doubt) best = { value, doubt };
  };
  if (slope === 0) offer(far[2], Math.abs(far[2] - far[1]) + Math.abs(far[1] - far[0]) ** 2);
  let row: number[] = [];
  points.forEach((x, i) => {
    const rounding = Math.abs(slope * x) * Number.EPSILON;
    const next = [near[i] - slope * x];
    for (let j = 1; j <= Math.min(i, 8); j++) next.push(next[j - 1] + (next[j - 1] - row[j - 1]) / (2 ** j - 1));
    next.forEach((value, j) => {
      if (j < row.length) offer(value, Math.abs(value - row[j]) + 2 * rounding);
    });
    row = next;
  });
  if (!(best.doubt <= 1e-8 * Math.max(1, Math.abs(best.value)))) {
    const growth = [far[1] - far[0], far[2] - far[1]];
    if (slope === 0 && growth[1] / growth[0] >= 1.5)
      return established({ kind: "sublinear", like: slowGrowth(growth, farther[2]) });
    return notEstablished(`its slope tends to ${slope}, but it approaches no line, or too slowly to tell which`);
  }
  // Less than the doubt cannot be told from 0.
  const intercept = Math.abs(best.value) <= best.doubt ? 0 : best.value;
  return established({ kind: "line", slope, intercept });
}
