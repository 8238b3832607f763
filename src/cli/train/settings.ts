import { catalogue } from "../../activations/index.js";
import { optimizers } from "../../optim/index.js";
import { number, oneOf, optional, type Reader, text, whole, wholeList, yesOrNo } from "../readers.js";
import { activationSetting } from "./activation-setting.js";
import { networks } from "./networks.js";
import { runtimes } from "./runtimes.js";
import { schedules } from "./schedules.js";

/** Everything that decides what a run does, and so what its folder remembers. */
export interface TrainSettings {
  /** Name of a built-in data set, or a path. */
  readonly data: string;
  /** CSV: the column with the classes. */
  readonly label: string | null;
  /** CSV: the column with the number to predict, in place of classes. */
  readonly target: string | null;
  /** CSV: whether the first row names the columns. */
  readonly header: string;
  /** IDX: the file with the labels. */
  readonly labels: string | null;
  readonly testShare: number;
  readonly standardise: boolean;
  readonly model: string;
  readonly layers: readonly number[];
  /** Of convolutions; null leaves them to the model. */
  readonly channels: readonly number[] | null;
  readonly activation: string;
  readonly dropout: number;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly schedule: string;
  readonly weightDecay: number;
  readonly clipNorm: number | null;
  readonly labelSmoothing: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly patience: number | null;
  readonly seed: number;
  readonly runtime: string;
  readonly threads: number | null;
}

/** An option of the command line and of config.json. */
export interface Setting<T> {
  readonly group: "Data" | "Network" | "Training" | "Machine";
  /** As commander writes it: "--epochs <count>". The data set is no option but the argument. */
  readonly flags: string;
  readonly doc: string;
  readonly default: T;
  /** How the help shows the default; by itself unless told, not at all when null. */
  readonly shownDefault?: string | null;
  readonly read: Reader<T>;
}

const someActivations = catalogue.slice(0, 5).map(({ name }) => name).join(", "); // biome-ignore format: one line

