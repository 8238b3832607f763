import { gaussianBell, gudermann, gumbelCdf, parabolicStep, softClip } from "../ops/bells.js";
import { div, expm1, greater, log1p, mul, sigmoid, sub, tanh, where } from "../ops/index.js";
import { step } from "../ops/piecewise.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** tanh x for x > 0 and a·tanh x elsewhere: a leaky tanh. */
export const penalizedTanh = activation({
  name: "penalizedTanh",
  title: "penalized tanh",
  tex: String.raw`\begin{cases} \tanh x & x > 0 \\ a \tanh x & x \le 0 \end{cases}`,
  source: "Xu, Huang & Li 2016, arXiv:1602.05980",
  strengths: "Behaves like a leaky relu near 0 and stays bounded.",
  weaknesses: "Saturates on both sides.",
  use: "Text models, across which it was found the most even.",
  parameters: { a: { default: 0.25, range: [2 ** -10, 1], doc: "factor on the left" } },
  apply: (x, { a }) => mul(tanh(x), typeof a === "number" ? step(x, { at: 0, below: a, above: 1 }) : where(greater(x, 0), 1, a)),
  facts: ({ a }) =>
    pointwise({
      range: range("(", -a, 1, ")"),
      parity: a === 1 ? "odd" : "neither",
      left: line(0, -a),
      right: line(0, 1),
      kinks: a === 1 ? [] : [kink(0, 1)],
      lipschitz: 1,
      curvature: 4 / (3 * Math.sqrt(3)),
    }),
});

/** gd x = 2 arctan(tanh(x/2)), whose slope is 1/cosh x. */
export const gudermannian = activation({
  name: "gudermannian",
  title: "Gudermannian",
  tex: String.raw`2 \arctan\left(\tanh \tfrac{x}{2}\right)`,
  source: "Gudermann 1830; Cayley 1862",
  strengths: "A step smoothed with the hyperbolic secant, with slope 1 at 0.",
  weaknesses: "Saturates on both sides, at a height that is not 1.",
  use: "Angles as outputs, between −π/2 and π/2.",
  parameters: {},
  apply: gudermann,
  facts: () =>
    pointwise({
      range: range("(", -Math.PI / 2, Math.PI / 2, ")"),
      parity: "odd",
      left: line(0, -Math.PI / 2),
      right: line(0, Math.PI / 2),
      lipschitz: 1,
      // sech·tanh is largest where sinh x = 1.
      curvature: 1 / 2,
    }),
});

/** 1 − e^(−eˣ): the chance of at least one event at the rate eˣ. */
export const complementaryLogLog = activation({
  name: "complementaryLogLog",
  aliases: ["cloglog"],
  title: "complementary log-log",
  tex: "1 - e^{-e^x}",
  source: "Fisher 1922; in networks: Gomes & Ludermir, Expert Systems with Applications 40, 2013",
  strengths: "Approaches 1 much faster than 0, as waiting times do.",
  weaknesses: "Its right tail dies out doubly exponentially, and no gradient is left there.",
  use: "Survival models in discrete time, and rare events.",
  parameters: {},
  apply: gumbelCdf,
  facts: () =>
    pointwise({
      range: range("(", 0, 1, ")"),
      left: line(0, 0),
      right: line(0, 1),
      lipschitz: 1 / Math.E,
      // e^(x − eˣ)(eˣ − 1) where e²ˣ − 3eˣ + 1 = 0, at eˣ the square of the golden ratio.
      curvature: GOLDEN ** 2 * (GOLDEN ** 2 - 1) * Math.exp(-(GOLDEN ** 2)),
    }),
});

/** 0 on the left, 1 on the right, nearly x between: a hard sigmoid with round corners. */
export const softClipping = activation({
  name: "softClipping",
  title: "soft clipping",
  tex: String.raw`\tfrac{1}{p} \log \frac{1 + e^{p x}}{1 + e^{p (x - 1)}}`,
  source: "Klimek & Perelstein 2018, arXiv:1810.11509",
  strengths: "Nearly linear from 0 to 1, and smooth at the ends.",
  weaknesses: "Saturates on both sides, the faster the sharper its corners.",
  use: "Outputs that must lie between 0 and 1, such as coordinates.",
  parameters: { sharpness: { default: 4, range: [2 ** -4, 64], doc: "p; a hard sigmoid of slope 1 as it grows" } },
  apply: (x, { sharpness }) => {
    if (typeof sharpness === "number") return softClip(x, { sharpness });
    return div(log1p(mul(sigmoid(mul(sub(x, 1), sharpness)), expm1(sharpness))), sharpness);
  },
  facts: ({ sharpness }) =>
    pointwise({
      range: range("(", 0, 1, ")"),
      left: line(0, 0),
      right: line(0, 1),
      lipschitz: Math.tanh(sharpness / 4),
      curvature: steepestBend(sharpness),
    }),
});

/** sup of p(σ′(px) − σ′(p(x − 1))), by golden-section search: it has one peak, left of ½. */
function steepestBend(p: number): number {
  const slope = (u: number): number => 1 / (4 * Math.cosh(u / 2) ** 2);
  const bend = (x: number): number => p * Math.abs(slope(p * x) - slope(p * (x - 1)));
  let [low, high] = [-3 - 4 / p, 0.5];
  for (let i = 0; i < 80; i++) {
    const [a, b] = [high - (high - low) / GOLDEN, low + (high - low) / GOLDEN];
    if (bend(a) > bend(b)) high = b;
    else low = a;
  }
  return bend((low + high) / 2);
}

const GOLDEN = (1 + Math.sqrt(5)) / 2;

/** Two parabolas from −1 to 1, flat beyond ±2: a tanh of additions and products. */
export const sqnl = activation({
  name: "sqnl",
  title: "SQNL",
  tex: String.raw`\begin{cases} -1 & x < -2 \\ x + \tfrac14 x^2 & -2 \le x < 0 \\ x - \tfrac14 x^2 & 0 \le x \le 2 \\ 1 & x > 2 \end{cases}`,
  source: "Wuraola & Patel 2018, IJCNN",
  strengths: "The shape of tanh at the cost of a square.",
  weaknesses: "Passes no gradient beyond ±2.",
  use: "Microcontrollers without floating-point exponentials.",
  parameters: {},
  apply: parabolicStep,
  facts: () =>
    pointwise({
      range: range("[", -1, 1, "]"),
      minimumAt: -2,
      parity: "odd",
      left: line(0, -1),
      right: line(0, 1),
      kinks: [kink(-2, 2), kink(0, 2), kink(2, 2)],
      lipschitz: 1,
      curvature: 1 / 2,
    }),
});

/** e^(−x²): a bump that answers to inputs near 0. */
export const gaussian = activation({
  name: "gaussian",
  title: "Gaussian",
  tex: "e^{-x^2}",
  source: "Broomhead & Lowe, Complex Systems 2, 1988; Ramasinghe & Lucey 2021, arXiv:2111.15135",
  strengths: "Local: each unit answers for a region, and derivatives of every order exist.",
  weaknesses: "Passes no gradient far from 0 on either side.",
  use: "Radial basis networks, and networks of coordinates.",
  parameters: {},
  apply: gaussianBell,
  facts: () =>
    pointwise({
      range: range("(", 0, 1, "]"),
      monotone: "neither",
      parity: "even",
      left: line(0),
      right: line(0),
      lipschitz: Math.sqrt(2 / Math.E),
      curvature: 2,
    }),
});
