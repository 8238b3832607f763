import type { Tensor } from "../ir/tensor.js";
import { mish as mishOf } from "../ops/gates.js";
import { add, mul, type TensorLike, tanh } from "../ops/index.js";
import { siluSlope, tailSigmoid } from "../ops/tail-sigmoid.js";
import { activation } from "./activation.js";
import { dipping, findDip } from "./dip.js";
import { line, pointwise, range } from "./facts.js";
import { gatedBy } from "./slope.js";

/** The dip of x·σ(x), which all that is made of it has in other units. */
const SILU = { at: -1.2784645427610737, value: -0.2784645427610738, lipschitz: 1.099839320128867, curvature: 1 / 2 };

const swishOf = gatedBy<"beta">((x, { beta }) => tailSigmoid(mul(x, beta)));

/** x·σ(βx): SiLU at β = 1, half of x at β = 0, and a relu as β grows. */
export const swish = activation({
  name: "swish",
  aliases: ["aconA"],
  title: "Swish",
  tex: String.raw`x\,\sigma(\beta x)`,
  source: "Ramachandran, Zoph & Le 2017, arXiv:1710.05941",
  strengths: "One number moves it between a line and a relu, and training may choose it.",
  weaknesses: "Not monotone, and a learned sharpness costs a pass more than SiLU.",
  use: "Where the sharpness of SiLU is to be learned, per layer or per channel.",
  frameworks: { onnx: { name: "Swish", parameters: { beta: 1 } } },
  parameters: { beta: { default: 1, range: [2 ** -10, Infinity], doc: "sharpness of the gate" } },
  apply: swishOf,
  facts: ({ beta }) =>
    dipping({ at: SILU.at / beta, value: SILU.value / beta, lipschitz: SILU.lipschitz, curvature: SILU.curvature * beta }),
});

/** x·σ(1.702x): the logistic gate that is nearest to that of GELU, to 0.021. */
export const quickGelu = activation({
  name: "quickGelu",
  aliases: ["sigmoidGelu"],
  title: "quick GELU",
  tex: String.raw`x\,\sigma(1.702 x)`,
  source: "Hendrycks & Gimpel 2016, arXiv:1606.08415; in CLIP: Radford et al. 2021, arXiv:2103.00020",
  strengths: "Close to GELU at the price of one logistic function.",
  weaknesses: "Differs from GELU by up to 0.021, so that weights should be used with the form they were trained with.",
  use: "Models that were trained with it, such as CLIP.",
  frameworks: { timm: "quick_gelu" },
  parameters: {},
  apply: (x) => swishOf(x, { beta: QUICK }),
  facts: () => dipping({ ...SILU, at: SILU.at / QUICK, value: SILU.value / QUICK, curvature: QUICK / 2 }),
});

const QUICK = 1.702;

/** βx·σ(x): SiLU with another height. */
export const eSwish = activation({
  name: "eSwish",
  title: "E-swish",
  tex: String.raw`\beta x\,\sigma(x)`,
  source: "Alcaide 2018, arXiv:1801.07145",
  strengths: "A steeper SiLU, which passes more gradient in narrow networks.",
  weaknesses: "The factor could stand in the weights after it; above 2 it makes deep networks explode.",
  use: "Shallow convolutional networks, with β between 1 and 2.",
  parameters: { beta: { default: 1.375, range: [2 ** -10, Infinity], doc: "the slope on the right" } },
  apply: (x, { beta }) => mul(swishOf(x, { beta: 1 }), beta),
  facts: ({ beta }) =>
    dipping({
      at: SILU.at,
      value: SILU.value * beta,
      lipschitz: SILU.lipschitz * beta,
      curvature: SILU.curvature * beta,
      slope: beta,
    }),
});

/** x·tanh(log(1 + eˣ)), computed as x·n/(n + 2) with n = eˣ(eˣ + 2). Dips to −0.31 at x = −1.19. */
export const mish = activation({
  name: "mish",
  title: "Mish",
  tex: String.raw`x \tanh\left(\log\left(1 + e^x\right)\right)`,
  source: "Misra 2019, arXiv:1908.08681",
  strengths: "Smooth, with a deeper dip than SiLU and more gradient where units are off.",
  weaknesses: "Not monotone, and dearer than SiLU.",
  use: "Object detectors and image models that were made with it, such as YOLOv4.",
  frameworks: { pytorch: "nn.Mish", keras: "mish", jax: "jax.nn.mish", onnx: "Mish", timm: "mish" },
  parameters: {},
  apply: mishOf,
  facts: () =>
    dipping({
      at: -1.1924312145154952,
      value: -0.30884341301725043,
      lipschitz: 1.088498161251728,
      curvature: 0.6442046372369724,
    }),
});

