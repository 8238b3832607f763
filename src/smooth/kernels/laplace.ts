import type { Emitter } from "../../ir/emitter.js";
import { abs, add, div, exp, mul, neg } from "../../ops/index.js";
import type { Tail } from "./deviation.js";
import { kernel } from "./kernel.js";

/** Iₙ(−d) = ½ n! e^(−d). */
const tail = (order: number): Tail => {
  const scale = [0.5, 0.5, 1, 3][order];
  return {
    value: (d) => scale * Math.exp(-d),
    lower: (onnx: Emitter, d) => onnx.op("Mul", [onnx.op("Exp", [onnx.op("Neg", [d])]), onnx.scalar(scale)]),
  };
};

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
  positive: true,
  characteristic: (frequency) => div(1, add(mul(frequency, frequency), 1)),
  density: (u) => mul(exp(neg(abs(u))), 0.5),
  tails: [tail(0), tail(1), tail(2), tail(3)],
});
