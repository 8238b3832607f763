import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { mergeBatch, splitBatch } from "./batch-axis.js";
import { broadcastTo } from "./broadcast.js";
import { conv } from "./convolution.js";
import { asTensor, type TensorLike, tensor } from "./create.js";
import { batchRule, floatOnly, floats, operation, sameDtype, smooth, zero } from "./define.js";
import { emitFirstLargest, emitMaxPool, type Pooled } from "./pooling-lowering.js";
import { sum } from "./reduce.js";
import { where } from "./select.js";
import { reshape } from "./shape.js";
import { forEachTap, moreImages, moves, pooled, poolingWindow, windowSum } from "./window-sum.js";
import { elementsOf, type PoolOptions, placesOf, spatialOf, tiles, type Window } from "./windows.js";

/** Windows that hold nothing but padding have no largest element. */
function requireElements(sizes: Shape, places: Shape, { kernel, stride, dilation, low, high }: Window): void {
  sizes.forEach((size, axis) => {
    for (let place = 0; place < places[axis]; place++) {
      const reads = (element: number): number => place * stride[axis] + element * dilation[axis] - low[axis];
      const inside = Array.from({ length: kernel[axis] }, (_, element) => reads(element)).some((at) => at >= 0 && at < size);
      if (inside) continue;
      throw fault("maxPool", "a window lies in the padding alone", {
        expected: "padding below the size of the window",
        got: `padding of ${low[axis]} and ${high[axis]} for windows of ${kernel[axis]}, dilation ${dilation[axis]}`,
      });
    }
  });
}

const maxPoolPrimitive: Primitive<Window> = {
  name: "maxPool",
  doc: "Largest element of each window; NaN when one is, the smallest float32 when all are −∞. The first of equal ones carries the derivative.",
  shape: ([{ shape }], window) => {
    const sizes = spatialOf("maxPool", shape, window.kernel.length);
    const places = placesOf("maxPool", sizes, window);
    requireElements(sizes, places, window);
    return [...shape.slice(0, 2), ...places];
  },
  dtype: sameDtype("maxPool", floatOnly),
  derivative: smooth((tangent, y) => tangentOfFirst(tangent, y)),
  batching: moreImages(() => maxPoolPrimitive),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const largest = new Float64Array(node.size).fill(-Infinity);
      forEachTap(pooled(node.inputs[0].shape, node.shape, node.params), (from, to) => {
        largest[to] = Math.max(largest[to], x[from]);
      });
      return largest;
    },
    lower: (onnx, [x], node) => emitMaxPool(onnx, x, pooled(node.inputs[0].shape, node.shape, node.params)),
  },
  samples: [
    // Far apart, so that differences do not step over a kink.
    { inputs: [floats([2, 3, 6], [-50, 50])], params: moves([2], { stride: [2] }) },
    { inputs: [floats([1, 2, 5, 5], [-50, 50])], params: moves([2, 2], { stride: [2, 2] }) },
    { inputs: [floats([1, 2, 5, 6], [-50, 50])], params: moves([3, 2], { stride: [2, 1], low: [1, 0], high: [1, 1] }) },
    { inputs: [floats([1, 1, 6, 5], [-50, 50])], params: moves([2, 2], { stride: [1, 2], dilation: [2, 3] }) },
    { inputs: [floats([1, 2, 4, 3, 2], [-50, 50])], params: moves([2, 1, 2], { stride: [2, 1, 2] }) },
    { inputs: [floats([1, 1, 4, 4], undefined, [1, NaN, 2, 2, Infinity, 0, 1, 1, -0, -1, -Infinity, -Infinity, -3e38, 3, -Infinity, -Infinity])], params: moves([2, 2], { stride: [2, 2] }) }, // biome-ignore format: one sample
    { inputs: [floats([1, 1, 6], undefined, [-Infinity, -3e38, -Infinity, NaN, 0, 0])], params: moves([3], { stride: [1], low: [1], high: [1] }) }, // biome-ignore format: one sample
  ],
};

/**
 * The tangent at the first largest element of each window. Side by side, windows are summed where all other elements are 0;
 * else they are taken apart by a kernel for each element, and of those one is kept.
 */
