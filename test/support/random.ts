import { allocateExact, type TypedArray } from "../../src/ir/dtype.js";
import type { InputSpec } from "../../src/ir/primitive.js";
import { sizeOf } from "../../src/ir/shape.js";

/** Numbers from [0, 1) that a seed determines: mulberry32 of Tommy Ettinger, public domain. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values for one input: its extremes in turn where it has any, otherwise drawn from its range; floats fit float32. */
export function draw({ shape, dtype, range = [-2, 2], extremes }: InputSpec, random: () => number): TypedArray {
  const data = allocateExact(dtype, sizeOf(shape));
  const [low, high] = range;
  for (let i = 0; i < data.length; i++) {
    if (extremes !== undefined) data[i] = Math.fround(extremes[i % extremes.length]);
    else if (dtype === "float32") data[i] = Math.fround(low + (high - low) * random());
    else data[i] = low + Math.floor((high - low + 1) * random());
  }
  return data;
}

/** A vector of float64 numbers between −1 and 1: a tangent or cotangent. */
export const direction = (length: number, random: () => number): Float64Array =>
  Float64Array.from({ length }, () => 2 * random() - 1);
