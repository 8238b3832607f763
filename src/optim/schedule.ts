import { fault } from "../ir/fault.js";
import { type Range, within } from "./range.js";

/** What a JSON text can say of a schedule: its name, its numbers, and schedules inside it. */
export interface ScheduleDescription {
  readonly name: string;
  readonly [option: string]: number | string | ScheduleDescription;
}

/**
 * A learning rate for every step, computed on the host. Apart from `at` it is plain data: `JSON.stringify` writes it whole and
 * `schedule` reads it back.
 */
export type Schedule<Options extends object = object> = Readonly<Options> & {
  readonly name: string;
  /** The rate of the step before which `step` others were taken: 0 for the first. */
  at(step: number): number;
};

/** A schedule as data: its formula, its numbers and where they must lie. */
export interface ScheduleRecord<Options extends object> {
  readonly name: string;
  readonly tex: string;
  readonly doc: string;
  readonly ranges: { readonly [Option in keyof Options as Options[Option] extends number ? Option : never]: Range };
  /** Options that count something. */
  readonly counts?: readonly (keyof Options)[];
  readonly defaults: Partial<Options>;
  check?(options: Options): void;
  at(step: number, options: Options): number;
}

/** `cosine({ rate: 0.1, steps: 1000 })` and the description of what it makes. */
export interface ScheduleFactory<Options extends object, Given = Options> {
  (options: Given): Schedule<Options>;
  readonly record: ScheduleRecord<Options>;
}

type OptionalKeys<Options extends object, Keys extends keyof Options> = Omit<Options, Keys> & Partial<Pick<Options, Keys>>;

/** Makes the factory of a schedule from its record: options are checked, and the result is plain data that JSON keeps. */
export function defineSchedule<Options extends object, Optional extends keyof Options = never>(
  record: ScheduleRecord<Options>,
): ScheduleFactory<Options, OptionalKeys<Options, Optional>> {
  const { name, ranges } = record;
  const make = (given: OptionalKeys<Options, Optional>): Schedule<Options> => {
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const options = { ...record.defaults, ...present } as Options;
    for (const [option, range] of Object.entries<Range>(ranges)) {
      const value: unknown = (options as Record<string, unknown>)[option];
      if (typeof value === "number" && within(value, range)) continue;
      throw fault(name, `${option} is out of range`, { expected: `a number in ${range}`, got: String(value) });
    }
    for (const option of record.counts ?? []) {
      const value = options[option];
      if (!Number.isInteger(value)) throw fault(name, `${String(option)} is not a whole number`, { got: String(value) });
    }
    record.check?.(options);
    return { name, ...options, at: (step: number) => record.at(requireStep(name, step), options) };
  };
  return Object.assign(Object.defineProperty(make, "name", { value: name }), { record });
}

function requireStep(name: string, step: number): number {
  if (step >= 0 && Number.isFinite(step)) return step;
  throw fault(name, "there is no such step", { expected: "0 for the first step, or more", got: String(step) });
}
