import { jvp } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";
import { broadcastTo } from "../../ops/broadcast.js";
import { add, cos, div, full, lessEqual, mul, sin, sub, where } from "../../ops/index.js";
import type { Kernel } from "../kernels/kernel.js";
import { planOf } from "./plan.js";
import type { Spread } from "./spread.js";
import { dampings, sumAsPlanned, sumOfDeviations } from "./sums.js";

/**
 * floor(n + r) − n, smoothed, for |r| ≤ ½ from a whole number n: from 0 or −1 for narrow widths to r − ½ for wide ones.
 *
 *     Σₖ Dₖ((r − k)/w) − [r ≤ 0]  =  r − ½ + Σₖ≥₁ ĉ(2πkw) sin(2πkr)/(πk)
 */
export function stair(r: Tensor, spread: Spread): Tensor {
  const { kernel } = spread;
  if (kernel.record.staircase !== undefined) return kernel.record.staircase(r, spread.width);
  const plan = planOf(spread);
  return sumAsPlanned(spread, plan, {
    steps: (width, count) => {
      const offsets = Array.from({ length: 2 * count + 1 }, (_, i) => i - count);
      const near = sub(sumOfDeviations(kernel, 0, r, width, offsets), where(lessEqual(r, 0), 1, 0));
      return plan.far ? add(near, farSteps(kernel, r, width, count + 0.5)) : near;
    },
    waves: (width, count) => add(sub(r, 0.5), mul(sumOfWaves(kernel, r, width, count), 1 / Math.PI)),
  });
}

/** Σ ĉ(2πkw) sin(2πkr)/k for k up to a number, by Clenshaw's recurrence. */
function sumOfWaves(kernel: Kernel, r: Tensor, width: Tensor, count: number): Tensor {
  const damping = dampings(
    kernel,
    width,
    Array.from({ length: count }, (_, k) => k + 1),
  );
  const coefficients = damping.map((value, k) => (typeof value === "number" ? value / (k + 1) : mul(value, 1 / (k + 1))));
  const angle = mul(r, 2 * Math.PI);
  return mul(clenshaw(coefficients, mul(cos(angle), 2)).first, sin(angle));
}

/** bₖ = cₖ + turn·bₖ₊₁ − bₖ₊₂ from the end to the first two. */
export function clenshaw(
  coefficients: readonly (number | Tensor)[],
  turn: Tensor,
): { readonly first: Tensor; readonly second: Tensor } {
  let first = mul(turn, 0);
  let second = first;
  for (const coefficient of [...coefficients].reverse()) {
    [first, second] = [add(sub(mul(turn, first), second), coefficient), first];
  }
  return { first, second };
}

/**
 * The steps beyond a distance on both sides, for tails that are powers, by the midpoint form of Euler and Maclaurin's sum: the
 * integral and two corrections in derivatives. For distances of 64 and more the next one is below 1e-13.
 */
function farSteps(kernel: Kernel, r: Tensor, width: Tensor, distance: number): Tensor {
  const [right, left] = ends(r, width, distance);
  const density = (u: Tensor): Tensor => kernel.density(u);
  const integral = mul(sub(kernel.deviation(1, right), kernel.deviation(1, left)), width);
  const first = div(mul(sub(density(right), density(left)), 1 / 24), width);
  const third = div(mul(sub(bend(density, right), bend(density, left)), 7 / 5760), mul(width, mul(width, width)));
  return add(sub(integral, first), third);
}

/** Where r is seen from so far to the right and to the left, in widths. */
export const ends = (r: Tensor, width: Tensor, distance: number): readonly [Tensor, Tensor] => [
  div(add(r, -distance), width),
  div(add(r, distance), width),
];

/** The second derivative. */
export function bend(f: (u: Tensor) => Tensor, at: Tensor): Tensor {
  const one = broadcastTo(full([], 1), at.shape);
  const slope = (u: Tensor): Tensor => jvp(f, [u], [one]).tangent;
  return jvp(slope, [at], [one]).tangent;
}
