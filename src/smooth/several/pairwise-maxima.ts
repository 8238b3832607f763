import type { Smoothness } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, concat, div, greater, mul, neg, normalCdf, sub, where } from "../../ops/index.js";
import type { Kernel } from "../kernels/kernel.js";
import { logistic } from "../kernels/logistic.js";
import { type SmoothMaximum, smoothMaximum } from "./maximum.js";
import { lastAxis } from "./rows.js";

/** Kernels whose fold does not depend on the order: b + τ log(1 + e^((a − b)/τ)) is the log-sum-exp of two. */
const ASSOCIATIVE: ReadonlySet<Kernel> = new Set([logistic]);

type OfPair = (a: Tensor, b: Tensor, width: Tensor) => Tensor;

/** Entries joined in pairs, the pairs in pairs, until one is left. An odd one waits for the next round. */
const folded =
  (join: OfPair) =>
  (rows: Tensor, width: Tensor): Tensor => {
    let left = rows;
    for (let count = rows.shape[rows.rank - 1]; count > 1; count = left.shape[left.rank - 1]) {
      const half = count >> 1;
      const joined = join(lastAxis(left, 0, half), lastAxis(left, half, 2 * half), width);
      left = count % 2 === 0 ? joined : concat([joined, lastAxis(left, count - 1, count)], -1);
    }
    return left;
  };

const rounds = (count: number): number => Math.ceil(Math.log2(count));
const SMOOTHNESS: readonly Smoothness[] = ["C0", "C1", "C2", "C3"];

/**
 * b + τ I₁((a − b)/τ): the ramp in max(a, b) = b + relu(a − b) convolved with a kernel, for more than two entries folded as a
 * balanced tree. The order of the entries matters for every kernel but the logistic, whose fold is log-sum-exp.
 *
 * A fault for a kernel without a mean, against which the ramp has no convolution, and for one that is no density.
 */
export function pairwiseMaximum(kernel: Kernel): SmoothMaximum {
  const { record, name, title, mean } = kernel;
  if (!(record.momentsBelow > 1)) {
    throw fault("pairwiseMaximum", `the ${title} kernel has no mean, so the smoothed ramp is infinite`, {
      expected: "a kernel with a finite first moment",
      got: name,
      fix: "take one with lighter tails, such as t3",
    });
  }
  if (!record.positive) {
    throw fault("pairwiseMaximum", `the ${title} kernel is no density with one peak, so a larger entry might make less`, {
      expected: "a density that is 0 or more and falls to both sides",
      got: name,
    });
  }
  const rampAtZero = (record.absoluteMoment - mean) / 2;
  const join: OfPair = (a, b, width) => {
    // The larger of the two and what smoothing adds to it. At a tie the left branch of the deviation counts, and so b does.
    const difference = sub(a, b);
    const larger = where(greater(difference, 0), mean === 0 ? a : sub(a, mul(width, mean)), b);
    return add(larger, mul(kernel.deviation(1, div(difference, width)), width));
  };
  return smoothMaximum({
    name: `${name}Maximum`,
    title: `pairwise ${title} maximum`,
    tex: String.raw`b + \tau I_1\bigl((a - b)/\tau\bigr), \quad I_1(z) = \int (z - u)_+ \varphi(u)\,du, \quad \varphi(u) = ${record.tex}`,
    source: "Chen & Mangasarian, Computational Optimization and Applications 1996",
    doc: "The exact convolution of the maximum of two; more are folded in pairs as a balanced tree.",
    value: { kind: "rise", of: folded(join) },
    bounds: (count, width) => ({
      below: rounds(count) * width * Math.max(mean, 0),
      above: rounds(count) * width * Math.max(rampAtZero, -mean),
    }),
    facts: {
      convex: true,
      monotone: true,
      weightSum: 1,
      symmetric: ASSOCIATIVE.has(kernel),
      associative: ASSOCIATIVE.has(kernel),
      sparse: Number.isFinite(record.radius),
      smoothness: record.smoothness === Infinity ? "smooth" : (SMOOTHNESS[record.smoothness + 2] ?? "C3"),
    },
  });
}

/** −min z·Φ(z), attained at z = −0.7518: by how much x·Φ(x) falls below the ramp. */
const GATE_DEPTH = 0.16997120747990369;

/**
 * b + (a − b)Φ((a − b)/τ), the ramp times the smoothed step instead of the smoothed ramp: SMU with μ = 1/(τ√2). Never above
 * the maximum, and neither convex nor monotone. More than two entries are folded as a balanced tree.
 */
export const smu = smoothMaximum({
  name: "smu",
  title: "SMU maximum",
  tex: String.raw`\tfrac12\bigl(a + b + (a - b)\operatorname{erf}\tfrac{a - b}{\tau\sqrt2}\bigr)`,
  source: "Biswas et al., CVPR 2022, arXiv:2111.04682",
  doc: "The gate GELU is to the ramp; SMU-1, with a square root, is the pairwise maximum of the algebraic kernel.",
  value: {
    kind: "rise",
    of: folded((a, b, width) => {
      const difference = sub(a, b);
      const part = (sign: (x: Tensor) => Tensor): Tensor => mul(difference, normalCdf(div(sign(difference), width)));
      // Both branches are the same function; each is written so that what is far below the other does not swallow it.
      return where(
        greater(difference, 0),
        sub(a, part(neg)),
        add(
          b,
          part((x) => x),
        ),
      );
    }),
  },
  bounds: (count, width) => ({ below: rounds(count) * width * GATE_DEPTH, above: 0 }),
  facts: {
    convex: false,
    monotone: false,
    weightSum: 1,
    symmetric: false,
    associative: false,
    sparse: false,
    smoothness: "analytic",
  },
});
