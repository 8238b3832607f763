import type { Tensor } from "../../ir/tensor.js";
import { abs, div, exp, expm1, maximum, minimum, mul, neg, sub } from "../../ops/index.js";

/** Stands in for 0 as a divisor. */
const TINY = 1e-30;

/** (1 − e^(−x))/x for x ≥ 0; 1 at 0. */
function meanDecay(x: Tensor): Tensor {
  const divisor = maximum(x, TINY);
  return div(neg(expm1(neg(divisor))), divisor);
}

/**
 * ∫₀ᵈ e^(−sv) e^(−k(d − v)) dv = (e^(−kd) − e^(−sd))/(s − k), which is d·e^(−kd) at s = k: as the slower of the two exponentials
 * times the mean of what the other falls below it.
 */
export function sharedDecay(rate: Tensor, k: number, distance: Tensor): Tensor {
  const slower = exp(neg(mul(minimum(rate, k), distance)));
  return mul(mul(distance, slower), meanDecay(mul(abs(sub(rate, k)), distance)));
}
