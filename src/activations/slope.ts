import { customJvp, jvp } from "../diff/index.js";
import type { Tensor } from "../ir/tensor.js";
import { sech } from "../ops/bells.js";
import { add, broadcastTo, clip, full, isTensor, mul, square, type TensorLike, tanh } from "../ops/index.js";

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

type Parametric<K extends string> = (x: Tensor, parameters: Parameters<K>) => Tensor;

/**
 * x·g(x) for a gate g that has come to rest, in float64 too, beyond a million. Its slope is g(x) + x·g′(x) with that x held
 * there: x·g′ would be ∞·0 for the largest numbers. The curvature, 2g′ + x·g″, may be told a form of the gate whose derivatives
 * are dearer and more exact.
 */
export function gatedBy<K extends string = never>(gate: Parametric<K>, exact: Parametric<K> | null = null): Parametric<K> {
  const value: Parametric<K> = (x, parameters) => mul(x, gate(x, parameters));
  const slope: Parametric<K> = (x, parameters) => {
    const [g, first] = withDerivative((y) => gate(y, parameters), x);
    return add(g, mul(clip(x, -REST, REST), first));
  };
  if (exact === null) return withSlopeIn<K>(value, slope);
  const curvature: Parametric<K> = (x, parameters) => {
    const firstOf = (y: Tensor): Tensor => withDerivative((z) => exact(z, parameters), y)[1];
    const [first, second] = withDerivative(firstOf, x);
    return add(mul(first, 2), mul(clip(x, -REST, REST), second));
  };
  return withSlopeIn<K>(value, withSlopeIn<K>(slope, curvature));
}

const REST = 1e6;

/** A function of one number and its derivative at x. */
function withDerivative(f: (x: Tensor) => Tensor, x: Tensor): [value: Tensor, derivative: Tensor] {
  const { value, tangent } = jvp(f, [x], [broadcastTo(full([], 1), x.shape)]);
  return [value, tangent];
}

/** tanh with its slope as sech², which keeps its digits in float32 where 1 − tanh² loses them, for some passes more. */
export const tanhBySech = withSlope(tanh, (x) => square(sech(x)));
