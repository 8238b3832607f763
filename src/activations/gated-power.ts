import type { Tensor } from "../ir/tensor.js";
import { add, div, exp, log, mul, neg, sin, softplus, sub, tanh } from "../ops/index.js";
import { log1pOfShare } from "../ops/softplus.js";
import { sigmoidComplement, tailSigmoid, tailSigmoidSlope } from "../ops/tail-sigmoid.js";
import { activation } from "./activation.js";
import { dipping, findDip } from "./dip.js";
import { line, pointwise, range } from "./facts.js";
import { gatedBy, tanhBySech, withSlope } from "./slope.js";

/** αx·log(1 + σ(βx)), with slope α log 2 on the right. */
export const logish = activation({
  name: "logish",
  title: "Logish",
  tex: String.raw`\alpha x \log\left(1 + \sigma(\beta x)\right)`,
  source: "Zhu, Meng, Zhang & Xu, Logish: A new nonlinear nonmonotonic activation function, 2021",
  strengths: "Smooth, with gentle slopes everywhere.",
  weaknesses: "Its slope of log 2 on the right shrinks signals from layer to layer unless weights make up for it.",
  use: "Image classifiers with normalisation, or with an initialisation that knows its gain.",
  parameters: {
    alpha: { default: 1, range: [2 ** -10, Infinity], doc: "height" },
    beta: { default: 1, range: [2 ** -10, Infinity], doc: "sharpness of the gate" },
  },
  apply: (x, { alpha, beta }) => mul(gatedBy<"beta">((y, p) => log1pOfShare(tailSigmoid(mul(y, p.beta))))(x, { beta }), alpha),
  facts: ({ alpha, beta }) =>
    dipping({
      at: -1.3724541370256922 / beta,
      value: (-0.25276881678944035 * alpha) / beta,
      lipschitz: 0.7463111804127397 * alpha,
      curvature: 0.344392130352726 * alpha * beta,
      slope: alpha * Math.LN2,
    }),
});

/** n/(n + 2) with n = s(s + 2): tanh(log(1 + s)) without a logarithm. */
function tanhOfLog1p(s: Tensor): Tensor {
  const n = mul(s, add(s, 2));
  return div(n, add(n, 2));
}

/** αx·tanh(log(1 + σ(βx))), with slope 0.6α on the right. */
export const smish = activation({
  name: "smish",
  title: "Smish",
  tex: String.raw`\alpha x \tanh\left(\log\left(1 + \sigma(\beta x)\right)\right)`,
  source: "Wang, Ren & Wang, Smish: A Novel Activation Function for Deep Learning Methods, Electronics 11, 2022",
  strengths: "Smooth, and no dearer than SiLU but for a quotient.",
  weaknesses: "Its slope of 0.6 on the right shrinks signals from layer to layer unless weights make up for it.",
  use: "Image classifiers with normalisation, or with an initialisation that knows its gain.",
  parameters: {
    alpha: { default: 1, range: [2 ** -10, Infinity], doc: "height" },
    beta: { default: 1, range: [2 ** -10, Infinity], doc: "sharpness of the gate" },
  },
  apply: (x, { alpha, beta }) => mul(gatedBy<"beta">((y, p) => tanhOfLog1p(tailSigmoid(mul(y, p.beta))))(x, { beta }), alpha),
  facts: ({ alpha, beta }) =>
    dipping({
      at: -1.3945193019245041 / beta,
      value: (-0.24999366366012948 * alpha) / beta,
      lipschitz: 0.6368842228812263 * alpha,
      curvature: 0.3119666281058706 * alpha * beta,
      slope: 0.6 * alpha,
    }),
});

/** sin(½π·σ(x)), whose slope holds the cosine as the sine of what is missing to ½π. */
const sineGate = withSlope(
  (x) => sin(mul(tailSigmoid(x), Math.PI / 2)),
  (x) => mul(mul(sin(mul(sigmoidComplement(x), Math.PI / 2)), tailSigmoidSlope(x)), Math.PI / 2),
);

