import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, cast, equal, greater, mul, where } from "../../ops/index.js";
import type { Kernel } from "../../smooth/kernels/kernel.js";
import { straightThrough } from "../../smooth/several/index.js";
import { requireOption } from "./loss.js";

/** What every loss that is 1 less a metric can be told. */
export interface MetricOptions {
  /** How far apart two scores must be to count as different, in units of the predictions. Greater than 0; default 1. */
  readonly width: number;
  /** What smooths comparisons. */
  readonly kernel: Kernel;
  /** Whether values are those of the sharp metric, with the slopes of the smooth one. Default false. */
  readonly sharp: boolean;
}

export function requireMetricOptions(name: string, { width }: MetricOptions): void {
  requireOption(name, "width", width, width > 0, "a number greater than 0");
}

/** Whether x > 0, as numbers: smoothly F(x/w), sharply 1, 0, and ½ at 0. */
export type Step = (x: Tensor) => Tensor;

const sharpStep: Step = (x) => {
  const steps = add(cast(greater(x, 0), "float32"), where(equal(x, 0), 0.5, 0));
  return where(equal(x, x), steps, x);
};

/** Terms written once with a step that is the smooth one, or sharp with the slopes of the smooth one. */
export function withStep(
  { width, kernel, sharp }: MetricOptions,
  terms: (step: Step, x: Tensor, targets: Tensor) => Tensor,
): (x: Tensor, targets: Tensor) => Tensor {
  const soft = (x: Tensor, targets: Tensor): Tensor => terms((z) => kernel.integral(0, mul(z, 1 / width)), x, targets);
  if (!sharp) return soft;
  return straightThrough((x: Tensor, targets: Tensor) => terms(sharpStep, x, targets), soft);
}

/** The number of scores that are compared with each other; a fault when there is none to compare. */
export function requireList(name: string, predictions: Tensor): number {
  if (predictions.rank === 0) throw fault(name, "the predictions have no axis of scores", { expected: "(… scores)", got: "()" });
  return predictions.shape[predictions.rank - 1];
}
