import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { interpret } from "../../src/run/interpret.js";

/** Σ xᵢyᵢ. */
export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((total, value, i) => total + value * y[i], 0);

// The error of the formula below is h⁴/30 of the fifth derivative, that of rounding 1e-16/h: both under 1e-11 here.
const STEP = 2e-4;

/** The derivative of `outputs` where the inputs move along `tangents`, by differences of float64 values at four points. */
export function differences(
  outputs: readonly Tensor[],
  feeds: ReadonlyMap<Tensor, TypedArray>,
  tangents: ReadonlyMap<Tensor, TypedArray>,
): Float64Array[] {
  const at = (distance: number): TypedArray[] => {
    const moved = new Map(feeds);
    for (const [node, tangent] of tangents) {
      if (isFloat(node.dtype))
        moved.set(
          node,
          (feeds.get(node) as TypedArray).map((value, i) => value + distance * tangent[i]),
        );
    }
    return interpret(outputs, moved);
  };
  const [back2, back, ahead, ahead2] = [-2, -1, 1, 2].map((steps) => at(steps * STEP));
  return outputs.map((_, k) =>
    Float64Array.from(back[k], (value, i) => (8 * (ahead[k][i] - value) - (ahead2[k][i] - back2[k][i])) / (12 * STEP)),
  );
}

/** The first element of `got` that is not within `tolerance` of `expected`, relative to max(1, |expected|); null when all are. */
export function firstFar(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): string | null {
  if (got.length !== expected.length) return `${got.length} elements, not ${expected.length}`;
  for (let i = 0; i < got.length; i++) {
    if (Object.is(got[i], expected[i])) continue;
    if (Math.abs(got[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i]))) continue;
    return `element ${i} is ${got[i]}, not ${expected[i]}`;
  }
  return null;
}
