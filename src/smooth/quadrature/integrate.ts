import { fault } from "../../ir/fault.js";
import { integrateTail } from "./double-exponential.js";
import { gaussLegendre } from "./legendre.js";

/** A function of one number, evaluated at many points at once. */
export type Evaluate = (points: Float64Array) => ArrayLike<number>;

/** An integral, and how far it may be off. */
export interface Integral {
  readonly value: number;
  readonly error: number;
}

export interface IntegrateOptions {
  /** Share of ∫|f| that may be off; default 1e-14. */
  readonly tolerance?: number;
}

const POINTS = 16;
const MOST_PANELS = 20_000;

interface Panel {
  readonly from: number;
  readonly to: number;
  readonly whole: number;
}

/**
 * ∫ f from the first of the `edges` to the last, in float64: Gauss–Legendre panels, cut at every edge and halved until halving
 * changes nothing. The outer edges may be infinite. The error is what halving changed last, which bounds what it would change
 * next; NaN where f is.
 */
export function integrate(f: Evaluate, edges: readonly number[], { tolerance = 1e-14 }: IntegrateOptions = {}): Integral {
  requireAscending(edges);
  if (edges[0] === -Infinity && edges.at(-1) === Infinity && edges.length === 2) return integrate(f, [-Infinity, 0, Infinity]);
  const finite = edges.filter(Number.isFinite);
  const parts: Integral[] = [];
  if (edges[0] === -Infinity) parts.push(integrateTail((distances) => f(distances.map((t) => finite[0] - t))));
  if (finite.length > 1) parts.push(integratePanels(f, finite, tolerance));
  if (edges.at(-1) === Infinity) parts.push(integrateTail((distances) => f(distances.map((t) => finite[finite.length - 1] + t))));
  return { value: parts.reduce((sum, { value }) => sum + value, 0), error: parts.reduce((sum, { error }) => sum + error, 0) };
}

function integratePanels(f: Evaluate, edges: readonly number[], tolerance: number): Integral {
  const spans = edges.slice(1).map((to, i) => ({ from: edges[i], to }));
  const start = gaussSums(f, spans);
  let open: Panel[] = spans.map((span, i) => ({ ...span, whole: start.sums[i] }));
  let [size, value, error, count] = [start.size, 0, 0, 0];
  while (open.length > 0) {
    count += open.length;
    const halves = open.flatMap(({ from, to }) => {
      const middle = from + (to - from) / 2;
      return [
        { from, to: middle },
        { from: middle, to },
      ];
    });
    const found = gaussSums(f, halves);
    size = Math.max(size, found.size);
    const next: Panel[] = [];
    open.forEach(({ from, to, whole }, i) => {
      const [left, right] = [found.sums[2 * i], found.sums[2 * i + 1]];
      const change = Math.abs(left + right - whole);
      const narrow = to - from <= 1e-14 * Math.max(Math.abs(from), Math.abs(to), 1e-280);
      if (change > tolerance * size && !narrow && count < MOST_PANELS) {
        next.push({ ...halves[2 * i], whole: left }, { ...halves[2 * i + 1], whole: right });
        return;
      }
      value += left + right;
      error += change;
    });
    open = next;
  }
  return { value, error: error + 2e-16 * size };
}

/** The sum of each span, and that of the sizes of all terms. */
function gaussSums(f: Evaluate, spans: readonly { from: number; to: number }[]): { sums: number[]; size: number } {
  const { nodes, weights } = gaussLegendre(POINTS);
  const points = new Float64Array(spans.length * POINTS);
  spans.forEach(({ from, to }, s) => {
    for (let i = 0; i < POINTS; i++) points[s * POINTS + i] = from + ((to - from) * (1 + nodes[i])) / 2;
  });
  const values = f(points);
  let size = 0;
  const sums = spans.map(({ from, to }, s) => {
    let sum = 0;
    for (let i = 0; i < POINTS; i++) {
      const term = (weights[i] * values[s * POINTS + i] * (to - from)) / 2;
      sum += term;
      size += Math.abs(term);
    }
    return sum;
  });
  return { sums, size };
}

function requireAscending(edges: readonly number[]): void {
  if (edges.length >= 2 && edges.every((edge, i) => i === 0 || edge > edges[i - 1])) return;
  throw fault("integrate", "the edges do not ascend", {
    expected: "two numbers or more, ascending",
    got: `[${edges.join(", ")}]`,
  });
}