/** Every setting, in the order of the help. The defaults are chosen on the bundled digits. */
export const settingRecords: { readonly [K in keyof TrainSettings]: Setting<TrainSettings[K]> } = {
  data: {
    group: "Data",
    flags: "data",
    doc: "digits, iris, or a CSV or IDX file, plain or gzipped",
    default: "digits",
    read: text,
  },
  label: {
    group: "Data",
    flags: "--label <column>",
    doc: "CSV: the column with the classes, by name or by place (0 first, -1 last)",
    default: null,
    shownDefault: "-1",
    read: optional(text),
  },
  target: {
    group: "Data",
    flags: "--target <column>",
    doc: "CSV: the column with a number to predict, in place of classes",
    default: null,
    read: optional(text),
  },
  header: {
    group: "Data",
    flags: "--header <which>",
    doc: "CSV: whether the first row names the columns: present, absent, or detect, which looks for numbers in it",
    default: "detect",
    read: oneOf("kind of header", ["present", "absent", "detect"]),
  },
  labels: {
    group: "Data",
    flags: "--labels <file>",
    doc: "IDX: the file with the labels; the data set is the one with the images",
    default: null,
    read: optional(text),
  },
  testShare: {
    group: "Data",
    flags: "--test-share <share>",
    doc: "share of the samples kept for the test, the same of every class",
    default: 0.2,
    read: number({ above: 0, below: 1 }),
  },
  standardise: {
    group: "Data",
    flags: "--no-standardise",
    doc: "take features as they are; without it those that are no pictures get mean 0 and deviation 1",
    default: true,
    shownDefault: null,
    read: yesOrNo,
  },
  model: {
    group: "Network",
    flags: "--model <name>",
    doc: Object.entries(networks).map(([name, { doc }]) => `${name} (${doc})`).join(", "), // biome-ignore format: one line
    default: "mlp",
    read: oneOf("model", Object.keys(networks)),
  },
  layers: {
    group: "Network",
    flags: "--layers <widths>",
    doc: 'widths of the hidden layers; "none" for a linear model',
    default: [128, 64],
    shownDefault: "128,64",
    read: wholeList({ least: 1, most: 65536 }),
  },
  channels: {
    group: "Network",
    flags: "--channels <counts>",
    doc: "channels of the blocks of convolutions",
    default: null,
    shownDefault: "32,64 of cnn; 16,32,64 of resnet",
    read: optional(wholeList({ least: 1, most: 65536 })),
  },
  activation: {
    group: "Network",
    flags: "--activation <name>",
    doc:
      `after each hidden layer: ${someActivations}, … (a name that is not known lists all), or one made smooth: ` +
      "smooth(leakyRelu, gaussian, 0.5), gate(relu, logistic)",
    default: "gate(relu, gaussian, 0.7)",
    read: activationSetting,
  },
  dropout: {
    group: "Network",
    flags: "--dropout <rate>",
    doc: "share of the hidden values that is dropped in training",
    default: 0.3,
    shownDefault: "0.3; 0 with --target",
    read: number({ least: 0, below: 1 }),
  },
  optimizer: {
    group: "Training",
    flags: "--optimizer <name>",
    doc: Object.keys(optimizers).join(", "),
    default: "adamW",
    read: oneOf("optimizer", Object.keys(optimizers)),
  },
  learningRate: {
    group: "Training",
    flags: "--learning-rate <rate>",
    doc: "the highest rate of the schedule",
    default: 0.004,
    read: number({ above: 0 }),
  },
  schedule: {
    group: "Training",
    flags: "--schedule <name>",
    doc: `how the rate changes: ${Object.keys(schedules).join(", ")}`,
    default: "oneCycle",
    read: oneOf("schedule", Object.keys(schedules)),
  },
  weightDecay: {
    group: "Training",
    flags: "--weight-decay <strength>",
    doc: "pull of the weights toward 0; biases are left alone",
    default: 0.01,
    read: number({ least: 0 }),
  },
  clipNorm: {
    group: "Training",
    flags: "--clip-norm <length>",
    doc: "longest length of all gradients together",
    default: null,
    read: optional(number({ above: 0 })),
  },
  labelSmoothing: {
    group: "Training",
    flags: "--label-smoothing <share>",
    doc: "share of certainty that is spread over all classes",
    default: 0.1,
    read: number({ least: 0, below: 1 }),
  },
  epochs: {
    group: "Training",
    flags: "--epochs <count>",
    doc: "how often every sample is seen",
    default: 40,
    read: whole({ least: 1 }),
  },
  batchSize: {
    group: "Training",
    flags: "--batch-size <count>",
    doc: "samples per step",
    default: 32,
    read: whole({ least: 1 }),
  },
  patience: {
    group: "Training",
    flags: "--patience <epochs>",
    doc: "stop after so many epochs without a better loss on validation data (a tenth of the training data), and keep the best",
    default: null,
    read: optional(whole({ least: 1 })),
  },
  seed: {
    group: "Training",
    flags: "--seed <number>",
    doc: "decides the split, the first parameters, the order and the dropout",
    default: 0,
    read: whole({ least: 0 }),
  },
  runtime: {
    group: "Machine",
    flags: "--runtime <name>",
    doc: `where to compute: ${Object.keys(runtimes).join(", ")}`,
    default: "auto",
    read: oneOf("runtime", Object.keys(runtimes)),
  },
  threads: {
    group: "Machine",
    flags: "--threads <count>",
    doc: "threads inside one operation",
    default: null,
    shownDefault: "1 for small networks, else the runtime's choice",
    read: optional(whole({ least: 1, most: 1024 })),
  },
};

export type SettingName = keyof TrainSettings;
export const settingNames = Object.keys(settingRecords) as readonly SettingName[];

/** Values as they come from a command line (texts, booleans) or from JSON (numbers, lists, null). */
export type GivenSettings = { readonly [K in SettingName]?: unknown };

/** Reads and checks what was given; the rest takes the defaults, those of the data set before the general ones. */
export function readSettings(given: GivenSettings, ofDataSet: Partial<TrainSettings> = {}): TrainSettings {
  const entries = settingNames.map((name): [SettingName, unknown] => {
    const { read, flags, default: general }: Setting<unknown> = settingRecords[name];
    const value = given[name];
    if (value === undefined) return [name, ofDataSet[name] ?? general];
    return [name, value === null && general === null ? null : read(String(value), flags.split(" ")[0])];
  });
  return Object.fromEntries(entries) as unknown as TrainSettings;
}

/** The settings as they are shown to people. */
export const shownSettings = (settings: TrainSettings): (readonly [name: string, value: string])[] =>
  settingNames
    .filter((name) => settings[name] !== null)
    .map((name) => [wordsOf(name), Array.isArray(settings[name]) ? settings[name].join(", ") || "none" : String(settings[name])]);

const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
