import { fault } from "../ir/fault.js";
import { defineSchedule, type Schedule, type ScheduleDescription } from "./schedule.js";

export interface ConstantOptions {
  readonly rate: number;
}

/** The same rate for every step. */
export const constant = defineSchedule<ConstantOptions>({
  name: "constant",
  tex: "\\eta",
  doc: "One rate from beginning to end.",
  ranges: { rate: "(0, ∞)" },
  defaults: {},
  at: (_, { rate }) => rate,
});

export interface StepDecayOptions {
  readonly rate: number;
  /** Number of steps between drops. */
  readonly stepSize: number;
  /** Factor of every drop. Default 0.1. */
  readonly gamma: number;
}

/** rate · γ^⌊t / stepSize⌋: a staircase down. */
export const stepDecay = defineSchedule<StepDecayOptions, "gamma">({
  name: "stepDecay",
  tex: "\\eta \\gamma^{\\lfloor t / s \\rfloor}",
  doc: "Drops by a factor every so many steps.",
  ranges: { rate: "(0, ∞)", stepSize: "[1, ∞)", gamma: "(0, ∞)" },
  counts: ["stepSize"],
  defaults: { gamma: 0.1 },
  at: (step, { rate, stepSize, gamma }) => rate * gamma ** Math.floor(step / stepSize),
});

export interface ExponentialDecayOptions {
  readonly rate: number;
  /** Factor of every step. */
  readonly gamma: number;
}

/** rate · γᵗ. */
export const exponentialDecay = defineSchedule<ExponentialDecayOptions>({
  name: "exponentialDecay",
  tex: "\\eta \\gamma^t",
  doc: "Shrinks by the same factor at every step.",
  ranges: { rate: "(0, ∞)", gamma: "(0, ∞)" },
  defaults: {},
  at: (step, { rate, gamma }) => rate * gamma ** step,
});

export interface CosineOptions {
  readonly rate: number;
  /** Length of the first cycle. */
  readonly steps: number;
  /** Where every cycle ends; 0 (default) or more. */
  readonly minimum: number;
  /** Number of cycles, each starting again from `rate`. Default 1. */
  readonly cycles: number;
  /** Every cycle is so many times as long as the one before. Default 1. */
  readonly growth: number;
}

/** minimum + ½ (rate − minimum)(1 + cos(π t / steps)), with warm restarts when told; the minimum after the last cycle. */
export const cosine = defineSchedule<CosineOptions, "minimum" | "cycles" | "growth">({
  name: "cosine",
  tex: "\\eta_0 + \\tfrac12 (\\eta - \\eta_0)(1 + \\cos(\\pi t / T))",
  doc: "Half a cosine from the rate to the minimum (Loshchilov and Hutter 2017), with restarts when told.",
  ranges: { rate: "(0, ∞)", steps: "[1, ∞)", minimum: "[0, ∞)", cycles: "[1, ∞)", growth: "[1, ∞)" },
  counts: ["steps", "cycles"],
  defaults: { minimum: 0, cycles: 1, growth: 1 },
  at: (step, { rate, steps, minimum, cycles, growth }) => {
    let left = step;
    let length = steps;
    for (let cycle = 0; cycle < cycles; cycle++, length *= growth) {
      if (left < length) return minimum + ((rate - minimum) * (1 + Math.cos((Math.PI * left) / length))) / 2;
      left -= length;
    }
    return minimum;
  },
});

export interface WarmUpOptions {
  /** Number of steps until `next` takes over. */
  readonly steps: number;
  /** Share of the first rate of `next` at which the first step starts. Default 0.01. */
  readonly startFactor: number;
  readonly next: Schedule;
}

/** Linear from startFactor · r to r, the first rate of `next`, which follows with its own step 0. */
export const warmUp = defineSchedule<WarmUpOptions, "startFactor">({
  name: "warmUp",
  tex: "\\eta (f + (1 - f) t / w)",
  doc: "Rises in a straight line, so that early steps with rough statistics stay small, then follows another schedule.",
  ranges: { steps: "[1, ∞)", startFactor: "[0, 1]" },
  counts: ["steps"],
  defaults: { startFactor: 0.01 },
  check: ({ next }) => {
    if (typeof next === "object" && next !== null && typeof next.at === "function") return;
    throw fault("warmUp", "next is not a schedule", { expected: "constant({ rate }), cosine({ … }), …", got: String(next) });
  },
  at: (step, { steps, startFactor, next }) => {
    if (step >= steps) return next.at(step - steps);
    return next.at(0) * (startFactor + ((1 - startFactor) * step) / steps);
  },
});

export interface OneCycleOptions {
  /** The highest rate. */
  readonly rate: number;
  /** Length of the whole cycle. */
  readonly steps: number;
  /** Share of the steps that the rise takes. Default 0.3. */
  readonly warmShare: number;
  /** The first rate is the highest divided by this. Default 25. */
  readonly startDivisor: number;
  /** The last rate is the first divided by this. Default 10,000. */
  readonly endDivisor: number;
  /** How the rate goes from one to the next. Default `cosine`. */
  readonly shape: "cosine" | "linear";
}

const approach: Record<OneCycleOptions["shape"], (part: number) => number> = {
  cosine: (part) => (1 - Math.cos(Math.PI * part)) / 2,
  linear: (part) => part,
};

/** Up from rate / startDivisor to rate, then down to the last rate, where it stays: one cycle over all steps. */
export const oneCycle = defineSchedule<OneCycleOptions, "warmShare" | "startDivisor" | "endDivisor" | "shape">({
  name: "oneCycle",
  tex: "\\eta / d \\nearrow \\eta \\searrow \\eta / (d e)",
  doc: "Rises to a high rate and falls far below the first one (Smith and Topin 2018, arXiv:1708.07120).",
  ranges: { rate: "(0, ∞)", steps: "[2, ∞)", warmShare: "(0, 1)", startDivisor: "[1, ∞)", endDivisor: "[1, ∞)" },
  counts: ["steps"],
  defaults: { warmShare: 0.3, startDivisor: 25, endDivisor: 1e4, shape: "cosine" },
  check: ({ shape }) => {
    if (!Object.hasOwn(approach, shape))
      throw fault("oneCycle", "no such shape", { expected: "cosine or linear", got: String(shape) });
  },
  at: (step, { rate, steps, warmShare, startDivisor, endDivisor, shape }) => {
    const first = rate / startDivisor;
    const last = first / endDivisor;
    // The peak is step warmShare · steps − 1 and the end step steps − 1, counted from 0 (which may make the rise empty).
    const peak = Math.max(0, warmShare * steps - 1);
    const between = (from: number, to: number, part: number): number => {
      const share = approach[shape](part);
      return from * (1 - share) + to * share;
    };
    if (step < peak) return between(first, rate, step / peak);
    return between(rate, last, Math.min(1, (step - peak) / (steps - 1 - peak)));
  },
});

/** Every schedule by its name. */
export const schedules = { constant, stepDecay, exponentialDecay, cosine, warmUp, oneCycle } as const;

/** The schedule that a description (what `JSON.stringify` made of one) speaks of. */
export function schedule(description: ScheduleDescription): Schedule {
  const { name, ...options } = description;
  const factory = Object.hasOwn(schedules, name) ? schedules[name as keyof typeof schedules] : null;
  if (factory === null)
    throw fault("schedule", `there is no schedule ${name}`, { expected: Object.keys(schedules).join(", "), got: name });
  const read = Object.entries(options).map(([key, value]) => [key, typeof value === "object" ? schedule(value) : value]);
  return (factory as (options: object) => Schedule)(Object.fromEntries(read));
}
