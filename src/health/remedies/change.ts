import type { Diagnosis } from "../diagnosis.js";
import type { History } from "../history.js";
import type { Block, OptimizerPlan, Plan, Weights } from "../plan/plan.js";
import type { Remedy } from "../treatment.js";

/** A hidden block of units or channels: what initialisations, activations and norms belong to. */
export type WeightedBlock = Extract<Block, Weights>;

export const isWeighted = (block: Block): block is WeightedBlock => block.kind === "dense" || block.kind === "conv";

/** The remedy of a record, whose `apply` may return the plan as it is where there is nothing to change. */
export function remedy(record: Omit<Remedy, "apply"> & { apply(...known: Parameters<Remedy["apply"]>): Plan | null }): Remedy {
  return {
    ...record,
    apply(plan, diagnosis, history) {
      const changed = record.apply(plan, diagnosis, history);
      return changed === null || samePlan(changed, plan) ? null : changed;
    },
  };
}

/** Several remedies one after the other, under one name; each is a part of it. */
export function bundle(record: Omit<Remedy, "apply" | "parts">, parts: readonly Remedy[]): Remedy {
  const apply = (plan: Plan, diagnosis: Diagnosis, history: History): Plan =>
    parts.reduce((changed, part) => part.apply(changed, diagnosis, history) ?? changed, plan);
  return remedy({ ...record, apply, parts });
}

/** Plans are plain data: what is written the same is the same. */
export const samePlan = (one: Plan, other: Plan): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The plan with something else in each hidden block of units or channels; `place` counts these blocks. */
export function withWeights(plan: Plan, change: (block: WeightedBlock, place: number) => Partial<Weights>): Plan {
  let place = 0;
  const blocks = plan.blocks.map((block): Block => (isWeighted(block) ? { ...block, ...change(block, place++) } : block));
  return { ...plan, blocks };
}

/** The plan with its blocks, each replaced by one, several or none. */
export const withBlocks = (plan: Plan, change: (block: Block, place: number) => readonly Block[]): Plan => ({
  ...plan,
  blocks: plan.blocks.flatMap(change),
});

export const withOptimizer = (plan: Plan, change: Partial<OptimizerPlan>): Plan => ({
  ...plan,
  optimizer: { ...plan.optimizer, ...change },
});

/** The plan with its learning rate times a factor, in two digits: what a person would write. */
export const withRate = (plan: Plan, factor: number): Plan =>
  withOptimizer(plan, { learningRate: twoDigits(plan.optimizer.learningRate * factor) });

export const twoDigits = (value: number): number => Number(value.toPrecision(2));

/** The q-quantile of numbers, by the nearest rank; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
