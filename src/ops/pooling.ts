import { fault } from "../ir/fault.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./arithmetic.js";
import { asTensor, type TensorLike, tensor } from "./create.js";
import { resample, spatialSizes } from "./resample.js";
import { poolingWindow, windowSpread, windowSum } from "./window-sum.js";
import { elementsOf, perAxis, tapsOf, type Window, type WindowOptions } from "./windows.js";

export interface AveragePoolOptions extends Omit<WindowOptions, "dilation"> {
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
  const padded = [...window.low, ...window.high].some((count) => count > 0);
  if (countPadding || !padded) return mul(total, 1 / elementsOf(window));
  return mul(total, sharesOf(source.shape.slice(2), total.shape.slice(2), window));
}

/** One over the number of elements that are no padding, for each place. */
function sharesOf(sizes: Shape, places: Shape, window: Window): Tensor {
  const counts = new Float64Array(places.reduce((product, count) => product * count, 1));
  for (const { place } of tapsOf(sizes, places, window)) counts[place] += 1;
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
    const [start, stop] = [
      Math.floor((position * sizes[axis]) / parts[axis]),
      Math.ceil(((position + 1) * sizes[axis]) / parts[axis]),
    ];
    return Array.from({ length: stop - start }, (_, i) => ({ at: start + i, weight: 1 / (stop - start) }));
  });
}

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
