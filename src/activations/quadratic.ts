import { add, div, mul, pow, relu } from "../ops/index.js";
import { hardMishGate, hardSwishGate, sparsePlusRamp, squaredRelu as squaredReluOf } from "../ops/rectified.js";
import { activation, plainNumber } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** max(x, 0)². */
export const squaredRelu = activation({
  name: "squaredRelu",
  aliases: ["relu2"],
  title: "squared ReLU",
  tex: String.raw`\max(x, 0)^2`,
  source: "So, Mańke, Liu, Dai, Shazeer & Le 2021, arXiv:2109.08668",
  strengths: "Sparse like a relu, smooth at 0, and better than GELU in many language models.",
  weaknesses: "Grows like a square, so that large inputs explode.",
  use: "Feed-forward blocks of transformers that are normalised.",
  parameters: {},
  apply: squaredReluOf,
  facts: () =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      left: line(0),
      right: { kind: "grows", like: "x²" },
      kinks: [kink(0, 2)],
      lipschitz: Infinity,
      curvature: 2,
    }),
});

/** s·max(x, 0)² + b, by default with mean 0 and variance 1 for normal inputs. */
export const starRelu = activation({
  name: "starRelu",
  title: "StarReLU",
  tex: String.raw`s \max(x, 0)^2 + b`,
  source: "Yu, Si, Zhou, Luo, Zhou, Feng, Yan & Wang 2022, arXiv:2210.13452",
  strengths: "Mean 0 and variance 1 for normal inputs, at the cost of a square.",
  weaknesses: "Grows like a square, so that large inputs explode.",
  use: "Vision transformers of the MetaFormer family.",
  parameters: {
    scale: { default: 2 / Math.sqrt(5), range: [Number.MIN_VALUE, Infinity], doc: "factor, learned" },
    bias: { default: -1 / Math.sqrt(5), range: [-Infinity, Infinity], doc: "shift, learned" },
  },
  apply: (x, { scale, bias }) => add(mul(squaredReluOf(x), scale), bias),
  facts: ({ scale, bias }) =>
    pointwise({
      range: range("[", bias, Infinity, ")"),
      minimumAt: 0,
      zeroCentred: Math.abs(scale / 2 + bias) < 1e-15,
      left: line(0, bias),
      right: { kind: "grows", like: "s x²" },
      kinks: [kink(0, 2)],
      lipschitz: Infinity,
      curvature: 2 * scale,
    }),
});

/** max(x, 0)ᵖ: smoother at 0 the higher the power. */
export const repu = activation({
  name: "repu",
  title: "RePU",
  tex: String.raw`\max(x, 0)^p`,
  source: "Li, Tang & Yu 2019, arXiv:1903.05858",
  strengths: "Splines of any degree as networks, with p − 1 continuous derivatives.",
  weaknesses: "Values and gradients of deep networks explode.",
  use: "Shallow networks that approximate smooth functions or solve differential equations.",
  parameters: { power: { default: 3, range: [1, 8], whole: true, doc: "whole power, p" } },
  apply: (x, { power }) => pow(relu(x), plainNumber("repu", power)),
  facts: ({ power }) =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      left: line(0),
      right: power === 1 ? line(1) : { kind: "grows", like: "xᵖ" },
      kinks: power <= 3 ? [kink(0, power as 1 | 2 | 3)] : [],
      smoothness: power === 1 ? "C0" : power === 2 ? "C1" : power === 3 ? "C2" : "C3",
      lipschitz: power === 1 ? 1 : Infinity,
      curvature: power === 1 ? 0 : power === 2 ? 2 : Infinity,
    }),
});

