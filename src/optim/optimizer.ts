import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { type Range, within } from "./range.js";
import type { Schedule } from "./schedule.js";

/** One buffer of parameters to be moved, of any shape: every operation is element by element. */
export interface UpdateInput {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** The state buffers by name, shaped like the parameter. */
  readonly slots: Readonly<Record<string, Tensor>>;
  /** Number of this update as a float32 scalar, from 1. */
  readonly step: Tensor;
  readonly learningRate: Tensor;
  /** False for parameters that weight decay leaves alone: biases, and scales and shifts of norms. */
  readonly decays: boolean;
}

export interface UpdateOutput {
  readonly parameter: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
}

/** A way to follow gradients, ready to use: pure, its state passed in and out. */
export interface Optimizer {
  readonly name: string;
  /** Names of the state buffers; all start at 0. */
  readonly slots: readonly string[];
  readonly learningRate: number | Schedule;
  readonly weightDecay: number;
  /** Longest length of all gradients together, if they are to be clipped by it. */
  readonly clipNorm?: number;
  /** Largest absolute value of a gradient's element, if they are to be clipped by it. */
  readonly clipValue?: number;
  /** All numbers and switches with which it was made, for records of runs. */
  readonly options: Readonly<Record<string, unknown>>;
  update(input: UpdateInput): UpdateOutput;
  /** The moments of the gradients that it keeps, after update `step`, freed from their start at 0; absent where it keeps none. */
  moments?(slots: readonly Slots[], step: Tensor): Moments;
}

/** State buffers of one buffer of parameters, by name. */
type Slots = Readonly<Record<string, Tensor>>;

/** Exponential means of gradients and of their squares, a tensor per buffer. */
export interface Moments {
  readonly first: readonly Tensor[];
  readonly second: readonly Tensor[];
}

/** What every optimizer can be told. */
export interface CommonOptions {
  /** A number greater than 0, or a schedule. */
  readonly learningRate?: number | Schedule;
  /** Strength λ of the pull of weights toward 0; 0 or more. Default 0 (adamW: 0.01). */
  readonly weightDecay?: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
}

/** An optimizer as data: its formula, its numbers, its state, its update. */
export interface OptimizerRecord<Own extends object> {
  readonly name: string;
  readonly tex: string;
  readonly doc: string;
  readonly source: string;
  readonly defaults: Required<Own> & { readonly learningRate: number; readonly weightDecay: number };
  /** Where the numbers among the options must lie. */
  readonly ranges: { readonly [Option in keyof Own]?: Range };
  /** Throws a fault when options contradict each other. */
  check?(options: Required<Own>): void;
  slots(options: Required<Own>): readonly string[];
  update(input: UpdateInput, options: Required<Own> & { readonly weightDecay: number }): UpdateOutput;
  /** Means of gradients and of squares that the slots stand for, if they do. */
  moments?(slots: Slots, step: Tensor, options: Required<Own>): { readonly first: Tensor; readonly second: Tensor };
}

/** `adam({ learningRate: 1e-3 })` and the description of what it makes. */
export interface OptimizerFactory<Own extends object = object> {
  (options?: CommonOptions & Partial<Own>): Optimizer;
  readonly record: OptimizerRecord<Own>;
}

const commonRanges: Readonly<Record<string, Range>> = {
  learningRate: "(0, ∞)",
  weightDecay: "[0, ∞)",
  clipNorm: "(0, ∞)",
  clipValue: "(0, ∞)",
};

/** Makes the factory of an optimizer from its record: options are checked, weight decay is left out where it does not belong. */
export function defineOptimizer<Own extends object>(record: OptimizerRecord<Own>): OptimizerFactory<Own> {
  const { name, defaults } = record;
  const ranges: Readonly<Record<string, Range | undefined>> = { ...commonRanges, ...record.ranges };
  const make = (given: CommonOptions & Partial<Own> = {}): Optimizer => {
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const options = { ...defaults, ...present } as typeof defaults & CommonOptions;
    for (const [option, value] of Object.entries(options)) {
      if (!(option in defaults) && !(option in commonRanges)) {
        const expected = [...Object.keys({ ...defaults, ...commonRanges })].join(", ");
        throw fault(name, `there is no option ${option}`, { expected, got: option });
      }
      checkOption(name, option, value, { range: ranges[option], model: (defaults as Record<string, unknown>)[option] });
    }
    record.check?.(options);
    const { clipNorm, clipValue } = options;
    return {
      name,
      slots: record.slots(options),
      learningRate: options.learningRate,
      weightDecay: options.weightDecay,
      ...(clipNorm !== undefined && { clipNorm }),
      ...(clipValue !== undefined && { clipValue }),
      options,
      update: (input) => record.update(input, input.decays ? options : { ...options, weightDecay: 0 }),
      ...(record.moments && { moments: (slots, step) => momentsOf(record, options, slots, step) }),
    };
  };
  return Object.assign(Object.defineProperty(make, "name", { value: name }), { record });
}

function momentsOf<Own extends object>(
  { moments }: OptimizerRecord<Own>,
  options: Required<Own>,
  slots: readonly Slots[],
  step: Tensor,
): Moments {
  const parts = slots.flatMap((own) => moments?.(own, step, options) ?? []);
  return { first: parts.map(({ first }) => first), second: parts.map(({ second }) => second) };
}

function checkOption(where: string, option: string, value: unknown, { range, model }: { range?: Range; model: unknown }): void {
  if (option === "learningRate" && typeof value === "object" && value !== null && "at" in value) return;
  if (range !== undefined) {
    if (typeof value === "number" && within(value, range)) return;
    const also = option === "learningRate" ? ", or a schedule" : "";
    throw fault(where, `${option} is out of range`, { expected: `a number in ${range}${also}`, got: String(value) });
  }
  if (typeof value !== typeof model) throw fault(where, `${option} is not a ${typeof model}`, { got: String(value) });
}

/** The rate of the step before which `step` others were taken. */
export const learningRateAt = ({ learningRate }: Pick<Optimizer, "learningRate">, step: number): number =>
  typeof learningRate === "number" ? learningRate : learningRate.at(step);
