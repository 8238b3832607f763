import type { Tensor } from "../../ir/tensor.js";
import { add, cos, div, mul, sin, sub } from "../../ops/index.js";
import type { Kernel } from "../kernels/kernel.js";
import { planOf } from "./plan.js";
import type { Spread } from "./spread.js";
import { bend, clenshaw, ends } from "./stair.js";
import { alternatingDeviations, dampings, sumAsPlanned } from "./sums.js";

/**
 * A triangle wave of period 1, smoothed, at |r| ≤ ¼ from one of its rising zeros, where it is 4r before it is smoothed. Its kinks
 * lie half a period apart, with slopes that change by −8 and 8 in turn.
 *
 *     4r − 8 Σⱼ (−1)ʲ w·D₁((r − ¼ − j/2)/w)  =  (8/π²) Σ (−1)^((k − 1)/2) ĉ(2πkw) sin(2πkr)/k²,  k odd
 */
export function triangle(r: Tensor, spread: Spread): Tensor {
  const { kernel } = spread;
  if (kernel.record.triangle !== undefined) return kernel.record.triangle(r, spread.width);
  // A period has two kinks: their number to either side is even, and twice that of the steps of a staircase.
  const plan = planOf(spread);
  return sumAsPlanned(spread, plan, {
    steps: (width, count) => {
      const kinks = 2 * (count + 1);
      const offsets = Array.from({ length: 2 * kinks }, (_, i) => 0.25 + (i - kinks) / 2);
      const rounding = mul(mul(alternatingDeviations(kernel, 1, r, width, offsets), width), -8);
      const near = add(mul(sub(r, mul(width, kernel.mean)), 4), rounding);
      return plan.far ? add(near, farKinks(kernel, r, width, kinks)) : near;
    },
    waves: (width, count) => sumOfOddWaves(kernel, r, width, Math.ceil((count + 1) / 2)),
  });
}

/** The odd harmonics alone, by Clenshaw's recurrence in twice the angle. */
function sumOfOddWaves(kernel: Kernel, r: Tensor, width: Tensor, count: number): Tensor {
  const harmonics = Array.from({ length: count }, (_, i) => 2 * i + 1);
  const coefficients = dampings(kernel, width, harmonics).map((value, i) => {
    const weight = (8 * (-1) ** i) / (Math.PI * harmonics[i]) ** 2;
    return typeof value === "number" ? value * weight : mul(value, weight);
  });
  const angle = mul(r, 2 * Math.PI);
  const { first, second } = clenshaw(coefficients, mul(cos(add(angle, angle)), 2));
  return mul(add(first, second), sin(angle));
}

/**
 * The kinks beyond an even number on both sides, for tails that are powers, by the midpoint form of Boole's sum of alternating
 * terms: half a term and two corrections in derivatives.
 */
function farKinks(kernel: Kernel, r: Tensor, width: Tensor, kinks: number): Tensor {
  const [right, left] = ends(r, width, kinks / 2);
  const density = (u: Tensor): Tensor => kernel.density(u);
  const half = mul(mul(sub(kernel.deviation(1, right), kernel.deviation(1, left)), width), -4);
  const second = div(mul(sub(density(right), density(left)), 1 / 8), width);
  const fourth = div(mul(sub(bend(density, right), bend(density, left)), 5 / 1536), mul(width, mul(width, width)));
  return sub(add(half, second), fourth);
}
