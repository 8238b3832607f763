import { fault } from "../../ir/fault.js";
import { number, oneOf, optional, whole } from "../readers.js";
import { runtimes } from "../train/runtimes.js";
import type { Setting } from "../train/settings.js";
import type { Settings, ValuesOf } from "./model.js";

/** A setting with the type of its value known. */
const setting = <T>(record: Setting<T>): Setting<T> => record;

/** What every training takes, with the defaults of the model. */
export const trainingSettings = (defaults: { epochs: number; batchSize: number; learningRate: number }) => ({
  epochs: setting<number>({
    group: "Training",
    flags: "--epochs <count>",
    doc: "how often the text is seen",
    default: defaults.epochs,
    read: whole({ least: 1 }),
  }),
  batchSize: setting<number>({
    group: "Training",
    flags: "--batch-size <count>",
    doc: "samples per step",
    default: defaults.batchSize,
    read: whole({ least: 1 }),
  }),
  learningRate: setting<number>({
    group: "Training",
    flags: "--learning-rate <rate>",
    doc: "the highest it gets: it rises, and falls to the end",
    default: defaults.learningRate,
    read: number({ above: 0 }),
  }),
  seed: setting<number>({
    group: "Training",
    flags: "--seed <number>",
    doc: "decides the first parameters and the order",
    default: 0,
    read: whole({ least: 0 }),
  }),
});

/** Where to compute: of every command that runs a model. */
export const machineSettings = {
  runtime: setting<string>({
    group: "Machine",
    flags: "--runtime <name>",
    doc: `where to compute: ${Object.keys(runtimes).join(", ")}`,
    default: "auto",
    read: oneOf("runtime", Object.keys(runtimes)),
  }),
  threads: setting<number | null>({
    group: "Machine",
    flags: "--threads <count>",
    doc: "threads inside one operation (default: the runtime's choice)",
    default: null,
    read: optional(whole({ least: 1, most: 1024 })),
  }),
};

/** A count that belongs to the network. */
export const count = (flag: string, doc: string, value: number, bounds: { least?: number; most?: number } = {}) =>
  setting<number>({
    group: "Network",
    flags: `--${flag} <count>`,
    doc,
    default: value,
    read: whole({ least: 1, ...bounds }),
  });

export const dropoutSetting = (value: number) =>
  setting<number>({
    group: "Network",
    flags: "--dropout <rate>",
    doc: "share of the values that is dropped in training",
    default: value,
    read: number({ least: 0, below: 1 }),
  });

export const named = (flag: string, what: string, doc: string, names: readonly string[], value: string) =>
  setting<string>({ group: "Network", flags: `--${flag} <name>`, doc, default: value, read: oneOf(what, names) });

/** Reads and checks what was given on the command line; the rest takes the defaults. */
export function readValues<S extends Settings>(records: S, given: (name: string) => unknown): ValuesOf<S> {
  const entries = Object.entries(records).map(([name, { read, flags, default: value }]) => {
    const text = given(name);
    return [name, text === undefined ? value : read(String(text), flags.split(" ")[0])];
  });
  return Object.fromEntries(entries) as ValuesOf<S>;
}

/** A head takes an equal part of the width. */
export function requireHeads(width: number, heads: number): void {
  if (width % heads === 0) return;
  throw fault("--heads", "the width does not divide into so many heads", {
    expected: `a divisor of ${width}`,
    got: String(heads),
  });
}
