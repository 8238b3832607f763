import type { TypedArray } from "../ir/dtype.js";
import type { Shape } from "../ir/shape.js";

/** Fills `target`, of shape `shape`, from `source` read with the given strides: transposes, slices, flips and repeats. */
export function gatherStrided<T extends TypedArray>(
  source: TypedArray,
  target: T,
  shape: Shape,
  strides: readonly number[],
  offset: number,
): T {
  if (strides.every((stride) => stride === 0)) return target.length === 0 ? target : (target.fill(source[offset]) as T);
  forEachIndex(shape, strides, offset, (position, from) => {
    target[position] = source[from];
  });
  return target;
}

/** Visits a row-major array of shape `shape` together with the position that strides and offset give elsewhere. */
export function forEachIndex(
  shape: Shape,
  strides: readonly number[],
  offset: number,
  visit: (position: number, elsewhere: number) => void,
): void {
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  const size = shape.reduce((product, axis) => product * axis, 1);
  let elsewhere = offset;
  for (let position = 0; position < size; position++) {
    visit(position, elsewhere);
    for (let axis = rank - 1; axis >= 0; axis--) {
      elsewhere += strides[axis];
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
      elsewhere -= strides[axis] * shape[axis];
    }
  }
}
