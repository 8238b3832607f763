import type { Tensor } from "../ir/tensor.js";
import { sech, snakeUnit } from "../ops/bells.js";
import { add, clip, cos, div, mul, neg, sin, square, type TensorLike, tanh } from "../ops/index.js";
import { tanhSlope } from "../ops/saturating.js";
import { activation } from "./activation.js";
import { pointwise, range } from "./facts.js";
import { withSlopeIn } from "./slope.js";

/** Angles are kept finite: the sine of ∞ is NaN. */
const LARGEST_ANGLE = 3e38;

/** frequency·x, which must not overflow. */
const angle = (x: Tensor, frequency: TensorLike): Tensor =>
  frequency === 1 ? x : clip(mul(x, frequency), -LARGEST_ANGLE, LARGEST_ANGLE);

const waves = { kind: "oscillates" } as const;

/** sin(ωx). SIREN takes ω = 30 in its first layer. */
export const sine = activation({
  name: "sine",
  aliases: ["sin", "siren"],
  title: "sine",
  tex: String.raw`\sin(\omega x)`,
  source: "Sitzmann, Martel, Bergman, Lindell & Wetzstein 2020, arXiv:2006.09661",
  strengths: "All its derivatives are sines again, so that networks fit a signal and its slopes.",
  weaknesses: "Every value is met again and again: without the initialisation made for it, training gets stuck.",
  use: "Images, sounds and fields as functions of coordinates.",
  frameworks: { pytorch: "torch.sin", keras: "ops.sin", jax: "jax.numpy.sin", onnx: "Sin" },
  parameters: { omega: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "frequency; 30 in SIREN" } },
  apply: (x, { omega }) => sin(angle(x, omega)),
  facts: ({ omega }) =>
    pointwise({
      range: range("[", -1, 1, "]"),
      minimumAt: -Math.PI / 2 / omega,
      monotone: "neither",
      parity: "odd",
      left: waves,
      right: waves,
      lipschitz: omega,
      curvature: omega ** 2,
    }),
});

/** cos(ωx), as random Fourier features have it. */
export const cosine = activation({
  name: "cosine",
  aliases: ["cos"],
  title: "cosine",
  tex: String.raw`\cos(\omega x)`,
  source: "Rahimi & Recht, NIPS 2007",
  strengths: "With random weights, sums of it approximate any kernel that depends on differences.",
  weaknesses: "Flat at 0, and every value is met again and again.",
  use: "Random features, and networks of coordinates.",
  frameworks: { pytorch: "torch.cos", keras: "ops.cos", jax: "jax.numpy.cos", onnx: "Cos" },
  parameters: { omega: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "frequency" } },
  apply: (x, { omega }) => cos(angle(x, omega)),
  facts: ({ omega }) =>
    pointwise({
      range: range("[", -1, 1, "]"),
      minimumAt: Math.PI / omega,
      monotone: "neither",
      parity: "even",
      left: waves,
      right: waves,
      lipschitz: omega,
      curvature: omega ** 2,
    }),
});

/** x + sin²(ax)/a: the identity with a wave on it, which never falls. */
export const snake = activation({
  name: "snake",
  title: "Snake",
  tex: String.raw`x + \tfrac{1}{a} \sin^2(a x)`,
  source: "Ziyin, Hartwig & Ueda 2020, arXiv:2006.08195",
  strengths: "Learns what repeats, and goes on with it beyond the data.",
  weaknesses: "Its slope falls to 0 once a period.",
  use: "Audio synthesis such as BigVGAN, and series with seasons.",
  parameters: { a: { default: 1, range: [Number.MIN_VALUE, Infinity], doc: "frequency, learned" } },
  apply: (x, { a }) => (a === 1 ? snakeUnit(x) : div(snakeUnit(angle(x, a)), a)),
  facts: ({ a }) =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      left: waves,
      right: waves,
      lipschitz: 2,
      curvature: 2 * a,
    }),
});

/** x·cos x: a single unit can tell exclusive or. */
export const gcu = activation({
  name: "gcu",
  title: "GCU",
  tex: String.raw`x \cos x`,
  source: "Noel, Arunkumar, Trivedi & Dutta 2021, arXiv:2108.12943",
  strengths: "One unit separates classes that a monotone one cannot.",
  weaknesses: "Its slope grows without bound, and changes sign again and again.",
  use: "Small convolutional networks, as an experiment.",
  parameters: {},
  apply: (x) => mul(x, cos(x)),
  facts: () =>
    pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      monotone: "neither",
      parity: "odd",
      left: waves,
      right: waves,
      lipschitz: Infinity,
      curvature: Infinity,
    }),
});

/** tanh(β sin x), with the curvature from sech²: 1 − tanh² has lost its digits where β steepens them again. */
const squareWave = withSlopeIn<"beta">(
  (x, { beta }) => tanh(mul(sin(x), beta)),
  withSlopeIn<"beta">(
    (x, { beta }) => mul(mul(cos(x), beta), tanhSlope(mul(sin(x), beta))),
    (x, { beta }) => {
      const [wave, edge] = [sin(x), mul(sin(x), beta)];
      const bent = add(wave, mul(mul(square(cos(x)), tanh(edge)), mul(beta, 2)));
      return neg(mul(mul(square(sech(edge)), bent), beta));
    },
  ),
);

/** tanh(β sin x): from a sine to a square wave. */
export const hosc = activation({
  name: "hosc",
  title: "HOSC",
  tex: String.raw`\tanh(\beta \sin x)`,
  source: "Serrano, Szymkowiak & Musialski 2024, arXiv:2401.10967",
  strengths: "A periodic unit whose edges can be as sharp as the signal's.",
  weaknesses: "Sharp edges leave flat stretches between them, where no gradient passes.",
  use: "Images and shapes with edges, as functions of coordinates.",
  parameters: { beta: { default: 2, range: [2 ** -10, 64], doc: "sharpness, learned" } },
  apply: squareWave,
  facts: ({ beta }) =>
    pointwise({
      range: range("[", -Math.tanh(beta), Math.tanh(beta), "]"),
      minimumAt: -Math.PI / 2,
      monotone: "neither",
      parity: "odd",
      left: waves,
      right: waves,
      lipschitz: beta,
      curvature: bendOf(beta),
    }),
});

/** sup |f″| of tanh(β sin x) over a quarter of its period, by a fine grid with a parabola through the best three points. */
function bendOf(beta: number): number {
  const bend = (x: number): number => {
    const [s, c] = [Math.sin(x), Math.cos(x)];
    const slope = 1 / Math.cosh(beta * s) ** 2;
    return slope * (2 * beta ** 2 * c ** 2 * Math.tanh(beta * s) + beta * s);
  };
  const count = 4096;
  const values = Array.from({ length: count + 1 }, (_, i) => bend((Math.PI / 2 / count) * i));
  const best = values.indexOf(Math.max(...values));
  const [before, peak, after] = [-1, 0, 1].map((k) => values[Math.min(Math.max(best + k, 0), count)]);
  const fall = before - 2 * peak + after;
  return best === count || fall === 0 ? peak : peak - (after - before) ** 2 / (8 * fall);
}
