import type { Tensor } from "../../ir/tensor.js";
import { add, exp, lessEqual, mul, neg, reciprocal, sub, where } from "../../ops/index.js";
import { gaussLegendre } from "../quadrature/legendre.js";
import { kernel } from "./kernel.js";
import { tabulatedTail } from "./tabulated.js";
import { waveSum } from "./wave-sum.js";

/** ∫ e^(−1/(1 − u²)) du = e^(−1/2) (K₁(½) − K₀(½)). */
const AREA = 0.4439938161680794;

/** Where 1 − u² is less, the density is 0 in float64, and powers of 1/(1 − u²) in its derivatives stay far from overflow. */
const EDGE = 1 / 745;

const rule = gaussLegendre(24);

/** Nodes and weights of the rule on every panel between edges. */
function composed(edges: readonly number[]): readonly (readonly [place: number, weight: number])[] {
  return edges.slice(1).flatMap((to, p) => {
    const half = (to - edges[p]) / 2;
    return Array.from(rule.nodes, (node, i) => [edges[p] + half * (1 + node), half * rule.weights[i]] as const);
  });
}

/** From d to the edge, as shares of the way: ever finer where the density ends. */
const onward = composed([0, 0.5, 0.75, 0.875, 1]);
/** Over y, with e^(−y). */
const decay = composed([0, 0.5, 2, 5, 10, 20, 45]).map(([y, weight]) => [y, weight * Math.exp(-y)] as const);

/** xⁿ for n = 0 … 8, which is faster than what takes any exponent. */
function power(x: number, n: number): number {
  let result = 1;
  for (let i = 0; i < n; i++) result *= x;
  return result;
}

/**
 * Iₙ(−d) = ∫_d^1 (v − d)ⁿ φ(v) dv. Further out with y = 1/(1 − v²) − 1/s, s = 1 − d², by which nothing is lost however small it is:
 * φ(d) s^(2n+2) ∫ e^(−y) yⁿ / ((1 + sy)^(n+2) (v + d)ⁿ 2v) dy over y > 0, where v² = 1 − s/(1 + sy).
 */
function tailValue(order: number, d: number): number {
  const s = (1 - d) * (1 + d);
  if (!(s > 0)) return Number.isNaN(d) ? d : 0;
  let total = 0;
  if (d < 0.5) {
    for (const [share, weight] of onward) {
      const along = (1 - d) * share;
      const v = d + along;
      total += weight * power(along, order) * Math.exp(-1 / ((1 - v) * (1 + v)));
    }
    return ((1 - d) * total) / AREA;
  }
  for (const [y, weight] of decay) {
    const growth = 1 + s * y;
    // v² = 1 − s/(1 + sy), without the difference: (d² + sy) / (1 + sy).
    const v = Math.sqrt((d * d + s * y) / growth);
    total += (weight * power(y / (growth * (v + d)), order)) / (growth * growth * 2 * v);
  }
  return ((Math.exp(-1 / s) * power(s, 2 * order + 2)) / AREA) * total;
}

const tail = (order: number) =>
  tabulatedTail({ value: (d) => tailValue(order, d), radius: 1, scale: 1, positive: true, growth: null });

function density(u: Tensor): Tensor {
  const room = mul(sub(1, u), add(u, 1));
  const outside = lessEqual(room, EDGE);
  const held = where(outside, 1, room);
  return where(outside, 0, mul(exp(neg(reciprocal(held))), 1 / AREA));
}

/** Both halves of the density, as a rule for waves up to a frequency at which they have died out. */
const HIGHEST = 400;
const fine = gaussLegendre(256);
const places = fine.nodes.map((node) => (1 + node) / 2);
const weights = places.map((u, i) => (fine.weights[i] * Math.exp(-1 / ((1 - u) * (1 + u)))) / AREA);

/** φ(u) = e^(−1/(1 − u²)) / C: every derivative, and exact at a distance of 1 from every break. */
export const bump = kernel({
  name: "bump",
  aliases: ["mollifier"],
  title: "bump",
  tex: String.raw`e^{-1/(1-u^2)} / C,\ |u| < 1`,
  source: "Friedrichs 1944: the standard mollifier",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 0.3344539977099753,
  variance: 0.15811363626379824,
  fourthMoment: 0.052981818022077166,
  smoothness: Infinity,
  positive: true,
  characteristic: waveSum({ places, weights }, HIGHEST),
  density,
  tails: [tail(0), tail(1), tail(2), tail(3)],
});
