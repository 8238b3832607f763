import type { Kink } from "../facts.js";
import type { Probe } from "./probe.js";
import type { MeasuredKink } from "./report.js";
import { type Cell, differs, type Sample, type Scan, sample } from "./scan.js";

/** A break that was located, with the samples next to it on both sides. */
export interface Break extends MeasuredKink {
  readonly left: Sample;
  readonly right: Sample;
  /** The lowest derivative that has no limit there but grows, as that of √|x| at 0; null when all that matter settle. */
  readonly grows: number | null;
}

/** Breaks closer than this are one, which rounding blurs. */
const TOGETHER = 1e-13;

/** The places where f or one of its first three derivatives jumps. */
export function findBreaks(probe: Probe, { breaks, scaleAt }: Scan): Break[] {
  const clusters: Cell[][] = [];
  for (const cell of breaks) {
    const last = clusters.at(-1)?.at(-1);
    if (last !== undefined && cell[0].x - last[1].x <= TOGETHER * Math.max(1, Math.abs(cell[0].x))) clusters.at(-1)?.push(cell);
    else clusters.push([cell]);
  }
  return clusters.map((cells) => describe(probe, cells, scaleAt)).filter((found) => found !== null);
}

/** Null when only the derivative at one point, which is a matter of convention, stands out. */
function describe(probe: Probe, cells: readonly Cell[], scaleAt: Scan["scaleAt"]): Break | null {
  const [left, right] = [cells[0][0], cells[cells.length - 1][1]];
  const orders = [0, 1, 2, 3] as const;
  const jumping = cells.some((cell) => differs(cell, 0, scaleAt))
    ? 0
    : orders.find((order) => differs([left, right], order, scaleAt));
  const apart = Math.max(1, Math.abs(left.x));
  const beside = sample(
    probe,
    [1e-7, 1e-9].flatMap((d) => [left.x - d * apart, right.x + d * apart]),
  );
  const grows = orders.find((order) => order <= (jumping ?? 3) && growsAt(order, left, right, beside)) ?? null;
  const order: Kink["order"] | undefined = grows ?? jumping;
  if (order === undefined) return null;
  const jump = grows === null ? right.g[order] - left.g[order] : Infinity;
  return { at: simplest(left.x, right.x), order, jump, left, right, grows };
}

/** Whether a derivative is much larger beside the break than a little further off. */
function growsAt(order: number, left: Sample, right: Sample, beside: readonly Sample[]): boolean {
  return [left, right].some((near, side) => {
    const [value, closer, further] = [near, beside[2 + side], beside[side]].map(({ g }) => Math.abs(g[order]));
    return !Number.isFinite(value) || (value > 1.5 * closer && closer > 1.5 * further);
  });
}

/** The number with the fewest digits between two that are a few roundings apart: the one that was meant, when one was. */
function simplest(a: number, b: number): number {
  if (a <= 0 && b >= 0) return 0;
  for (let digits = 1; digits < 17; digits++) {
    const candidate = Number(((a + b) / 2).toPrecision(digits));
    if (candidate >= a && candidate <= b) return candidate;
  }
  return (a + b) / 2;
}
