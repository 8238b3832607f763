import type { Tensor } from "../ir/tensor.js";
import { cauchyCdf, cauchyGateSlope, heldExp, tanhShrink as tanhShrinkOf } from "../ops/gates.js";
import { hypot } from "../ops/hypot.js";
import { abs, add, clip, div, exp, expm1, greater, mul, neg, normalCdf, reciprocal, square, sub, type TensorLike, where } from "../ops/index.js"; // biome-ignore format: one list
import { silu as siluOp, tailSigmoid } from "../ops/tail-sigmoid.js";
import { activation } from "./activation.js";
import { dipping, findDip } from "./dip.js";
import { kink, line, type PointwiseFacts, pointwise, range } from "./facts.js";
import { gatedBy, withSlope } from "./slope.js";

/** ½e^(−|x|), the density of the law of Laplace. */
const laplacePdf = (x: Tensor): Tensor => mul(exp(neg(abs(x))), 0.5);

/** Its distribution function. */
const laplaceCdf = withSlope((x) => where(greater(x, 0), sub(1, laplacePdf(x)), laplacePdf(x)), laplacePdf);

/** x·F(x), F the distribution function of the law of Laplace. Dips to −1/(2e) at x = −1. */
export const lalu = activation({
  name: "lalu",
  title: "LaLU",
  tex: String.raw`x F(x),\quad F(x) = \begin{cases} 1 - \tfrac12 e^{-x} & x > 0 \\ \tfrac12 e^x & x \le 0 \end{cases}`,
  source: "Kunc & Kléma 2024, arXiv:2402.09092, a survey that lists it",
  strengths: "One exponential gives it and its derivative.",
  weaknesses: "Its third derivative jumps at 0.",
  use: "In place of GELU where exponentials are cheap and error functions are not.",
  parameters: {},
  apply: (x) => gatedBy(laplaceCdf)(x, {}),
  facts: () => ({
    ...dipping({ at: -1, value: -1 / (2 * Math.E), lipschitz: 1 + 1 / (2 * Math.E ** 2), curvature: 1 }),
    smoothness: "C2",
    kinks: [kink(0, 3)],
  }),
});

/** x·(½ + arctan(x)/π), with the slope that does not cancel on the left. */
const cauchyGate = withSlope((x) => mul(x, cauchyCdf(x)), cauchyGateSlope);

/** x·(½ + arctan(x)/π): x times the distribution function of the Cauchy law. Monotone; −1/π on the left. */
export const atlu = activation({
  name: "atlu",
  aliases: ["calu"],
  title: "ATLU",
  tex: String.raw`x \left(\tfrac12 + \tfrac1\pi \arctan x\right)`,
  source: "Huang 2024, arXiv:2405.20768",
  strengths: "Monotone and smooth, with a gradient that dies out only as |x|⁻³ on the left.",
  weaknesses: "Goes to −1/π, not to 0, and the arc tangent is slow.",
  use: "Transformers, as a rival of GELU.",
  parameters: {},
  apply: cauchyGate,
  facts: () =>
    pointwise({
      range: range("(", -1 / Math.PI, Infinity, ")"),
      left: line(0, -1 / Math.PI),
      right: line(1, -1 / Math.PI),
      lipschitz: 1,
      curvature: 2 / Math.PI,
    }),
});

/** (1 + 2α)·f(x) − αx: the gate of f, which runs from 0 to 1, made to run from −α to 1 + α. */
const expanded = (f: Tensor, x: Tensor, alpha: TensorLike): Tensor => sub(mul(f, add(mul(alpha, 2), 1)), mul(x, alpha));

/** Facts of an expanded gate whose value, slopes and curvature at α = 0 are given. */
function expandedFacts(alpha: number, f: (x: Tensor) => Tensor, plain: PointwiseFacts, steepest: number): PointwiseFacts {
  if (alpha === 0) return plain;
  const found = findDip((x) => expanded(f(x), x, alpha));
  const dips = alpha > 0;
  return pointwise({
    range: dips ? range("[", found.value, Infinity, ")") : range("(", -Infinity, Infinity, ")"),
    minimumAt: dips ? found.at : null,
    monotone: found.falls ? "neither" : "increasing",
    // At −½ nothing is left of the gate but ½.
    parity: alpha === -0.5 ? "odd" : "neither",
    left: line(-alpha, plain.left.kind === "line" ? (1 + 2 * alpha) * plain.left.intercept : 0),
    right: line(1 + alpha, plain.right.kind === "line" ? (1 + 2 * alpha) * plain.right.intercept : 0),
    lipschitz: (1 + 2 * alpha) * steepest - alpha,
    curvature: (1 + 2 * alpha) * plain.curvature,
  });
}

