import { add, div, mul, reciprocal, relu, sqrt, square, sub } from "../ops/index.js";
import { decayingSum, withDecay } from "./arithmetic.js";
import { defineOptimizer } from "./optimizer.js";

export interface RmsPropOptions {
  /** Memory α of the mean square, from 0 up to, not including, 1. Default 0.99. */
  readonly decay: number;
  /** Added to the root mean square, so that a gradient of 0 divides by something. Default 1e-8. */
  readonly epsilon: number;
  /** Share of the last direction that is kept. Default 0. */
  readonly momentum: number;
  /** Divides by the deviation from the mean gradient instead. Default false. */
  readonly centered: boolean;
}

/**
 * RMSProp: p ← p − rate · g / (√v + ε) with v the exponential mean of g². The slots hold the sums Σ αᵏ g² and Σ αᵏ g, of which
 * the means are 1 − α times as large.
 */
export const rmsProp = defineOptimizer<RmsPropOptions>({
  name: "rmsProp",
  tex: "v \\leftarrow \\alpha v + (1-\\alpha) g^2,\\quad p \\leftarrow p - \\eta\\, g / (\\sqrt v + \\varepsilon)",
  doc: "Divides every gradient by its recent size. Good for recurrent networks and changing problems.",
  source: "Tieleman and Hinton 2012; centred: Graves 2013, arXiv:1308.0850",
  defaults: { learningRate: 0.01, weightDecay: 0, decay: 0.99, epsilon: 1e-8, momentum: 0, centered: false },
  ranges: { decay: "[0, 1)", epsilon: "(0, ∞)", momentum: "[0, 1)" },
  slots: ({ momentum, centered }) => ["squareSum", ...(centered ? ["gradientSum"] : []), ...(momentum > 0 ? ["direction"] : [])],
  update: ({ parameter, gradient, slots, learningRate }, { decay, epsilon, momentum, centered, weightDecay }) => {
    const pulled = withDecay(gradient, parameter, weightDecay);
    const squareSum = decayingSum(slots.squareSum, square(pulled), decay);
    const gradientSum = centered ? decayingSum(slots.gradientSum, pulled, decay) : null;
    // Rounding can make the variance of constant gradients negative.
    const spread = gradientSum === null ? squareSum : relu(sub(squareSum, mul(square(gradientSum), 1 - decay)));
    // √((1 − α) s) + ε = √(1 − α) · (√s + ε / √(1 − α)): one pass less over the buffer.
    const unit = Math.sqrt(1 - decay);
    const scaled = div(pulled, add(sqrt(spread), epsilon / unit));
    const direction = momentum > 0 ? decayingSum(slots.direction, scaled, momentum) : null;
    const moved = sub(parameter, mul(direction ?? scaled, mul(learningRate, 1 / unit)));
    const kept = { squareSum, ...(gradientSum && { gradientSum }), ...(direction && { direction }) };
    return { parameter: moved, slots: kept };
  },
});

export interface AdagradOptions {
  /** Added to the root of the sum of squares. Default 1e-10. */
  readonly epsilon: number;
  /** The rate of step t is divided by 1 + (t − 1) · rateDecay. Default 0. */
  readonly rateDecay: number;
  /** What the sum of squares starts from; 0 or more. Default 0. */
  readonly initialSum: number;
}

/** Adagrad: p ← p − rate · g / (√Σg² + ε). The slot holds Σg² without `initialSum`. */
export const adagrad = defineOptimizer<AdagradOptions>({
  name: "adagrad",
  tex: "s \\leftarrow s + g^2,\\quad p \\leftarrow p - \\eta\\, g / (\\sqrt s + \\varepsilon)",
  doc: "Divides every gradient by the size of all before it. Good for sparse features; the steps only ever shrink.",
  source: "Duchi, Hazan and Singer 2011",
  defaults: { learningRate: 0.01, weightDecay: 0, epsilon: 1e-10, rateDecay: 0, initialSum: 0 },
  ranges: { epsilon: "(0, ∞)", rateDecay: "[0, ∞)", initialSum: "[0, ∞)" },
  slots: () => ["squareSum"],
  update: ({ parameter, gradient, slots, step, learningRate }, { epsilon, rateDecay, initialSum, weightDecay }) => {
    const pulled = withDecay(gradient, parameter, weightDecay);
    const squareSum = add(slots.squareSum, square(pulled));
    const total = initialSum === 0 ? squareSum : add(squareSum, initialSum);
    const slowed = rateDecay === 0 ? learningRate : mul(learningRate, reciprocal(add(mul(sub(step, 1), rateDecay), 1)));
    return { parameter: sub(parameter, mul(div(pulled, add(sqrt(total), epsilon)), slowed)), slots: { squareSum } };
  },
});
