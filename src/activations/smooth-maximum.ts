import { div, mul, softplus as softplusOf } from "../ops/index.js";
import { activation } from "./activation.js";
import { line, range } from "./facts.js";

/** log(1 + e^(βx)) / β: a smooth relu whose slope is the sigmoid of βx. Its height at 0 is log 2 / β. */
export const softplus = activation({
  name: "softplus",
  title: "softplus",
  tex: String.raw`\tfrac{1}{\beta} \log\left(1 + e^{\beta x}\right)`,
  source: "Dugas, Bengio, Bélisle, Nadeau & Garcia, NIPS 2000",
  strengths: "Smooth, monotone and positive everywhere.",
  weaknesses: "Never 0, with a mean far from it, and slower than a relu.",
  use: "Outputs that must be positive, such as a variance.",
  frameworks: { pytorch: "nn.Softplus", keras: "softplus", jax: "jax.nn.softplus", onnx: "Softplus" },
  parameters: { beta: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "sharpness; relu as it grows" } },
  apply: (x, { beta }) => (beta === 1 ? softplusOf(x) : div(softplusOf(mul(x, beta)), beta)),
  facts: ({ beta }) => ({
    kind: "pointwise",
    range: range("(", 0, Infinity, ")"),
    minimumAt: null,
    monotone: "increasing",
    parity: "neither",
    zeroCentred: false,
    left: line(0),
    right: line(1),
    smoothness: "analytic",
    kinks: [],
    lipschitz: 1,
    curvature: beta / 4,
  }),
});
