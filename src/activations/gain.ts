import { grad, vmap } from "../diff/index.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "../ops/index.js";
import type { Facts } from "./facts.js";
import { momentsOf } from "./moments.js";

/** The gain is looked for between these. A bounded function whose mean square is still below 1 at the upper one has none. */
const SMALLEST = 1 / 16;
const LARGEST = 16;

/**
 * The g with E f(g·z)² = 1 for z from the standard normal law: weights of variance g² / fanIn in front of f make a layer that
 * hands on the second moment it got, as √2 does for a relu (He et al. 2015). Where no g does that, as for functions bounded by
 * 1, it is 1 / √E f(z)², for which a second moment of 1 before f is a fixed point from layer to layer.
 */
export function gainOf(facts: Facts, f: (x: Tensor) => Tensor): number {
  return facts.kind === "vector"
    ? 1
    : gainBetween(
        facts.kinks.map(({ at }) => at),
        f,
      );
}

/** The same of a function of one number of which only the places of its kinks are known, or nothing at all. */
export function gainBetween(kinks: readonly number[], f: (x: Tensor) => Tensor): number {
  const logPower = (logGain: number): number => {
    const gain = Math.exp(logGain);
    const scaled = kinks.map((at) => at / gain);
    const { secondMoment } = momentsOf((z) => f(mul(z, gain)), scaled);
    return Math.min(Math.max(Math.log(secondMoment), -LARGEST_LOG), LARGEST_LOG);
  };
  const root = findRoot(logPower, Math.log(SMALLEST), Math.log(LARGEST));
  if (root !== null) return Math.exp(root);
  const power = logPower(0);
  return Math.abs(power) < LARGEST_LOG ? Math.exp(-power / 2) : 1;
}

/**
 * 1 / √E f′(z)² for z from the standard normal law: weights of variance g² / fanOut hand a gradient back as large as it came.
 * 1 for functions of a row, and where the slope is 0 or grows beyond all numbers.
 */
export function backwardGainOf(facts: Facts, f: (x: Tensor) => Tensor): number {
  if (facts.kind === "vector") return 1;
  const { secondMoment } = momentsOf(vmap(grad(f)), facts.kinks.map(({ at }) => at)); // biome-ignore format: one line
  return secondMoment > 0 && Number.isFinite(secondMoment) ? 1 / Math.sqrt(secondMoment) : 1;
}

/** Logarithms are held here, so that powers of 0 and ∞ leave numbers to reckon with. */
const LARGEST_LOG = 700;

/** Where an increasing function passes 0 between two points, by the Illinois form of false position; null when it does not. */
function findRoot(f: (x: number) => number, low: number, high: number): number | null {
  let [a, b] = [low, high];
  let [atA, atB] = [f(a), f(b)];
  if (!(atA < 0 && atB > 0)) return null;
  let x = a;
  for (let step = 0; step < 100; step++) {
    x = (a * atB - b * atA) / (atB - atA);
    const atX = f(x);
    if (Math.abs(atX) < 1e-14) break;
    if (atX > 0 === atB > 0) {
      [b, atB, atA] = [x, atX, atA / 2];
    } else {
      [a, atA, b, atB] = [b, atB, x, atX];
    }
  }
  return x;
}
