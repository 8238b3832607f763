import { add, clip, mul, normalCdf, square } from "../ops/index.js";
import { silu as siluOf, tailSigmoid } from "../ops/tail-sigmoid.js";
import { activation } from "./activation.js";
import { line, range } from "./facts.js";

/** x·Φ(x), Φ the normal distribution function. Dips to −0.17 at x = −0.75, then dies out like the normal density. */
export const gelu = activation({
  name: "gelu",
  title: "GELU",
  tex: String.raw`x\,\Phi(x) = \tfrac{x}{2}\left(1 + \operatorname{erf}\tfrac{x}{\sqrt 2}\right)`,
  source: "Hendrycks & Gimpel 2016, arXiv:1606.08415",
  strengths: "Smooth, with the gradient of a relu where units are on and a little of it where they are off.",
  weaknesses: "Not monotone, and dearer than a relu.",
  use: "Transformers, and hidden layers in general.",
  frameworks: {
    pytorch: "nn.GELU(approximate='none')",
    keras: "activations.gelu",
    jax: "jax.nn.gelu(approximate=False)",
    onnx: "Gelu(approximate='none')",
    timm: "gelu",
  },
  parameters: {},
  apply: (x) => mul(x, normalCdf(x)),
  facts: () => ({
    kind: "pointwise",
    range: range("[", -0.16997120747990366, Infinity, ")"),
    minimumAt: -0.7517915246935645,
    monotone: "neither",
    parity: "neither",
    zeroCentred: false,
    left: line(0),
    right: line(1),
    smoothness: "analytic",
    kinks: [],
    // Φ(√2) + √2 φ(√2), and 2φ(0).
    lipschitz: 1.1289041451851856,
    curvature: 2 / Math.sqrt(2 * Math.PI),
  }),
});

/** Beyond it the gate is 0 or 1 even in float64, and x³ of the largest numbers would overflow. */
const GATE_REACH = 30;

/** x·σ(2√(2/π)(x + 0.044715x³)): GELU with the normal distribution function approximated, to 5e-4. */
export const geluTanh = activation({
  name: "geluTanh",
  aliases: ["gelu_new", "gelu_approximate"],
  title: "GELU (tanh)",
  tex: String.raw`\tfrac{x}{2}\left(1 + \tanh\left(\sqrt{2/\pi}\,(x + 0.044715 x^3)\right)\right)`,
  source: "Hendrycks & Gimpel 2016, arXiv:1606.08415",
  strengths: "As good as GELU in training, where an error function is slow or missing.",
  weaknesses: "Differs from GELU by up to 5e-4, so that weights should be used with the form they were trained with.",
  use: "Models that were trained with it, such as GPT-2.",
  frameworks: {
    pytorch: "nn.GELU(approximate='tanh')",
    keras: "ops.gelu",
    jax: "jax.nn.gelu",
    onnx: "Gelu(approximate='tanh')",
    timm: "gelu_tanh",
  },
  parameters: {},
  // ½(1 + tanh u) = σ(2u), which does not cancel to 0 on the left.
  apply: (x) => {
    const held = clip(x, -GATE_REACH, GATE_REACH);
    const cubic = mul(held, add(mul(square(held), 0.044715), 1));
    return mul(x, tailSigmoid(mul(cubic, 2 * Math.sqrt(2 / Math.PI))));
  },
  facts: () => ({
    kind: "pointwise",
    range: range("[", -0.17004075057125406, Infinity, ")"),
    minimumAt: -0.7524614220710162,
    monotone: "neither",
    parity: "neither",
    zeroCentred: false,
    left: line(0),
    right: line(1),
    smoothness: "analytic",
    kinks: [],
    lipschitz: 1.128993068658772,
    curvature: Math.sqrt(2 / Math.PI),
  }),
});

/** x·σ(x). Dips to −0.28 at x = −1.28. */
export const silu = activation({
  name: "silu",
  title: "SiLU",
  tex: String.raw`x\,\sigma(x) = \frac{x}{1 + e^{-x}}`,
  source: "Elfwing, Uchibe & Doya 2017, arXiv:1702.03118; Ramachandran, Zoph & Le 2017, arXiv:1710.05941",
  strengths: "Smooth and cheap, with a little gradient where units are off.",
  weaknesses: "Not monotone: two inputs give one output below 0.",
  use: "Convolutional networks, and the gate of feed-forward blocks in transformers.",
  frameworks: { pytorch: "nn.SiLU", keras: "silu", jax: "jax.nn.silu", onnx: "Swish", timm: "silu" },
  parameters: {},
  apply: siluOf,
  facts: () => ({
    kind: "pointwise",
    range: range("[", -0.2784645427610738, Infinity, ")"),
    minimumAt: -1.2784645427610737,
    monotone: "neither",
    parity: "neither",
    zeroCentred: false,
    left: line(0),
    right: line(1),
    smoothness: "analytic",
    kinks: [],
    lipschitz: 1.099839320128867,
    curvature: 1 / 2,
  }),
});
