import type { Shape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, concat, exp, floor, log, mul, neg, sub } from "../../ops/index.js";
import { type KeyLike, normal, uniform } from "../../random/index.js";

/** A law of noise with density e^(−ν(z)) per entry, as what sampling with it needs. */
export interface Noise {
  readonly name: string;
  /** The density as TeX. */
  readonly tex: string;
  readonly source: string;
  /** E Z, which is taken off every draw: noise with a mean would move whatever it smooths. */
  readonly mean: number;
  /** E (Z − E Z)². */
  readonly variance: number;
  /** Draws of shape `(count …shape)` whose mean is 0; `antithetic` makes the second half of them the opposite of the first. */
  draw(key: KeyLike, count: number, shape: Shape, antithetic: boolean): Tensor;
  /** ν′ at a draw, whose mean is 0: what a difference of the function is multiplied by to make its slope. */
  score(draw: Tensor): Tensor;
}

/** Standard normal noise. The opposite of a draw is its negative. */
export const gaussianNoise: Noise = {
  name: "gaussian",
  tex: String.raw`e^{-z^2/2} / \sqrt{2\pi}`,
  source: "Abernethy, Lee & Tewari 2016; Berthet et al., arXiv:2002.08676",
  mean: 0,
  variance: 1,
  draw: (key, count, shape, antithetic) => {
    if (!antithetic) return normal(key, [count, ...shape]);
    const half = normal(key, [count / 2, ...shape]);
    return concat([half, neg(half)]);
  },
  score: (draw) => draw,
};

/** Euler's constant, the mean of a Gumbel number. */
const EULER = 0.5772156649015329;

/**
 * Gumbel noise, less its mean γ: left in, it would add 0.5772 widths to every smooth function. The law is not even, so its opposite is
 * not the negative of a draw but the draw at the other end of the distribution, −log(−log(1 − u)) for −log(−log u).
 */
export const gumbelNoise: Noise = {
  name: "gumbel",
  tex: "e^{-z - e^{-z}}",
  source: "Gumbel 1954; Papandreou & Yuille, ICCV 2011",
  mean: EULER,
  variance: Math.PI ** 2 / 6,
  draw: (key, count, shape, antithetic) => {
    // (k + ½)·2⁻²³ with k < 2²³: strictly between 0 and 1, exact in float32, and so is 1 − u.
    const bits = floor(mul(uniform(key, [antithetic ? count / 2 : count, ...shape]), 2 ** 23));
    const unit = mul(add(bits, 0.5), 2 ** -23);
    const drawn = sub(neg(log(neg(log(unit)))), EULER);
    if (!antithetic) return drawn;
    return concat([drawn, sub(neg(log(neg(log(sub(1, unit))))), EULER)]);
  },
  score: (draw) => sub(1, mul(exp(neg(draw)), Math.exp(-EULER))),
};

/** Every law of noise, by name. */
export const noises = { gaussian: gaussianNoise, gumbel: gumbelNoise } as const;
