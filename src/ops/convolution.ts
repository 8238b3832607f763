import { fault } from "../ir/fault.js";
import type { BatchRule, Primitive } from "../ir/primitive.js";
import { formatShape, type Shape } from "../ir/shape.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { mergeBatch, splitBatch } from "./batch-axis.js";
import { broadcastTo } from "./broadcast.js";
import { emitConvolution, emitTransposedConvolution, emitWeightGradient } from "./convolution-lowering.js";
import { type Convolved, convolved, forEachProduct } from "./convolution-sum.js";
import { asTensor, full, type TensorLike } from "./create.js";
import { batchRule, floatOnly, floats, multilinear, operation, sameDtype } from "./define.js";
import { perAxis, placesOf, spanOf, spatialOf, type Window, type WindowOptions, windowOf } from "./windows.js";

/*
 * Three records, one sum: Σ x[n, c, s·p + d·e − low] w[m, c, e] y[n, m, p] over a batch n, channels c and m, places p, elements e.
 * It is linear in x, in w and in y; leaving one out gives the record that computes it, which is so the transpose of the others.
 */

type Moves = Omit<Window, "kernel">;

interface ConvParams extends Moves {
  readonly groups: number;
}

interface ConvTransposeParams extends ConvParams {
  /** Sizes of the spatial axes of the result: several have windows in the same places. */
  readonly sizes: Shape;
}

interface WeightGradientParams extends ConvParams {
  readonly kernel: Shape;
}

const movesOf = ({ stride, dilation, low, high, groups }: ConvParams): ConvParams => ({ stride, dilation, low, high, groups });

function requireChannels(where: string, problem: string, got: number, expected: number, shapes: readonly Shape[]): void {
  if (got === expected) return;
  throw fault(where, problem, { expected: String(expected), got: `${got} in ${shapes.map(formatShape).join(", ")}` });
}

function requireKernel(where: string, weight: Shape): number {
  if (weight.length >= 3) return weight.length - 2;
  throw fault(where, "the kernel has no spatial axis", { expected: "(out in/groups …kernel)", got: formatShape(weight) });
}

/** Nothing to add up is 0; some kernels of ONNX Runtime stop the process there. */
const emptySum = (node: Tensor): Tensor | null =>
  node.inputs.some(({ size }) => size === 0) ? broadcastTo(full([], 0), node.shape) : null;

/** A batch of groups is a longer list of groups. `join` says of each operand which axis that list stands in. */
function batchGroups<P extends ConvParams>(
  primitive: () => Primitive<P>,
  axes: readonly [number, number],
  axis: number,
): BatchRule<P> {
  return (inputs, batched, node, size) => {
    const joined = inputs.map((input, i) => {
      const spread = batched[i] ? input : broadcastTo(input, [size, ...input.shape]);
      return mergeBatch(spread, axes[i]);
    });
    const result = Tensor.of(primitive(), joined, { ...node.params, groups: size * node.params.groups });
    return splitBatch(result, size, node.shape, axis);
  };
}

/** Only the images are batched: they become more images. */
function batchImages<P extends ConvParams>(primitive: () => Primitive<P>, otherwise: BatchRule<P>): BatchRule<P> {
  return (inputs, batched, node, size, known) => {
    if (batched[1]) return otherwise(inputs, batched, node, size, known);
    const images = Tensor.of(primitive(), [mergeBatch(inputs[0], 0), inputs[1]], node.params);
    return splitBatch(images, size, node.shape, 0);
  };
}

