import { fault } from "../../ir/fault.js";
import type { Shape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, mul, neg, reshape, sub, sum, type TensorLike } from "../../ops/index.js";
import type { KeyLike } from "../../random/index.js";
import { type Noise, noises } from "./noise.js";

export interface PerturbationOptions {
  /** The scale of the noise, in units of x: a number greater than 0, or a tensor to be trained. */
  readonly sigma: TensorLike;
  /** What every draw follows from. The same key gives the same draws, and so the same function. */
  readonly key: KeyLike;
  /** The law of the noise. Default `gaussian`. */
  readonly noise?: keyof typeof noises | Noise;
  /** How often the function is evaluated. Default 100. */
  readonly samples?: number;
  /**
   * Draws noise in opposite pairs, an even number of samples: the odd part of f adds no error to the value, nor the even part to
   * the slope. Where f is nearly straight, both of a pair say the same of the slope, which is better without. Default true.
   */
  readonly antithetic?: boolean;
  /** Takes f(x) off every value that is multiplied by a score, which changes no mean and lowers the variance. Default true. */
  readonly controlVariate?: boolean;
  /**
   * False (default): E f(x + σZ), which is f convolved with the density of −Z. True: E f(x − σZ), f convolved with the density of
   * Z itself. They are the same for noise that is even.
   */
  readonly mirrored?: boolean;
}

/** Draws `(samples …shape)` of what is added to x, in units of σ, and the score of each. */
export interface Perturbation {
  readonly draws: Tensor;
  readonly scores: Tensor;
  readonly samples: number;
  readonly controlVariate: boolean;
  /** Whether the second half of the draws is the opposite of the first. */
  readonly antithetic: boolean;
}

export function perturbationOf(name: string, shape: Shape, options: PerturbationOptions): Perturbation {
  const { key, noise = "gaussian", samples = 100, antithetic = true, controlVariate = true, mirrored = false } = options;
  const law = typeof noise === "string" ? noises[noise] : noise;
  if (law === undefined) {
    throw fault(name, "no such noise", { expected: Object.keys(noises).join(" or "), got: String(noise) });
  }
  const least = antithetic ? 2 : 1;
  if (!Number.isInteger(samples) || samples < least || (antithetic && samples % 2 !== 0)) {
    const expected = antithetic ? "an even number, 2 or more" : "a whole number, 1 or more";
    throw fault(name, "samples cannot be drawn so often", { expected, got: String(samples) });
  }
  const drawn = law.draw(key, samples, shape, antithetic);
  const signed = (x: Tensor): Tensor => (mirrored ? neg(x) : x);
  return { draws: signed(drawn), scores: signed(law.score(drawn)), samples, controlVariate, antithetic };
}

/** x moved by every draw: `(samples …shape)`. */
export const movedBy = ({ draws }: Perturbation, x: Tensor, sigma: Tensor): Tensor => add(x, mul(draws, sigma));

/** One number per sample: Σ over all axes but the first. */
const perSample = (x: Tensor): Tensor => sum(x, { axes: x.shape.map((_, axis) => axis).slice(1) });

/**
 * By what the value of each sample `(samples)` is multiplied for the slope of its mean along (x′, σ′):
 *
 *     ( Σᵢ ν′(zᵢ) xᵢ′ + σ′ Σᵢ (zᵢ ν′(zᵢ) − 1) ) / σ
 *
 * Its mean is 0, since the mean of a constant does not move.
 */
export function slopeWeights({ draws, scores }: Perturbation, tangent: Tensor, sigmaTangent: Tensor): Tensor {
  const inX = perSample(mul(scores, tangent));
  const inSigma = perSample(sub(mul(draws, scores), 1));
  return add(inX, mul(inSigma, sigmaTangent));
}

/** One number per sample in front of values `(samples …)`. */
export const alongSamples = (perSampleNumbers: Tensor, values: Tensor): Tensor =>
  reshape(perSampleNumbers, [perSampleNumbers.size, ...values.shape.slice(1).map(() => 1)]);
