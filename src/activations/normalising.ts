import { resolveAxis } from "../ops/define.js";
import { add, argmax, cast, div, equal, exp, iota, logSoftmax as logSoftmaxOf, max, maximum, mean, mul, neg, reciprocal, reshape, rsqrt, softmax as softmaxOf, square, stopGradient, sub, sum, variance, where } from "../ops/index.js"; // biome-ignore format: one list
import { activation, plainNumber } from "./activation.js";
import { range } from "./facts.js";
import { along, axisParameter, onSimplex, ROW } from "./rows.js";

/** log pᵢ = xᵢ − log Σ eˣ, without the underflow of the logarithm of a softmax. */
export const logSoftmax = activation({
  name: "logSoftmax",
  title: "log-softmax",
  tex: String.raw`x_i - \log \sum_j e^{x_j}`,
  source: "the logarithm of softmax",
  strengths: "Keeps the logarithm of a probability exact where the probability itself underflows.",
  weaknesses: "Stretches distances by up to √n for n entries.",
  use: "Before a loss that takes log-probabilities.",
  frameworks: { pytorch: "nn.LogSoftmax(dim=-1)", keras: "log_softmax", jax: "jax.nn.log_softmax", onnx: "LogSoftmax" },
  parameters: axisParameter,
  apply: (x, { axis }) => logSoftmaxOf(x, plainNumber("logSoftmax", axis)),
  // The Jacobian is I − 1pᵀ: of norm √n where one entry has all of p.
  facts: () => ({
    kind: "vector",
    range: range("(", -Infinity, 0, ")"),
    lipschitz: Infinity,
    smoothness: "analytic",
    rowSum: null,
    shiftInvariant: true,
  }),
});

/** Softmax of −x: most weight for the smallest entry. */
export const softmin = activation({
  name: "softmin",
  title: "softmin",
  tex: String.raw`\frac{e^{-x_i}}{\sum_j e^{-x_j}}`,
  source: "softmax of the negative",
  strengths: "Weights by nearness, where inputs are distances.",
  weaknesses: "Those of softmax.",
  use: "Attention over distances, and soft nearest neighbours.",
  frameworks: { pytorch: "nn.Softmin(dim=-1)" },
  parameters: axisParameter,
  apply: (x, { axis }) => softmaxOf(neg(x), plainNumber("softmin", axis)),
  facts: () => onSimplex({ range: range("(", 0, 1, ")"), lipschitz: 1 / 2, smoothness: "analytic" }),
});

/** 1 for the largest entry (the first of equals) and 0 for the others, with no gradient. */
export const hardmax = activation({
  name: "hardmax",
  title: "hardmax",
  tex: String.raw`[\,i = \operatorname{arg\,max}_j x_j\,]`,
  source: "the limit of softmax for large inputs",
  strengths: "The decision itself.",
  weaknesses: "No gradient anywhere.",
  use: "The choice of a trained model; in training only behind a straight-through estimator.",
  frameworks: { onnx: "Hardmax(axis=-1)" },
  parameters: axisParameter,
  apply: along("hardmax", (x) => {
    const best = argmax(x, -1);
    const at = iota(x.shape[x.rank - 1]);
    return cast(equal(reshape(best, [...best.shape, 1]), at), "float32");
  }),
  facts: () => onSimplex({ lipschitz: Infinity, smoothness: "discontinuous" }),
});

/** eˣ / (1 + Σ eˣ): a softmax that may choose nothing. */
export const softmaxOne = activation({
  name: "softmaxOne",
  aliases: ["quietSoftmax", "softmax1"],
  title: "softmax-one",
  tex: String.raw`\frac{e^{x_i}}{1 + \sum_j e^{x_j}}`,
  source: "Miller 2023, Attention Is Off By One; as a padded softmax in earlier attention libraries",
  strengths: "A head of attention may attend to nothing, instead of to whatever is least harmful.",
  weaknesses: "Its sum is not fixed.",
  use: "Attention weights.",
  parameters: axisParameter,
  apply: along("softmaxOne", (x) => {
    const largest = stopGradient(maximum(max(x, ROW), 0));
    const weights = exp(sub(x, largest));
    return div(weights, add(sum(weights, ROW), exp(neg(largest))));
  }),
  facts: () =>
    onSimplex({ range: range("(", 0, 1, ")"), lipschitz: 1 / 2, smoothness: "analytic", rowSum: null, shiftInvariant: false }),
});