const convPrimitive: Primitive<ConvParams> = {
  name: "conv",
  doc: "Convolution, as networks mean it (the kernel is not reversed): y[n, m, p] = Σ x[n, c, s·p + d·e − low] w[m, c, e].",
  shape: ([{ shape: x }, { shape: weight }], params) => {
    const rank = requireKernel("conv", weight);
    const sizes = spatialOf("conv", x, rank);
    const { groups } = params;
    requireChannels("conv", "the kernel takes another number of channels", x[1], weight[1] * groups, [x, weight]);
    if (groups > 0 && weight[0] % groups !== 0) {
      throw fault("conv", "the groups do not divide the output channels", {
        expected: `a multiple of ${groups}`,
        got: String(weight[0]),
      });
    }
    return [x[0], weight[0], ...placesOf("conv", sizes, { kernel: weight.slice(2), ...params })];
  },
  dtype: sameDtype("conv", floatOnly),
  derivative: multilinear(
    (cotangent, { inputs: [x, weight], params }) =>
      Tensor.of(convTransposePrimitive, [cotangent, weight], { ...movesOf(params), sizes: x.shape.slice(2) }),
    (cotangent, { inputs: [x, weight], params }) =>
      Tensor.of(weightGradientPrimitive, [x, cotangent], { ...movesOf(params), kernel: weight.shape.slice(2) }),
  ),
  batching: batchRule(batchImages(() => convPrimitive, batchGroups(() => convPrimitive, [1, 0], 1))), // biome-ignore format: one rule
  meaning: {
    kind: "direct",
    evaluate: ([x, weight], node) => {
      const result = new Float64Array(node.size);
      forEachProduct(sumOfConv(node), (i, k, o) => {
        result[o] += x[i] * weight[k];
      });
      return result;
    },
    lower: (onnx, [x, weight], node) => emitConvolution(onnx, x, weight, sumOfConv(node)),
  },
  simplify: emptySum,
  samples: [
    { inputs: [floats([2, 3, 5]), floats([4, 3, 3])], params: moves(1, { low: [1], high: [2] }) },
    { inputs: [floats([2, 4, 5, 4]), floats([6, 2, 3, 2])], params: moves(2, { stride: [2, 1], groups: 2 }) },
    { inputs: [floats([1, 3, 6, 7]), floats([3, 1, 2, 2])], params: moves(2, { stride: [2, 3], dilation: [2, 1], low: [1, 0], high: [0, 2], groups: 3 }) }, // biome-ignore format: one sample
    { inputs: [floats([1, 2, 3, 4, 3]), floats([2, 2, 2, 2, 2])], params: moves(3, { stride: [1, 2, 1], low: [1, 0, 0] }) },
    { inputs: [floats([1, 2, 3, 3]), floats([2, 2, 1, 1])], params: moves(2) },
    { inputs: [floats([0, 2, 3]), floats([3, 2, 2])], params: moves(1) },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

const sumOfConv = ({ inputs: [x, weight], shape, params }: Node<ConvParams>): Convolved =>
  convolved(x.shape, weight.shape, shape, params);

/** Parameters of a sample: what is not said is that of a window that moves by one, without holes or padding. */
function moves(rank: number, given: Partial<ConvParams> = {}): ConvParams {
  const all = (value: number): number[] => new Array<number>(rank).fill(value);
  return { stride: all(1), dilation: all(1), low: all(0), high: all(0), groups: 1, ...given };
}

const convTransposePrimitive: Primitive<ConvTransposeParams> = {
  name: "convTranspose",
  doc: "The transpose of a convolution: x[n, c, i] = Σ y[n, m, p] w[m, c, e] over s·p + d·e − low = i.",
  shape: ([{ shape: y }, { shape: weight }], params) => {
    const rank = requireKernel("convTranspose", weight);
    const places = spatialOf("convTranspose", y, rank);
    requireChannels("convTranspose", "the kernel takes another number of channels", y[1], weight[0], [y, weight]);
    const expected = placesOf("convTranspose", params.sizes, { kernel: weight.slice(2), ...params });
    if (expected.join() !== places.join()) {
      throw fault("convTranspose", "a result of that size has other windows", {
        expected: formatShape(expected),
        got: formatShape(places),
      });
    }
    return [y[0], weight[1] * params.groups, ...params.sizes];
  },
  dtype: sameDtype("convTranspose", floatOnly),
  derivative: multilinear(
    (cotangent, { inputs: [, weight], params }) => Tensor.of(convPrimitive, [cotangent, weight], movesOf(params)),
    (cotangent, { inputs: [y, weight], params }) =>
      Tensor.of(weightGradientPrimitive, [cotangent, y], { ...movesOf(params), kernel: weight.shape.slice(2) }),
  ),
  batching: batchRule(batchImages(() => convTransposePrimitive, batchGroups(() => convTransposePrimitive, [1, 0], 1))), // biome-ignore format: one rule
  meaning: {
    kind: "direct",
    evaluate: ([y, weight], node) => {
      const result = new Float64Array(node.size);
      forEachProduct(sumOfTranspose(node), (i, k, o) => {
        result[i] += y[o] * weight[k];
      });
      return result;
    },
    lower: (onnx, [y, weight], node) => emitTransposedConvolution(onnx, y, weight, sumOfTranspose(node)),
  },
  simplify: emptySum,
  samples: [
    { inputs: [floats([2, 4, 6]), floats([4, 3, 3])], params: { ...moves(1, { low: [1], high: [2] }), sizes: [5] } },
    {
      inputs: [floats([1, 4, 2, 3]), floats([4, 2, 3, 2])],
      params: { ...moves(2, { stride: [2, 1], groups: 2 }), sizes: [6, 4] },
    },
    { inputs: [floats([1, 3, 3, 3]), floats([3, 1, 2, 2])], params: { ...moves(2, { stride: [2, 3], dilation: [2, 1], low: [1, 0], high: [0, 2], groups: 3 }), sizes: [6, 7] } }, // biome-ignore format: one sample
    {
      inputs: [floats([1, 2, 3, 2, 2]), floats([2, 2, 2, 2, 2])],
      params: { ...moves(3, { stride: [1, 2, 1], low: [1, 0, 0] }), sizes: [3, 4, 3] },
    },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

const sumOfTranspose = ({ inputs: [y, weight], shape, params }: Node<ConvTransposeParams>): Convolved =>
  convolved(shape, weight.shape, y.shape, params);

const weightGradientPrimitive: Primitive<WeightGradientParams> = {
  name: "convWeightGradient",
  doc: "What a convolution gives back to its kernel: w[m, c, e] = Σ x[n, c, s·p + d·e − low] y[n, m, p].",
  shape: ([{ shape: x }, { shape: y }], { groups, kernel }) => [y[1], groups === 0 ? 0 : x[1] / groups, ...kernel],
  dtype: sameDtype("convWeightGradient", floatOnly),
  derivative: multilinear(
    (cotangent, { inputs: [x, y], params }) =>
      Tensor.of(convTransposePrimitive, [y, cotangent], { ...movesOf(params), sizes: x.shape.slice(2) }),
    (cotangent, { inputs: [x], params }) => Tensor.of(convPrimitive, [x, cotangent], movesOf(params)),
  ),
  batching: batchRule(batchGroups(() => weightGradientPrimitive, [1, 1], 0)),
  meaning: {
    kind: "direct",
    evaluate: ([x, y], node) => {
      const result = new Float64Array(node.size);
      forEachProduct(sumOfWeightGradient(node), (i, k, o) => {
        result[k] += x[i] * y[o];
      });
      return result;
    },
    lower: (onnx, [x, y], node) => emitWeightGradient(onnx, x, y, sumOfWeightGradient(node)),
  },
  simplify: emptySum,
  samples: [
    { inputs: [floats([2, 3, 5]), floats([2, 4, 6])], params: { ...moves(1, { low: [1], high: [2] }), kernel: [3] } },
    {
      inputs: [floats([2, 4, 6, 4]), floats([2, 4, 2, 3])],
      params: { ...moves(2, { stride: [2, 1], groups: 2 }), kernel: [3, 2] },
    },
    { inputs: [floats([1, 3, 6, 7]), floats([1, 3, 3, 3])], params: { ...moves(2, { stride: [2, 3], dilation: [2, 1], low: [1, 0], high: [0, 2], groups: 3 }), kernel: [2, 2] } }, // biome-ignore format: one sample
    {
      inputs: [floats([1, 2, 3, 4, 3]), floats([1, 2, 3, 2, 2])],
      params: { ...moves(3, { stride: [1, 2, 1], low: [1, 0, 0] }), kernel: [2, 2, 2] },
    },
    { inputs: [floats([2, 2, 3, 3]), floats([2, 3, 3, 3])], params: { ...moves(2), kernel: [1, 1] } },
    { inputs: [floats([0, 2, 3]), floats([0, 3, 2])], params: { ...moves(1), kernel: [2] } },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

const sumOfWeightGradient = ({ inputs: [x, y], shape, params }: Node<WeightGradientParams>): Convolved =>
  convolved(x.shape, shape, y.shape, params);

/** The catalogue finds the record through this export; people get it from the derivative of `conv`. */
export const convWeightGradient = operation(
  weightGradientPrimitive,
  (x: Tensor, y: Tensor, params: WeightGradientParams): Tensor => Tensor.of(weightGradientPrimitive, [x, y], params),
);

export interface ConvOptions extends WindowOptions {
  /** Into how many groups the channels fall that do not see each other. Default 1; as many as channels: depthwise. */
  readonly groups?: number;
}

/**
 * Convolution over as many spatial axes as the kernel has: `(n c …i), (m c/groups …k) -> (n m …p)`. Every place of the window is
 * the sum of products with the kernel, which is not reversed, as everywhere in networks.
 */
export const conv = operation(
  convPrimitive,
  (x: TensorLike, weight: TensorLike, { groups = 1, ...options }: ConvOptions = {}): Tensor => {
    const [source, kernel] = [asTensor(x), asTensor(weight)];
    const sizes = spatialOf("conv", source.shape, requireKernel("conv", kernel.shape));
    const { stride, dilation, low, high } = windowOf("conv", kernel.shape.slice(2), options, sizes);
    perAxis("conv", "number of groups", groups, 1);
    return Tensor.of(convPrimitive, [source, kernel], { stride, dilation, low, high, groups });
  },
);

export interface ConvTransposeOptions extends Omit<ConvOptions, "padding"> {
  /** What the convolution that this transposes would pad, and this cuts away. Default 0. */
  readonly padding?: Exclude<ConvOptions["padding"], "same">;
  /** By how much the result is longer than the shortest possible, per axis; below the stride. Default 0. */
  readonly outputPadding?: number | readonly number[];
}

/**
 * The transpose of a convolution, which spreads every element over a window of a larger result:
 * `(n m …p), (m c/groups …k) -> (n c …i)` with i = (p − 1) stride + dilation (k − 1) + 1 − padding + outputPadding.
 */
export const convTranspose = operation(
  convTransposePrimitive,
  (x: TensorLike, weight: TensorLike, { groups = 1, outputPadding = 0, ...options }: ConvTransposeOptions = {}): Tensor => {
    const [source, kernel] = [asTensor(x), asTensor(weight)];
    const places = spatialOf("convTranspose", source.shape, requireKernel("convTranspose", kernel.shape));
    const window = windowOf("convTranspose", kernel.shape.slice(2), options, places);
    const { stride, dilation, low, high } = window;
    perAxis("convTranspose", "number of groups", groups, 1);
    const longer = perAxis("convTranspose", "output padding", outputPadding, places.length, 0);
    const span = spanOf(window);
    const sizes = places.map((count, axis) => (count - 1) * stride[axis] + span[axis] - low[axis] - high[axis] + longer[axis]);
    const short = longer.findIndex((more, axis) => more >= stride[axis] || sizes[axis] < 1);
    if (short === -1) return Tensor.of(convTransposePrimitive, [source, kernel], { stride, dilation, low, high, groups, sizes });
    throw fault("convTranspose", "no convolution has this transpose", {
      expected: "an output padding below the stride, and a result of at least one element",
      got: `${longer[short]} with stride ${stride[short]}, a result of ${sizes[short]}`,
    });
  },
);
