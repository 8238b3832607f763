import { fault } from "../ir/fault.js";
import { formatShape, type Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { tensor } from "./create.js";
import { matmul } from "./linear-algebra.js";
import { permute } from "./shape.js";

/** The spatial axes of an input (batch channels …spatial) of which there is at least one. */
export function spatialSizes(where: string, { shape }: Tensor): Shape {
  if (shape.length > 2 && shape.slice(2).every((size) => size > 0)) return shape.slice(2);
  throw fault(where, "the input has no spatial axis with elements", {
    expected: "(batch channels …spatial)",
    got: formatShape(shape),
  });
}

/** What an element of the result is made of: positions on the old axis, and their weights. */
export type Mixture = readonly { readonly at: number; readonly weight: number }[];

/**
 * A fixed mixture of elements along every spatial axis, one axis after the other: a product with a matrix, so that derivatives of
 * every order are products too. `mix` says what stands at a position of the new axis.
 */
export function resample(x: Tensor, wanted: Shape, mix: (position: number, axis: number) => Mixture): Tensor {
  return wanted.reduce((value, length, spatial) => {
    const axis = spatial + 2;
    const size = value.shape[axis];
    const weights = new Float64Array(length * size);
    for (let position = 0; position < length; position++) {
      for (const { at, weight } of mix(position, spatial)) weights[position * size + at] += weight;
    }
    const last = value.rank - 1;
    const exchange = value.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
    const mixed = matmul(permute(value, exchange), tensor(weights, { shape: [length, size] }), { transposeB: true });
    return permute(mixed, exchange);
  }, x);
}
