import type { Emitter } from "../../ir/emitter.js";
import { chebyshevPoints } from "./chebyshev.js";
import type { Evaluate } from "./integrate.js";

/** A function on equal panels, as a polynomial of a low degree on each: what a runtime can look up. */
export interface Lookup {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** coefficients[k][p] goes with tᵏ on panel p, where t runs from 0 to 1; the end itself is a panel of its own. */
  readonly coefficients: readonly Float64Array[];
  /** Largest error seen between the nodes, relative to max(|value|, floor). */
  readonly error: number;
}

export interface LookupOptions {
  /** Error to reach, relative to max(|value|, floor); default 3e-8. */
  readonly tolerance?: number;
  /** Default 1. */
  readonly floor?: number;
}

/** Reading a coefficient costs as much as a sum and a product, and tables of this length stay in a fast cache. */
const COUNTS = [256, 1024, 4096];
const DEGREES = [1, 2, 3, 4, 5];

/** The cheapest table of f between two numbers that is as good as wanted; the best one when none is. */
export function tabulate(f: Evaluate, from: number, to: number, { tolerance = 3e-8, floor = 1 }: LookupOptions = {}): Lookup {
  let best: Lookup | null = null;
  for (const degree of DEGREES) {
    for (const count of COUNTS) {
      const lookup = tabulateWith(f, from, to, count, degree, floor);
      if (lookup.error <= tolerance) return lookup;
      if (best === null || lookup.error < best.error) best = lookup;
      // A factor of 16 in the panels gains so much; a higher degree is then the better way.
      if (lookup.error > tolerance * (4096 / count) ** (degree + 1) * 4) break;
    }
  }
  return best as Lookup;
}

function tabulateWith(f: Evaluate, from: number, to: number, count: number, degree: number, floor: number): Lookup {
  const local = chebyshevPoints(degree, 0, 1);
  const step = (to - from) / count;
  const perPanel = degree + 1;
  const points = new Float64Array(count * 2 * perPanel);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i <= degree; i++) {
      points[(2 * p * perPanel + i) | 0] = from + step * (p + local[i]);
      points[((2 * p + 1) * perPanel + i) | 0] = from + step * (p + between(local, i));
    }
  }
  const values = f(points);
  const powers = invertedPowers(local);
  const coefficients = Array.from({ length: perPanel }, () => new Float64Array(count + 1));
  let error = 0;
  for (let p = 0; p < count; p++) {
    const own = 2 * p * perPanel;
    for (let k = 0; k <= degree; k++) {
      for (let i = 0; i <= degree; i++) coefficients[k][p] += powers[k][i] * values[own + i];
    }
    for (let i = 0; i <= degree; i++) {
      const value = values[own + perPanel + i];
      const off = Math.abs(panelValue(coefficients, p, between(local, i)) - value);
      error = Math.max(error, off / Math.max(Math.abs(value), floor));
    }
  }
  coefficients[0][count] = f(Float64Array.of(to))[0];
  return { from, to, count, coefficients, error };
}

/** A place between node i and the next, where the polynomial may be off; the last one repeats the first. */
const between = (nodes: Float64Array, i: number): number => (i + 1 < nodes.length ? (nodes[i] + nodes[i + 1]) / 2 : nodes[1] / 2);

/** The value of a table, in plain numbers: x held between the ends, NaN for NaN. */
export function lookUp({ from, to, count, coefficients }: Lookup, x: number): number {
  const place = Math.min(Math.max(((x - from) * count) / (to - from), 0), count);
  if (Number.isNaN(place)) return place;
  return panelValue(coefficients, Math.floor(place), place % 1);
}

function panelValue(coefficients: readonly Float64Array[], panel: number, t: number): number {
  let total = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) total = total * t + coefficients[k][panel];
  return total;
}

/**
 * The nodes that read the table at a place, counted in panels; the table starts at place `first`, a whole number. Places beyond an end
 * read the end, NaN stays NaN.
 */
export function lowerLookup(onnx: Emitter, place: string, lookup: Lookup, first = 0): string {
  // On the CPU, Gather copies rows of any length at 40 ns each; GatherElements reads numbers at 1 ns, but wants equal ranks.
  if (onnx.provider !== "cpu") return lowerFlat(onnx, place, lookup, first, "Gather");
  const flat = onnx.op("Reshape", [place, onnx.axes([-1])]);
  return onnx.op("Reshape", [lowerFlat(onnx, flat, lookup, first, "GatherElements"), onnx.op("Shape", [place])]);
}

function lowerFlat(onnx: Emitter, place: string, { count, coefficients }: Lookup, first: number, operator: string): string {
  const end = onnx.scalar(first + count);
  const held = onnx.op("Clip", [place, onnx.scalar(first), end]);
  const floor = onnx.op("Floor", [held]);
  // A comparison with NaN is false: every index is one of the table.
  const panel = onnx.op("Where", [onnx.op("Less", [floor, end]), floor, end]);
  const t = onnx.op("Sub", [held, panel]);
  const index = onnx.cast(first === 0 ? panel : onnx.op("Sub", [panel, onnx.scalar(first)]), "int32");
  const read = (values: Float64Array): string =>
    onnx.op(operator, [onnx.constant("float32", values, [values.length]), index], { axis: 0 });
  const last = coefficients.length - 1;
  let total = read(coefficients[last]);
  for (let k = last - 1; k >= 0; k--) total = onnx.op("Add", [onnx.op("Mul", [total, t]), read(coefficients[k])]);
  return total;
}

/** Row k gives the coefficient of tᵏ from values at the nodes: the inverse of the matrix of powers, by Lagrange's polynomials. */
function invertedPowers(nodes: Float64Array): number[][] {
  const count = nodes.length;
  const rows = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < count; i++) {
    let product = [1];
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      const scale = 1 / (nodes[i] - nodes[j]);
      const next = new Array<number>(product.length + 1).fill(0);
      product.forEach((coefficient, k) => {
        next[k] -= coefficient * nodes[j] * scale;
        next[k + 1] += coefficient * scale;
      });
      product = next;
    }
    product.forEach((coefficient, k) => {
      rows[k][i] = coefficient;
    });
  }
  return rows;
}
