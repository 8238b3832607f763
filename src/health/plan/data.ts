import type { Column, Columns, Storage } from "../../data/columns.js";
import { type Dataset, fitStandardiser, standardise } from "../../data/index.js";
import { fault } from "../../ir/fault.js";
import { formatShape } from "../../ir/shape.js";
import type { Plan } from "./plan.js";

/** What a plan is trained and tested on: columns `features`, and `labels` for classes or `targets` for numbers and decisions. */
export interface PlanData {
  readonly train: Dataset<Columns>;
  readonly test: Dataset<Columns>;
}

/** The column that holds what is to be learnt. */
export const targetColumn = ({ task }: Pick<Plan, "task">): "labels" | "targets" =>
  task === "classes" || task === "tokens" ? "labels" : "targets";

/** The data as the plan wants it, measured on the training part alone. A fault where it does not fit the plan. */
export function prepareData(plan: Plan, data: PlanData): PlanData {
  for (const [part, samples] of [["train", data.train], ["test", data.test]] as const) checkData(plan, samples, part); // biome-ignore format: one line
  const wanted = [
    ...(plan.data.inputs === "standardise" ? ["features"] : []),
    ...(plan.data.targets === "standardise" && plan.task === "numbers" ? ["targets"] : []),
  ];
  return wanted.reduce(({ train, test }, name) => {
    const by = fitStandardiser(train, name);
    return { train: standardise(train, by), test: standardise(test, by) };
  }, data);
}

function checkData(plan: Plan, { columns, length }: Dataset<Columns>, part: string): void {
  const target = targetColumn(plan);
  if (length === 0) throw fault(`${part} data`, "there are no samples");
  const features: Column | undefined = columns.features;
  const targets: Column | undefined = columns[target];
  if (features === undefined || targets === undefined) {
    const got = Object.keys(columns).join(", ");
    throw fault(`${part} data`, "a column is missing", { expected: `features, ${target}`, got, fix: `of a task ${plan.task}` });
  }
  if (formatShape(features.shape) !== formatShape(plan.input)) {
    const [expected, got] = [formatShape(plan.input), formatShape(features.shape)];
    throw fault(`${part} data`, "the samples do not have the plan's shape", { expected, got });
  }
  const whole: Storage = targets.data;
  if (target === "labels" ? whole instanceof Float32Array : !(whole instanceof Float32Array)) {
    const expected = target === "labels" ? "whole numbers: Int32Array" : "real numbers: Float32Array";
    throw fault(`${part} data`, `the ${target} are not what a task ${plan.task} learns`, { expected, got: targets.dtype });
  }
}
