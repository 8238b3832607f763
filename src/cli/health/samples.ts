import { existsSync } from "node:fs";
import { type Columns, column } from "../../data/columns.js";
import { dataset } from "../../data/dataset.js";
import { type CsvOptions, type Dataset, readCsvFile } from "../../data/index.js";
import type { PlanData } from "../../health/plan/data.js";
import type { Plan } from "../../health/plan/index.js";
import { fault } from "../../ir/fault.js";
import { formatShape, sizeOf } from "../../ir/shape.js";
import { fold, key } from "../../random/counter.js";
import { nearest } from "../faults.js";
import { builtIn } from "../train/sources.js";
import { generated } from "./generated.js";

/** Which samples a plan is looked at with. */
export interface SampleWish {
  /** The name of a data set, or the path of a CSV file. */
  readonly data: string;
  /** CSV: the column of what is to be learned, by name or place. */
  readonly column: string;
  readonly header: CsvOptions["header"];
}

/** Every name that is no file. */
export const dataNames = (): readonly string[] => [...Object.keys(builtIn), ...Object.keys(generated)];

const TEST_SHARE = 0.2;
/** Fewer samples than that are trained and tested on alike. */
const FEWEST_TO_SPLIT = 10;

/** The samples, in the columns and shapes that the plan learns from, dealt to training and test. */
export async function readSamples(wish: SampleWish, plan: Plan): Promise<PlanData> {
  const whole = asThePlanLearns(await load(wish, plan), plan, wish.data);
  if (whole.length < FEWEST_TO_SPLIT) return { train: whole, test: whole };
  const stratify = whole.columns.labels === undefined ? {} : { stratifyBy: "labels" };
  return whole.split({ train: 1 - TEST_SHARE, test: TEST_SHARE }, { key: fold(key(0), 16), ...stratify });
}

async function load({ data, column: name, header }: SampleWish, plan: Plan): Promise<Dataset<Columns>> {
  if (Object.hasOwn(builtIn, data)) return builtIn[data].load();
  if (Object.hasOwn(generated, data)) return generated[data].make(0);
  if (!existsSync(data)) {
    const hint = nearest(data, dataNames());
    throw fault(data, "there is no such file, and no data set of that name", {
      expected: `${dataNames().join(", ")}, or a CSV file`,
      ...(hint !== null && { fix: `did you mean ${hint}?` }),
    });
  }
  const wanted = /^-?\d+$/.test(name) ? Number(name) : name;
  const options = header === undefined ? {} : { header };
  if (plan.task === "numbers") return readCsvFile(data, { ...options, target: wanted });
  return readCsvFile(data, { ...options, label: wanted });
}

/** Labels of two classes as yes or no, and features in the plan's shape, where it is another one for as many numbers. */
function asThePlanLearns({ columns, info }: Dataset<Columns>, plan: Plan, name: string): Dataset<Columns> {
  const { features, labels, targets } = columns;
  if (sizeOf(features.shape) !== sizeOf(plan.input)) {
    throw fault(name, "its samples do not have the shape that the plan says", {
      expected: `plan.input ${formatShape(plan.input)}`,
      got: formatShape(features.shape),
    });
  }
  const shaped = { data: features.data, shape: plan.input, dtype: features.dtype };
  const goal = { classes: "labels", tokens: "labels", binary: "targets", numbers: "targets" }[plan.task];
  if (goal === "labels" && labels !== undefined) return dataset<Columns>({ features: shaped, labels }, info);
  if (plan.task === "numbers" && targets !== undefined) return dataset<Columns>({ features: shaped, targets }, info);
  const given = labels ?? targets;
  if (plan.task === "binary" && given !== undefined && Math.max(...given.data) <= 1) {
    return dataset<Columns>({ features: shaped, targets: column("targets", { data: Float32Array.from(given.data), shape: [1] }) }, info); // biome-ignore format: one line
  }
  throw fault(name, "it has not what the plan learns", {
    expected: { classes: "classes", tokens: "classes", binary: "two classes", numbers: "a number to predict" }[plan.task],
    got: labels === undefined ? "a number to predict" : `${info.classNames?.length ?? "several"} classes`,
    fix: `plan.task says "${plan.task}"`,
  });
}