/** 0, then (x + 1)²/4 from −1 to 1, then x: a relu whose corner is a parabola. */
export const sparsePlus = activation({
  name: "sparsePlus",
  title: "sparse plus",
  tex: String.raw`\begin{cases} 0 & x \le -1 \\ \tfrac14 (x + 1)^2 & -1 < x < 1 \\ x & x \ge 1 \end{cases}`,
  source: "Martins & Astudillo 2016, arXiv:1602.02068; JAX",
  strengths: "As smooth as a softplus in its slope, yet exactly 0 and x outside.",
  weaknesses: "Units can die left of −1.",
  use: "Positive outputs that may be 0.",
  frameworks: { keras: "sparse_plus", jax: "jax.nn.sparse_plus" },
  parameters: {},
  apply: sparsePlusRamp,
  facts: () =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: -1,
      left: line(0),
      right: line(1),
      kinks: [kink(-1, 2), kink(1, 2)],
      lipschitz: 1,
      curvature: 1 / 2,
    }),
});

/** A relu whose corner is a parabola from −β to β. */
export const smelu = activation({
  name: "smelu",
  title: "SmeLU",
  tex: String.raw`\begin{cases} 0 & x \le -\beta \\ \frac{(x + \beta)^2}{4 \beta} & |x| < \beta \\ x & x \ge \beta \end{cases}`,
  source: "Shamir & Lin 2022, arXiv:2202.06499",
  strengths: "Models trained twice agree better than with a relu, at nearly its cost.",
  weaknesses: "The width of the corner is one more number to choose.",
  use: "Recommendation models whose predictions should be reproducible.",
  parameters: { beta: { default: 2, range: [Number.MIN_VALUE, Infinity], doc: "half the width of the corner" } },
  apply: (x, { beta }) => mul(sparsePlusRamp(div(x, beta)), beta),
  facts: ({ beta }) =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: -beta,
      left: line(0),
      right: line(1),
      kinks: [kink(-beta, 2), kink(beta, 2)],
      lipschitz: 1,
      curvature: 1 / (2 * beta),
    }),
});

/** x·min(max(x/6 + ½, 0), 1): Swish with a hard sigmoid. */
export const hardSwish = activation({
  name: "hardSwish",
  aliases: ["hard_silu"],
  title: "hard swish",
  tex: String.raw`x \min(\max(\tfrac16 x + \tfrac12, 0), 1)`,
  source: "Howard et al. 2019, arXiv:1905.02244",
  strengths: "Nearly Swish, without an exponential and ready for whole numbers.",
  weaknesses: "Passes no gradient left of −3, and its slope jumps at ±3.",
  use: "Small image networks such as MobileNetV3.",
  frameworks: { pytorch: "nn.Hardswish", keras: "hard_silu", jax: "jax.nn.hard_silu", onnx: "HardSwish", timm: "hard_swish" },
  parameters: {},
  apply: hardSwishGate,
  facts: () =>
    pointwise({
      range: range("[", -3 / 8, Infinity, ")"),
      minimumAt: -3 / 2,
      monotone: "neither",
      left: line(0),
      right: line(1),
      kinks: [kink(-3, 1), kink(3, 1)],
      lipschitz: 3 / 2,
      curvature: 1 / 3,
    }),
});

/** x·min(max(x/2 + 1, 0), 1): a cheap stand-in for Mish. */
export const hardMish = activation({
  name: "hardMish",
  title: "hard Mish",
  tex: String.raw`\tfrac12 x \min(\max(x + 2, 0), 2)`,
  source: "Wightman, timm: hard_mish; after an experiment by Misra",
  strengths: "Nearly Mish, without an exponential.",
  weaknesses: "Passes no gradient left of −2, where its slope jumps.",
  use: "Small image networks in the place of Mish.",
  frameworks: { timm: "hard_mish" },
  parameters: {},
  apply: hardMishGate,
  facts: () =>
    pointwise({
      range: range("[", -1 / 2, Infinity, ")"),
      minimumAt: -1,
      monotone: "neither",
      left: line(0),
      right: line(1),
      kinks: [kink(-2, 1), kink(0, 2)],
      smoothness: "C0",
      lipschitz: 1,
      curvature: 1,
    }),
});
