import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { permute, reshape } from "./shape.js";

/** (b …a i …) -> (…a b·i …): the first axis moved before axis `axis` of an example and joined with it. */
export function mergeBatch(x: Tensor, axis: number): Tensor {
  const [size, ...example] = x.shape;
  const order = [...example.slice(0, axis).map((_, i) => i + 1), 0, ...example.slice(axis).map((_, i) => axis + i + 1)];
  const moved = permute(x, order);
  return reshape(moved, [...example.slice(0, axis), size * example[axis], ...example.slice(axis + 1)]);
}

/** The way back: the batch taken out of axis `axis` of what has the shape `example` for one member. */
export function splitBatch(x: Tensor, size: number, example: Shape, axis: number): Tensor {
  const split = reshape(x, [...example.slice(0, axis), size, ...example.slice(axis)]);
  const order = [axis, ...example.slice(0, axis).map((_, i) => i), ...example.slice(axis).map((_, i) => axis + i + 1)];
  return permute(split, order);
}
