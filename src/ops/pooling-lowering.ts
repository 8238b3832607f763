import type { Emitter } from "../ir/emitter.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { emitElements, positionsIn } from "./convolution-lowering.js";
import { emitPad } from "./slicing.js";
import { elementsOf, leftOver, spanOf, tiles, type Window } from "./windows.js";

/** Windows over one image per channel: x (…leading …sizes), results (…leading …places). */
export interface Pooled {
  readonly leading: Shape;
  readonly sizes: Shape;
  readonly places: Shape;
  readonly window: Window;
}

const attributesOf = ({ kernel, stride, dilation, low, high }: Window) => ({
  kernel_shape: kernel,
  strides: stride,
  pads: [...low, ...high],
  ...(dilation.some((distance) => distance !== 1) && { dilations: dilation }),
});

const inDouble = ({ precision }: Emitter): boolean => precision === "precise";
const reshape = (onnx: Emitter, x: string, shape: Shape): string => onnx.op("Reshape", [x, onnx.axes(shape)]);

/** Σ over each window. */
export function emitWindowSum(onnx: Emitter, x: string, of: Pooled): string {
  const { window } = of;
  if (inDouble(onnx)) return emitElements(onnx, x, of.leading, of).reduce((total, part) => onnx.op("Add", [total, part]));
  const mean = onnx.op("AveragePool", [x], { ...attributesOf(window), count_include_pad: 1 });
  return onnx.op("Mul", [mean, onnx.scalar(elementsOf(window))]);
}

/** Every element of y added to all that its window covers. */
export function emitWindowSpread(onnx: Emitter, y: string, of: Pooled): string {
  const { window, leading, places, sizes } = of;
  // The WebGPU provider claims ConvTranspose in three dimensions and then has no kernel.
  if (inDouble(onnx) || (onnx.provider === "webgpu" && sizes.length > 2)) return spreadOneByOne(onnx, y, of);
  if (tiles(window)) return padEnd(onnx, enlarge(onnx, y, of), of);
  const ones = new Float32Array(elementsOf(window)).fill(1);
  const kernel = onnx.constant("float32", ones, [1, 1, ...window.kernel]);
  const image = reshape(onnx, y, [sizeOf(leading), 1, ...places]);
  const { stride, dilation, low, high } = window;
  const spread = onnx.op("ConvTranspose", [image, kernel], {
    strides: stride,
    dilations: dilation,
    pads: [...low, ...high],
    output_padding: leftOver(sizes, places, window).map((surplus, axis) => surplus + high[axis]),
  });
  return reshape(onnx, spread, [...leading, ...sizes]);
}

/** The largest element of each window. ONNX Runtime passes over NaN: numbers held between 0 and 0 are 0, and NaN is NaN. */
export function emitMaxPool(onnx: Emitter, x: string, of: Pooled): string {
  const largest = onnx.op("MaxPool", [x], attributesOf(of.window));
  const nothing = onnx.op("Clip", [x, onnx.scalar(0), onnx.scalar(0)]);
  return onnx.op("Add", [largest, emitWindowSum(onnx, nothing, of)]);
}

/** True where x holds the first largest element, y, of its window: shaped like x for tiles, else (image element …places). */
export function emitFirstLargest(onnx: Emitter, x: string, y: string, of: Pooled): string {
  return tiles(of.window) ? firstOfTiles(onnx, x, y, of) : firstOfColumns(onnx, x, y, of);
}

/** Windows as columns (image element place); padding reads as `value`. */
function columns(onnx: Emitter, x: string, value: number, of: Pooled): string {
  const image = sizeOf(of.leading);
  const elements = emitElements(onnx, x, [image, 1], of, value);
  const joined = elements.length === 1 ? elements[0] : onnx.op("Concat", elements, { axis: 1 });
  return reshape(onnx, joined, [image, elements.length, sizeOf(of.places)]);
}

/** What padding reads as where elements are compared with the largest: -∞ would be equal to a largest element of -∞. */
const SMALLEST = -3.4028234663852886e38;

