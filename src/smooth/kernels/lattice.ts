import type { Tensor } from "../../ir/tensor.js";
import { add, atan, div, exp, expm1, mul, neg, sin, square, sub } from "../../ops/index.js";

/** Sums over the harmonics k ≥ 1 of a wave of period 1 at r, |r| ≤ ½, each damped by qᵏ with q = e^(−2π·width). */
export interface Harmonics {
  /** 2π·width. */
  readonly rate: Tensor;
  /** Σ qᵏ sin(2πkr)/k. */
  readonly angle: Tensor;
  /** Σ qᵏ sin(2πkr). */
  readonly first: Tensor;
  /** Σ k qᵏ sin(2πkr). */
  readonly second: Tensor;
}

/** Their closed forms, in 1 − q and the sine of half the angle: nothing cancels for narrow widths near a whole number. */
export function harmonics(r: Tensor, width: Tensor): Harmonics {
  const rate = mul(width, 2 * Math.PI);
  const damping = exp(neg(rate));
  const gap = neg(expm1(neg(rate)));
  const wave = mul(damping, sin(mul(r, 2 * Math.PI)));
  const spread = mul(damping, square(sin(mul(r, Math.PI))));
  const first = div(wave, add(square(gap), mul(spread, 4)));
  return {
    rate,
    angle: atan(div(wave, add(gap, mul(spread, 2)))),
    first,
    second: div(mul(first, mul(gap, add(damping, 1))), add(square(gap), mul(spread, 4))),
  };
}

/** The floor of n + r less n, smoothed, from the sum over the harmonics: r − ½ + sum/π. */
export const stairOf = (r: Tensor, sum: Tensor): Tensor => add(sub(r, 0.5), mul(sum, 1 / Math.PI));
