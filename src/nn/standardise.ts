import { customVjp } from "../diff/index.js";
import type { Tensor } from "../ir/tensor.js";
import { add, mean, mul, rsqrt, square, sub, sum } from "../ops/index.js";

export interface Statistics {
  /** Over which axes mean and variance are taken. */
  readonly axes: readonly number[];
  /** What is added to the variance. */
  readonly epsilon: number;
}

/** c = x − μ, and 1 / √(σ² + ε) with the biased variance σ², which keeps the axes with size 1. */
function parts(x: Tensor, { axes, epsilon }: Statistics): { centred: Tensor; inverse: Tensor } {
  const centred = sub(x, mean(x, { axes, keepAxes: true }));
  return { centred, inverse: rsqrt(add(mean(square(centred), { axes, keepAxes: true }), epsilon)) };
}

/**
 * (x − μ) / √(σ² + ε), which is c r. Its derivative is written down, as r (g − mean g − c r² mean(c g)): through the parts it would
 * pass over the elements three times more.
 */
export function standardise(x: Tensor, statistics: Statistics): Tensor {
  const value = (given: Tensor): Tensor => {
    const { centred, inverse } = parts(given, statistics);
    return mul(centred, inverse);
  };
  return customVjp(value, ([given], cotangent) => {
    const { centred, inverse } = parts(given, statistics);
    return [pullBack(cotangent, { centred, inverse, factor: inverse }, statistics).x];
  })(x);
}

/** The same times a scale with size 1 along the axes: the factor of each row is multiplied first. */
export function standardiseScaled(x: Tensor, scale: Tensor, statistics: Statistics): Tensor {
  const value = (given: Tensor, factor: Tensor): Tensor => {
    const { centred, inverse } = parts(given, statistics);
    return mul(centred, mul(factor, inverse));
  };
  return customVjp(value, ([given, factor], cotangent) => {
    const { centred, inverse } = parts(given, statistics);
    const { x: back, along } = pullBack(cotangent, { centred, inverse, factor: mul(factor, inverse) }, statistics);
    return [back, mul(inverse, along)];
  })(x, scale);
}

/** The cotangent of x, and Σ c g, which is that of the factor. */
function pullBack(
  cotangent: Tensor,
  { centred, inverse, factor }: { centred: Tensor; inverse: Tensor; factor: Tensor },
  { axes }: Statistics,
): { x: Tensor; along: Tensor } {
  const share = inverse.size / centred.size;
  const along = sum(mul(cotangent, centred), { axes, keepAxes: true });
  const level = mul(factor, mul(sum(cotangent, { axes, keepAxes: true }), share));
  const slope = mul(mul(factor, mul(square(inverse), share)), along);
  return { x: sub(sub(mul(cotangent, factor), mul(centred, slope)), level), along };
}
