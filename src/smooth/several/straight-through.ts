import { customJvp, jvp } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";

/**
 * The values of `hard` with the derivatives of `soft`: what runs is the sharp function, what learns is its convolution. Both
 * take the same tensors and return one of the same shape. Unlike the identity in place of a slope, the true gradient of the
 * smoothed function is 0 where nothing near x changes. Higher derivatives are those of `soft` too.
 *
 * A width that is trained must be an argument of both: slopes reach only what is passed in.
 */
export function straightThrough<A extends readonly Tensor[]>(
  hard: (...args: A) => Tensor,
  soft: (...args: A) => Tensor,
): (...args: A) => Tensor {
  return customJvp(hard, (primals, tangents) => jvp(soft, primals, tangents).tangent);
}