/** x·sin(½π·σ(x)). */
export const sinSig = activation({
  name: "sinSig",
  title: "SinSig",
  tex: String.raw`x \sin\left(\tfrac{\pi}{2} \sigma(x)\right)`,
  source: "Khagi & Kwon, A novel scaled-gamma-tanh activation function, 2022, and the authors' SinSig",
  strengths: "A deeper dip than SiLU at about its cost.",
  weaknesses: "Not monotone, and the sine adds a pass.",
  use: "Image classifiers, in place of SiLU or Mish.",
  parameters: {},
  apply: (x) => gatedBy(sineGate)(x, {}),
  facts: () =>
    dipping({ at: -1.316745525498137, value: -0.4291776320505466, lipschitz: 1.0588889474338754, curvature: 0.619459575706976 }),
});

/** x·σ(βx)^α = x·e^(−α log(1 + e^(−βx))). */
const ariaOf = gatedBy<"alpha" | "beta">((x, { alpha, beta }) => exp(neg(mul(softplus(neg(mul(x, beta))), alpha))));

/** x·(1 + e^(−βx))^(−α): a Swish whose gate is a power of the logistic function. */
export const aria2 = activation({
  name: "aria2",
  title: "ARiA2",
  tex: String.raw`x \left(1 + e^{-\beta x}\right)^{-\alpha}`,
  source: "Patwardhan, Ingalhalikar & Walambe 2018, arXiv:1805.08878",
  strengths: "Two numbers set where the gate opens and how sharply.",
  weaknesses: "A logarithm and two exponentials for each element.",
  use: "Where the shape of Swish is to be searched or learned.",
  parameters: {
    alpha: { default: 1.5, range: [2 ** -10, 2 ** 10], doc: "power of the gate" },
    beta: { default: 2, range: [2 ** -10, 2 ** 10], doc: "sharpness of the gate" },
  },
  apply: ariaOf,
  facts: ({ alpha, beta }) => dipping(findDip((x) => ariaOf(x, { alpha, beta }))),
});

/** The gate (1 + λe^(−κx))^(−1/λ) lies between the laws of Gumbel (λ → 0) and the logistic one (λ = 1). */
const agluOf = gatedBy<"kappa" | "lambda">((x, { kappa, lambda }) => {
  const shift = typeof lambda === "number" ? Math.log(lambda) : log(lambda);
  return exp(neg(div(softplus(sub(shift, mul(x, kappa))), lambda)));
});

/** x·(1 + λe^(−κx))^(−1/λ): SiLU at κ = λ = 1, GoLU as λ goes to 0. */
export const aglu = activation({
  name: "aglu",
  title: "AGLU",
  tex: String.raw`x \left(1 + \lambda e^{-\kappa x}\right)^{-1/\lambda}`,
  source: "Alexandridis, Deng, Nguyen & Luo 2024, arXiv:2407.08567",
  strengths: "Learns the law whose distribution function is the gate, for classes that are seldom.",
  weaknesses: "A logarithm and two exponentials for each element.",
  use: "Long-tailed image classification, with κ and λ learned per channel.",
  parameters: {
    kappa: { default: 1, range: [2 ** -10, 2 ** 10], doc: "sharpness of the gate" },
    lambda: { default: 1, range: [2 ** -10, 2 ** 10], doc: "skewness of the gate" },
  },
  apply: agluOf,
  facts: ({ kappa, lambda }) => dipping(findDip((x) => agluOf(x, { kappa, lambda }))),
});

/** x·tanh x: an even function, |x| far from 0 and x² near it. */
export const lisht = activation({
  name: "lisht",
  title: "LiSHT",
  tex: String.raw`x \tanh x`,
  source: "Roy, Manna, Dubey & Chaudhuri 2019, arXiv:1901.05894",
  strengths: "Smooth, and lets large inputs of both signs through.",
  weaknesses: "Forgets the sign of its input, and is flat at 0.",
  use: "Experiments with even activations.",
  parameters: {},
  apply: (x) => gatedBy(tanh, tanhBySech)(x, {}),
  facts: () =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      monotone: "neither",
      parity: "even",
      left: line(-1),
      right: line(1),
      // At x·tanh x = 1, and at 0.
      lipschitz: 1.1996786402577337,
      curvature: 2,
    }),
});
