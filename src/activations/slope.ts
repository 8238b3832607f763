import { customJvp, jvp } from "../diff/index.js";
import type { Tensor } from "../ir/tensor.js";
import { add, broadcastTo, clip, full, isTensor, mul, type TensorLike } from "../ops/index.js";

/** Values of parameters, each a number or a (learned) tensor. */
export type Parameters<K extends string> = { readonly [Name in K]: TensorLike };

/**
 * A function of one number whose slope is written out: for where the product rule would make more passes over the data, or
 * would cancel in a tail, or would meet ∞·0. The slope may itself be such a function, and so on to any order.
 */
export const withSlope = (f: (x: Tensor) => Tensor, slope: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) =>
  customJvp(f, ([x], [tangent]) => mul(tangent, slope(x)));

/**
 * The same for a function with parameters. Where some are tensors, as in a learned form, the derivative by them is that of the
 * formula.
 */
export function withSlopeIn<K extends string>(
  f: (x: Tensor, parameters: Parameters<K>) => Tensor,
  slope: (x: Tensor, parameters: Parameters<K>) => Tensor,
): (x: Tensor, parameters: Parameters<K>) => Tensor {
  return (x, parameters) =>
    Object.values(parameters).some(isTensor) ? f(x, parameters) : withSlope((y) => f(y, parameters), (y) => slope(y, parameters))(x); // biome-ignore format: one line
}

/**
 * x·g(x) for a gate g that has come to rest, in float64 too, beyond a million. Its slope is g(x) + x·g′(x) with that x held
 * there: x·g′ would be ∞·0 for the largest numbers.
 */
export const gatedBy = <K extends string = never>(gate: (x: Tensor, parameters: Parameters<K>) => Tensor) =>
  withSlopeIn<K>(
    (x, parameters) => mul(x, gate(x, parameters)),
    (x, parameters) => {
      const { value, tangent } = jvp((y: Tensor) => gate(y, parameters), [x], [broadcastTo(full([], 1), x.shape)]);
      return add(value, mul(clip(x, -REST, REST), tangent));
    },
  );

const REST = 1e6;
