import { entmax15, sparsemax } from "../../activations/index.js";
import { customJvp } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";
import { div, greater, mul, sqrt, square, sub, sum, where } from "../../ops/index.js";
import { type MaximumFacts, smoothMaximum } from "./maximum.js";
import { ROW } from "./rows.js";

interface Projection {
  /** The p of the simplex for which ⟨p, x⟩ − τ Ω(p) is largest. */
  readonly weights: (rows: Tensor, width: Tensor) => Tensor;
  /** Ω(p). */
  readonly penalty: (p: Tensor) => Tensor;
}

/**
 * max over the simplex of ⟨p, x⟩ − τ Ω(p). The p that attains it is its gradient, and −Ω(p) its slope in τ: how p itself
 * changes does not matter to first order.
 */
function attained({ weights, penalty }: Projection): (rows: Tensor, width: Tensor) => Tensor {
  return customJvp(
    (rows: Tensor, width: Tensor) => {
      const p = weights(rows, width);
      return sub(sum(mul(p, rows), ROW), mul(width, penalty(p)));
    },
    ([rows, width], [rowsTangent, widthTangent]) => {
      const p = weights(rows, width);
      return sub(sum(mul(p, rowsTangent), ROW), mul(widthTangent, penalty(p)));
    },
  );
}

const projectedFacts: MaximumFacts = {
  convex: true,
  monotone: true,
  weightSum: 1,
  symmetric: true,
  associative: false,
  sparse: true,
  smoothness: "C1",
};

const sparse: Projection = {
  weights: (rows, width) => sparsemax(div(rows, width)),
  penalty: (p) => mul(sum(square(p), ROW), 0.5),
};

/** max over the simplex of ⟨p, x⟩ − ½τ‖p‖², the Moreau envelope of the maximum. Its gradient is sparsemax(x/τ). */
export const moreau = smoothMaximum({
  name: "moreau",
  title: "Moreau maximum",
  tex: String.raw`\max_{p \ge 0,\ \sum p_i = 1} \langle p, x \rangle - \tfrac{\tau}{2} \lVert p \rVert^2`,
  source: "Moreau 1965; Nesterov 2005; Martins & Astudillo, arXiv:1602.02068",
  doc: "Quadratic among the largest entries, and without any part of entries far below them.",
  value: { kind: "rise", of: attained(sparse), weights: sparse.weights },
  bounds: (count, width) => ({ below: width / 2, above: -width / (2 * count) }),
  facts: projectedFacts,
});

/** x^1.5, with the slope 0 at 0. */
const sesqui = (x: Tensor): Tensor => mul(x, where(greater(x, 0), sqrt(where(greater(x, 0), x, 1)), 0));

const halfway: Projection = {
  weights: (rows, width) => entmax15(div(rows, width)),
  penalty: (p) => mul(sub(sum(sesqui(p), ROW), 1), 4 / 3),
};

/** max over the simplex of ⟨p, x⟩ + τ H(p) with the Tsallis entropy H = (4/3)(1 − Σ p^1.5). Its gradient is entmax15(x/τ). */
export const tsallis = smoothMaximum({
  name: "tsallis",
  title: "Tsallis maximum",
  tex: String.raw`\max_{p \ge 0,\ \sum p_i = 1} \langle p, x \rangle + \tfrac{4\tau}{3}\Bigl(1 - \sum_i p_i^{3/2}\Bigr)`,
  source: "Peters, Niculae & Martins, ACL 2019, arXiv:1905.05702",
  doc: "Between log-sum-exp and the Moreau maximum: sparse weights that change without jumps of their slope.",
  value: { kind: "rise", of: attained(halfway), weights: halfway.weights },
  bounds: (count, width) => ({ below: 0, above: (4 / 3) * width * (1 - 1 / Math.sqrt(count)) }),
  facts: { ...projectedFacts, smoothness: "C2" },
});
