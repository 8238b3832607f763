/** Sizes of the axes of a tensor, outermost first. A scalar is `[]`. */
export type Shape = readonly number[];

/** Number of elements; 1 for a scalar, 0 when an axis is empty. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, axis) => product * axis, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((axis, i) => axis === b[i]);

/** `(2 3 4)`, the notation of shape contracts and error messages. */
export const formatShape = (shape: Shape): string => `(${shape.join(" ")})`;

/** Distance in elements between neighbours along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** NumPy broadcasting: shapes aligned at the right, axes equal or 1. Null when they do not fit. */
export function broadcastShapes(...shapes: Shape[]): number[] | null {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const offset = rank - shape.length;
    for (let axis = 0; axis < shape.length; axis++) {
      const size = shape[axis];
      if (size === 1) continue;
      if (result[offset + axis] !== 1 && result[offset + axis] !== size) return null;
      result[offset + axis] = size;
    }
  }
  return result;
}

/** Axes of `to` along which a tensor of shape `from` is repeated when broadcast to `to`. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const offset = to.length - from.length;
  return to.flatMap((size, axis) => (axis < offset || (from[axis - offset] === 1 && size !== 1) ? [axis] : []));
}

/** Strides with which an array of shape `from` is read as if it had shape `to`: 0 along repeated axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const offset = to.length - from.length;
  return to.map((_, axis) => (axis < offset || from[axis - offset] === 1 ? 0 : own[axis - offset]));
}
