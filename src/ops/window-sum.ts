import type { Primitive } from "../ir/primitive.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { mergeBatch, splitBatch } from "./batch-axis.js";
import { broadcastTo } from "./broadcast.js";
import { full } from "./create.js";
import { batchRule, floatOnly, floats, linear, operation, sameDtype } from "./define.js";
import { emitWindowSpread, emitWindowSum, type Pooled } from "./pooling-lowering.js";
import { type PoolOptions, perAxis, placesOf, roundedUp, spatialOf, tapsOf, type Window, windowOf } from "./windows.js";

export const pooled = (x: Shape, y: Shape, window: Window): Pooled => ({
  leading: x.slice(0, 2),
  sizes: x.slice(2),
  places: y.slice(2),
  window,
});

/** Visits every element of every window of every image, padding left out: positions in x, in y, and in the window. */
export function forEachTap(
  { leading, sizes, places, window }: Pooled,
  visit: (x: number, y: number, element: number) => void,
): void {
  const taps = tapsOf(sizes, places, window);
  const [size, count] = [sizeOf(sizes), sizeOf(places)];
  for (let image = 0; image < sizeOf(leading); image++) {
    for (const { source, place, element } of taps) visit(image * size + source, image * count + place, element);
  }
}

/** Images in a batch are more images. */
export const moreImages = <P>(primitive: () => Primitive<P>) =>
  batchRule<P>(([x], _batched, node, size) => {
    const images = Tensor.of(primitive(), [mergeBatch(x, 0)], node.params);
    return splitBatch(images, size, node.shape, 0);
  });

/** A window for a sample: moving by one, without holes or padding, unless told. */
export function moves(kernel: Shape, given: Partial<Window> = {}): Window {
  const all = (value: number): number[] => kernel.map(() => value);
  return { kernel, stride: all(1), dilation: all(1), low: all(0), high: all(0), ...given };
}

/** The window of a pooling over inputs of shape (batch channels …spatial); it moves by its own size unless told. */
export function poolingWindow(where: string, shape: Shape, size: number | readonly number[], options: PoolOptions): Window {
  const rank = typeof size === "number" ? Math.max(1, shape.length - 2) : size.length;
  const sizes = spatialOf(where, shape, rank);
  const kernel = perAxis(where, "window size", size, rank);
  const window = windowOf(where, kernel, { ...options, stride: options.stride ?? kernel }, sizes);
  placesOf(where, sizes, window);
  return options.ceilMode === true ? roundedUp(window, sizes) : window;
}

const windowSumPrimitive: Primitive<Window> = {
  name: "windowSum",
  doc: "Sum over each window; padding is 0.",
  shape: ([{ shape }], window) => {
    const sizes = spatialOf("windowSum", shape, window.kernel.length);
    return [...shape.slice(0, 2), ...placesOf("windowSum", sizes, window)];
  },
  dtype: sameDtype("windowSum", floatOnly),
  derivative: linear((cotangent, { inputs: [x], params }) => [windowSpread(cotangent, params, x.shape.slice(2))]),
  batching: moreImages(() => windowSumPrimitive),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const result = new Float64Array(node.size);
      forEachTap(pooled(node.inputs[0].shape, node.shape, node.params), (from, to) => {
        result[to] += x[from];
      });
      return result;
    },
    lower: (onnx, [x], node) => emitWindowSum(onnx, x, pooled(node.inputs[0].shape, node.shape, node.params)),
  },
  simplify: (node) => (node.inputs[0].size === 0 ? broadcastTo(full([], 0), node.shape) : null),
  samples: [
    { inputs: [floats([2, 3, 6])], params: moves([2], { stride: [2] }) },
    { inputs: [floats([1, 2, 5, 5])], params: moves([2, 2], { stride: [2, 2] }) },
    { inputs: [floats([1, 2, 5, 6])], params: moves([3, 2], { stride: [2, 1], low: [1, 0], high: [1, 1] }) },
    { inputs: [floats([1, 1, 6, 5])], params: moves([2, 2], { stride: [1, 2], dilation: [2, 3] }) },
    { inputs: [floats([1, 2, 4, 3, 2])], params: moves([2, 1, 2], { stride: [2, 1, 2] }) },
    { inputs: [floats([1, 1, 0, 3])], params: moves([1, 2], { low: [1, 0] }) },
    { inputs: [floats([1, 1, 5], undefined, [1, Infinity, 2, NaN, 0])], params: moves([2]) },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

/** Σ of each window; a record of which averages, and the derivatives of poolings, are made. */
export const windowSum = operation(
  windowSumPrimitive,
  (x: Tensor, window: Window): Tensor => Tensor.of(windowSumPrimitive, [x], window),
);

interface SpreadParams extends Window {
  /** Sizes of the spatial axes of the result. */
  readonly sizes: Shape;
}

const windowSpreadPrimitive: Primitive<SpreadParams> = {
  name: "windowSpread",
  doc: "Every element added to all that its window covers: the transpose of windowSum. Side by side: every element repeated.",
  shape: ([{ shape }], { sizes }) => [...shape.slice(0, 2), ...sizes],
  dtype: sameDtype("windowSpread", floatOnly),
  derivative: linear((cotangent, { params: { sizes: _, ...window } }) => [windowSum(cotangent, window)]),
  batching: moreImages(() => windowSpreadPrimitive),
  meaning: {
    kind: "direct",
    evaluate: ([y], node) => {
      const result = new Float64Array(node.size);
      forEachTap(spreadOf(node), (to, from) => {
        result[to] += y[from];
      });
      return result;
    },
    lower: (onnx, [y], node) => emitWindowSpread(onnx, y, spreadOf(node)),
  },
  samples: [
    { inputs: [floats([2, 3, 3])], params: { ...moves([2], { stride: [2] }), sizes: [6] } },
    { inputs: [floats([1, 2, 2, 2])], params: { ...moves([2, 2], { stride: [2, 2] }), sizes: [5, 5] } },
    {
      inputs: [floats([1, 2, 3, 6])],
      params: { ...moves([3, 2], { stride: [2, 1], low: [1, 0], high: [1, 1] }), sizes: [5, 6] },
    },
    { inputs: [floats([1, 1, 4, 1])], params: { ...moves([2, 2], { stride: [1, 2], dilation: [2, 3] }), sizes: [6, 5] } },
    { inputs: [floats([1, 2, 2, 3, 1])], params: { ...moves([2, 1, 2], { stride: [2, 1, 2] }), sizes: [4, 3, 2] } },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

const spreadOf = ({ inputs: [y], shape, params: { sizes: _, ...window } }: Node<SpreadParams>): Pooled =>
  pooled(shape, y.shape, window);

/** The transpose of `windowSum` for inputs whose spatial axes have the given sizes. */
export const windowSpread = operation(
  windowSpreadPrimitive,
  (y: Tensor, { kernel, stride, dilation, low, high }: Window, sizes: Shape): Tensor =>
    Tensor.of(windowSpreadPrimitive, [y], { kernel, stride, dilation, low, high, sizes }),
);
