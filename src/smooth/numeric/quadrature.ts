import type { KernelNumbers } from "./kernel-numbers.js";
import type { NumericPiece, NumericPieces } from "./pieces.js";
import { exponentialPart, pieceAt, pieceValue } from "./pieces.js";

/** The part of the pieces with exponentials, convolved with the kernel at every point, panel by panel between the breaks. */
export function smoothedExponentials(
  { breaks, pieces }: NumericPieces,
  numbers: KernelNumbers,
  width: number,
  points: ArrayLike<number>,
): Float64Array {
  const result = new Float64Array(points.length);
  const parts = pieces.map(exponentialPart);
  if (parts.every((part) => part.length === 0)) return result;
  const steepest = Math.max(...parts.flat().map(({ rate }) => Math.abs(rate ?? 0)));
  const panels = whole(numbers, steepest * width);
  // Panels that a break cuts have nodes of their own for every point.
  const cut: Node[] = [];
  for (let i = 0; i < points.length; i++) {
    const x = points[i];
    for (const panel of panels) {
      const cuts = breaks.map((a) => (x - a) / width).filter((u) => u > panel.low && u < panel.high);
      const part = parts[pieceAt(breaks, x - (width * (panel.low + panel.high)) / 2)];
      if (cuts.length > 0) cut.push(...nodesOf(panel, cuts, (u) => parts[pieceAt(breaks, x - width * u)], i));
      else if (part.length > 0) for (const { u, mass } of panel.nodes) result[i] += mass * pieceValue(part, x - width * u);
    }
  }
  const nodes = cut.map(({ u }) => u);
  const [densities] = numbers.density(nodes, 0);
  cut.forEach(({ point, u, weight, part }, i) => {
    if (densities[i] > 0) result[point] += weight * densities[i] * pieceValue(part, points[point] - width * u);
  });
  return result;
}

interface Panel {
  readonly low: number;
  readonly high: number;
  /** Nodes with their weight times the density. */
  readonly nodes: readonly { readonly u: number; readonly mass: number }[];
}

interface Node {
  readonly point: number;
  readonly u: number;
  readonly weight: number;
  readonly part: NumericPiece;
}

/** Panels grow away from the middle of the kernel, where it changes fast. */
const EDGES = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 64, 96, 128, 192, 256, 512, 1024];
const PER_PANEL = 12;
const NEGLIGIBLE = 1e-22;

/** The panels that have mass, were it to count e^(growth·|u|). */
function whole(numbers: KernelNumbers, growth: number): Panel[] {
  const { radius } = numbers.kernel.record;
  const positive = Number.isFinite(radius) ? EDGES.filter((edge) => edge <= 1).map((edge) => edge * radius) : EDGES;
  const edges = [...new Set(positive.flatMap((edge) => [-edge, edge]))].sort((a, b) => a - b);
  const nodes = edges.slice(1).flatMap((high, i) => rule(edges[i], high));
  const [densities] = numbers.density(
    nodes.map(({ u }) => u),
    0,
  );
  const panels = edges.slice(1).map((high, i): Panel => {
    const own = nodes.slice(i * PER_PANEL, (i + 1) * PER_PANEL);
    return { low: edges[i], high, nodes: own.map(({ u, weight }, j) => ({ u, mass: weight * densities[i * PER_PANEL + j] })) };
  });
  return panels.filter(({ nodes: own }) => own.some(({ u, mass }) => mass * Math.exp(growth * Math.abs(u)) > NEGLIGIBLE));
}

function nodesOf({ low, high }: Panel, cuts: readonly number[], partAt: (u: number) => NumericPiece, point: number): Node[] {
  const edges = [low, ...cuts, high].sort((a, b) => a - b);
  return edges.slice(1).flatMap((to, i) => {
    const part = partAt((edges[i] + to) / 2);
    return part.length === 0 ? [] : rule(edges[i], to).map((node) => ({ ...node, point, part }));
  });
}

const rule = (low: number, high: number): { u: number; weight: number }[] => {
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  return LEGENDRE.flatMap(([node, weight]) => [-node, node].map((t) => ({ u: middle + half * t, weight: weight * half })));
};

/** Positive nodes and weights of the Gauss–Legendre rule on −1 … 1, by Newton's method on the recurrence of the polynomials. */
export function gaussLegendre(count: number): readonly (readonly [node: number, weight: number])[] {
  return Array.from({ length: Math.floor(count / 2) }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 6; step++) {
      let [before, value] = [1, x];
      for (let n = 2; n <= count; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (count * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)] as const;
  });
}

const LEGENDRE = gaussLegendre(PER_PANEL);
