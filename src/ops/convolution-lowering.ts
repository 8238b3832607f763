import type { Emitter } from "../ir/emitter.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import type { Convolved } from "./convolution-sum.js";
import { emitPad } from "./slicing.js";
import { leftOver, spanOf, type Window } from "./windows.js";

const attributesOf = ({ window: { stride, dilation, low, high }, groups }: Convolved) => ({
  strides: stride,
  dilations: dilation,
  pads: [...low, ...high],
  group: groups,
});

const noneOf = (counts: readonly number[]): boolean => counts.every((count) => count === 0);
const constantly = (axes: Shape, value: number): number[] => axes.map(() => value);

/** ONNX Runtime convolves float32 alone. */
const inDouble = ({ precision }: Emitter): boolean => precision === "precise";

export function emitConvolution(onnx: Emitter, x: string, weight: string, of: Convolved): string {
  if (!inDouble(onnx)) return onnx.op("Conv", [x, weight], attributesOf(of));
  const { groups, inputs, outputs, window, batch, places } = of;
  const elements = sizeOf(window.kernel);
  const split = reshape(onnx, weight, [groups, outputs, inputs, elements]);
  const rows = reshape(onnx, turned(onnx, split, [0, 1, 3, 2]), [groups, outputs, elements * inputs]);
  const columns = emitWindows(onnx, x, { ...of, channels: groups * inputs });
  return reshape(onnx, onnx.op("MatMul", [rows, columns]), [batch, groups * outputs, ...places]);
}

/** The transpose in x: every y spread over the elements it was made from. */
export function emitTransposedConvolution(onnx: Emitter, y: string, weight: string, of: Convolved): string {
  const { groups, inputs, outputs, window, batch, places, sizes } = of;
  // The WebGPU provider claims ConvTranspose in three dimensions and then has no kernel.
  if (!inDouble(onnx) && !(onnx.provider === "webgpu" && sizes.length > 2)) {
    const surplus = leftOver(sizes, places, window).map((count, axis) => count + window.high[axis]);
    return onnx.op("ConvTranspose", [y, weight], { ...attributesOf(of), output_padding: surplus });
  }
  // A convolution with the kernel reversed, over y with zeros between its elements.
  const span = spanOf(window);
  const rest = leftOver(sizes, places, window);
  const spread = emitPad(
    onnx,
    y,
    { shape: [batch, groups * outputs, ...places], dtype: "float32" },
    {
      low: [0, 0, ...span.map((size, axis) => size - 1 - window.low[axis])],
      high: [0, 0, ...span.map((size, axis) => size - 1 + rest[axis])],
      interior: [0, 0, ...window.stride.map((step) => step - 1)],
    },
  );
  const still = { low: constantly(sizes, 0), high: constantly(sizes, 0), stride: constantly(sizes, 1) };
  const unpadded: Window = { ...window, ...still };
  const elements = sizeOf(window.kernel);
  const split = reshape(onnx, weight, [groups, outputs, inputs, elements]);
  if (inDouble(onnx)) {
    const rows = reshape(onnx, turned(onnx, split, [0, 2, 3, 1]), [groups, inputs, elements * outputs]);
    const wide = { batch, groups, sizes: spreadSizes(sizes, span), places: sizes, window: unpadded };
    const columns = emitWindows(onnx, spread, { ...wide, channels: groups * outputs, reversed: true });
    return reshape(onnx, onnx.op("MatMul", [rows, columns]), [batch, groups * inputs, ...sizes]);
  }
  const exchanged = reshape(onnx, turned(onnx, split, [0, 2, 1, 3]), [groups * inputs, outputs, ...window.kernel]);
  const axes = window.kernel.map((_, axis) => axis + 2);
  const all = (value: number) => onnx.axes(axes.map(() => value));
  const reversed = onnx.op("Slice", [exchanged, all(-1), all(-(2 ** 31)), onnx.axes(axes), all(-1)]);
  return onnx.op("Conv", [spread, reversed], attributesOf({ ...of, window: unpadded }));
}

const spreadSizes = (sizes: Shape, span: Shape): number[] => sizes.map((size, axis) => size + span[axis] - 1);

/** The transpose in w. On a GPU a convolution of x with y in the place of the kernel; on a CPU a product with the windows of x. */
export function emitWeightGradient(onnx: Emitter, x: string, y: string, of: Convolved): string {
  const { groups, inputs, outputs, window } = of;
  if (onnx.provider === "webgpu") return emitExchanged(onnx, x, y, of);
  if (inputs === 1 && outputs === 1) return emitChannelByChannel(onnx, x, y, of);
  const elements = sizeOf(window.kernel);
  const product = groups === 1 ? productOfAll(onnx, x, y, of) : productOfGroups(onnx, x, y, of);
  const split = reshape(onnx, product, [groups * outputs, elements, inputs]);
  return reshape(onnx, turned(onnx, split, [0, 2, 1]), [groups * outputs, inputs, ...window.kernel]);
}

/** A kernel for every channel: products would be of single rows; their elements are multiplied and added instead. */
function emitChannelByChannel(onnx: Emitter, x: string, y: string, of: Convolved): string {
  const { groups, batch, sizes, window } = of;
  const axes = onnx.axes([0, ...sizes.map((_, axis) => axis + 2)]);
  const sums = emitElements(onnx, x, [batch, groups], of).map((read) => {
    const total = onnx.op("ReduceSum", [onnx.op("Mul", [read, y]), axes], { keepdims: 0 });
    return reshape(onnx, total, [groups, 1]);
  });
  const joined = sums.length === 1 ? sums[0] : onnx.op("Concat", sums, { axis: 1 });
  return reshape(onnx, joined, [groups, 1, ...window.kernel]);
}

