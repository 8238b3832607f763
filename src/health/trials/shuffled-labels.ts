import { type ColumnInput, fromArrays, permutation } from "../../data/index.js";
import { sizeOf } from "../../ir/shape.js";
import { fold, key } from "../../random/counter.js";
import { courseOf } from "../loss-course.js";
import { targetColumn } from "../plan/data.js";
import { describeSubject } from "../plan/describe.js";
import { type Plan, type PlanData, runPlan } from "../plan/index.js";

/**
 * ρ at the end of the same training on labels in random order: what it learns by heart. Where that is as low as with the given
 * labels, these say nothing about the inputs, and no change of the training will help.
 */
export async function shuffledLabels(plan: Plan, data: PlanData, { seed = 0 }: { seed?: number } = {}): Promise<number> {
  const target = targetColumn(plan);
  const { columns, length } = data.train;
  const order = permutation(fold(key(seed), SHUFFLE), length);
  const width = sizeOf(columns[target].shape);
  const mixed = columns[target].data.slice();
  order.forEach((from, to) => {
    for (let i = 0; i < width; i++) mixed[to * width + i] = columns[target].data[from * width + i];
  });
  const train = fromArrays({ ...columns, [target]: { ...columns[target], data: mixed } } as Record<string, ColumnInput>);
  const shuffled = { ...data, train };
  const { history } = await runPlan(plan, shuffled, { seed, monitor: false });
  const { constantLoss } = describeSubject(plan, shuffled, { seed }).data;
  return courseOf(history.steps, constantLoss, plan.steps).rho;
}

/** What the order is drawn for, of all that a seed is used for. */
const SHUFFLE = 77;
