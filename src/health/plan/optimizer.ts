import { fault } from "../../ir/fault.js";
import { constant, type Optimizer, optimizers, warmUp } from "../../optim/index.js";
import type { OptimizerPlan } from "./plan.js";

const factories: Readonly<Record<string, (options: object) => Optimizer>> = optimizers as never;

function requireKnown({ name }: OptimizerPlan): void {
  if (Object.hasOwn(factories, name)) return;
  throw fault("optimizer", "there is no such optimizer", { expected: Object.keys(factories).join(", "), got: `"${name}"` });
}

/** The optimizer of a plan. A warm-up rises in a straight line from 0 to the rate. */
export function planOptimizer(plan: OptimizerPlan): Optimizer {
  requireKnown(plan);
  const { name, warmup = 0, learningRate, ...options } = plan;
  const next = constant({ rate: learningRate });
  const rate = warmup === 0 ? learningRate : warmUp({ steps: warmup, startFactor: 0, next });
  return factories[name]({ learningRate: rate, ...options });
}

/** The same as an expression of a program. */
export function optimizerCode(plan: OptimizerPlan): string {
  requireKnown(plan);
  const { name, warmup = 0, learningRate, ...options } = plan;
  const next = `optim.constant({ rate: ${learningRate} })`;
  const rate = warmup === 0 ? String(learningRate) : `optim.warmUp({ steps: ${warmup}, startFactor: 0, next: ${next} })`;
  const rest = Object.entries(options).filter(([, value]) => value !== undefined);
  return `optim.${name}({ ${[["learningRate", rate], ...rest].map(([option, value]) => `${option}: ${value}`).join(", ")} })`;
}
