import { allocateExact } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { formatShape, sizeOf, stridesOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, full, type TensorLike } from "./create.js";
import { anyDtype, batchRule, floats, linear, operation, resolveAxes, sameDtype, whole } from "./define.js";
import { equal, where } from "./select.js";
import { reshape } from "./shape.js";
import { gatherStrided } from "./strided.js";

interface SliceParams {
  readonly start: readonly number[];
  readonly stop: readonly number[];
  readonly step: readonly number[];
}

const slicePrimitive: Primitive<SliceParams> = {
  name: "slice",
  doc: "Elements start, start + step, … below stop of every axis.",
  shape: (_, { start, stop, step }) => start.map((from, axis) => Math.ceil((stop[axis] - from) / step[axis])),
  dtype: sameDtype("slice", anyDtype),
  derivative: linear((cotangent, { inputs: [x], params: { start, step }, shape }) => {
    const used = shape.map((size, axis) => (size === 0 ? 0 : (size - 1) * step[axis] + 1));
    const high = x.shape.map((size, axis) => size - (shape[axis] === 0 ? 0 : start[axis]) - used[axis]);
    const low = start.map((from, axis) => (shape[axis] === 0 ? 0 : from));
    return [pad(cotangent, { low, high, interior: step.map((by) => by - 1) })];
  }),
  batching: batchRule(([x], _batched, { params: { start, stop, step } }, size) =>
    Tensor.of(slicePrimitive, [x], { start: [0, ...start], stop: [size, ...stop], step: [1, ...step] }),
  ),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const { start, step } = node.params;
      const strides = stridesOf(node.inputs[0].shape);
      const offset = start.reduce((sum, from, axis) => sum + from * strides[axis], 0);
      const stepped = strides.map((stride, axis) => stride * step[axis]);
      return gatherStrided(x, allocateExact(node.dtype, node.size), node.shape, stepped, offset);
    },
    lower: (onnx, [x], node) => {
      const { start, stop, step } = node.params;
      const every = node.inputs[0].shape.map((_, axis) => axis);
      const axes = every.filter((axis) => node.shape[axis] !== node.inputs[0].shape[axis]);
      const at = (values: readonly number[]) => onnx.axes(axes.map((axis) => values[axis]));
      const through = (name: string) => onnx.op("Slice", [name, at(start), at(stop), onnx.axes(axes), at(step)]);
      if (node.dtype === "float32") return through(x);
      if (onnx.provider === "webgpu") {
        const places = axes.map((axis) => Array.from({ length: node.shape[axis] }, (_, i) => start[axis] + i * step[axis]));
        return pickWhole(onnx, x, node, { axes, places });
      }
      return node.dtype === "int32" ? through(x) : onnx.cast(through(onnx.cast(x, "int32")), node.dtype);
    },
  },
  simplify: ({ inputs: [x], shape }) => (x.shape.join() === shape.join() ? x : null),
  samples: [
    { inputs: [floats([4, 5])], params: { start: [1, 0], stop: [3, 5], step: [1, 1] } },
    { inputs: [floats([7, 6])], params: { start: [1, 2], stop: [7, 6], step: [2, 3] } },
    { inputs: [floats([4])], params: { start: [2], stop: [2], step: [1] } },
    { inputs: [whole([5], [0, 9], "uint32")], params: { start: [1], stop: [4], step: [1] } },
  ],
};

/**
 * Elements at the given places of some axes, for dtypes that WebGPU cannot slice. The places have a second axis of size 1:
 * ONNX Runtime would turn picks along a list of one into a Split, which WebGPU has for float32 alone.
 */
function pickWhole(
  onnx: Emitter,
  x: string,
  { dtype }: Tensor,
  { axes, places }: { axes: readonly number[]; places: readonly (readonly number[])[] },
): string {
  const numbers = dtype === "bool" ? onnx.cast(x, "int32") : x;
  const picked = axes.reduce((name, axis, i) => {
    const found = onnx.op("Gather", [name, onnx.constant("int32", places[i], [places[i].length, 1])], { axis });
    return onnx.op("Squeeze", [found, onnx.axes([axis + 1])]);
  }, numbers);
  return dtype === "bool" ? onnx.cast(picked, "bool") : picked;
}

/** A range of one axis: a whole number picks (and drops the axis), `[start, stop, step]` cuts; null keeps everything. */
export type SliceRange = number | null | readonly [start?: number | null, stop?: number | null, step?: number];

