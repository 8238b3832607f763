import type { Tensor } from "../ir/tensor.js";
import { add, div, mul, tanh } from "../ops/index.js";

/** The gradient with the pull of L2 decay, g + λ p. */
export const withDecay = (gradient: Tensor, parameter: Tensor, weightDecay: number): Tensor =>
  weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));

/** Σ βᵏ xₙ₋ₖ, the running sum that forgets: an exponential mean without its factor 1 − β, which is folded into scalars. */
export const decayingSum = (sum: Tensor, value: Tensor, decay: number): Tensor => add(mul(sum, decay), value);

/**
 * 1 − βᵗ, the weight that an exponential mean has gathered after t values. As 2h / (1 + h) with h = tanh(−½ t log β), because
 * βᵗ rounded to float32 near 1 would leave few digits of the difference.
 */
export function gatheredWeight(decay: number, step: Tensor): Tensor {
  const h = tanh(mul(step, -0.5 * Math.log(decay)));
  return div(mul(h, 2), add(h, 1));
}