/** One product over all places of the whole batch: (outputs batch·places) by (elements·inputs batch·places). */
function productOfAll(onnx: Emitter, x: string, y: string, of: Convolved): string {
  const { inputs, outputs, batch, places, sizes, window } = of;
  const exchange = [1, 0, ...sizes.map((_, axis) => axis + 2)];
  const elements = emitElements(onnx, turned(onnx, x, exchange), [inputs, batch], of);
  const joined = elements.length === 1 ? elements[0] : onnx.op("Concat", elements, { axis: 0 });
  const columns = reshape(onnx, joined, [sizeOf(window.kernel) * inputs, batch * sizeOf(places)]);
  return onnx.op("Gemm", [reshape(onnx, turned(onnx, y, exchange), [outputs, batch * sizeOf(places)]), columns], { transB: 1 });
}

/** A product for every group of every image, added up. */
function productOfGroups(onnx: Emitter, x: string, y: string, of: Convolved): string {
  const { groups, inputs, outputs, batch, places } = of;
  const columns = emitWindows(onnx, x, { ...of, channels: groups * inputs });
  const rows = reshape(onnx, y, [batch, groups, outputs, sizeOf(places)]);
  // ONNX Runtime folds the transpose into the product.
  const product = onnx.op("MatMul", [rows, turned(onnx, columns, [0, 1, 3, 2])]);
  return batch === 1 ? product : onnx.op("ReduceSum", [product, onnx.axes([0])], { keepdims: 0 });
}

function emitExchanged(onnx: Emitter, x: string, y: string, of: Convolved): string {
  const { groups, inputs, outputs, window, batch, places, sizes } = of;
  const rest = leftOver(sizes, places, window);
  const stops = sizes.map((size, axis) => size - Math.max(0, rest[axis]));
  const axes = sizes.map((_, axis) => axis + 2);
  const read = noneOf(rest.map((count) => Math.max(0, count)))
    ? x
    : onnx.op("Slice", [x, onnx.axes(constantly(sizes, 0)), onnx.axes(stops), onnx.axes(axes)]);
  const spatial = sizes.map((_, axis) => axis + 3);
  const split = reshape(onnx, read, [batch, groups, inputs, ...stops]);
  const images = reshape(onnx, turned(onnx, split, [2, 1, 0, ...spatial]), [inputs, groups * batch, ...stops]);
  const kernels = turned(onnx, y, [1, 0, ...axes]);
  const gradient = onnx.op("Conv", [images, kernels], {
    strides: window.dilation,
    dilations: window.stride,
    pads: [...window.low, ...rest.map((count) => Math.max(0, -count))],
    group: groups,
  });
  return turned(onnx, reshape(onnx, gradient, [inputs, groups * outputs, ...window.kernel]), [1, 0, ...axes]);
}

interface WindowsOf extends Pick<Convolved, "batch" | "groups" | "sizes" | "places" | "window"> {
  readonly channels: number;
  /** Elements of the window from last to first. */
  readonly reversed?: boolean;
}

/** All windows as columns: (batch groups elements·channels places), the elements of a window outermost. */
function emitWindows(onnx: Emitter, x: string, { batch, groups, channels, reversed = false, ...of }: WindowsOf): string {
  const leading = [batch, groups, channels / groups];
  const elements = emitElements(onnx, x, leading, of);
  const columns = onnx.op("Concat", reversed ? elements.reverse() : elements, { axis: 2 });
  return reshape(onnx, elements.length === 1 ? elements[0] : columns, [
    batch,
    groups,
    (elements.length * channels) / groups,
    sizeOf(of.places),
  ]);
}

/** For each element of the window what it reads at every place, (…leading …places); padding reads as `value`. */
export function emitElements(
  onnx: Emitter,
  x: string,
  leading: Shape,
  { sizes, places, window }: Pick<Convolved, "sizes" | "places" | "window">,
  value = 0,
): string[] {
  const { kernel, stride, dilation, low } = window;
  const rest = leftOver(sizes, places, window).map((count) => Math.max(0, -count));
  const whole = reshape(onnx, x, [...leading, ...sizes]);
  const ahead = leading.map(() => 0);
  const padding = { low: [...ahead, ...low], high: [...ahead, ...rest], interior: [...ahead, ...kernel.map(() => 0)] };
  const shape = [...leading, ...sizes];
  const padded = noneOf([...low, ...rest]) ? whole : emitPad(onnx, whole, { shape, dtype: "float32" }, padding, value);
  const wide = sizes.map((size, axis) => low[axis] + size + rest[axis]);
  if (sizeOf(kernel) === 1 && wide.join() === places.join()) return [padded];
  const axes = onnx.axes(sizes.map((_, axis) => leading.length + axis));
  return positionsIn(kernel).map((position) => {
    const start = position.map((at, axis) => at * dilation[axis]);
    const stop = start.map((from, axis) => from + (places[axis] - 1) * stride[axis] + 1);
    return onnx.op("Slice", [padded, onnx.axes(start), onnx.axes(stop), axes, onnx.axes(stride)]);
  });
}

/** Every position in a window, in row-major order. */
export const positionsIn = (kernel: Shape): number[][] =>
  kernel.reduce<number[][]>(
    (before, size) => before.flatMap((outer) => Array.from({ length: size }, (_, at) => [...outer, at])),
    [[]],
  );

const reshape = (onnx: Emitter, x: string, shape: Shape): string => onnx.op("Reshape", [x, onnx.axes(shape)]);
const turned = (onnx: Emitter, x: string, order: readonly number[]): string => onnx.op("Transpose", [x], { perm: order });
