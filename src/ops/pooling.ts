import { fault } from "../ir/fault.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./arithmetic.js";
import { asTensor, type TensorLike, tensor } from "./create.js";
import { take } from "./index-select.js";
import { maxPool } from "./max-pool.js";
import { resample, spatialSizes } from "./resample.js";
import { poolingWindow, windowSpread, windowSum } from "./window-sum.js";
import { elementsOf, type PoolOptions, perAxis, tapsOf, type Window } from "./windows.js";

export interface AveragePoolOptions extends Omit<PoolOptions, "dilation"> {
  /** Whether padding counts as elements that are 0. Default true; else a window is averaged over the rest of it. */
  readonly countPadding?: boolean;
}

/** The mean of each window over the spatial axes of x, (batch channels …spatial). The window moves by its own size unless told. */
export function averagePool(
  x: TensorLike,
  size: number | readonly number[],
  { countPadding = true, ...options }: AveragePoolOptions = {},
): Tensor {
  const source = asTensor(x);
  const window = poolingWindow("averagePool", source.shape, size, options);
  const total = windowSum(source, window);
  const [sizes, places] = [source.shape.slice(2), total.shape.slice(2)];
  if (!countPadding) return mul(total, sharesOf(sizes, places, window));
  // What rounding up has added is never counted, what was asked for is.
  const { low, high } = poolingWindow("averagePool", source.shape, size, { ...options, ceilMode: false });
  const padded = sizes.map((count, axis) => count + low[axis] + high[axis]);
  return mul(total, sharesOf(padded, places, { ...window, low: low.map(() => 0) }));
}

/** One over the number of elements inside the given sizes, for each place; one number where it is the same everywhere. */
function sharesOf(sizes: Shape, places: Shape, window: Window): Tensor | number {
  const counts = new Float64Array(places.reduce((product, count) => product * count, 1));
  for (const { place } of tapsOf(sizes, places, window)) counts[place] += 1;
  if (counts.every((count) => count === elementsOf(window))) return 1 / elementsOf(window);
  return tensor(counts.map((count) => 1 / Math.max(1, count)), { shape: [1, 1, ...places] }); // biome-ignore format: one line
}

/**
 * Averages over windows that cut every spatial axis of x, (batch channels …spatial), into as many parts as told, whatever its
 * size: part o of O spans the elements from ⌊o n/O⌋ up to ⌈(o + 1) n/O⌉, as in PyTorch. Parts overlap where O does not divide n.
 */
export function adaptiveAveragePool(x: TensorLike, size: number | readonly number[]): Tensor {
  const source = asTensor(x);
  const sizes = spatialSizes("adaptiveAveragePool", source);
  const parts = perAxis("adaptiveAveragePool", "number of parts", size, sizes.length);
  if (sizes.every((count, axis) => count % parts[axis] === 0)) {
    const window = sizes.map((count, axis) => count / parts[axis]);
    return averagePool(source, window);
  }
  return resample(source, parts, (position, axis) => {
    const [start, stop] = partOf(position, sizes[axis], parts[axis]);
    return Array.from({ length: stop - start }, (_, i) => ({ at: start + i, weight: 1 / (stop - start) }));
  });
}

/**
 * The largest element of windows that cut every spatial axis of x, (batch channels …spatial), into as many parts as told; the parts
 * are those of {@link adaptiveAveragePool}. The first of equal elements carries the derivative.
 */
export function adaptiveMaxPool(x: TensorLike, size: number | readonly number[]): Tensor {
  const source = asTensor(x);
  const sizes = spatialSizes("adaptiveMaxPool", source);
  const parts = perAxis("adaptiveMaxPool", "number of parts", size, sizes.length);
  if (sizes.every((count, axis) => count % parts[axis] === 0)) {
    return maxPool(source, sizes.map((count, axis) => count / parts[axis])); // biome-ignore format: one line
  }
  // Axis by axis, the last first: each part is laid out on its own, as long as the longest of them by its last element again.
  return sizes.reduceRight((reduced, count, axis) => {
    const spans = Array.from({ length: parts[axis] }, (_, part) => partOf(part, count, parts[axis]));
    const longest = Math.max(...spans.map(([start, stop]) => stop - start));
    const at = spans.flatMap(([start, stop]) => Array.from({ length: longest }, (_, i) => Math.min(start + i, stop - 1)));
    const window = sizes.map((_, other) => (other === axis ? longest : 1));
    return maxPool(take(reduced, tensor(Int32Array.from(at)), axis + 2), window);
  }, source);
}

/** Where a part of an axis starts, and where it ends. */
const partOf = (part: number, size: number, parts: number): [start: number, stop: number] => [
  Math.floor((part * size) / parts),
  Math.ceil(((part + 1) * size) / parts),
];

export interface UpsampleOptions {
  /** How many times as long every spatial axis becomes, a whole number, or one per axis. */
  readonly scale?: number | readonly number[];
  /** The sizes of the spatial axes of the result, in place of a scale. */
  readonly size?: number | readonly number[];
  /** Repeats the nearest element (default), or goes straight from one to the next along every axis: bilinear on images. */
  readonly mode?: "nearest" | "linear";
  /** For `linear`: whether first and last elements stay at the ends; else elements are cells, and their middles are met. Default false. */
  readonly alignCorners?: boolean;
}

/** The spatial axes of x, (batch channels …spatial), made longer (or shorter), with values in between as `mode` says. As in PyTorch. */
export function upsample(x: TensorLike, { scale, size, mode = "nearest", alignCorners = false }: UpsampleOptions): Tensor {
  const source = asTensor(x);
  const sizes = spatialSizes("upsample", source);
  if ((scale === undefined) === (size === undefined)) {
    throw fault("upsample", "it takes one of two ways to say how long", {
      expected: "scale or size",
      got: size === undefined ? "neither" : "both",
    });
  }
  const factors = scale === undefined ? null : perAxis("upsample", "scale", scale, sizes.length);
  const wanted = factors?.map((factor, axis) => factor * sizes[axis]) ?? perAxis("upsample", "size", size ?? 1, sizes.length);
  if (mode !== "nearest" && mode !== "linear") {
    throw fault("upsample", "no such mode", { expected: "nearest or linear", got: String(mode) });
  }
  if (mode === "linear")
    return resample(source, wanted, (position, axis) => between(position, sizes[axis], wanted[axis], alignCorners));
  const whole = wanted.map((length, axis) => length / sizes[axis]);
  if (whole.every((factor) => Number.isInteger(factor))) {
    const none = whole.map(() => 0);
    const window = { kernel: whole, stride: whole, dilation: whole.map(() => 1), low: none, high: none };
    return windowSpread(source, window, wanted);
  }
  return resample(source, wanted, (position, axis) => [{ at: Math.floor((position * sizes[axis]) / wanted[axis]), weight: 1 }]);
}

/** The two neighbours of a position in the longer axis, and their shares. */
function between(position: number, size: number, wanted: number, alignCorners: boolean): { at: number; weight: number }[] {
  const aligned = wanted === 1 ? 0 : (position * (size - 1)) / (wanted - 1);
  const place = alignCorners ? aligned : Math.max(0, ((position + 0.5) * size) / wanted - 0.5);
  const at = Math.min(Math.floor(place), size - 1);
  const weight = place - at;
  return [
    { at, weight: 1 - weight },
    { at: Math.min(at + 1, size - 1), weight },
  ];
}