const expansion = {
  alpha: { default: 0, range: [-0.5, Infinity], doc: "by how much the gate leaves 0 … 1 on both sides" },
} as const;
const expansionSource = "Huang 2024, arXiv:2405.20768";

/** {@link atlu} with an expanded gate. */
export const xAtlu = activation({
  name: "xAtlu",
  title: "xATLU",
  tex: String.raw`x \left((1 + 2\alpha)\left(\tfrac12 + \tfrac1\pi \arctan x\right) - \alpha\right)`,
  source: expansionSource,
  strengths: "Learns how far the gate leaves 0 … 1, and so how much gradient passes where units are off.",
  weaknesses: "Grows again on the left for α > 0.",
  use: "Transformers, with α learned from 0.",
  parameters: expansion,
  apply: (x, { alpha }) => expanded(cauchyGate(x), x, alpha),
  facts: ({ alpha }) => expandedFacts(alpha, cauchyGate, atlu.record.facts({}) as PointwiseFacts, 1),
});

const geluOf = (x: Tensor): Tensor => gatedBy((y) => normalCdf(y))(x, {});
const siluOf = (x: Tensor): Tensor => siluOp(x);

/** GELU with an expanded gate. */
export const xGelu = activation({
  name: "xGelu",
  title: "xGELU",
  tex: String.raw`x \left((1 + 2\alpha) \Phi(x) - \alpha\right)`,
  source: expansionSource,
  strengths: "A GELU that learns how much gradient passes where units are off.",
  weaknesses: "Grows again on the left for α > 0.",
  use: "Transformers, with α learned from 0.",
  parameters: expansion,
  apply: (x, { alpha }) => expanded(geluOf(x), x, alpha),
  facts: ({ alpha }) => expandedFacts(alpha, geluOf, dipping(GELU), GELU.lipschitz),
});

const GELU = {
  at: -0.7517915246935645,
  value: -0.16997120747990366,
  lipschitz: 1.1289041451851547,
  curvature: 2 / Math.sqrt(2 * Math.PI),
};

/** SiLU with an expanded gate. */
export const xSilu = activation({
  name: "xSilu",
  title: "xSiLU",
  tex: String.raw`x \left((1 + 2\alpha) \sigma(x) - \alpha\right)`,
  source: expansionSource,
  strengths: "A SiLU that learns how much gradient passes where units are off.",
  weaknesses: "Grows again on the left for α > 0.",
  use: "Transformers, with α learned from 0.",
  parameters: expansion,
  apply: (x, { alpha }) => expanded(siluOf(x), x, alpha),
  facts: ({ alpha }) => expandedFacts(alpha, siluOf, dipping(SILU), SILU.lipschitz),
});

const SILU = { at: -1.2784645427610737, value: -0.2784645427610738, lipschitz: 1.099839320128867, curvature: 1 / 2 };

/** x − tanh x, which is x³/3 near 0. */
export const tanhShrink = activation({
  name: "tanhShrink",
  title: "tanh-shrink",
  tex: String.raw`x - \tanh x`,
  source: "Torch 7; the residue of a tanh",
  strengths: "Shrinks small numbers to almost nothing and leaves large ones a line.",
  weaknesses: "No slope at 0, where a plain subtraction also loses all its digits.",
  use: "Sparse coding, as a smooth shrinkage.",
  frameworks: { pytorch: "nn.Tanhshrink", keras: "tanh_shrink" },
  parameters: {},
  apply: tanhShrinkOf,
  facts: () =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: "odd",
      left: line(1, 1),
      right: line(1, -1),
      lipschitz: 1,
      curvature: 4 / (3 * Math.sqrt(3)),
    }),
});

/** 1/√(x² + 1)³ and what has it as its slope. */
const inverseCube = (x: Tensor): Tensor => {
  const inverse = reciprocal(hypot(x, 1));
  return mul(mul(inverse, inverse), inverse);
};
const bend = withSlope((x) => add(mul(div(x, hypot(x, 1)), 0.5), 1), (x) => mul(inverseCube(x), 0.5)); // biome-ignore format: one line