/** Part of a tensor, a range per leading axis: `slice(x, 0, [1, 3])`. Negative positions count from the end. */
export const slice = operation(slicePrimitive, (x: TensorLike, ...ranges: SliceRange[]): Tensor => {
  const source = asTensor(x);
  if (ranges.length > source.rank) {
    throw fault("slice", `${ranges.length} ranges for ${source.rank} axes`, { got: formatShape(source.shape) });
  }
  const cuts = source.shape.map((size, axis) => resolveRange(ranges[axis] ?? null, size, axis));
  const params = { start: cuts.map((cut) => cut.start), stop: cuts.map((cut) => cut.stop), step: cuts.map((cut) => cut.step) };
  const cut = Tensor.of(slicePrimitive, [source], params);
  const kept = cut.shape.filter((_, axis) => typeof ranges[axis] !== "number");
  return reshape(cut.shape.join() === source.shape.join() ? source : cut, kept);
});

function resolveRange(range: SliceRange, size: number, axis: number): { start: number; stop: number; step: number } {
  const from = (position: number): number => (position < 0 ? position + size : position);
  if (typeof range === "number") {
    const at = from(range);
    if (Number.isInteger(range) && at >= 0 && at < size) return { start: at, stop: at + 1, step: 1 };
    throw fault("slice", `axis ${axis} has no position ${range}`, { expected: `${-size} to ${size - 1}`, got: String(range) });
  }
  const [first, last, step = 1] = range ?? [];
  if (!Number.isInteger(step) || step < 1) throw fault("slice", "a step is a whole number of 1 or more", { got: String(step) });
  const start = Math.min(size, Math.max(0, from(first ?? 0)));
  const stop = Math.max(start, Math.min(size, from(last ?? size)));
  if (!Number.isInteger(start) || !Number.isInteger(stop))
    throw fault("slice", "positions are whole numbers", { got: String(range) });
  return { start, stop, step };
}

export interface PadParams {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

const padPrimitive: Primitive<PadParams> = {
  name: "pad",
  doc: "Zeros before, after and between the elements of every axis.",
  shape: ([x], { low, high, interior }) =>
    x.shape.map((size, axis) => low[axis] + size + Math.max(0, size - 1) * interior[axis] + high[axis]),
  dtype: sameDtype("pad", ["float32", "int32"]),
  derivative: linear((cotangent, { inputs: [x], params: { low, interior }, shape }) => {
    const step = interior.map((zeros) => zeros + 1);
    const stop = x.shape.map((size, axis) =>
      Math.min(shape[axis], low[axis] + Math.max(0, (size - 1) * step[axis] + Math.sign(size))),
    );
    return [Tensor.of(slicePrimitive, [cotangent], { start: low, stop, step })];
  }),
  batching: batchRule(([x], _batched, { params: { low, high, interior } }) =>
    Tensor.of(padPrimitive, [x], { low: [0, ...low], high: [0, ...high], interior: [0, ...interior] }),
  ),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const result = allocateExact(node.dtype, node.size);
      const { low, interior } = node.params;
      const strides = stridesOf(node.shape);
      const { shape } = node.inputs[0];
      const positions = gatherStrided(
        Int32Array.from({ length: node.size }, (_, i) => i),
        new Int32Array(sizeOf(shape)),
        shape,
        strides.map((stride, axis) => stride * (interior[axis] + 1)),
        low.reduce((sum, zeros, axis) => sum + zeros * strides[axis], 0),
      );
      positions.forEach((position, i) => {
        result[position] = x[i];
      });
      return result;
    },
    lower: (onnx, [x], node) => emitPad(onnx, x, { shape: node.inputs[0].shape, dtype: node.dtype }, node.params),
  },
  simplify: ({ inputs: [x], shape }) => (x.shape.join() === shape.join() ? x : null),
  samples: [
    { inputs: [floats([2, 3])], params: { low: [1, 0], high: [0, 2], interior: [0, 0] } },
    { inputs: [floats([3, 2])], params: { low: [0, 1], high: [2, 0], interior: [2, 1] } },
    { inputs: [floats([0, 2])], params: { low: [2, 0], high: [1, 0], interior: [0, 0] } },
  ],
};

