import type { Tensor } from "../ir/tensor.js";
import { heldExp } from "../ops/gates.js";
import { add, clip, div, erf, exp, expm1, mul, neg, normalCdf, softplus, square, tanh } from "../ops/index.js";
import { log1pOfShare } from "../ops/softplus.js";
import { activation } from "./activation.js";
import { dipping, findDip } from "./dip.js";
import { line, pointwise, range } from "./facts.js";
import { gatedBy, tanhBySech, withSlope } from "./slope.js";

/** Products x·g(x) whose gate g is a saturating function of eˣ, of the softplus or of GELU. */

/** x·erf(log(1 + eˣ)). Dips to −0.35 at x = −1.19. */
export const serf = activation({
  name: "serf",
  title: "Serf",
  tex: String.raw`x \operatorname{erf}\left(\log\left(1 + e^x\right)\right)`,
  source: "Nag, Bhattacharyya & Mukherjee 2021, arXiv:2108.09598",
  strengths: "A Mish that reaches its line sooner, with a slightly deeper dip.",
  weaknesses: "Needs both a softplus and an error function.",
  use: "In place of Mish where its cost does not matter.",
  parameters: {},
  apply: (x) => gatedBy((y) => erf(softplus(clip(y, -1e6, 1e6))))(x, {}),
  facts: () =>
    dipping({ at: -1.193059968928188, value: -0.3484374587596064, lipschitz: 1.086125444150997, curvature: 0.7119447638104462 }),
});

/** tanh(eˣ) with the slope eˣ·4z/(1 + z)², z = e^(−2eˣ), where 1 − tanh² would cancel. */
const tanhExpGate = withSlope(
  (x) => tanh(heldExp(x)),
  (x) => {
    const u = heldExp(x);
    const z = exp(mul(u, -2));
    return mul(div(mul(z, 4), square(add(z, 1))), u);
  },
);

/** x·tanh(eˣ). Dips to −0.35 at x = −1.08 and is the line to rounding from x = 3 on. Proposed again in 2024 as TeLU. */
export const tanhExp = activation({
  name: "tanhExp",
  aliases: ["telu"],
  title: "TanhExp",
  tex: String.raw`x \tanh\left(e^x\right)`,
  source: "Liu & Di 2020, arXiv:2003.09855; as TeLU: Mercioni & Holban 2024, arXiv:2402.02790",
  strengths: "Cheaper than Mish and nearer to a relu where units are on.",
  weaknesses: "Written plainly, its derivative is not a number beyond x = 89.",
  use: "Lightweight image models, in place of Mish.",
  parameters: {},
  apply: (x) => gatedBy(tanhExpGate)(x, {}),
  facts: () =>
    dipping({ at: -1.078860058464624, value: -0.35328577784821125, lipschitz: 1.061975308717916, curvature: 0.9021623417007213 }),
});

const erfActOf = gatedBy<"alpha" | "beta">((x, { alpha, beta }) => erf(mul(heldExp(mul(x, beta)), alpha)));

/** x·erf(αe^(βx)). */
export const erfAct = activation({
  name: "erfAct",
  title: "ErfAct",
  tex: String.raw`x \operatorname{erf}\left(\alpha e^{\beta x}\right)`,
  source: "Biswas, Kumar, Banerjee & Pandey 2021, arXiv:2109.04386",
  strengths: "The place and sharpness of the gate may be learned apart.",
  weaknesses: "Not monotone, and an exponential and an error function dear.",
  use: "Image classifiers in which two numbers per layer are learned.",
  parameters: {
    alpha: { default: 0.75, range: [2 ** -10, 2 ** 10], doc: "where the gate opens" },
    beta: { default: 0.75, range: [2 ** -10, 2 ** 10], doc: "sharpness of the gate" },
  },
  apply: erfActOf,
  facts: ({ alpha, beta }) => dipping(findDip((x) => erfActOf(x, { alpha, beta }))),
});

// Held far right of where the gate is 1, since the largest numbers times γ and δ are ∞.
const pserfOf = gatedBy<"gamma" | "delta">((x, { gamma, delta }) => erf(mul(softplus(mul(clip(x, -1e6, 1e6), delta)), gamma)));

