import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Columns } from "../../data/columns.js";
import { type CsvOptions, type Dataset, digits, iris, readCsvFile, readIdxFiles } from "../../data/index.js";
import { fault } from "../../ir/fault.js";
import { nearest } from "../faults.js";
import type { TrainSettings } from "./settings.js";

/** Samples as they were read, and how. */
export interface Source {
  /** For titles and folders: "digits". */
  readonly title: string;
  readonly data: Dataset<Columns>;
  /** What is predicted when it is a number. */
  readonly target: string | null;
  /** How the numbers of the file became features, for whoever uses the model elsewhere. */
  readonly scaling: string;
}

interface BuiltIn {
  readonly load: () => Promise<Dataset<Columns>>;
  readonly scaling: string;
  /** Settings that suit it better than the general ones. */
  readonly settings: Partial<TrainSettings>;
}

/** The data sets that come with the library. */
export const builtIn: Readonly<Record<string, BuiltIn>> = {
  digits: { load: digits, scaling: "grey level / 16", settings: {} },
  iris: { load: iris, scaling: "centimetres", settings: { layers: [16, 16], batchSize: 16, epochs: 60, dropout: 0 } },
};

/** Defaults that suit what is to be learned better than the general ones. */
export function suitedSettings(data: string, target: unknown): Partial<TrainSettings> {
  if (Object.hasOwn(builtIn, data)) return builtIn[data].settings;
  // Dropout makes a network unsure, which costs a number more than a decision.
  return target === undefined ? {} : { dropout: 0 };
}

/** The title of a data set, before anything is read: the name of the file without its endings. */
export const titleOf = (data: string): string =>
  Object.hasOwn(builtIn, data) ? data : basename(data).replace(/(\.[a-z]\w{0,4})+$/i, "");

/** Reads the samples that the settings name. */
export async function readSource(settings: TrainSettings): Promise<Source> {
  const { data, label, target, labels } = settings;
  const header = settings.header as CsvOptions["header"];
  const title = titleOf(data);
  if (Object.hasOwn(builtIn, data)) {
    refuse(settings, ["label", "target", "labels"], "a built-in data set has its labels");
    const { load, scaling } = builtIn[data];
    return { title, data: await load(), target: null, scaling };
  }
  requireFile(data);
  if (labels !== null) {
    refuse(settings, ["label", "target"], "they are for CSV files, and --labels is for IDX");
    return { title, data: await readIdxFiles({ images: data, labels }), target: null, scaling: "byte / 255" };
  }
  if (/ubyte|\bidx\d/i.test(basename(data))) {
    throw fault(data, "images in IDX need their labels", { fix: "name the file with the labels: --labels FILE" });
  }
  if (target !== null) {
    refuse(settings, ["label"], "a target is a number, a label a class");
    return { title, data: await readCsvFile(data, { target: columnOf(target), header }), target, scaling: "as in the file" };
  }
  const labelled = await readCsvFile(data, { label: columnOf(label ?? "-1"), header });
  requireClasses(data, labelled.length, labelled.info.classNames ?? []);
  return { title, data: labelled, target: null, scaling: "as in the file" };
}

/** A whole number is a place, everything else a name. */
const columnOf = (text: string): string | number => (/^-?\d+$/.test(text) ? Number(text) : text);

function refuse(settings: TrainSettings, names: readonly ("label" | "target" | "labels")[], why: string): void {
  const given = names.find((name) => settings[name] !== null);
  if (given === undefined) return;
  throw fault(`--${given}`, `it cannot be used here: ${why}`, { got: `--${given} ${settings[given]}`, fix: "leave it out" });
}

function requireFile(path: string): void {
  if (existsSync(path)) return;
  const hint = nearest(path, Object.keys(builtIn));
  throw fault(path, "there is no such file, and no built-in data set of that name", {
    expected: `${Object.keys(builtIn).join(", ")}, or a path`,
    ...(hint !== null && { fix: `did you mean ${hint}?` }),
  });
}

/** What looks like numbers to predict is asked about, rather than trained on as thousands of classes. */
function requireClasses(path: string, rows: number, names: readonly string[]): void {
  if (names.length === 1) {
    throw fault(path, `every row is of the class "${names[0]}": there is nothing to learn`, {
      fix: "choose the column with the classes: --label COLUMN",
    });
  }
  if (names.length <= Math.max(2, rows / 2)) return;
  throw fault(path, `the label column has ${names.length} different values in ${rows} rows`, {
    expected: "classes, each with several rows",
    got: `${names.slice(0, 4).join(", ")}, …`,
    fix: "choose the column with the classes by --label COLUMN, or predict a number by --target COLUMN",
  });
}
