import { arsinh as arsinhOf, elliottSigmoid, hypotShare, softsignRatio, symmetricLog } from "../ops/algebraic.js";
import { atan, div, mul, sqrt, type TensorLike } from "../ops/index.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** x / (1 + |x|), from −1 to 1; a tanh that needs no exponential and approaches its ends like 1/x. */
export const softsign = activation({
  name: "softsign",
  title: "softsign",
  tex: String.raw`\frac{x}{1 + |x|}`,
  source: "Bergstra, Desjardins, Lamblin & Bengio 2009, University of Montréal TR 1337",
  strengths: "Saturates so slowly that far units still learn, without an exponential.",
  weaknesses: "Its curvature jumps at 0, where it is steepest.",
  use: "In the place of tanh, where units get stuck at their ends.",
  frameworks: { pytorch: "nn.Softsign", keras: "softsign", jax: "jax.nn.soft_sign", onnx: "Softsign" },
  parameters: {},
  apply: softsignRatio,
  facts: () =>
    pointwise({
      range: range("(", -1, 1, ")"),
      parity: "odd",
      left: line(0, -1),
      right: line(0, 1),
      kinks: [kink(0, 2)],
      lipschitz: 1,
      curvature: 2,
    }),
});

/** ½ + ½ x/(1 + |x|): the logistic function of the softsign, from 0 to 1. */
export const elliott = activation({
  name: "elliott",
  title: "Elliott",
  tex: String.raw`\tfrac12 + \tfrac12 \frac{x}{1 + |x|}`,
  source: "Elliott 1993, University of Maryland TR 93-8",
  strengths: "A sigmoid of one division.",
  weaknesses: "Comes near 0 and 1 only like 1/x, so that it is no sharp probability.",
  use: "Gates on hardware without an exponential.",
  parameters: {},
  apply: elliottSigmoid,
  facts: () =>
    pointwise({
      range: range("(", 0, 1, ")"),
      left: line(0, 0),
      right: line(0, 1),
      kinks: [kink(0, 2)],
      lipschitz: 1 / 2,
      curvature: 1,
    }),
});

/** x / √(1 + αx²), from −1/√α to 1/√α. */
export const isru = activation({
  name: "isru",
  title: "ISRU",
  tex: String.raw`\frac{x}{\sqrt{1 + \alpha x^2}}`,
  source: "Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967",
  strengths: "Analytic and close to tanh, from one inverse square root.",
  weaknesses: "Saturates on both sides, though more slowly than tanh.",
  use: "Recurrent networks where an inverse square root is cheaper than an exponential.",
  parameters: { alpha: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "the asymptotes are ±1/√α" } },
  apply: (x, { alpha }) => {
    const width: TensorLike = typeof alpha === "number" ? Math.sqrt(alpha) : sqrt(alpha);
    return alpha === 1 ? hypotShare(x) : div(hypotShare(mul(x, width)), width);
  },
  facts: ({ alpha }) =>
    pointwise({
      range: range("(", -1 / Math.sqrt(alpha), 1 / Math.sqrt(alpha), ")"),
      parity: "odd",
      left: line(0, -1 / Math.sqrt(alpha)),
      right: line(0, 1 / Math.sqrt(alpha)),
      lipschitz: 1,
      // 3u(1 + u²)^(−5/2) is largest at u = ½.
      curvature: Math.sqrt(alpha) * 1.5 * 1.25 ** -2.5,
    }),
});

/** arctan x, from −π/2 to π/2. */
export const arctan = activation({
  name: "arctan",
  aliases: ["atan"],
  title: "arctan",
  tex: String.raw`\arctan x`,
  source: "the inverse tangent; in networks: Liew, Khalil-Hani & Bakhteri, Neurocomputing 216, 2016",
  strengths: "Its slope dies out like 1/x² rather than exponentially.",
  weaknesses: "Saturates on both sides, at a height that is not 1.",
  use: "In the place of tanh, and as the surrogate of a step in spiking networks.",
  frameworks: { pytorch: "torch.atan", jax: "jax.numpy.arctan", keras: "ops.arctan", onnx: "Atan" },
  parameters: {},
  apply: atan,
  facts: () =>
    pointwise({
      range: range("(", -Math.PI / 2, Math.PI / 2, ")"),
      parity: "odd",
      left: line(0, -Math.PI / 2),
      right: line(0, Math.PI / 2),
      lipschitz: 1,
      // 2x/(1 + x²)² is largest at x = 1/√3.
      curvature: (3 * Math.sqrt(3)) / 8,
    }),
});

/** arsinh x = log(x + √(1 + x²)): linear near 0, logarithmic far out, unbounded. */
export const arsinh = activation({
  name: "arsinh",
  aliases: ["asinh", "inverse hyperbolic sine"],
  title: "arsinh",
  tex: String.raw`\log\left(x + \sqrt{1 + x^2}\right)`,
  source: "the inverse hyperbolic sine; for signals of both signs and many sizes: Burbidge, Magee & Robb, JASA 83, 1988",
  strengths: "Tames outliers without ever saturating.",
  weaknesses: "Unbounded, while its slope still dies out like 1/x.",
  use: "Inputs and regression targets of both signs that span many orders of magnitude.",
  frameworks: { pytorch: "torch.asinh", jax: "jax.numpy.arcsinh", keras: "ops.arcsinh", onnx: "Asinh" },
  parameters: {},
  apply: arsinhOf,
  facts: () =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      left: { kind: "sublinear", like: "−log 2|x|" },
      right: { kind: "sublinear", like: "log 2x" },
      lipschitz: 1,
      // x(1 + x²)^(−3/2) is largest at x = 1/√2.
      curvature: 2 / (3 * Math.sqrt(3)),
    }),
});

/** sign(x) log(1 + |x|): linear near 0, logarithmic far out. */
export const symlog = activation({
  name: "symlog",
  title: "symlog",
  tex: String.raw`\operatorname{sign}(x) \log(1 + |x|)`,
  source: "Webber 2012; in networks: Hafner, Pasukonis, Ba & Lillicrap 2023, arXiv:2301.04104",
  strengths: "Compresses rewards and values of any size, with an inverse in closed form.",
  weaknesses: "Its curvature jumps at 0.",
  use: "Targets whose size is not known beforehand, as in reinforcement learning.",
  parameters: {},
  apply: symmetricLog,
  facts: () =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      left: { kind: "sublinear", like: "−log|x|" },
      right: { kind: "sublinear", like: "log x" },
      kinks: [kink(0, 2)],
      lipschitz: 1,
      curvature: 1,
    }),
});