/** x + (√(x² + 1) − 1)/2: slopes ½ on the left and 3/2 on the right, joined smoothly. */
export const bentIdentity = activation({
  name: "bentIdentity",
  title: "bent identity",
  tex: String.raw`x + \tfrac12\left(\sqrt{x^2 + 1} - 1\right)`,
  source: "of unknown origin, in lists of activation functions since about 2015",
  strengths: "A gradient between ½ and 3/2 everywhere: nothing dies out and nothing explodes fast.",
  weaknesses: "Almost a line, which adds little to a network.",
  use: "Regression with few layers.",
  parameters: {},
  apply: withSlope((x) => mul(x, add(mul(div(x, add(hypot(x, 1), 1)), 0.5), 1)), bend),
  facts: () =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      left: line(1 / 2, -1 / 2),
      right: line(3 / 2, -1 / 2),
      lipschitz: 3 / 2,
      curvature: 1 / 2,
    }),
});

/** x·σ(x) for x > 0 and (eˣ − 1)·σ(x) elsewhere: an ELU times the logistic function. */
export const elish = activation({
  name: "elish",
  title: "ELiSH",
  tex: String.raw`\sigma(x) \begin{cases} x & x > 0 \\ e^x - 1 & x \le 0 \end{cases}`,
  source: "Basirat & Roth 2018, arXiv:1808.00783",
  strengths: "Found by search; SiLU on the right with a shallower dip.",
  weaknesses: "Its second derivative jumps at 0.",
  use: "Image classifiers, in place of SiLU.",
  parameters: {},
  apply: (x) => {
    const positive = greater(x, 0);
    return mul(tailSigmoid(x), where(positive, x, expm1(where(positive, 0, x))));
  },
  // The dip is at −arsinh 1, with value 2√2 − 3.
  facts: () => ({
    ...dipping({ at: -0.881373587019543, value: -0.1715728752538099, lipschitz: SILU.lipschitz, curvature: 1 }),
    smoothness: "C1",
    kinks: [kink(0, 2)],
  }),
});

/** e^(x + eˣ), ∞ where that is too large for anything to be left of its inverse. */
const growth = (x: Tensor): Tensor => exp(add(x, heldExp(x)));

/** With w = e^(x + eˣ): r = w/(w − x), which the function is x times of, and q = 1/(w − x). Both stay finite where w does not. */
const openness: (x: Tensor) => Tensor = withSlope(
  (x) => reciprocal(sub(1, div(x, growth(x)))),
  (x) => mul(mul(openness(x), closeness(x)), sub(1, mul(holdOpen(x), add(heldExp(x), 1)))),
);
const closeness: (x: Tensor) => Tensor = withSlope(
  (x) => reciprocal(sub(growth(x), x)),
  (x) => mul(closeness(x), sub(closeness(x), mul(openness(x), add(heldExp(x), 1)))),
);

/** x held right of where q is 0 in float64 too, so that products with it do not overflow. */
const holdOpen = (x: Tensor): Tensor => clip(x, -1e6, 30);

const coluOf = withSlope(
  (x) => mul(x, openness(x)),
  (x) => {
    const held = holdOpen(x);
    const rest = mul(mul(mul(held, closeness(held)), add(heldExp(held), 1)), mul(held, openness(held)));
    return sub(square(openness(x)), rest);
  },
);

/** x/(1 − x·e^(−(x + eˣ))). Dips to −0.38 at x = −0.73, then dies out as −e^x. */
export const colu = activation({
  name: "colu",
  aliases: ["collapsingLinearUnit"],
  title: "CoLU",
  tex: String.raw`\frac{x}{1 - x e^{-(x + e^x)}}`,
  source: "Vagerwal 2021, arXiv:2112.12078",
  strengths: "A deep dip, and the line to rounding from x = 4 on.",
  weaknesses: "Written plainly it and its derivatives overflow on the left.",
  use: "Deep image classifiers, in place of Mish.",
  parameters: {},
  apply: coluOf,
  facts: () =>
    dipping({
      at: -0.7269249885960442,
      value: -0.37715856839612916,
      lipschitz: 1.0828346006761451,
      curvature: 1.662644156372849,
    }),
});
