import type { Graph } from "../../ir/graph.js";
import type { Tensor } from "../../ir/tensor.js";
import { arsinh } from "../../ops/algebraic.js";
import { parameter } from "../../ops/create.js";
import { add, clip, div, exp, expm1, maximum, minimum, mul, neg, reciprocal, sub, type TensorLike } from "../../ops/index.js";
import { gaussLegendre } from "../quadrature/legendre.js";
import type { Shape } from "./tilted-numbers.js";

/** How much work is put into an integral. */
export interface Effort {
  /** Points on every panel. */
  readonly nodes: number;
  /** What is smaller than e^(−reach) of the largest is left out. */
  readonly reach: number;
  /** Further out every place is the same to it, and powers of it are finite. */
  readonly furthest: number;
}

/** Stands in for a rate of 0 as a divisor. */
const SLOWEST = 1e-9;

/** By how much further out a power of the distance makes the integrand count. */
const REACH_PER_ORDER = 4;

/** How steep the excess is on the panel next to z, as a share of the reach. */
const BOUNDARY_LAYER = 2 / 3;

/**
 * The integral of a tilted density from z on, of parameters z and s, by one Gauss–Legendre rule on each side of a kink: for
 * runtimes, which have no panels to choose. On the whole line u = spread · sinh y makes far and near points alike.
 */
export function tiltedGraph(shape: Shape, order: number, excess: boolean, effort: Effort): Graph {
  const [z, rate] = [parameter([], "float32"), parameter([], "float32")];
  const held = clip(z, -effort.furthest, effort.furthest);
  const { radius } = shape;
  // Where tails are powers, near and far are so different that each side has a rule of its own.
  const kinks = shape.kinks ?? (shape.decay === 0 ? [0] : []);
  const downwards = neg(rate);
  const { low, high } = bounds(shape, held, rate, excess, effort.reach + REACH_PER_ORDER * order);
  const end = Math.min(radius, effort.furthest);
  const stops = [-end, ...kinks, end];
  const spans = stops.slice(1).flatMap((to, i) => {
    const [start, stop] = [clip(low, stops[i], to), clip(high, stops[i], to)];
    if (!excess) return [[start, stop]];
    const between = minimum(stop, add(start, div(BOUNDARY_LAYER * effort.reach, maximum(rate, SLOWEST))));
    return [[start, between], [between, stop]]; // biome-ignore format: a pair of pairs
  });
  const nodes = Math.ceil(effort.nodes * shareOfNodes(shape)) + 2 * order;
  const terms = spans.flatMap(([from, to]) => {
    return pointsOf(shape, from, to, nodes).map(({ u, weight }) => {
      // Rounding can put u left of z; and where a span has no length, z may be right of it.
      const beyond = maximum(sub(u, held), 0);
      const exponent = mul(downwards, beyond);
      const tilt = excess ? expm1(exponent) : exp(exponent);
      const powers = Array.from({ length: order }, () => beyond);
      return [tilt, shape.density(u), ...powers, weight].reduce((product, factor) => mul(product, factor));
    });
  });
  return {
    parameters: [z, rate],
    outputs: [
      mul(
        terms.reduce((sum, term) => add(sum, term)),
        (-1) ** order,
      ),
    ],
  };
}

/** A support is resolved by fewer points than a line, and tails that are powers need more. */
const shareOfNodes = ({ decay, radius }: Shape): number => (radius < Infinity ? 0.5 : decay === 0 ? 1.5 : 1);

/** Between which points the integrand is not small beside its largest value. */
function bounds(
  { decay, radius }: Shape,
  z: Tensor,
  rate: Tensor,
  excess: boolean,
  reach: number,
): { low: Tensor; high: Tensor } {
  const within = (slope: TensorLike): Tensor => div(reach, maximum(slope, SLOWEST));
  if (radius < Infinity) {
    const low = maximum(z, -radius);
    return { low, high: excess ? add(mul(z, 0), radius) : add(low, within(rate)) };
  }
  if (decay === Infinity) {
    // The tilted normal density is that about −s.
    const width = Math.sqrt(2 * reach);
    const [left, right] = excess ? [0, minimum(rate, 0)] : [rate, rate];
    return { low: maximum(z, sub(-width, left)), high: add(maximum(z, neg(right)), width) };
  }
  const start = maximum(z, neg(within(excess ? decay : sub(decay, rate))));
  const end = add(maximum(z, 0), within(add(excess ? minimum(rate, 0) : rate, decay)));
  return { low: start, high: excess ? end : minimum(end, add(z, within(sub(rate, decay)))) };
}

/** Points of the rule between two numbers, with their weights. */
function pointsOf({ radius, spread = 1 }: Shape, from: Tensor, to: Tensor, count: number): { u: Tensor; weight: Tensor }[] {
  const { nodes, weights } = gaussLegendre(count);
  const map = radius === Infinity ? (x: Tensor): Tensor => arsinh(div(x, spread)) : (x: Tensor): Tensor => x;
  const [first, last] = [map(from), map(to)];
  const half = mul(sub(last, first), 0.5);
  const middle = mul(add(last, first), 0.5);
  return Array.from(nodes, (node, k) => {
    const y = add(middle, mul(half, node));
    const share = mul(half, weights[k]);
    if (radius < Infinity) return { u: y, weight: share };
    const growth = exp(y);
    const decline = reciprocal(growth);
    return { u: mul(sub(growth, decline), spread / 2), weight: mul(mul(add(growth, decline), spread / 2), share) };
  });
}
