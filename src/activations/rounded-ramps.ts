import type { Tensor } from "../ir/tensor.js";
import { normalRamp } from "../ops/gates.js";
import { add, clip, div, greater, mul, neg, normalCdf, normalPdf, softplus, sqrt, square, sub, type TensorLike, where } from "../ops/index.js"; // biome-ignore format: one list
import { tailSigmoid } from "../ops/tail-sigmoid.js";
import { activation } from "./activation.js";
import { dipping, findDip } from "./dip.js";
import { line, pointwise, range } from "./facts.js";
import { inverse, rampSlope, roundedRamp } from "./ramp.js";
import { gatedBy, tanhBySech, withSlopeIn } from "./slope.js";

const positive: readonly [number, number] = [2 ** -10, 2 ** 10];

const rootOf = (b: TensorLike): TensorLike => (typeof b === "number" ? Math.sqrt(b) : sqrt(b));

/** ½(x + √(x² + b)): a softplus without exponentials. Height √b/2 at 0; b/(4|x|) on the left. */
export const squareplus = activation({
  name: "squareplus",
  title: "squareplus",
  tex: String.raw`\tfrac12\left(x + \sqrt{x^2 + b}\right)`,
  source: "Barron 2021, arXiv:2112.11687",
  strengths: "As smooth as a softplus, by a square root alone.",
  weaknesses: "Never 0, with a heavy left tail; written plainly it cancels to 0 there.",
  use: "Outputs that must be positive, where exponentials are dear.",
  frameworks: { keras: "squareplus", jax: "jax.nn.squareplus" },
  parameters: {
    b: { default: 4, range: [2 ** -20, 2 ** 20], doc: "square of the width; 4 has the curvature of a softplus at 0" },
  },
  apply: (x, { b }) => roundedRamp(x, { width: rootOf(b) }),
  facts: ({ b }) =>
    pointwise({
      range: range("(", 0, Infinity, ")"),
      left: line(0),
      right: line(1),
      lipschitz: 1,
      curvature: 1 / (2 * Math.sqrt(b)),
    }),
});

/** αx + ½((1 − α)x + √((1 − α)²x² + μ²)): a leaky relu whose kink is rounded over the width μ. */
export const smu1 = activation({
  name: "smu1",
  title: "SMU-1",
  tex: String.raw`\tfrac12\left((1 + \alpha)x + \sqrt{(1 - \alpha)^2 x^2 + \mu^2}\right)`,
  source: "Biswas, Kumar, Banerjee & Pandey, CVPR 2022, arXiv:2111.04682",
  strengths: "A smooth leaky relu by a square root alone.",
  weaknesses: "With the width of the paper, 4e-9, no different from a leaky relu.",
  use: "Where a leaky relu is to be smooth, with the width learned or annealed.",
  parameters: {
    alpha: { default: 0.25, range: [0, 0.99], doc: "slope for x < 0" },
    mu: { default: 1, range: positive, doc: "width of the rounding" },
  },
  apply: (x, { alpha, mu }) => add(mul(x, alpha), roundedRamp(mul(x, sub(1, alpha)), { width: mu })),
  facts: ({ alpha, mu }) =>
    pointwise({
      range: alpha === 0 ? range("(", 0, Infinity, ")") : range("(", -Infinity, Infinity, ")"),
      left: line(alpha),
      right: line(1),
      lipschitz: 1,
      curvature: (1 - alpha) ** 2 / (2 * mu),
    }),
});

