import { findBreaks } from "../../activations/measure/breaks.js";
import { probe } from "../../activations/measure/probe.js";
import { FAR, ORDER, scan } from "../../activations/measure/scan.js";
import type { Kernel } from "../kernels/kernel.js";

/**
 * A kernel cut into cells that a rule of integration can start from. Heavy tails are cut over v = arctan u, in which they end; all
 * others over u itself.
 */
export interface KernelCells {
  readonly heavy: boolean;
  /** Ascending, in v or u. */
  readonly edges: readonly number[];
}

/** The cells that hold all but a share of a kernel. */
export type CellsOf = (share: number) => KernelCells;

/** From the middle outward, in typical distances, cells grow by this factor. */
const FIRST = 1.5;
const GROWTH = 3;
const HEAVY_CELLS = 4;

/** Looks at a kernel once: where its density has kinks, and how far it reaches. */
export function cellsOf(kernel: Kernel): CellsOf {
  const { radius, momentsBelow, variance, absoluteMoment, smoothness } = kernel.record;
  const kinks = kinksOf(kernel);
  if (momentsBelow < Infinity) {
    const even = Array.from({ length: HEAVY_CELLS + 1 }, (_, i) => Math.PI * (i / HEAVY_CELLS - 0.5));
    return () => ({ heavy: true, edges: ascending([...even, ...kinks.map(Math.atan)]) });
  }
  if (radius < Infinity) {
    // What ends with all its derivatives does so faster and faster.
    const flat = smoothness === Infinity ? [0.5, 0.75, 0.875].flatMap((share) => [-share * radius, share * radius]) : [];
    return () => ({ heavy: false, edges: ascending([-radius, ...kinks, ...flat, radius]) });
  }
  // A kernel of higher order may have no variance.
  const spread = Math.sqrt(variance > 0 ? variance : absoluteMoment ** 2);
  return (share) => {
    const [left, right] = [kernel.record.tails, kernel.record.mirroredTails ?? kernel.record.tails].map(([tail]) =>
      reachOf((d) => Math.abs(tail.value(d)), share, spread),
    );
    const outward: number[] = [];
    for (let d = FIRST * spread; d < Math.max(left, right); d *= GROWTH) outward.push(d);
    const between = [...outward.map((d) => -d), ...kinks, ...outward].filter((u) => u > -left && u < right);
    return { heavy: false, edges: ascending([-left, ...between, right]) };
  };
}

const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Where the density has a kink or a jump inside its support; a smooth one need not be asked. */
function kinksOf(kernel: Kernel): number[] {
  const { radius, smoothness } = kernel.record;
  if (smoothness === Infinity) return [];
  const points = probe((u) => kernel.density(u));
  return findBreaks(points, scan(points, FAR, ORDER))
    .map(({ at }) => at)
    .filter((at) => Math.abs(at) < radius * (1 - 1e-12));
}

/** The distance beyond which less than a share is left. */
function reachOf(tail: (d: number) => number, share: number, spread: number): number {
  let [low, high] = [0, spread];
  while (tail(high) > share) high *= 2;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (tail(middle) > share) low = middle;
    else high = middle;
  }
  return high;
}

/** Every cell in equal parts. */
export function refined(edges: readonly number[], parts: number): number[] {
  return edges.slice(1).reduce<number[]>(
    (all, to, i) => {
      const from = edges[i];
      for (let p = 1; p <= parts; p++) all.push(p === parts ? to : from + ((to - from) * p) / parts);
      return all;
    },
    [edges[0]],
  );
}
