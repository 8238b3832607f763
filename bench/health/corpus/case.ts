import type { CauseName, SymptomName } from "../../../src/health/names.js";
import type { Block, OptimizerPlan, Plan, PlanData, Weights } from "../../../src/health/plan/index.js";
import { planModel } from "../../../src/health/plan/index.js";

/** What every case has. */
interface Described {
  readonly name: string;
  /** Where the program comes from, and what was put in the place of what could not be had. */
  readonly source: string;
  readonly plan: Plan;
  /** One seed always gives the same samples; they are drawn apart from the training's own random numbers. */
  data(seed: number): PlanData | Promise<PlanData>;
}

/** A program that does not work, and what may be said of it. */
export interface FaultyCase extends Described {
  readonly kind: "faulty";
  /** Any of these shows the fault. */
  readonly symptoms: readonly SymptomName[];
  /** Each of these is a right answer. */
  readonly causes: readonly CauseName[];
  /** Paths of the layers at which the fault may be placed; null where it belongs to no layer. */
  readonly layers: readonly string[] | null;
  /** The repaired program, to be trained on the same data (or on data of its own, where the data was at fault). */
  readonly reference: { readonly plan: Plan; data?(seed: number): PlanData | Promise<PlanData> };
  /** The score that the repaired program reaches with every seed. */
  readonly goal: number;
}

/** A program that works, and of which nothing bad may be said. */
export interface ControlCase extends Described {
  readonly kind: "control";
  /** Whether it is the repaired version of a faulty case, and of which. */
  readonly repairs: string | null;
  readonly goal: number;
}

export type Case = FaultyCase | ControlCase;

/** The numbers of a plan that most cases share. */
export function plan(given: Partial<Plan> & Pick<Plan, "title" | "task" | "input" | "blocks" | "head" | "loss" | "steps">): Plan {
  return { optimizer: adam(1e-3), data: { inputs: "none", targets: "none" }, batchSize: 32, ...given };
}

export const adam = (learningRate: number, more: Partial<OptimizerPlan> = {}): OptimizerPlan => ({
  name: "adam",
  learningRate,
  ...more,
});
export const sgd = (learningRate: number, more: Partial<OptimizerPlan> = {}): OptimizerPlan => ({
  name: "sgd",
  learningRate,
  ...more,
});

/** Equal dense layers, one after the other. */
export const dense = (
  units: number | readonly number[],
  activation: string,
  init = "auto",
  more: Partial<Weights> = {},
): Block[] => [units].flat().map((width): Block => ({ kind: "dense", units: width, activation, init, ...more }));

export const repeat = (times: number, units: number): number[] => new Array<number>(times).fill(units);

export const conv = (channels: number, size: number, activation: string, init = "auto", more: Partial<Weights> = {}): Block => ({
  kind: "conv",
  channels,
  size,
  activation,
  init,
  ...more,
});

export const maxPool: Block = { kind: "pool", how: "max" };
export const flatten: Block = { kind: "flatten" };
export const head = (units: number, activation = "none", init = "auto"): Plan["head"] => ({ units, activation, init });

/** Paths of the hidden layers of a plan, and of its head. */
export function hiddenLayers(of: Plan): string[] {
  return planModel(of).blocks.flatMap((path) => (path === null ? [] : [path]));
}
export const headLayer = (of: Plan): string => planModel(of).head;

type Faulty = Omit<FaultyCase, "kind" | "layers" | "reference"> & {
  readonly at: "hidden" | "head" | "everywhere" | null;
  /** What is different in the repaired plan. */
  readonly repair: Partial<Plan>;
  repairedData?(seed: number): PlanData | Promise<PlanData>;
};

/** A faulty case with its repair told as a change of the plan. */
export function faulty({ at, repair, repairedData, ...given }: Faulty): FaultyCase {
  const [hidden, last] = [hiddenLayers(given.plan), headLayer(given.plan)];
  const layers = { hidden, head: [last], everywhere: [...hidden, last] };
  return {
    ...given,
    kind: "faulty",
    layers: at === null ? null : layers[at],
    reference: {
      plan: { ...given.plan, ...repair, title: `${given.plan.title}, repaired` },
      ...(repairedData && { data: repairedData }),
    },
  };
}
