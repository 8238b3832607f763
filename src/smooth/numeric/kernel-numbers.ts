import { probe } from "../../activations/measure/probe.js";
import type { Kernel } from "../kernels/kernel.js";
import { choose } from "./choose.js";

/** A kernel's functions in plain float64, for what is computed about smoothed functions rather than with them. */
export interface KernelNumbers {
  readonly kernel: Kernel;
  /** Iₙ(−d) of the kernel (side −1: left of a break), or of its mirror image (side 1), for d ≥ 0. */
  tail(order: number, side: Side, d: number): number;
  /** Dₙ on one side of a break: what it tends to at the break itself depends on the side. */
  deviation(order: number, side: Side, d: number): number;
  /** φ⁽ᵏ⁾(u), k = 0 … order, an array for each. */
  density(points: ArrayLike<number>, order: number): Float64Array[];
  /** What smoothing at this width adds to a polynomial: the coefficients of p̃ − p. */
  shift(polynomial: readonly number[], width: number): number[];
}

/** Left of a break, or right of it. */
export type Side = -1 | 1;

export function kernelNumbers(kernel: Kernel): KernelNumbers {
  const { tails, mirroredTails = tails, momentsBelow, variance, mean = 0, thirdMoment = 0 } = kernel.record;
  const densities = probe((u) => kernel.density(u));
  // E(−U)ʲ: moments that do not exist count 0, as in the deviations.
  const second = momentsBelow > 2 ? variance + mean ** 2 : 0;
  const third = momentsBelow > 3 ? thirdMoment + 3 * mean * variance + mean ** 3 : 0;
  const moments = [1, -mean, second, -third];
  const tail = (order: number, side: Side, d: number): number => (side === -1 ? tails : mirroredTails)[order as 0 | 1 | 2 | 3].value(d); // biome-ignore format: one line
  return {
    kernel,
    tail,
    deviation: (order, side, d) => (side === 1 && order % 2 === 0 ? -tail(order, side, d) : tail(order, side, d)),
    density: (points, order) => densities.at(points, order),
    shift: (polynomial, width) => {
      const added = polynomial.map(() => 0);
      polynomial.forEach((coefficient, n) => {
        for (let j = 1; j <= n; j++) added[n - j] += coefficient * choose(n, j) * width ** j * moments[j];
      });
      while (added.length > 0 && added[added.length - 1] === 0) added.pop();
      return added;
    },
  };
}