/** The slope of SiLU, σ(x)(1 + x·σ(−x)), as an activation: a sigmoid that overshoots by a tenth on both sides. */
export const dSilu = activation({
  name: "dSilu",
  title: "dSiLU",
  tex: String.raw`\sigma(x)\left(1 + x\,\sigma(-x)\right)`,
  source: "Elfwing, Uchibe & Doya 2017, arXiv:1702.03118",
  strengths: "Steeper than the sigmoid, with a slope of ½ at 0.",
  weaknesses: "Saturates on both sides, and is neither monotone nor centred.",
  use: "Value networks of reinforcement learning, in place of a sigmoid.",
  parameters: {},
  apply: siluSlope,
  facts: () =>
    pointwise({
      range: range("[", 1 - SILU.lipschitz, SILU.lipschitz, "]"),
      minimumAt: -2.3993572805154675,
      monotone: "neither",
      left: line(0, 0),
      right: line(0, 1),
      lipschitz: 1 / 2,
      curvature: 0.3081815157964791,
    }),
});

/** x·σ(βx) + α·tanh x: a Swish that is bent up on the left. */
export const swishT = activation({
  name: "swishT",
  title: "SwishT",
  tex: String.raw`x\,\sigma(\beta x) + \alpha \tanh x`,
  source: "Seo, Wang & Kim 2024, arXiv:2407.01012",
  strengths: "A Swish with more slope at 0 and a mean nearer to it.",
  weaknesses: "Two functions for one, and −α instead of 0 on the left.",
  use: "Small image classifiers, as a variant of Swish.",
  parameters: {
    alpha: { default: 0.1, range: [0, 1], doc: "share of the tanh" },
    beta: { default: 1, range: [2 ** -10, Infinity], doc: "sharpness of the gate" },
  },
  apply: (x, { alpha, beta }) => add(swishOf(x, { beta }), mul(tanh(x), alpha)),
  facts: ({ alpha, beta }) => {
    const found = findDip((x) => add(swishOf(x, { beta }), mul(tanh(x), alpha)));
    const attained = found.value < -alpha;
    return {
      ...dipping(found),
      range: range(attained ? "[" : "(", attained ? found.value : -alpha, Infinity, ")"),
      minimumAt: attained ? found.at : null,
      monotone: attained ? "neither" : "increasing",
      left: line(0, -alpha),
      right: line(1, alpha),
    };
  },
});

/** (x + α)σ(x) − α/2, written x·σ(x) + ½α·tanh(x/2), where nothing cancels near 0: a SiLU with slope ½ + α/4 at 0. */
const boundedSilu = (x: Tensor, alpha: TensorLike): Tensor =>
  add(swishOf(x, { beta: 1 }), mul(tanh(mul(x, 0.5)), mul(alpha, 0.5)));

/** (x + α)σ(x) − α/2: the slope that a relu may be given in the backward pass so that no unit dies. */
export const bSilu = activation({
  name: "bSilu",
  title: "B-SiLU",
  tex: String.raw`(x + \alpha)\,\sigma(x) - \tfrac{\alpha}{2}`,
  source: "Horuz, Kasenbacher, Higuchi et al. 2025, arXiv:2505.22074",
  strengths:
    "Passes gradient where a relu passes none; made to stand in for the slope of a relu that is kept in the forward pass.",
  weaknesses: "Not monotone, and −α/2 instead of 0 on the left.",
  use: "The backward pass of a relu that loses units.",
  parameters: { alpha: { default: 1.67, range: [0, 16], doc: "how far left of 0 the gate is weighed" } },
  apply: (x, { alpha }) => boundedSilu(x, alpha),
  facts: ({ alpha }) => {
    const found = findDip((x) => boundedSilu(x, alpha));
    return { ...dipping(found), left: line(0, -alpha / 2), right: line(1, alpha / 2) };
  },
});
