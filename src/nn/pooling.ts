import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import {
  type AveragePoolOptions,
  adaptiveAveragePool as adaptiveAverage,
  adaptiveMaxPool as adaptiveMax,
  averagePool,
  max,
  maxPool,
  mean,
  type PoolOptions,
  type UpsampleOptions,
  upsample as upsampled,
} from "../ops/index.js";
import { perAxis, placesOf, spatialOf, type Window, windowOf } from "../ops/windows.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

type Size = number | readonly number[];

/** A layer without parameters that lets the layer after it decide how the one before it starts. */
const plain = (
  name: string,
  title: string,
  apply: (x: Tensor) => Tensor,
  told: Partial<Pick<Layer, "backwardFactor" | "code">> = {},
): Layer<NoParameters> => layer({ name, title, parameters: {}, gain: "same", ...told, apply: (_, x) => apply(x) });

/** A mean of k numbers hands each of them 1/k of the gradient: together 1/√k of its length. */
const averages = {
  backwardFactor: (input: Shape, output: Shape): number => Math.sqrt(sizeOf(output) / sizeOf(input)),
};

/** The largest element of windows over sequences, (batch channels length). The window moves by its own size unless told. */
export function maxPool1d(size: number | readonly number[], options: PoolOptions = {}): Layer<NoParameters> {
  return pooling("maxPool1d", 1, { pool: maxPool, size }, options);
}

/** The largest element of windows over images, (batch channels height width). The window moves by its own size unless told. */
export function maxPool2d(size: number | readonly number[], options: PoolOptions = {}): Layer<NoParameters> {
  return pooling("maxPool2d", 2, { pool: maxPool, size }, options);
}

/** The largest element of windows over volumes, (batch channels depth height width). */
export function maxPool3d(size: number | readonly number[], options: PoolOptions = {}): Layer<NoParameters> {
  return pooling("maxPool3d", 3, { pool: maxPool, size }, options);
}

/** The mean of windows over sequences, (batch channels length). The window moves by its own size unless told. */
export function averagePool1d(size: number | readonly number[], options: AveragePoolOptions = {}): Layer<NoParameters> {
  return pooling("averagePool1d", 1, { pool: averagePool, size, ...averages }, options);
}

/** The mean of windows over images, (batch channels height width). The window moves by its own size unless told. */
export function averagePool2d(size: number | readonly number[], options: AveragePoolOptions = {}): Layer<NoParameters> {
  return pooling("averagePool2d", 2, { pool: averagePool, size, ...averages }, options);
}

/** The mean of windows over volumes, (batch channels depth height width). */
export function averagePool3d(size: number | readonly number[], options: AveragePoolOptions = {}): Layer<NoParameters> {
  return pooling("averagePool3d", 3, { pool: averagePool, size, ...averages }, options);
}

interface Pooling<O> extends Pick<Layer, "backwardFactor"> {
  readonly pool: (x: Tensor, size: Size, options: O) => Tensor;
  readonly size: Size;
}

function pooling<O extends PoolOptions>(
  name: string,
  rank: number,
  { pool, size, ...told }: Pooling<O>,
  options: O,
): Layer<NoParameters> {
  const kernel = perAxis(name, "window size", size, rank);
  const title = `${name} ${kernel.join(" × ")}`;
  const windowOver = (sizes: Shape): Window => windowOf(title, kernel, { ...options, stride: options.stride ?? kernel }, sizes);
  // Asked once for what is wrong with the options themselves.
  windowOver(kernel);
  const apply = (x: Tensor): Tensor => {
    const sizes = spatialOf(title, x.shape, rank);
    placesOf(title, sizes, windowOver(sizes));
    return pool(x, kernel, options);
  };
  return plain(name, title, apply, { ...told, code: [name, size, options] });
}

/** The largest element of every channel: `(batch channels …spatial) -> (batch channels)`. */
export const globalMaxPool = (): Layer<NoParameters> =>
  plain("globalMaxPool", "globalMaxPool", (x) => max(x, { axes: spatialAxes("globalMaxPool", x) }));

/** The mean of every channel: `(batch channels …spatial) -> (batch channels)`. */
export const globalAveragePool = (): Layer<NoParameters> =>
  plain("globalAveragePool", "globalAveragePool", (x) => mean(x, { axes: spatialAxes("globalAveragePool", x) }), averages);

function spatialAxes(where: string, { shape }: Tensor): number[] {
  if (shape.length > 2) return shape.slice(2).map((_, axis) => axis + 2);
  throw fault(where, "the input has no spatial axis", { expected: "(batch channels …spatial)", got: formatShape(shape) });
}

/** Averages over windows that cut every spatial axis into as many parts as told, whatever its size. */
export const adaptiveAveragePool = (size: number | readonly number[]): Layer<NoParameters> =>
  plain("adaptiveAveragePool", `adaptiveAveragePool ${[size].flat().join(" × ")}`, (x) => adaptiveAverage(x, size), {
    ...averages,
    code: ["adaptiveAveragePool", size],
  });

/** The largest element of windows that cut every spatial axis into as many parts as told, whatever its size. */
export const adaptiveMaxPool = (size: number | readonly number[]): Layer<NoParameters> =>
  plain("adaptiveMaxPool", `adaptiveMaxPool ${[size].flat().join(" × ")}`, (x) => adaptiveMax(x, size), {
    code: ["adaptiveMaxPool", size],
  });

/** Makes images longer along every spatial axis: by repeating elements, or with values in between. */
export const upsample = (options: UpsampleOptions): Layer<NoParameters> =>
  plain("upsample", `upsample ${[options.scale ?? options.size].flat().join(" × ")}`, (x) => upsampled(x, options), {
    code: ["upsample", options],
  });
