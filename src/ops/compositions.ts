import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { add, cast, div, equal, greater, less, mul, neg, notEqual, power, sub, where } from "./arithmetic.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, full, type TensorLike } from "./create.js";
import { floatOnly, requireDtype, resolveAxes, resolveAxis } from "./define.js";
import { stopGradient } from "./identity.js";
import { abs, exp, expm1, floor, log, log1p, logicalNot, reciprocal, rsqrt, sqrt } from "./pointwise.js";
import { keptShape, max, type ReduceOptions, softmaxLastAxis, sum } from "./reduce.js";
import { logicalAnd, logicalOr } from "./select.js";
import { iota } from "./sequence.js";
import { permute, reshape } from "./shape.js";
import { type SliceRange, slice } from "./slicing.js";

/** x². */
export const square = (x: TensorLike): Tensor => {
  const source = asTensor(x);
  return mul(source, source);
};

/** xʸ. Small whole exponents and halves are products and roots, exact and fast; anything else is `power`. */
export function pow(x: TensorLike, y: TensorLike): Tensor {
  const base = asTensor(x);
  if (typeof y !== "number") return power(base, y);
  if (Number.isInteger(y) && Math.abs(y) <= 8) return y < 0 ? reciprocal(repeatedProduct(base, -y)) : repeatedProduct(base, y);
  if (y === 0.5) return sqrt(base);
  return y === -0.5 ? rsqrt(base) : power(base, y);
}

function repeatedProduct(x: Tensor, count: number): Tensor {
  if (count === 0) return broadcastTo(full([], 1), x.shape);
  if (count === 1) return x;
  const half = repeatedProduct(x, count >> 1);
  return count % 2 === 0 ? mul(half, half) : mul(mul(half, half), x);
}

/** Remainder of the division that rounds down: x − y·⌊x / y⌋, with the sign of y. For whole numbers, x modulo 0 is x. */
export function mod(x: TensorLike, y: TensorLike): Tensor {
  const quotient = div(x, y);
  if (quotient.dtype === "float32") return sub(x, mul(y, floor(quotient)));
  // Whole numbers are divided toward zero: the remainder has the sign of x, and y is added where that is the wrong one.
  const remainder = sub(x, mul(y, quotient));
  if (quotient.dtype === "uint32") return remainder;
  const [negative, positive] = [less, greater].map((side) => logicalAnd(side(remainder, 0), side(0, y)));
  return where(logicalAnd(logicalOr(negative, positive), notEqual(y, 0)), add(remainder, y), remainder);
}

/** Number of elements over the named axes. */
const countOf = (x: Tensor, axes: readonly number[]): number => axes.reduce((product, axis) => product * x.shape[axis], 1);

/** Mean over axes; a fault when there are no elements. */
export function mean(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const source = asTensor(x);
  requireDtype("mean", source.dtype, floatOnly);
  const axes = resolveAxes("mean", options.axes, source.rank);
  const count = countOf(source, axes);
  if (count === 0) throw fault("mean", "there are no elements", { got: `(${source.shape.join(" ")})` });
  return mul(sum(source, options), 1 / count);
}

/** Mean square distance from the mean, divided by n − `correction`. */
export function variance(x: TensorLike, { correction = 0, ...options }: ReduceOptions & { correction?: number } = {}): Tensor {
  const source = asTensor(x);
  const axes = resolveAxes("variance", options.axes, source.rank);
  const count = countOf(source, axes);
  if (count <= correction) throw fault("variance", `needs more than ${correction} elements`, { got: String(count) });
  const centred = sub(source, mean(source, { axes, keepAxes: true }));
  return mul(sum(square(centred), options), 1 / (count - correction));
}

/** The largest element over axes, kept, as a constant; 0 where it is not finite. */
function finiteMax(x: Tensor, axes: readonly number[]): Tensor {
  const largest = stopGradient(max(x, { axes, keepAxes: true }));
  return where(less(abs(largest), Number.POSITIVE_INFINITY), largest, 0);
}

/** log Σ eˣ over axes, shifted by the maximum so that nothing overflows; −∞ when every element is. */
export function logsumexp(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const source = asTensor(x);
  const axes = resolveAxes("logsumexp", options.axes, source.rank);
  const shift = finiteMax(source, axes);
  const total = add(log(sum(exp(sub(source, shift)), { axes, keepAxes: true })), shift);
  return options.keepAxes ? total : dropAxes(total, axes);
}

