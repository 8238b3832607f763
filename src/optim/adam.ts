import type { Tensor } from "../ir/tensor.js";
import { add, div, mul, sqrt, square, sub } from "../ops/index.js";
import { decayingSum, gatheredWeight, withDecay } from "./arithmetic.js";
import { defineOptimizer, type OptimizerRecord, type UpdateInput, type UpdateOutput } from "./optimizer.js";

export interface AdamOptions {
  /** Memory of the mean gradient, from 0 up to, not including, 1. Default 0.9. */
  readonly beta1: number;
  /** Memory of the mean square, from 0 up to, not including, 1. Default 0.999. */
  readonly beta2: number;
  /** Added to the root mean square. Default 1e-8. */
  readonly epsilon: number;
}

/**
 * m and v are the exponential means of g and g², freed from their start at 0: p ← p − rate · m̂ / (√v̂ + ε). The slots hold the
 * sums Σ β₁ᵏ g and Σ β₂ᵏ g²; the factors 1 − β and the corrections 1 − βᵗ make two scalars, so that a step is 10 passes.
 */
function step(
  { parameter, gradient, slots, step, learningRate }: UpdateInput,
  { beta1, beta2, epsilon }: AdamOptions,
): UpdateOutput {
  const gradientSum = decayingSum(slots.gradientSum, gradient, beta1);
  const squareSum = decayingSum(slots.squareSum, square(gradient), beta2);
  const meanFactor: Tensor = div(1 - beta1, gatheredWeight(beta1, step));
  const rootFactor: Tensor = sqrt(div(1 - beta2, gatheredWeight(beta2, step)));
  // a·s / (b·√q + ε) = (a/b) · s / (√q + ε/b).
  const direction = div(gradientSum, add(sqrt(squareSum), div(epsilon, rootFactor)));
  const rate = div(mul(learningRate, meanFactor), rootFactor);
  return { parameter: sub(parameter, mul(direction, rate)), slots: { gradientSum, squareSum } };
}

const shared = {
  ranges: { beta1: "[0, 1)", beta2: "[0, 1)", epsilon: "(0, ∞)" },
  slots: () => ["gradientSum", "squareSum"],
  moments: ({ gradientSum, squareSum }, step, { beta1, beta2 }) => ({
    first: mul(gradientSum, div(1 - beta1, gatheredWeight(beta1, step))),
    second: mul(squareSum, div(1 - beta2, gatheredWeight(beta2, step))),
  }),
} as const satisfies Partial<OptimizerRecord<AdamOptions>>;

/** Adam, with weight decay added to the gradient (L2) when told; for decay that acts on the weights themselves use `adamW`. */
export const adam = defineOptimizer<AdamOptions>({
  ...shared,
  name: "adam",
  tex: "p \\leftarrow p - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\varepsilon)",
  doc: "Momentum divided by the recent size of the gradient. Works with little tuning almost everywhere.",
  source: "Kingma and Ba 2015, arXiv:1412.6980",
  defaults: { learningRate: 0.001, weightDecay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  update: (input, options) => {
    const { gradient, parameter } = input;
    return step({ ...input, gradient: withDecay(gradient, parameter, options.weightDecay) }, options);
  },
});

/** Adam with decoupled weight decay: p ← p · (1 − rate · λ) before the step, untouched by the division. */
export const adamW = defineOptimizer<AdamOptions>({
  ...shared,
  name: "adamW",
  tex: "p \\leftarrow (1 - \\eta\\lambda) p - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\varepsilon)",
  doc: "Adam that shrinks weights directly instead of through the gradient. The usual choice for transformers.",
  source: "Loshchilov and Hutter 2019, arXiv:1711.05101",
  defaults: { learningRate: 0.001, weightDecay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  update: (input, options) => {
    const { weightDecay } = options;
    const { parameter, learningRate } = input;
    const shrunk = weightDecay === 0 ? parameter : mul(parameter, sub(1, mul(learningRate, weightDecay)));
    return step({ ...input, parameter: shrunk }, options);
  },
});
