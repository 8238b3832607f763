import { add, greaterEqual, lessEqual, mul, relu, sub, where } from "../ops/index.js";
import { activation } from "./activation.js";
import { kink, line, pointwise, range } from "./facts.js";

/** Three straight lines: slope a_l left of t_l, 1 in the middle, a_r right of t_r. */
export const srelu = activation({
  name: "srelu",
  title: "S-shaped ReLU",
  tex: String.raw`\begin{cases} t_r + a_r (x - t_r) & x \ge t_r \\ x & t_l < x < t_r \\ t_l + a_l (x - t_l) & x \le t_l \end{cases}`,
  source: "Jin, Xu, Feng, Wei, Xiong & Yan 2015, arXiv:1512.07030",
  strengths: "Learns convex and concave shapes, saturating or not.",
  weaknesses: "Four numbers a channel, sensitive to where they start.",
  use: "Image classifiers with few layers.",
  parameters: {
    leftThreshold: { default: -1, range: [-Infinity, 0], doc: "t_l, learned" },
    leftSlope: { default: 0.25, range: [2 ** -10, 1], doc: "a_l, learned" },
    rightThreshold: { default: 1, range: [2 ** -10, Infinity], doc: "t_r, learned" },
    rightSlope: { default: 0.25, range: [2 ** -10, 1], doc: "a_r, learned" },
  },
  apply: (x, { leftThreshold, leftSlope, rightThreshold, rightSlope }) => {
    const right = add(rightThreshold, mul(sub(x, rightThreshold), rightSlope));
    const left = add(leftThreshold, mul(sub(x, leftThreshold), leftSlope));
    return where(greaterEqual(x, rightThreshold), right, where(lessEqual(x, leftThreshold), left, x));
  },
  facts: ({ leftThreshold, leftSlope, rightThreshold, rightSlope }) => {
    const symmetric = leftThreshold === -rightThreshold && leftSlope === rightSlope;
    const bends = [leftSlope === 1 ? null : leftThreshold, rightSlope === 1 ? null : rightThreshold];
    const straight = leftSlope === 1 && rightSlope === 1;
    return pointwise({
      range: range("(", -Infinity, Infinity, ")"),
      parity: symmetric || straight ? "odd" : "neither",
      left: line(leftSlope, leftThreshold * (1 - leftSlope)),
      right: line(rightSlope, rightThreshold * (1 - rightSlope)),
      kinks: bends.flatMap((at) => (at === null ? [] : [kink(at, 1)])),
      lipschitz: 1,
      curvature: 0,
    });
  },
});

/** max(x, 0) + a·max(b − x, 0), one hinge of the adaptive piecewise linear family. */
export const apl = activation({
  name: "apl",
  title: "APL",
  tex: String.raw`\max(x, 0) + a \max(b - x, 0)`,
  source: "Agostinelli, Hoffman, Sadowski & Baldi 2014, arXiv:1412.6830",
  strengths: "Each hinge is learned, so that units need not be convex.",
  weaknesses: "Two numbers a hinge and channel, and steep shapes are not prevented.",
  use: "Image classifiers where parameters are cheap.",
  parameters: {
    slope: { default: 0.2, range: [2 ** -10, Infinity], doc: "weight of the hinge, a, learned" },
    hinge: { default: 0, range: [-Infinity, Infinity], doc: "where the hinge is, b, learned" },
  },
  apply: (x, { slope, hinge }) => add(relu(x), mul(relu(sub(hinge, x)), slope)),
  facts: ({ slope, hinge }) => {
    // Left of the hinge −a, right of 0 it is 1; between them 0, or 1 − a where they overlap.
    const overlap = hinge > 0;
    const falls = overlap && slope > 1;
    const lowest = overlap ? Math.min(slope * hinge, hinge) : 0;
    return pointwise({
      range: range("[", lowest, Infinity, ")"),
      minimumAt: overlap && !falls && slope !== 1 ? 0 : hinge,
      monotone: "neither",
      parity: slope === 1 && hinge === 0 ? "even" : "neither",
      left: line(-slope, slope * hinge),
      right: line(1),
      kinks: hinge === 0 ? [kink(0, 1)] : [kink(Math.min(0, hinge), 1), kink(Math.max(0, hinge), 1)],
      lipschitz: Math.max(1, slope),
      curvature: 0,
    });
  },
});
