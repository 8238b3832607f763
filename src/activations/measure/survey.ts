import { Fault } from "../../ir/fault.js";
import type { Tail } from "../facts.js";
import { type Break, findBreaks } from "./breaks.js";
import { findPeriod } from "./period.js";
import { type Pointwise, type Probe, probe, whyNotPointwise } from "./probe.js";
import type { Measured, Period } from "./report.js";
import { FAR, NEAR, ORDER, type Sample, type Scan, scan } from "./scan.js";
import { oscillates, tailOf } from "./tails.js";

/** What is looked at once, before any fact is read off it. */
export interface Survey {
  readonly probe: Probe;
  readonly samples: readonly Sample[];
  readonly breaks: readonly Break[];
  readonly scaleAt: Scan["scaleAt"];
  /** Where integrals are cut: at breaks, at sharp features, and ever finer toward 0. */
  readonly cuts: readonly number[];
  readonly left: Measured<Tail>;
  readonly right: Measured<Tail>;
  readonly period: Period | null;
  /** Why it may have extremes and kinks that were not seen, or null. */
  readonly unseen: string | null;
  /** Why f′ and f″, as its derivative rules give them, are not to be trusted: null where they are. */
  readonly distrust: { readonly slope: string | null; readonly curvature: string | null };
}

/** A survey of f, or why there is none. */
export function survey(f: Pointwise): { readonly survey: Survey } | { readonly problem: string } {
  const shape = whyNotPointwise(f);
  if (shape !== null) return { problem: `not a function of one number: ${shape}` };
  try {
    return look(f);
  } catch (error) {
    if (error instanceof Fault) return { problem: `its derivatives cannot be evaluated: ${error.where}: ${error.problem}` };
    throw error;
  }
}

function look(f: Pointwise): { readonly survey: Survey } | { readonly problem: string } {
  const points = probe(f);
  const swings = ([-1, 1] as const).some((side) => oscillates(points, side, 0));
  const rules = mistrust(points);
  const scanned = scan(points, swings ? NEAR : FAR, rules.slope !== null ? 0 : rules.curvature !== null ? 1 : ORDER);
  const breaks = findBreaks(points, scanned);
  const problem = whyNotFinite(scanned.samples, breaks);
  if (problem !== null) return { problem };
  const slope = rules.slope ?? whyNoSlope(scanned.samples, breaks);
  const distrust = { slope, curvature: slope ?? rules.curvature };
  const outermost = (sign: 1 | -1): number => Math.max(0, ...breaks.map(({ at }) => sign * at));
  const left = tailOf(points, -1, swings ? 0 : outermost(-1));
  const right = tailOf(points, 1, swings ? 0 : outermost(1));
  const period = swings ? findPeriod(points, scanned.samples, breaks) : null;
  const unseen = whyUnseen(scanned, swings && period === null);
  return { survey: { probe: points, ...scanned, breaks, cuts: cutsOf(scanned, breaks), left, right, period, unseen, distrust } };
}

/** No more cuts than this at what is sharp but unbroken. */
const MOST_CUTS = 400;

function cutsOf({ sharp }: Scan, breaks: readonly Break[]): number[] {
  const decades = Array.from({ length: 12 }, (_, i) => 10 ** (-1 - i));
  const places = [...new Set(sharp)].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(places.length / MOST_CUTS));
  const near = decades.flatMap((x) => [-x, x]);
  return [...new Set([...breaks.map(({ at }) => at), ...near, ...places.filter((_, i) => i % step === 0)])];
}

function whyUnseen({ unresolved }: Scan, swings: boolean): string | null {
  if (unresolved !== null) return `it changes faster than it can be sampled, near x = ${Number(unresolved.toPrecision(3))}`;
  return swings ? `it keeps oscillating without repeating itself: nothing is known beyond |x| = ${NEAR}` : null;
}

/** NaN, or ∞ with finite values beyond it: growth past the largest float64 is no pole. */
function whyNotFinite(samples: readonly Sample[], breaks: readonly Break[]): string | null {
  const nan = samples.find(({ g }) => Number.isNaN(g[0]));
  if (nan !== undefined) return `it is not a number at x = ${nan.x}`;
  const pole = breaks.find(({ grows }) => grows === 0);
  if (pole !== undefined) return `it is unbounded near x = ${pole.at}`;
  const outermost = (sign: 1 | -1): number =>
    Math.max(...samples.filter(({ x, g }) => sign * x >= 0 && Number.isFinite(g[0])).map(({ x }) => sign * x), -1);
  const [left, right] = [outermost(-1), outermost(1)];
  const hole = samples.find(({ x, g }) => !Number.isFinite(g[0]) && (x < 0 ? -x < left : x < right || x === 0));
  if (hole !== undefined) return `it is ${hole.g[0]} at x = ${hole.x}`;
  const early = samples.find(({ g }, i) => {
    const beside = [samples[i - 1], samples[i + 1]].map((next) => Math.abs(next?.g[0] ?? Infinity));
    return !Number.isFinite(g[0]) && Math.min(...beside) < OVERFLOWING;
  });
  return early === undefined
    ? null
    : `it is ${early.g[0]} from x = ${Number(early.x.toPrecision(3))} on, and far from overflowing just before`;
}

/** What overflows by itself, and not by the way it is computed, is larger than this one sample before. */
const OVERFLOWING = 1e100;

/** A slope that is NaN where the function has one, or a kink: a gradient through it would be NaN too. */
function whyNoSlope(samples: readonly Sample[], breaks: readonly Break[]): string | null {
  const grows = ({ x }: Sample): boolean =>
    breaks.some(({ left, right, grows }) => grows !== null && x >= left.x && x <= right.x);
  const nan = samples.find((one) => Number.isFinite(one.g[0]) && Number.isNaN(one.g[1]) && !grows(one));
  return nan === undefined ? null : `its derivative is not a number at x = ${nan.x}`;
}

/** Compares f′ and f″ with differences of f and f′ here and there: a straight-through rule, for one, differs from them. */
function mistrust(points: Probe): Survey["distrust"] {
  const gap = 1e-5;
  const places = Array.from({ length: 100 }, (_, i) => 12 * ((((i + 1) ** 2 * Math.SQRT2) % 1) - 0.5));
  const at = points.at(places, 2);
  const [before, after] = [-gap, gap].map((step) => {
    const beside = places.map((x) => x + step);
    return points.at(beside, 1);
  });
  const differs = (order: 0 | 1): boolean => {
    const off = places.filter((_, i) => {
      const difference = (after[order][i] - before[order][i]) / (2 * gap);
      const size = Math.max(Math.abs(difference), Math.abs(at[order + 1][i]), 1e-2 * Math.abs(at[order][i]), 1e-6);
      return Math.abs(difference - at[order + 1][i]) > 1e-2 * size;
    });
    return off.length > places.length / 4;
  };
  const slope = differs(0) ? "its derivative rule does not give the slope of its values" : null;
  return { slope, curvature: slope ?? (differs(1) ? "its second derivative does not give the change of its slope" : null) };
}
