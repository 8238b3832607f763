import type { Tensor } from "../../ir/tensor.js";
import { div, mul, normalCdf, product, reshape, sub, sum, tensor } from "../../ops/index.js";
import { smoothMaximum } from "./maximum.js";

/** Beyond these, in widths from the largest entry, the integrand is below 1e-17 for a million entries. */
const RANGE = [-9, 10.5] as const;

/** Steps per width. The trapezoidal rule converges so fast here that each leaves an error of 1e-13 widths or less up to its n. */
const RESOLUTIONS = [
  { count: 10, perWidth: 4 },
  { count: 100, perWidth: 6 },
  { count: 1000, perWidth: 8 },
  { count: 100_000, perWidth: 12 },
  { count: Number.POSITIVE_INFINITY, perWidth: 16 },
] as const;

/**
 * E max(xᵢ + τZᵢ) with independent standard normal Zᵢ, less the largest xᵢ:
 *
 *     τ ∫ Φ(z) − Π Φ(z − xᵢ/τ) dz        for xᵢ ≤ 0 of which one is 0
 *
 * One integral whatever n is. The integrand is analytic and dies out like a Gaussian, so equal steps are all it takes; its
 * slopes are sums of the same kind, the probabilities with which each entry is the largest.
 */
function expectedRise(rows: Tensor, width: Tensor): Tensor {
  const count = rows.shape[rows.rank - 1];
  const perWidth = RESOLUTIONS.find((resolution) => count <= resolution.count)?.perWidth as number;
  const steps = Math.round((RANGE[1] - RANGE[0]) * perWidth);
  const nodes = tensor(Float64Array.from({ length: steps + 1 }, (_, k) => RANGE[0] + k / perWidth));
  const scaled = reshape(div(rows, width), [...rows.shape.slice(0, -1), 1, count]);
  const below = product(normalCdf(sub(reshape(nodes, [steps + 1, 1]), scaled)), { axes: -1 });
  const rise = sum(sub(normalCdf(nodes), below), { axes: -1, keepAxes: true });
  return mul(mul(rise, 1 / perWidth), width);
}

/** E max(xᵢ + τZᵢ) with Gaussian noise: the convolution of the maximum with a Gaussian in n dimensions, without sampling. */
export const gaussianMaximum = smoothMaximum({
  name: "gaussianMaximum",
  title: "Gaussian-perturbed maximum",
  tex: String.raw`\mathbb{E} \max_i (x_i + \tau Z_i), \quad Z_i \sim \mathcal{N}(0, 1)`,
  source: "Clark, Operations Research 1961, for two entries; Berthet et al., arXiv:2002.08676",
  doc: "Its weights are the probabilities with which each entry is the largest under noise.",
  value: { kind: "rise", of: expectedRise },
  bounds: (count, width) => ({ below: 0, above: width * Math.sqrt(2 * Math.log(count)) }),
  facts: {
    convex: true,
    monotone: true,
    weightSum: 1,
    symmetric: true,
    associative: false,
    sparse: false,
    smoothness: "analytic",
  },
});