/** αx + (1 − α)xΦ(√2 μ(1 − α)x): a smooth maximum of x and αx. GELU at α = 0 and μ = 1/√2. */
export const smu = activation({
  name: "smu",
  title: "SMU",
  tex: String.raw`\tfrac12\left((1 + \alpha)x + (1 - \alpha)x \operatorname{erf}(\mu(1 - \alpha)x)\right)`,
  source: "Biswas, Kumar, Banerjee & Pandey, CVPR 2022, arXiv:2111.04682",
  strengths: "A GELU with a leak, whose sharpness may be learned.",
  weaknesses:
    "With the sharpness of the authors' program, 1e6, no different from a leaky relu, and without a gradient by which to change.",
  use: "Where a leaky relu is to be smooth.",
  parameters: {
    alpha: { default: 0.25, range: [0, 0.99], doc: "slope for x < 0" },
    mu: { default: 1, range: positive, doc: "sharpness" },
  },
  apply: (x, { alpha, mu }) => {
    const scaled = mul(x, sub(1, alpha));
    return add(mul(x, alpha), normalGate(scaled, { sharpness: typeof mu === "number" ? mu * Math.SQRT2 : mul(mu, Math.SQRT2) }));
  },
  facts: ({ alpha, mu }) => {
    const steepest = alpha + (1 - alpha) * GELU.lipschitz;
    const curvature = (2 * mu * (1 - alpha) ** 2) / Math.sqrt(Math.PI);
    if (alpha === 0) {
      const unit = Math.SQRT2 * mu;
      return dipping({ at: GELU.at / unit, value: GELU.value / unit, lipschitz: steepest, curvature });
    }
    return pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      monotone: alpha + (1 - alpha) * (1 - GELU.lipschitz) >= 0 ? "increasing" : "neither",
      left: line(alpha),
      right: line(1),
      lipschitz: steepest,
      curvature,
    });
  },
});

// x is held in the density, since the largest numbers times the sharpness are ∞.
const normalGate = withSlopeIn<"sharpness">(
  (x, { sharpness }) => mul(x, normalCdf(mul(x, sharpness))),
  (x, { sharpness }) => {
    const held = mul(clip(x, -1e6, 1e6), sharpness);
    return add(normalCdf(mul(x, sharpness)), mul(held, normalPdf(held)));
  },
);
const GELU = { at: -0.7517915246935645, value: -0.16997120747990366, lipschitz: 1.1289041451851547 };

/** αx + (1 − α)(xΦ(x/ε) + εφ(x/ε)): a leaky relu convolved with a Gaussian of standard deviation ε. */
export const sau = activation({
  name: "sau",
  title: "SAU",
  tex: String.raw`\alpha x + (1 - \alpha)\left(x\,\Phi\!\left(\tfrac{x}{\varepsilon}\right) + \varepsilon\,\varphi\!\left(\tfrac{x}{\varepsilon}\right)\right)`,
  source: "Biswas, Kumar, Banerjee & Pandey, ECCV 2022, arXiv:2109.13210",
  strengths: "The exact mean of a leaky relu over Gaussian noise on its input: convex, monotone, and as smooth as can be.",
  weaknesses: "With the width of the paper, 5e-5, no different from a leaky relu.",
  use: "Where a leaky relu is to be smooth, with the width learned or annealed.",
  parameters: {
    alpha: { default: 0.15, range: [0, 0.99], doc: "slope for x < 0" },
    width: { default: 1, range: positive, doc: "standard deviation of the Gaussian, ε" },
  },
  apply: (x, { alpha, width }) => add(mul(x, alpha), mul(normalRamp(div(x, width)), mul(width, sub(1, alpha)))),
  facts: ({ alpha, width }) =>
    pointwise({
      range: alpha === 0 ? range("(", 0, Infinity, ")") : range("(", -Infinity, Infinity, ")"),
      left: line(alpha),
      right: line(1),
      lipschitz: 1,
      curvature: (1 - alpha) / (width * Math.sqrt(2 * Math.PI)),
    }),
});

const logisticGate = gatedBy<"sharpness">((x, { sharpness }) => tailSigmoid(mul(x, sharpness)));
const SILU = { lipschitz: 1.099839320128867 };

/** p₂x + (p₁ − p₂)x·σ(β(p₁ − p₂)x): the smooth maximum of p₁x and p₂x, weighted by softmax. */
const aconOf = (x: Tensor, p1: TensorLike, p2: TensorLike, beta: TensorLike): Tensor =>
  add(logisticGate(mul(x, sub(p1, p2)), { sharpness: beta }), mul(x, p2));