/** Softmax of s·log n·x for rows of n entries, which does not flatten out as rows grow. */
export const scalableSoftmax = activation({
  name: "scalableSoftmax",
  aliases: ["ssmax"],
  title: "scalable softmax",
  tex: String.raw`\frac{n^{s x_i}}{\sum_j n^{s x_j}}`,
  source: "Nakanishi 2025, arXiv:2501.19399",
  strengths: "Attention over long rows stays as sharp as over short ones.",
  weaknesses: "A network trained without it has to be trained again.",
  use: "Attention over long contexts, with s learned per head from 0.43.",
  parameters: { ...axisParameter, s: { default: 0.43, range: [2 ** -10, 2 ** 10], doc: "factor on log n" } },
  apply: (x, { axis, s }) => {
    const at = resolveAxis("scalableSoftmax", plainNumber("scalableSoftmax", axis), x.rank);
    return softmaxOf(mul(mul(x, Math.log(Math.max(1, x.shape[at]))), s), at);
  },
  // ½ s log n, without bound as rows grow.
  facts: () => onSimplex({ range: range("(", 0, 1, ")"), lipschitz: Infinity, smoothness: "analytic" }),
});

/** x² / Σ x², and equal shares for a row of zeros. */
export const sphericalSoftmax = activation({
  name: "sphericalSoftmax",
  title: "spherical softmax",
  tex: String.raw`\frac{x_i^2}{\sum_j x_j^2}`,
  source: "de Brébisson & Vincent, ICLR 2016, arXiv:1511.05042",
  strengths: "No exponentials, and gradients by formulas that do not need all classes.",
  weaknesses: "Forgets signs, and jumps at 0.",
  use: "Outputs among very many classes.",
  parameters: axisParameter,
  apply: along("sphericalSoftmax", (x) => {
    const largest = stopGradient(max(maximum(x, neg(x)), ROW));
    const empty = equal(largest, 0);
    const squares = square(div(x, where(empty, 1, largest)));
    const total = sum(squares, ROW);
    return where(empty, 1 / x.shape[x.rank - 1], div(squares, where(empty, 1, total)));
  }),
  facts: () => onSimplex({ lipschitz: Infinity, smoothness: "discontinuous", shiftInvariant: false }),
});

/** t / Σ t with t = 1 + x + ½x², the Taylor polynomial of eˣ, which has no zeros: a softmax without exponentials. */
export const taylorSoftmax = activation({
  name: "taylorSoftmax",
  title: "Taylor softmax",
  tex: String.raw`\frac{1 + x_i + \frac12 x_i^2}{\sum_j \left(1 + x_j + \frac12 x_j^2\right)}`,
  source: "de Brébisson & Vincent, ICLR 2016, arXiv:1511.05042",
  strengths: "No exponentials, and gradients by formulas that do not need all classes; keeps signs for small inputs.",
  weaknesses: "Large negative inputs get as much as large positive ones: a choice has its least weight at −1.",
  use: "Outputs among very many classes.",
  parameters: axisParameter,
  apply: along("taylorSoftmax", (x) => {
    // t = ½ + ½(1 + x)², over the square of the largest: no square overflows.
    const scale = stopGradient(maximum(max(maximum(x, neg(x)), ROW), 1));
    const weights = add(square(add(div(x, scale), reciprocal(scale))), square(reciprocal(scale)));
    return div(weights, sum(weights, ROW));
  }),
  // Attained by two entries that are both 0.
  facts: () => onSimplex({ range: range("(", 0, 1, ")"), lipschitz: 1 / 2, smoothness: "analytic", shiftInvariant: false }),
});

const VARIANCE_FLOOR = 1e-5;

/** (x − mean)/√(variance + 10⁻⁵) over an axis: mean 0 and variance 1, without parameters. */
export const standardize = activation({
  name: "standardize",
  title: "standardize",
  tex: String.raw`\frac{x_i - \bar x}{\sqrt{\operatorname{var} x + 10^{-5}}}`,
  source: "Ba, Kiros & Hinton 2016, arXiv:1607.06450, without their gain and shift",
  strengths: "Keeps the size of signals whatever comes before it.",
  weaknesses: "Forgets mean and scale of a row.",
  use: "Where a layer norm without parameters is wanted.",
  frameworks: { jax: "jax.nn.standardize" },
  parameters: axisParameter,
  apply: along("standardize", (x) => {
    const centred = sub(x, mean(x, ROW));
    return mul(centred, rsqrt(add(variance(x, ROW), VARIANCE_FLOOR)));
  }),
  facts: () => ({
    kind: "vector",
    range: range("(", -Infinity, Infinity, ")"),
    lipschitz: 1 / Math.sqrt(VARIANCE_FLOOR),
    smoothness: "analytic",
    rowSum: 0,
    shiftInvariant: true,
  }),
});
