import type { Plan } from "./plan/plan.js";
import { isWeighted, withBlocks } from "./remedies/change.js";
import type { Remedy } from "./treatment.js";

const ofTheNetwork = new Set<Remedy["size"]>(["start", "activation", "head", "norm", "residual", "architecture"]);

/**
 * A change as large as a remedy that should help nothing: one unit more in every block where the remedy changes the network, one
 * sample more in every batch where it changes how it is trained.
 */
export function placeboOf(plan: Plan, changes: readonly Remedy[]): { title: string; plan: Plan } {
  const widened = withBlocks(plan, (block) => {
    if (block.kind === "dense") return [{ ...block, units: block.units + 1 }];
    return [block.kind === "conv" ? { ...block, channels: block.channels + 1 } : block];
  });
  const fits = plan.blocks.some(isWeighted) && !plan.blocks.some((block) => isWeighted(block) && block.residual === true);
  if (fits && changes.some(({ size }) => ofTheNetwork.has(size))) return { title: "one unit more in every layer", plan: widened };
  return { title: "one sample more in every batch", plan: { ...plan, batchSize: plan.batchSize + 1 } };
}