/** x·erf(γ·log(1 + e^(δx))): Serf at γ = δ = 1. */
export const pserf = activation({
  name: "pserf",
  title: "Pserf",
  tex: String.raw`x \operatorname{erf}\left(\gamma \log\left(1 + e^{\delta x}\right)\right)`,
  source: "Biswas, Kumar, Banerjee & Pandey 2021, arXiv:2109.04386",
  strengths: "A Serf whose gate is learned.",
  weaknesses: "Needs a softplus and an error function, and two numbers more.",
  use: "Image classifiers in which two numbers per layer are learned.",
  parameters: {
    gamma: { default: 1.25, range: [2 ** -10, 2 ** 10], doc: "height of the softplus in the gate" },
    delta: { default: 0.85, range: [2 ** -10, 2 ** 10], doc: "sharpness of the gate" },
  },
  apply: pserfOf,
  facts: ({ gamma, delta }) => dipping(findDip((x) => pserfOf(x, { gamma, delta }))),
});

/** x·tanh(GELU(x)): never below 0, and flat at 0, with a small hill on the left. */
export const phish = activation({
  name: "phish",
  title: "Phish",
  tex: String.raw`x \tanh\left(x\,\Phi(x)\right)`,
  source: "Naveen 2022, Phish: A Novel Hyper-Optimizable Activation Function",
  strengths: "Smooth and never negative.",
  weaknesses: "No slope at 0, and the same value for two inputs on the left.",
  use: "Experiments; nothing speaks for it that GELU does not have.",
  parameters: {},
  apply: (x) => {
    const inner = (y: Tensor): Tensor => gatedBy(normalCdf)(y, {});
    return gatedBy((y) => tanh(inner(y)), (y) => tanhBySech(inner(y)))(x, {}); // biome-ignore format: one line
  },
  facts: () =>
    pointwise({
      range: range("[", 0, Infinity, ")"),
      minimumAt: 0,
      monotone: "neither",
      left: line(0),
      right: line(1),
      lipschitz: 1.2983066733058115,
      curvature: 1.6307593337398185,
    }),
});

/** x·log(2 − e^(−eˣ)), with a gate that grows to log 2. */
export const gish = activation({
  name: "gish",
  title: "Gish",
  tex: String.raw`x \log\left(2 - e^{-e^x}\right)`,
  source: "Kaytan, Aydilek & Yeroğlu, Gish: a novel activation function for image classification, 2023",
  strengths: "Smooth and smaller than SiLU everywhere, which holds large signals back.",
  weaknesses: "Its slope of log 2 on the right shrinks signals from layer to layer unless weights make up for it.",
  use: "Image classifiers with normalisation.",
  parameters: {},
  apply: (x) => gatedBy((y) => log1pOfShare(neg(expm1(neg(heldExp(y))))))(x, {}),
  facts: () =>
    dipping({
      at: -1.282051049260126,
      value: -0.27815946089638693,
      lipschitz: 0.7527045710856695,
      curvature: 0.4655170997405842,
      slope: Math.LN2,
    }),
});

/** x·e^(−e^(−x)): x times the distribution function of Gumbel, which opens later and faster than a logistic one. */
export const golu = activation({
  name: "golu",
  title: "GoLU",
  tex: String.raw`x\, e^{-e^{-x}}`,
  source: "Das, Ram & Hutter 2025, arXiv:2502.03654",
  strengths: "Its gate, shut more tightly on the left, lowers the variance of what units hand on.",
  weaknesses: "Two exponentials, one of the other.",
  use: "In place of GELU and SiLU, in image and language models.",
  parameters: {},
  apply: (x) => gatedBy((y) => exp(neg(heldExp(neg(y)))))(x, {}),
  // The dip is at −W(1), and the curvature 2/e.
  facts: () =>
    dipping({ at: -0.5671432904097838, value: -0.09726013122763941, lipschitz: 1.1133972752756767, curvature: 2 / Math.E }),
});
