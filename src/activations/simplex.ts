import { customJvp } from "../diff/index.js";
import type { Tensor } from "../ir/tensor.js";
import { add, cast, clip, cumulativeSum, div, equal, greater, greaterEqual, iota, max, mul, power, relu, sort, sqrt, square, sub, sum, where } from "../ops/index.js"; // biome-ignore format: one list
import { activation, plainNumber } from "./activation.js";
import { along, axisParameter, onSimplex, ROW } from "./rows.js";

/**
 * p as a function of x with the Jacobian diag(g) − ggᵀ/Σg, where g is a function of p that is 0 outside the support: the form
 * that the Jacobians of softmax (g = p), sparsemax (1) and entmax (p^(2−α)) share.
 */
const projecting = (project: (x: Tensor) => Tensor, weigh: (p: Tensor) => Tensor): ((x: Tensor) => Tensor) => {
  const whole: (x: Tensor) => Tensor = customJvp(project, ([x], [tangent]) => {
    const g = weigh(whole(x));
    return mul(g, sub(tangent, div(sum(mul(g, tangent), ROW), sum(g, ROW))));
  });
  return whole;
};

/** A function of the positive entries, 0 for the others. */
function onSupport(x: Tensor, f: (positive: Tensor) => Tensor): Tensor {
  const positive = greater(x, 0);
  return where(positive, f(where(positive, x, 1)), 0);
}

/** Rows shifted so that the largest entry is 0: large numbers lose their common part before anything is added up. */
const shifted = (x: Tensor): Tensor => sub(x, max(x, ROW));

/** 1 … n along the last axis. */
const counts = (x: Tensor): Tensor => add(cast(iota(x.shape[x.rank - 1]), "float32"), 1);

/** The Euclidean projection on the simplex: max(x − τ, 0) with the τ for which that adds up to 1, found in the sorted row. */
function projectSparse(x: Tensor): Tensor {
  const z = shifted(x);
  const descending = sort(z, -1, { descending: true });
  const total = cumulativeSum(descending, -1);
  const inSupport = greater(add(mul(descending, counts(x)), 1), total);
  const size = sum(cast(inSupport, "float32"), ROW);
  const threshold = div(sub(sum(where(inSupport, descending, 0), ROW), 1), size);
  return relu(sub(z, threshold));
}

const sparse = projecting(projectSparse, (p) => cast(greater(p, 0), "float32"));

/** The nearest point of the simplex: zeros for entries that lie far below the largest. */
export const sparsemax = activation({
  name: "sparsemax",
  title: "sparsemax",
  tex: String.raw`\operatorname*{arg\,min}_{p \ge 0,\ \sum p_i = 1} \lVert p - x \rVert^2`,
  source: "Martins & Astudillo, ICML 2016, arXiv:1602.02068",
  strengths: "A distribution with exact zeros, by a sort.",
  weaknesses: "No gradient for what got 0, and slower than softmax.",
  use: "Attention that is to be read, and choices among few of many classes.",
  frameworks: { keras: "sparsemax" },
  parameters: axisParameter,
  apply: along("sparsemax", sparse),
  facts: () => onSimplex({}),
});

/** max(x/2 − τ, 0)² with the τ for which that adds up to 1: for the k largest entries a quadratic equation, for one k the true one. */
function projectHalfway(x: Tensor): Tensor {
  const z = mul(shifted(x), 0.5);
  const descending = sort(z, -1, { descending: true });
  const count = counts(x);
  // Entries more than 1 below the largest are never in the support; held there, their squares stay small.
  const held = clip(descending, -2, 0);
  const average = div(cumulativeSum(held, -1), count);
  const spread = sub(cumulativeSum(square(held), -1), mul(square(average), count));
  const threshold = sub(average, sqrt(relu(div(sub(1, spread), count))));
  const size = sum(cast(greaterEqual(held, threshold), "float32"), ROW);
  const chosen = sum(where(equal(count, size), threshold, 0), ROW);
  return square(relu(sub(z, chosen)));
}

const halfway = projecting(projectHalfway, (p) => onSupport(p, sqrt));

/** Half-way between softmax and sparsemax: zeros for entries far below the largest, and smooth where it leaves them. */
export const entmax15 = activation({
  name: "entmax15",
  title: "1.5-entmax",
  tex: String.raw`\left[\tfrac{x}{2} - \tau\right]_+^2,\quad \sum_i p_i = 1`,
  source: "Peters, Niculae & Martins, ACL 2019, arXiv:1905.05702",
  strengths: "A distribution with exact zeros whose Jacobian has no jumps.",
  weaknesses: "No gradient for what got 0, and slower than softmax.",
  use: "Attention, and outputs among many classes of which few are likely.",
  parameters: axisParameter,
  apply: along("entmax15", halfway),
  facts: () => onSimplex({ lipschitz: Math.SQRT1_2, smoothness: "C1" }),
});

const NEWTON_STEPS = 40;
/** Smoothness of u ↦ max(u, 0)^m at 0, for m of 1 to 4 and more. */
const LEVELS = ["C0", "C1", "C2", "C3"] as const;

/**
 * max((α − 1)x − τ, 0)^(1/(α−1)) with the τ for which that adds up to 1. Its sum is convex in τ and too large at the start:
 * Newton's method climbs to the root without passing it.
 */
function projectTsallis(x: Tensor, alpha: number): Tensor {
  const z = mul(shifted(x), alpha - 1);
  const exponent = 1 / (alpha - 1);
  const raised = (tau: Tensor, to: number): Tensor => onSupport(sub(z, tau), (above) => power(above, to));
  let tau: Tensor = sub(mul(max(z, ROW), 0), 1);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const slope = mul(sum(raised(tau, exponent - 1), ROW), exponent);
    tau = add(tau, div(sub(sum(raised(tau, exponent), ROW), 1), slope));
  }
  const p = raised(tau, exponent);
  return div(p, sum(p, ROW));
}

/** The family that leads from softmax (α → 1) through {@link entmax15} to sparsemax (α = 2). */
export const entmax = activation({
  name: "entmax",
  title: "α-entmax",
  tex: String.raw`\left[(\alpha - 1)x - \tau\right]_+^{1/(\alpha - 1)},\quad \sum_i p_i = 1`,
  source: "Peters, Niculae & Martins, ACL 2019, arXiv:1905.05702",
  strengths: "How sparse the distribution is may be chosen.",
  weaknesses: "Found by Newton's method, forty steps over the row.",
  use: "Where neither softmax nor sparsemax is sparse enough or smooth enough.",
  parameters: { ...axisParameter, alpha: { default: 1.5, range: [1.1, 2], doc: "1 is softmax, 2 sparsemax; a plain number" } },
  apply: (x, { axis, alpha }) => {
    const order = plainNumber("entmax", alpha);
    const weigh = (p: Tensor): Tensor => onSupport(p, (inside) => power(inside, 2 - order));
    return along(
      "entmax",
      projecting((row) => projectTsallis(row, order), weigh),
    )(x, { axis });
  },
  facts: ({ alpha }) =>
    onSimplex({ lipschitz: 2 ** (alpha - 2), smoothness: LEVELS[Math.min(3, Math.ceil(1 / (alpha - 1)) - 1)] }),
});
