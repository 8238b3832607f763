import { abs, lessEqual, mul, sign, sub, where } from "../ops/index.js";
import { outside, softShrinkage, step } from "../ops/piecewise.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** x where |x| > λ, 0 elsewhere. */
export const hardShrink = activation({
  name: "hardShrink",
  title: "hard shrink",
  tex: String.raw`\begin{cases} x & |x| > \lambda \\ 0 & \text{else} \end{cases}`,
  source: "Donoho & Johnstone, Biometrika 81, 1994",
  strengths: "Removes small numbers and leaves large ones untouched.",
  weaknesses: "Jumps at ±λ.",
  use: "Denoising of wavelet coefficients, and sparse codes.",
  frameworks: { pytorch: "nn.Hardshrink", keras: "hard_shrink", onnx: "Shrink(bias=0)" },
  parameters: { lambda: { default: 0.5, range: [0, Infinity], doc: "threshold" } },
  apply: (x, { lambda }) => (typeof lambda === "number" ? mul(x, outside(x, lambda)) : where(lessEqual(abs(x), lambda), 0, x)),
  facts: ({ lambda }) =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      left: line(1),
      right: line(1),
      kinks: lambda === 0 ? [] : [kink(-lambda, 0), kink(lambda, 0)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** x drawn toward 0 by λ, and 0 within it: the proximal map of λ|x|. */
export const softShrink = activation({
  name: "softShrink",
  title: "soft shrink",
  tex: String.raw`\operatorname{sign}(x) \max(|x| - \lambda, 0)`,
  source: "Donoho, IEEE Transactions on Information Theory 41, 1995",
  strengths: "Removes small numbers without a jump; the step of the lasso.",
  weaknesses: "Makes large numbers smaller by λ too.",
  use: "Unrolled sparse coding, such as LISTA.",
  frameworks: { pytorch: "nn.Softshrink", keras: "soft_shrink", onnx: "Shrink(bias=0.5)" },
  parameters: { lambda: { default: 0.5, range: [0, Infinity], doc: "threshold" } },
  apply: (x, { lambda }) => {
    if (typeof lambda === "number") return softShrinkage(x, { radius: lambda });
    return where(lessEqual(abs(x), lambda), 0, sub(x, mul(sign(x), lambda)));
  },
  facts: ({ lambda }) =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      left: line(1, lambda),
      right: line(1, -lambda),
      kinks: lambda === 0 ? [] : [kink(-lambda, 1), kink(lambda, 1)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** x drawn toward 0 by a bias where |x| > λ, 0 elsewhere: hard and soft shrink in one. */
export const shrink = activation({
  name: "shrink",
  title: "shrink",
  tex: String.raw`\begin{cases} x - b \operatorname{sign}(x) & |x| > \lambda \\ 0 & \text{else} \end{cases}`,
  source: "ONNX operator Shrink, since opset 9",
  strengths: "Hard shrink at bias 0, soft shrink at bias λ, and all between.",
  weaknesses: "Jumps at ±λ unless the bias is λ.",
  use: "Models that are exchanged as ONNX.",
  frameworks: { onnx: { name: "Shrink", parameters: { bias: 0 } } },
  parameters: {
    lambda: { default: 0.5, range: [2 ** -10, Infinity], doc: "threshold" },
    bias: { default: 0.25, range: [0, 1], doc: "how far numbers beyond it are drawn toward 0" },
  },
  apply: (x, { lambda, bias }) => where(lessEqual(abs(x), lambda), 0, sub(x, mul(sign(x), bias))),
  facts: ({ lambda, bias }) =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      // A bias beyond the threshold sends small positive numbers below 0.
      monotone: bias > lambda ? "neither" : "increasing",
      left: line(1, bias),
      right: line(1, -bias),
      kinks: [kink(-lambda, bias === lambda ? 1 : 0), kink(lambda, bias === lambda ? 1 : 0)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** x where x > θ, a fixed value elsewhere. */
export const threshold = activation({
  name: "threshold",
  title: "threshold",
  tex: String.raw`\begin{cases} x & x > \theta \\ v & \text{else} \end{cases}`,
  source: "PyTorch nn.Threshold, without defaults there",
  strengths: "Cuts off what is too small to matter.",
  weaknesses: "Jumps at θ unless the value is θ, and passes no gradient below.",
  use: "Hand-made cut-offs.",
  frameworks: { pytorch: "nn.Threshold(0.5, 0)", keras: "threshold(threshold=0.5, default_value=0)" },
  parameters: {
    theta: { default: 0.5, range: [-Infinity, Infinity], doc: "threshold" },
    value: { default: 0, range: [-Infinity, Infinity], doc: "what stands for all below" },
  },
  apply: (x, { theta, value }) => where(lessEqual(x, theta), value, x),
  facts: ({ theta, value }) =>
    pointwise({
      range: value <= theta ? range("[", value, Infinity, ")") : range("(", theta, Infinity, ")"),
      minimumAt: value <= theta ? theta : null,
      monotone: value <= theta ? "increasing" : "neither",
      left: line(0, value),
      right: line(1),
      kinks: [kink(theta, value === theta ? 1 : 0)],
      lipschitz: 1,
      curvature: 0,
    }),
});

/** x where x > α, 0 elsewhere. */
export const thresholdedRelu = activation({
  name: "thresholdedRelu",
  aliases: ["trec"],
  title: "thresholded ReLU",
  tex: String.raw`\begin{cases} x & x > \alpha \\ 0 & \text{else} \end{cases}`,
  source: "Konda, Memisevic & Krueger 2014, arXiv:1402.3337",
  strengths: "Sparse codes without a bias that pulls them down.",
  weaknesses: "Jumps at α, and passes no gradient below.",
  use: "Autoencoders with sparse codes.",
  frameworks: { onnx: "ThresholdedRelu" },
  parameters: { alpha: { default: 1, range: [0, Infinity], doc: "threshold" } },
  apply: (x, { alpha }) =>
    typeof alpha === "number" ? mul(x, step(x, { at: alpha, below: 0, above: 1 })) : where(lessEqual(x, alpha), 0, x),
  facts: ({ alpha }) =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: alpha,
      left: line(0),
      right: line(1),
      kinks: [kink(alpha, alpha === 0 ? 1 : 0)],
      lipschitz: 1,
      curvature: 0,
    }),
});
