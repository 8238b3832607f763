import { type Form, forms, kernels, REFERENCE, type Setting } from "./settings.js";
import { type Difference, difference, type Estimate, estimate, holm } from "./statistics.js";
import { type Outcome, outcomes } from "./store.js";
import type { Task } from "./tasks.js";

/** A difference to ReLU, with its p after Holm's correction for all that stand in the same table. */
export interface Compared extends Difference {
  readonly corrected: number;
}

export interface SettingRow {
  readonly setting: Setting;
  readonly accuracy: Estimate;
  readonly loss: Estimate;
  /** Null for ReLU itself. */
  readonly gain: { readonly accuracy: Compared; readonly loss: Compared } | null;
}

/** One form and width, with the mean over all kernels taken for every seed first. */
export interface WidthRow {
  readonly form: Form;
  readonly width: number;
  readonly gain: { readonly accuracy: Compared; readonly loss: Compared };
}

export interface TaskSummary {
  readonly task: Task;
  readonly settings: readonly SettingRow[];
  readonly widths: readonly WidthRow[];
  /** From which every setting has been trained. */
  readonly seeds: number;
  /** Of all settings from those seeds, and the seconds they took. */
  readonly trainings: number;
  readonly seconds: number;
}

type Quantity = "accuracy" | "loss";
type BySeed = ReadonlyMap<number, Outcome>;

/**
 * What the results of a task say, from the seeds that every setting has been trained from: all stand on the same ones, however far the
 * experiment has come. Null while there are fewer than two.
 */
export function summarise(task: Task): TaskSummary | null {
  const all = outcomes(task);
  const done = new Map(task.settings.map(({ name }) => [name, new Map<number, Outcome>()]));
  for (const outcome of all) done.get(outcome.setting)?.set(outcome.seed, outcome);
  const common = shared([...done.values()]);
  if (common.length < 2) return null;
  const of = ({ name }: Pick<Setting, "name">): BySeed => new Map(common.map((seed) => [seed, done.get(name)!.get(seed)!]));
  const reference = of({ name: REFERENCE });
  const others = task.settings.filter(({ name }) => name !== REFERENCE);
  const gains = compare(others.map((setting) => [of(setting)]), reference); // biome-ignore format: one line
  const counted = task.settings.flatMap((setting) => [...of(setting).values()]);
  return {
    task,
    settings: task.settings.map((setting): SettingRow => {
      const values = (quantity: Quantity) => [...of(setting).values()].map((outcome) => outcome[quantity]);
      const gain = gains[others.indexOf(setting)] ?? null;
      return { setting, accuracy: estimate(values("accuracy")), loss: estimate(values("loss")), gain };
    }),
    widths: overKernels(others, of, reference),
    seeds: common.length,
    trainings: counted.length,
    seconds: counted.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function overKernels(settings: readonly Setting[], of: (setting: Setting) => BySeed, reference: BySeed): WidthRow[] {
  const smoothed = settings.flatMap(({ smoothed }) => (smoothed === null ? [] : [smoothed]));
  const widths = [...new Set(smoothed.map(({ width }) => width))].sort((a, b) => a - b);
  const names = new Set(smoothed.map(({ kernel }) => kernel));
  const groups = (Object.keys(forms) as Form[]).flatMap((form) =>
    widths.map((width) => ({
      form,
      width,
      members: settings.filter(({ smoothed }) => smoothed?.form === form && smoothed.width === width),
    })),
  );
  const whole = groups.filter(({ members }) => members.length === names.size);
  const gains = compare(whole.map(({ members }) => members.map(of)), reference); // biome-ignore format: one line
  return whole.map(({ form, width }, i) => ({ form, width, gain: gains[i]! }));
}

/** The mean of each group less the reference, seed by seed. */
function compare(groups: readonly (readonly BySeed[])[], reference: BySeed): { accuracy: Compared; loss: Compared }[] {
  const differences = (quantity: Quantity): Compared[] => {
    const plain = groups.map((group) =>
      difference(
        shared([...group, reference]).map((seed) => {
          const values = group.map((bySeed) => bySeed.get(seed)![quantity]);
          return values.reduce((sum, value) => sum + value, 0) / values.length - reference.get(seed)![quantity];
        }),
      ),
    );
    const corrected = holm(plain.map(({ p }) => p));
    return plain.map((one, i) => ({ ...one, corrected: corrected[i]! }));
  };
  const [accuracy, loss] = [differences("accuracy"), differences("loss")];
  return accuracy.map((one, i) => ({ accuracy: one, loss: loss[i]! }));
}

/** Seeds that all of them have. */
const shared = (groups: readonly BySeed[]): number[] =>
  [...(groups[0]?.keys() ?? [])].filter((seed) => groups.every((group) => group.has(seed))).sort((a, b) => a - b);

/** Largest difference between two settings of a task on any seed, in accuracy and in loss; null where one is missing. */
export function furthestApart(task: Task, one: string, other: string): { accuracy: number; loss: number; seeds: number } | null {
  const rows = outcomes(task);
  const pairs = rows.flatMap((a) => {
    const b = a.setting === one ? rows.find(({ setting, seed }) => setting === other && seed === a.seed) : undefined;
    return b === undefined ? [] : [{ accuracy: Math.abs(a.accuracy - b.accuracy), loss: Math.abs(a.loss - b.loss) }];
  });
  if (pairs.length === 0) return null;
  const most = (quantity: Quantity) => Math.max(...pairs.map((pair) => pair[quantity]));
  return { accuracy: most("accuracy"), loss: most("loss"), seeds: pairs.length };
}

/** Names of the kernels that take part, in their order. */
export const kernelNames = Object.keys(kernels);
