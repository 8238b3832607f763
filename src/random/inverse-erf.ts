import type { Tensor } from "../ir/tensor.js";
import { add, less, log, mul, neg, sqrt, sub, where } from "../ops/index.js";

/**
 * The y with erf(y) = x, for −1 < x < 1, to 4e-7 of its size: two polynomials in w = −log(1 − x²), one to w = 5 and one in √w
 * beyond. `largest` bounds |x|: below 0.9966 the second is left out.
 * M. Giles, Approximating the erfinv function, GPU Computing Gems, 2011: his single-precision coefficients.
 */
export function inverseErf(x: Tensor, largest = 1): Tensor {
  const w = neg(log(mul(sub(1, x), add(x, 1))));
  const near = polynomial(sub(w, 2.5), NEAR);
  if (-Math.log((1 - largest) * (1 + largest)) < BORDER) return mul(near, x);
  const inside = less(w, BORDER);
  const far = polynomial(sub(sqrt(where(inside, BORDER, w)), 3), FAR);
  return mul(where(inside, near, far), x);
}

const BORDER = 5;

/** Highest power first. */
const NEAR = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727,
  1.50140941,
];
const FAR = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406,
  2.83297682,
];

/** Horner's rule. */
function polynomial(x: Tensor, [first, second, ...rest]: readonly number[]): Tensor {
  return rest.reduce<Tensor>((value, coefficient) => add(mul(value, x), coefficient), add(mul(x, first), second));
}