function tangentOfFirst(tangent: Tensor, y: Node<Window>): Tensor {
  const [x] = y.inputs;
  const window = y.params;
  const first = Tensor.of(firstLargestPrimitive, [x, y], window);
  if (tiles(window)) return windowSum(where(first, tangent, 0), window);
  const { kernel, stride, dilation, low, high } = window;
  const count = elementsOf(window);
  const each = tensor(
    Float32Array.from({ length: count * count }, (_, i) => Number(i % (count + 1) === 0)),
    {
      shape: [count, 1, ...kernel],
    },
  );
  const images = reshape(tangent, [first.shape[0], 1, ...x.shape.slice(2)]);
  const padding = low.map((before, axis) => [before, high[axis]] as const);
  const elements = conv(images, each, { stride, dilation, padding });
  return reshape(sum(where(first, elements, 0), { axes: 1 }), y.shape);
}

const firstLargestPrimitive: Primitive<Window> = {
  name: "firstLargest",
  doc: "True where x holds the first largest element, y, of its window: shaped like x where windows tile it, else (image element …place).",
  shape: ([{ shape: x }, { shape: y }], window) => (tiles(window) ? x : [x[0] * x[1], elementsOf(window), ...y.slice(2)]),
  dtype: (inputs) => {
    sameDtype("firstLargest", floatOnly)(inputs);
    return "bool";
  },
  derivative: zero,
  batching: batchRule((inputs, batched, node, size) => {
    const images = inputs.map((input, i) => mergeBatch(batched[i] ? input : broadcastTo(input, [size, ...input.shape]), 0));
    return splitBatch(Tensor.of(firstLargestPrimitive, images, node.params), size, node.shape, 0);
  }),
  meaning: {
    kind: "direct",
    evaluate: ([x, y], node) => {
      const result = new Uint8Array(node.size);
      const of = pooledBy(node);
      const found = new Uint8Array(y.length);
      const [count, places] = [elementsOf(of.window), sizeOf(of.places)];
      forEachTap(of, (from, to, element) => {
        if (found[to] === 1 || x[from] !== y[to]) return;
        found[to] = 1;
        const image = Math.floor(to / places);
        result[tiles(of.window) ? from : (image * count + element) * places + (to % places)] = 1;
      });
      return result;
    },
    lower: (onnx, [x, y], node) => emitFirstLargest(onnx, x, y, pooledBy(node)),
  },
  samples: [
    // Ties everywhere, a row that no window reaches, and windows that overlap.
    { inputs: [floats([2, 2, 5, 4], [1, 1]), floats([2, 2, 2, 2], [1, 1])], params: moves([2, 2], { stride: [2, 2] }) },
    { inputs: [floats([1, 2, 4], [1, 1]), floats([1, 2, 4], [1, 1])], params: moves([3], { low: [1], high: [1] }) },
    { inputs: [floats([1, 1, 5], undefined, [1, 3, 3, 2, -Infinity]), floats([1, 1, 2], undefined, [3, NaN])], params: moves([2], { stride: [2] }) }, // biome-ignore format: one sample
    { inputs: [floats([1, 1, 4], undefined, [1, 3, 3, 2]), floats([1, 1, 3], undefined, [3, 3, NaN])], params: moves([2]) },
  ],
};

/** The catalogue finds the record through this export; people get it from the derivative of `maxPool`. */
export const firstLargest = operation(
  firstLargestPrimitive,
  (x: Tensor, y: Tensor, window: Window): Tensor => Tensor.of(firstLargestPrimitive, [x, y], window),
);

const pooledBy = ({ inputs: [x, y], params }: Node<Window>): Pooled => pooled(x.shape, y.shape, params);

/**
 * The largest element of each window over the spatial axes of x, (batch channels …spatial). The window moves by its own size
 * unless told; NaN when an element is. Padding is never largest. Of equal elements the first carries the derivative, as in PyTorch.
 */
export const maxPool = operation(
  maxPoolPrimitive,
  (x: TensorLike, size: number | readonly number[], options: PoolOptions = {}): Tensor => {
    const source = asTensor(x);
    return Tensor.of(maxPoolPrimitive, [source], poolingWindow("maxPool", source.shape, size, options));
  },
);
