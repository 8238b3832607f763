import { interpret } from "../../ir/interpret.js";
import type { Tensor } from "../../ir/tensor.js";
import { parameter } from "../../ops/create.js";
import { gaussLegendre, type Rule } from "../quadrature/legendre.js";

/** What quadrature has to know of a density. */
export interface Shape {
  density(u: Tensor): Tensor;
  /** The density dies out like e^(−decay·|u|): 0 when it does as a power, ∞ when faster. */
  readonly decay: number;
  /** The density is 0 for |u| > radius; ∞ for a density on the whole line. */
  readonly radius: number;
  /** Where it is not analytic inside, in ascending order. */
  readonly kinks?: readonly number[];
  /** On the whole line, the scale on which it bends around 0, which is the distance to its poles; default 1. */
  readonly spread?: number;
}

/** Beyond it e^(−x) is 0 in float64. */
const EXPONENT_REACH = 750;

/** The steepest that e^(−s·v) may be on the panel next to z, in nats. */
const FIRST_PANEL = 4;

const NODES = 20;

/**
 * ∫_z^∞ (z − u)ᵐ w(s(z − u)) φ(u) du with w = exp, or expm1: Gauss–Legendre on panels that double away from z and from where the
 * density bends. All terms have one sign, so that the sum is as right as they are.
 */
export function integrateTilted(shape: Shape, order: number, z: number, rate: number, excess: boolean): number {
  if (Math.abs(z) === Infinity) return limit(order, z, rate, excess);
  const panels = edgesOf(shape, z, rate, excess);
  const rule = gaussLegendre(NODES);
  const [points, weights] = spreadOut(rule, panels);
  const u = parameter([points.length], "float32");
  const [density] = interpret([shape.density(u)], new Map([[u, points.map((v) => z + v)]]));
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    const v = points[i];
    sum += weights[i] * v ** order * (excess ? Math.expm1(-rate * v) : Math.exp(-rate * v)) * density[i];
  }
  return order % 2 === 0 ? sum : -sum;
}

/** z at an end of the line: nothing is right of ∞, and left of everything the exponential has died out, or is 1, or has grown. */
export function limit(order: number, z: number, rate: number, excess: boolean): number {
  if (z > 0) return 0;
  const weight = (rate > 0 ? 0 : rate === 0 ? 1 : Infinity) - Number(excess);
  return weight === 0 ? 0 : weight * (order === 0 ? 1 : (-1) ** order * Infinity);
}

/** Where a density on the whole line is 0 in float64, or, when it dies out as a power, has nothing left of its mass. */
function farOf(decay: number): number {
  if (decay === 0) return 1e30;
  return decay === Infinity ? 40 : EXPONENT_REACH / decay;
}

/** Edges of panels as distances from z. */
function edgesOf(shape: Shape, z: number, rate: number, excess: boolean): number[] {
  const { decay, radius, kinks = [], spread = 1 } = shape;
  const exponential = Number.isFinite(decay) ? decay : 0;
  const low = Math.max(z, -radius);
  const growth = excess ? 0 : Math.max(rate - exponential, 0);
  const high = Math.min(radius === Infinity ? Math.max(z, 0) + farOf(decay) : radius, low + EXPONENT_REACH / growth);
  if (!(high > low)) return [];
  // How fast the density itself falls at z: the normal one like e^(−zv).
  const fall = decay === Infinity && radius === Infinity ? Math.max(z, 1) : 1 + exponential;
  const step = FIRST_PANEL / (fall + Math.abs(rate));
  const edges = [low, high, ...kinks];
  for (let reach = step; low + reach < high; reach = 2 * reach + step) edges.push(low + reach);
  if (rate < 0) for (let reach = step; high - reach > low; reach = 2 * reach + step) edges.push(high - reach);
  if (radius === Infinity) {
    edges.push(0);
    for (let reach = spread; reach < Math.max(high, -low); reach *= 2) edges.push(-reach, reach);
  }
  const inside = edges.filter((edge) => edge >= low && edge <= high).map((edge) => edge - z);
  return [...new Set(inside)].sort((a, b) => a - b);
}

/** The points and weights of a rule on every panel. */
function spreadOut({ nodes, weights }: Rule, edges: readonly number[]): [Float64Array, Float64Array] {
  const panels = edges.slice(1).map((to, i) => [edges[i], to]);
  const at = (pick: (from: number, half: number, k: number) => number): Float64Array =>
    Float64Array.from(panels.flatMap(([from, to]) => Array.from(nodes, (_, k) => pick(from, (to - from) / 2, k))));
  return [at((from, half, k) => from + half * (1 + nodes[k])), at((_, half, k) => half * weights[k])];
}