function firstOfColumns(onnx: Emitter, x: string, y: string, of: Pooled): string {
  const count = elementsOf(of.window);
  const largest = reshape(onnx, y, [sizeOf(of.leading), 1, sizeOf(of.places)]);
  const attained = onnx.op("Equal", [columns(onnx, x, SMALLEST, of), largest]);
  const rank = onnx.op("Mul", [onnx.cast(attained, "float32"), onnx.constant("float32", falling(count), [1, count, 1])]);
  const best = onnx.op("ReduceMax", [rank, onnx.axes([1])], { keepdims: 1 });
  const first = onnx.op("Equal", [rank, someRank(onnx, best)]);
  return reshape(onnx, first, [sizeOf(of.leading), count, ...of.places]);
}

/** count, count − 1, …, 1: the first of equal elements ranks highest. */
const falling = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => count - i);

/** A rank that is never 0, that of no element: where the largest is NaN nothing is equal to it. */
const someRank = (onnx: Emitter, best: string): string => onnx.op("Max", [best, onnx.scalar(0.5)]);

/** Windows side by side: results enlarged to the size of x are compared with it, without columns. */
function firstOfTiles(onnx: Emitter, x: string, y: string, of: Pooled): string {
  const { window, places, sizes } = of;
  const covered = places.map((count, axis) => count * window.stride[axis]);
  const axes = onnx.axes(sizes.map((_, axis) => axis + 2));
  const whole = covered.join() === sizes.join();
  const read = whole ? x : onnx.op("Slice", [x, onnx.axes(covered.map(() => 0)), onnx.axes(covered), axes]);
  const attained = onnx.cast(onnx.op("Equal", [read, enlarge(onnx, y, of)]), "float32");
  const rank = onnx.op("Mul", [attained, onnx.constant("float32", ranksIn(covered, window.kernel), [1, 1, ...covered])]);
  const best = onnx.op("MaxPool", [rank], attributesOf(window));
  const enlarged = enlarge(onnx, someRank(onnx, best), of);
  // Elements behind the last tile rank 0, as one that nothing equals.
  return onnx.op("Equal", [padEnd(onnx, rank, of), whole ? enlarged : padEnd(onnx, enlarged, of, -1)]);
}

/** At every position, how many elements of its window stand there or after it. */
function ranksIn(covered: Shape, kernel: Shape): Float32Array {
  const ranks = falling(sizeOf(kernel));
  const elementAt = (position: readonly number[]): number =>
    position.reduce((flat, at, axis) => flat * kernel[axis] + (at % kernel[axis]), 0);
  return Float32Array.from(positionsIn(covered), (position) => ranks[elementAt(position)]);
}

/** Every element repeated over its tile. ONNX Runtime resizes float32 alone. */
function enlarge(onnx: Emitter, y: string, of: Pooled): string {
  const { window, places } = of;
  if (inDouble(onnx)) {
    return spreadOneByOne(onnx, y, { ...of, sizes: places.map((count, axis) => count * window.kernel[axis]) });
  }
  const scales = onnx.constant("float32", [1, 1, ...window.kernel], [2 + window.kernel.length]);
  return onnx.op("Resize", [y, "", scales], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
}

/** Zeros, or `value`, for the elements behind the last tile. */
function padEnd(onnx: Emitter, x: string, { sizes, places, window, leading }: Pooled, value = 0): string {
  const rest = leftOver(sizes, places, window);
  if (rest.every((count) => count === 0)) return x;
  const covered = sizes.map((size, axis) => size - rest[axis]);
  const none = [...leading, ...sizes].map(() => 0);
  const high = [...leading.map(() => 0), ...rest];
  return emitPad(onnx, x, { shape: [...leading, ...covered], dtype: "float32" }, { low: none, high, interior: none }, value);
}

/** Σ over the elements of the window of y with zeros between and around, where that element puts it. */
function spreadOneByOne(onnx: Emitter, y: string, { leading, sizes, places, window }: Pooled): string {
  const ahead = leading.map(() => 0);
  const shape = [...leading, ...places];
  const rest = leftOver(sizes, places, window);
  const span = spanOf(window);
  const interior = [...ahead, ...window.stride.map((step) => step - 1)];
  const spread = positionsIn(window.kernel).map((position) => {
    const before = position.map((at, axis) => at * window.dilation[axis]);
    const low = [...ahead, ...before.map((start, axis) => start - window.low[axis])];
    const high = [...ahead, ...before.map((start, axis) => span[axis] - 1 - start + rest[axis])];
    return emitPad(onnx, y, { shape, dtype: "float32" }, { low, high, interior });
  });
  return spread.reduce((total, part) => onnx.op("Add", [total, part]));
}