/** eˣ / Σ eˣ over one axis (default the last). */
export function softmax(x: TensorLike, axis = -1): Tensor {
  const source = asTensor(x);
  const at = resolveAxis("softmax", axis, source.rank);
  const exchange = source.shape.map((_, i) => (i === at ? source.rank - 1 : i === source.rank - 1 ? at : i));
  return permute(softmaxLastAxis(permute(source, exchange)), exchange);
}

/** x − log Σ eˣ over one axis (default the last): the logarithm of softmax, without its underflow. */
export function logSoftmax(x: TensorLike, axis = -1): Tensor {
  const source = asTensor(x);
  // Shifted before the sum is taken off: x and log Σ eˣ are both large where their difference is not.
  const shifted = sub(source, finiteMax(source, resolveAxes("logSoftmax", axis, source.rank)));
  return sub(shifted, log(sum(exp(shifted), { axes: axis, keepAxes: true })));
}

/** Product over axes, pair by pair: derivatives are right where factors are 0. */
export function product(x: TensorLike, { axes, keepAxes = false }: ReduceOptions = {}): Tensor {
  const source = asTensor(x);
  const resolved = resolveAxes("product", axes, source.rank);
  const kept = keptShape(source.shape, resolved);
  const multiplied = resolved.reduce(productAlong, source);
  return keepAxes ? multiplied : reshape(multiplied, kept.filter((_, axis) => !resolved.includes(axis))); // biome-ignore format: one line
}

function productAlong(x: Tensor, axis: number): Tensor {
  const length = x.shape[axis];
  if (length === 0) return full(keptShape(x.shape, [axis]), 1, x.dtype);
  if (length === 1) return x;
  const half = length >> 1;
  const part = (from: number, to: number): Tensor => {
    const ranges: SliceRange[] = [...x.shape.slice(0, axis).map(() => null), [from, to]];
    return slice(x, ...ranges);
  };
  const pairs = productAlong(mul(part(0, half), part(half, 2 * half)), axis);
  return length % 2 === 0 ? pairs : mul(pairs, part(length - 1, length));
}

/** Whether any element over axes is true; false of none. */
export const any = (x: TensorLike, options: ReduceOptions = {}): Tensor => notEqual(countTrue(cast(x, "bool"), options), 0);

/** Whether all elements over axes are true; true of none. */
export const all = (x: TensorLike, options: ReduceOptions = {}): Tensor =>
  equal(countTrue(logicalNot(cast(x, "bool")), options), 0);

const countTrue = (x: Tensor, options: ReduceOptions): Tensor => sum(cast(x, "int32"), options);

/** 1 at the label and 0 elsewhere: `(…i) -> (…i n)`. A label outside 0 … n − 1 gives a row of zeros. */
export function oneHot(labels: TensorLike, classes: number): Tensor {
  const source = asTensor(labels, "int32");
  return cast(equal(reshape(source, [...source.shape, 1]), iota(classes)), "float32");
}

/** Euclidean length over axes; its slope at the origin is 0. Squares are scaled, so that none overflows or vanishes. */
export function norm(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const source = asTensor(x);
  const axes = resolveAxes("norm", options.axes, source.rank);
  if (countOf(source, axes) === 0) return sum(source, options);
  const largest = finiteMax(abs(source), axes);
  const scale = where(greater(largest, 0), largest, 1);
  const squares = sum(square(div(source, scale)), { axes, keepAxes: true });
  const origin = equal(squares, 0);
  const length = mul(where(origin, 0, sqrt(where(origin, 1, squares))), scale);
  return options.keepAxes ? length : dropAxes(length, axes);
}

const dropAxes = (kept: Tensor, axes: readonly number[]): Tensor =>
  reshape(
    kept,
    kept.shape.filter((_, axis) => !axes.includes(axis)),
  );

/** Hyperbolic sine, ½((eˣ − 1) − (e^(−x) − 1)): exact near 0, where the two halves have opposite signs. */
export function sinh(x: TensorLike): Tensor {
  const source = asTensor(x);
  return mul(sub(expm1(source), expm1(neg(source))), 0.5);
}

/** Hyperbolic cosine, ½(eˣ + e^(−x)). */
export const cosh = (x: TensorLike): Tensor => mul(add(exp(x), exp(neg(x))), 0.5);

/** Inverse hyperbolic tangent, ½ log((1 + x) / (1 − x)), exact near 0. */
export const atanh = (x: TensorLike): Tensor => mul(sub(log1p(x), log1p(neg(x))), 0.5);
