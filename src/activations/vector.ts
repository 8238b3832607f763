import { softmax as softmaxOf } from "../ops/index.js";
import { activation, plainNumber } from "./activation.js";
import { range } from "./facts.js";

/** eˣ / Σ eˣ over one axis: positive numbers that add up to 1. Its Jacobian is diag(p) − ppᵀ. */
export const softmax = activation({
  name: "softmax",
  title: "softmax",
  tex: String.raw`\frac{e^{x_i}}{\sum_j e^{x_j}}`,
  source: "Boltzmann 1868; in networks: Bridle, NIPS 1989",
  strengths: "Turns any row of numbers into a distribution, of which the differences of its inputs are the log odds.",
  weaknesses: "Overflows where it is computed as it is written, and its gradient dies out as one entry wins.",
  use: "The output of a choice among classes, and attention weights.",
  frameworks: { pytorch: "nn.Softmax(dim=-1)", keras: "softmax", jax: "jax.nn.softmax", onnx: "Softmax" },
  parameters: { axis: { default: -1, range: [-Infinity, Infinity], whole: true, doc: "the axis that is normalised" } },
  apply: (x, { axis }) => softmaxOf(x, plainNumber("softmax", axis)),
  facts: () => ({
    kind: "vector",
    range: range("(", 0, 1, ")"),
    // ½, attained in the direction (1, −1) at p = (½, ½): Gao & Pavel 2017, arXiv:1704.00805.
    lipschitz: 1 / 2,
    smoothness: "analytic",
    rowSum: 1,
    shiftInvariant: true,
  }),
});