/** Emits zeros, or `value`, around and between elements; a negative count cuts that many away. */
export function emitPad(
  onnx: Emitter,
  x: string,
  { shape: before, dtype }: Pick<Tensor, "shape" | "dtype">,
  { low, high, interior }: PadParams,
  value = 0,
): string {
  const filling = onnx.scalar(value, dtype);
  // Between elements: each spread axis gets a trailing axis of 1, padded at its end, then folded and cut.
  let name = x;
  let shape = [...before];
  interior.forEach((count, axis) => {
    if (count === 0 || shape[axis] === 0) return;
    const opened = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)];
    const after = opened.map((_, i) => (i === axis + 1 ? count : 0));
    name = onnx.op("Reshape", [name, onnx.axes(opened)], { allowzero: 1 });
    name = onnx.op("Pad", [name, onnx.axes([...opened.map(() => 0), ...after]), filling]);
    const folded = shape.map((size, i) => (i === axis ? size * (count + 1) : size));
    name = onnx.op("Reshape", [name, onnx.axes(folded)], { allowzero: 1 });
    shape = folded;
  });
  const surplus = interior.map((count, axis) => (before[axis] === 0 ? 0 : count));
  const ends = high.map((count, axis) => count - surplus[axis]);
  return onnx.op("Pad", [name, onnx.axes([...low, ...ends]), filling]);
}

export interface PadOptions {
  /** How many elements are put before and after each axis. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** How many are put between neighbours. Default none. */
  readonly interior?: readonly number[];
  /** What is put there. Default 0. */
  readonly value?: number;
}

/** A tensor with a value around and between its elements, counted per axis. */
export const pad = operation(padPrimitive, (x: TensorLike, { low, high, interior, value = 0 }: PadOptions): Tensor => {
  const source = asTensor(x);
  const params = { low, high, interior: interior ?? low.map(() => 0) };
  for (const counts of Object.values(params)) {
    if (counts.length === source.rank && counts.every((count) => Number.isInteger(count) && count >= 0)) continue;
    throw fault("pad", "one whole number of 0 or more per axis", {
      expected: `${source.rank} counts`,
      got: `[${counts.join(", ")}]`,
    });
  }
  const padded = Tensor.of(padPrimitive, [source], params);
  if (value === 0) return padded;
  const inside = Tensor.of(padPrimitive, [broadcastTo(full([], 1, source.dtype), source.shape)], params);
  return where(equal(inside, 1), padded, value);
});

interface AxesParams {
  readonly axes: readonly number[];
}

const flipPrimitive: Primitive<AxesParams> = {
  name: "flip",
  doc: "The named axes in reverse order.",
  shape: ([x]) => x.shape,
  dtype: sameDtype("flip", anyDtype),
  derivative: linear((cotangent, { params: { axes } }) => [flip(cotangent, axes)]),
  batching: batchRule(([x], _batched, { params: { axes } }) =>
    flip(
      x,
      axes.map((axis) => axis + 1),
    ),
  ),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const strides = stridesOf(node.shape);
      const { axes } = node.params;
      const offset = axes.reduce((sum, axis) => sum + (node.shape[axis] - 1) * strides[axis], 0);
      const signed = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
      return gatherStrided(x, allocateExact(node.dtype, node.size), node.shape, signed, offset);
    },
    lower: (onnx, [x], node) => {
      const { axes } = node.params;
      const all = (value: number) => onnx.axes(axes.map(() => value));
      const reversed = (name: string) => onnx.op("Slice", [name, all(-1), all(-(2 ** 31)), onnx.axes(axes), all(-1)]);
      if (node.dtype === "float32") return reversed(x);
      if (onnx.provider === "webgpu") {
        const places = axes.map((axis) => Array.from({ length: node.shape[axis] }, (_, i) => node.shape[axis] - 1 - i));
        return pickWhole(onnx, x, node, { axes, places });
      }
      return node.dtype === "int32" ? reversed(x) : onnx.cast(reversed(onnx.cast(x, "int32")), node.dtype);
    },
  },
  samples: [
    { inputs: [floats([2, 3, 2])], params: { axes: [0, 2] } },
    { inputs: [floats([0, 2])], params: { axes: [0] } },
  ],
};

/** Reverses the named axes (all of them when none are named). */
export const flip = operation(flipPrimitive, (x: TensorLike, axes?: number | readonly number[]): Tensor => {
  const source = asTensor(x);
  const resolved = resolveAxes("flip", axes, source.rank);
  return resolved.length === 0 ? source : Tensor.of(flipPrimitive, [source], { axes: resolved });
});
