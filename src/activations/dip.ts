import { line, type PointwiseFacts, pointwise, range } from "./facts.js";
import { type Pointwise, probe } from "./measure/probe.js";

/** The numbers of a function that comes from 0 on the left, dips below it, and goes on as a line. */
export interface Dip {
  /** Where it is smallest, and how small. */
  readonly at: number;
  readonly value: number;
  readonly lipschitz: number;
  readonly curvature: number;
  /** Of the line on the right. Default 1. */
  readonly slope?: number;
}

/** The facts of a smooth gate: 0 on the left, a dip, and a line through 0 on the right. */
export const dipping = ({ at, value, lipschitz, curvature, slope = 1 }: Dip): PointwiseFacts =>
  pointwise({
    range: range("[", value, Infinity, ")"),
    minimumAt: at,
    monotone: "neither",
    left: line(0),
    right: line(slope),
    lipschitz,
    curvature,
  });

/**
 * Those numbers where parameters leave no closed form: sampled between −`reach` and `reach`, and halved in on; `falls` where
 * its slope is negative anywhere.
 */
export function findDip(f: Pointwise, reach = 40): Dip & { readonly falls: boolean } {
  const { at } = probe(f);
  const lowest = highestOf((points) => at(points, 0)[0].map((y) => -y), reach);
  const [value] = at([lowest.at], 0)[0];
  const bound = (order: number): number => highestOf((points) => at(points, order)[order].map(Math.abs), reach).value;
  const falls = highestOf((points) => at(points, 1)[1].map((slope) => -slope), reach).value > 0;
  return { at: lowest.at, value, lipschitz: bound(1), curvature: bound(2), falls };
}

const SAMPLES = 2000;
const ROUNDS = 7;

/** The highest value of a function on −`reach` … `reach` that is smooth at the scale of the samples. */
function highestOf(g: (points: readonly number[]) => ArrayLike<number>, reach: number): { at: number; value: number } {
  let best = { at: 0, value: -Infinity };
  let [low, high, count] = [-reach, reach, SAMPLES];
  for (let round = 0; round < ROUNDS; round++) {
    const step = (high - low) / count;
    const points = Array.from({ length: count + 1 }, (_, i) => low + i * step);
    const values = g(points);
    points.forEach((at, i) => {
      if (values[i] > best.value) best = { at, value: values[i] };
    });
    [low, high, count] = [best.at - step, best.at + step, 32];
  }
  return best;
}