function aconFacts(p1: number, p2: number, beta: number) {
  const gap = p1 - p2;
  const least = p2 + gap * (1 - SILU.lipschitz);
  const most = p2 + gap * SILU.lipschitz;
  return pointwise({
    range: range("(", -Infinity, Infinity, ")"),
    monotone: Math.min(least, most) >= 0 ? "increasing" : "neither",
    left: line(gap * beta > 0 ? p2 : p1),
    right: line(gap * beta > 0 ? p1 : p2),
    lipschitz: Math.max(Math.abs(least), Math.abs(most)),
    curvature: (beta * gap ** 2) / 2,
  });
}

/** (1 − p₂)x·σ(β(1 − p₂)x) + p₂x: a smooth leaky relu. */
export const aconB = activation({
  name: "aconB",
  title: "ACON-B",
  tex: String.raw`(1 - p_2)x\,\sigma\left(\beta(1 - p_2)x\right) + p_2 x`,
  source: "Ma, Zhang, Liu & Sun, CVPR 2021, arXiv:2009.04759",
  strengths: "The smooth form of a PReLU, which may learn how sharp its bend is.",
  weaknesses: "Steeper than 1 on the right, and three passes more than a PReLU.",
  use: "Convolutional networks, with both numbers learned per channel.",
  parameters: {
    p2: { default: 0.25, range: [2 ** -10, 0.99], doc: "slope for x < 0" },
    beta: { default: 1, range: positive, doc: "sharpness" },
  },
  apply: (x, { p2, beta }) => aconOf(x, 1, p2, beta),
  facts: ({ p2, beta }) => aconFacts(1, p2, beta),
});

/** (p₁ − p₂)x·σ(β(p₁ − p₂)x) + p₂x: between the lines p₁x and p₂x, switching at a rate β. Linear at β = 0. */
export const aconC = activation({
  name: "aconC",
  aliases: ["acon"],
  title: "ACON-C",
  tex: String.raw`(p_1 - p_2)x\,\sigma\left(\beta(p_1 - p_2)x\right) + p_2 x`,
  source: "Ma, Zhang, Liu & Sun, CVPR 2021, arXiv:2009.04759",
  strengths: "Learns both slopes and whether to bend at all.",
  weaknesses: "Three numbers per channel, and three passes more than a PReLU.",
  use: "Convolutional networks, with all numbers learned per channel.",
  parameters: {
    p1: { default: 1, range: [1, 4], doc: "slope for x > 0" },
    p2: { default: 0.25, range: [2 ** -10, 0.99], doc: "slope for x < 0" },
    beta: { default: 1, range: positive, doc: "sharpness" },
  },
  apply: (x, { p1, p2, beta }) => aconOf(x, p1, p2, beta),
  facts: ({ p1, p2, beta }) => aconFacts(p1, p2, beta),
});

const asauGate = gatedBy<"w1" | "w2">((x, { w1, w2 }) => tanhBySech(mul(softplus(mul(x, w1)), w2)));

/** αx + (1 − α)x·tanh(w₂ log(1 + e^((1 − α)w₁x))): a leaky Mish whose gate is learned. */
export const asau = activation({
  name: "asau",
  title: "ASAU",
  tex: String.raw`\alpha x + (1 - \alpha)x \tanh\left(w_2 \log\left(1 + e^{(1 - \alpha) w_1 x}\right)\right)`,
  source: "Biswas, Jha, Tomar et al., MICCAI 2024, arXiv:2312.11480",
  strengths: "A Mish with a leak, whose gate may be learned.",
  weaknesses: "As dear as Mish, with three numbers more.",
  use: "Medical image classifiers, where it was tried.",
  parameters: {
    alpha: { default: 0.01, range: [2 ** -10, 0.99], doc: "slope far left" },
    w1: { default: 1, range: positive, doc: "sharpness of the softplus in the gate" },
    w2: { default: 1, range: positive, doc: "its height" },
  },
  apply: (x, { alpha, w1, w2 }) => add(mul(x, alpha), asauGate(mul(x, sub(1, alpha)), { w1, w2 })),
  facts: ({ alpha, w1, w2 }) => {
    const found = findDip((x) => add(mul(x, alpha), asauGate(mul(x, sub(1, alpha)), { w1, w2 })));
    return pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      monotone: found.falls ? "neither" : "increasing",
      left: line(alpha),
      right: line(1),
      lipschitz: found.lipschitz,
      curvature: found.curvature,
    });
  },
});

