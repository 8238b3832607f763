import type { Emitter } from "../../ir/emitter.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, div, exp, expm1, less, mul, neg, sub, where } from "../../ops/index.js";
import type { Tail } from "./deviation.js";
import { kernel } from "./kernel.js";
import { laplaceDensity, laplaceTilted } from "./laplace-tilted.js";

/** Iₙ(−d) = ½ n! e^(−d). */
const tail = (order: number): Tail => {
  const scale = [0.5, 0.5, 1, 3][order];
  return {
    value: (d) => scale * Math.exp(-d),
    lower: (onnx: Emitter, d) => onnx.op("Mul", [onnx.op("Exp", [onnx.op("Neg", [d])]), onnx.scalar(scale)]),
  };
};

/** sinh((r − ½)/w)/(2 sinh(1/(2w))), for 0 ≤ r ≤ ½. */
function stairAbove(r: Tensor, width: Tensor): Tensor {
  const difference = sub(expm1(div(add(r, -1), width)), expm1(neg(div(r, width))));
  return div(difference, mul(expm1(div(-1, width)), -2));
}

/** φ(u) = ½ e^(−|u|): closed forms in one exponential, and soft ranks in O(n log n). */
export const laplace = kernel({
  name: "laplace",
  aliases: ["doubleExponential"],
  title: "Laplace",
  tex: String.raw`\tfrac12 e^{-|u|}`,
  source: "Laplace 1774",
  radius: Infinity,
  momentsBelow: Infinity,
  absoluteMoment: 1,
  variance: 2,
  fourthMoment: 24,
  smoothness: 0,
  decay: 1,
  kinks: [0],
  positive: true,
  characteristic: (frequency) => div(1, add(mul(frequency, frequency), 1)),
  density: laplaceDensity,
  ...laplaceTilted,
  tails: [tail(0), tail(1), tail(2), tail(3)],
  staircase: (r, width) => {
    const left = less(r, 0);
    const above = stairAbove(where(left, neg(r), r), width);
    return where(left, sub(-1, above), above);
  },
  triangle: (r, width) => {
    const [toTop, toBottom] = [add(r, -0.25), neg(add(r, 0.25))];
    const rounding = sub(expm1(div(toTop, width)), expm1(div(toBottom, width)));
    return mul(sub(r, div(mul(rounding, width), add(exp(div(-0.5, width)), 1))), 4);
  },
});