/** ½x(x + √(x² + a²)): a squared relu without its corner in the second derivative; −a²/4 on the left. */
export const smoothSquaredRelu = activation({
  name: "smoothSquaredRelu",
  title: "smooth squared ReLU",
  tex: String.raw`\tfrac12 x\left(x + \sqrt{x^2 + a^2}\right)`,
  source: "the nanochat language model, pull request 828, 2026",
  strengths: "A squared relu that passes gradient on the left.",
  weaknesses: "Grows as a square: large signals must be kept away.",
  use: "Feed-forward blocks of language models, in place of a squared relu.",
  parameters: { width: { default: 0.2, range: positive, doc: "width of the rounding, a" } },
  apply: withSlopeIn<"width">(
    (x, parameters) => mul(x, roundedRamp(x, parameters)),
    withSlopeIn<"width">(
      (x, parameters) => mul(mul(roundedRamp(x, parameters), rampSlope(x, parameters)), 2),
      (x, parameters) => {
        const share = mul(x, inverse(x, parameters.width));
        // As it is written, with half the roundings, but for the left, where that would cancel.
        const half = where(greater(x, neg(parameters.width)), add(mul(share, 0.5), 0.5), rampSlope(x, parameters));
        return mul(mul(square(half), 2), sub(2, share));
      },
    ),
  ),
  facts: ({ width }) =>
    pointwise({
      range: range("(", -(width ** 2) / 4, Infinity, ")"),
      left: line(0, -(width ** 2) / 4),
      right: { kind: "grows", like: "x²" },
      lipschitz: Infinity,
      curvature: 2,
    }),
});

/** Where Swim is smallest: u with u/√(1 + u²) = −1/φ, φ being the golden ratio, so that u = −1/√φ. */
const SWIM_AT = -Math.sqrt((Math.sqrt(5) - 1) / 2);

/** ½x(1 + kx/√(1 + k²x²)): a Swish whose gate has a square root in the place of the exponential. */
export const swim = activation({
  name: "swim",
  title: "Swim",
  tex: String.raw`\tfrac{x}{2}\left(1 + \frac{kx}{\sqrt{1 + k^2 x^2}}\right)`,
  source: "Abdool & Dear 2023, arXiv:2303.02640",
  strengths: "Close to Swish without an exponential, and with a gradient that dies out slowly on the left.",
  weaknesses: "Not monotone; comes back to 0 on the left only as 1/x.",
  use: "Control policies of reinforcement learning, for which it was made.",
  parameters: { k: { default: 0.5, range: [2 ** -10, 1], doc: "sharpness of the gate" } },
  apply: withSlopeIn<"k">(
    (x, { k }) => mul(x, rampSlope(mul(x, k), UNIT)),
    withSlopeIn<"k">(
      (x, { k }) => {
        const u = mul(x, k);
        const root = inverse(u, 1);
        return add(rampSlope(u, UNIT), mul(mul(mul(u, root), square(root)), 0.5));
      },
      (x, { k }) => {
        const u = mul(x, k);
        const root = inverse(u, 1);
        const bend = sub(square(root), mul(square(mul(u, root)), 0.5));
        return mul(mul(mul(square(root), root), bend), k);
      },
    ),
  ),
  facts: ({ k }) =>
    dipping({
      at: SWIM_AT / k,
      value: (SWIM_AT * (1 - SWIM_AT ** 2)) / (2 * k),
      // At kx = √2.
      lipschitz: 0.5 + 2 * Math.sqrt(2 / 27),
      curvature: k,
    }),
});
const UNIT = { width: 1 };
