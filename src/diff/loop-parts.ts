import { allocateExact, isFloat } from "../ir/dtype.js";
import type { Primitive } from "../ir/primitive.js";
import { sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { batchRule, linear } from "../ops/define.js";
import { add, broadcastTo, cast, concat, reshape, slice, zeros } from "../ops/index.js";
import type { Part } from "./loop.js";

interface PartParams extends Part {
  /** Which of the results of the loop it is. */
  readonly index: number;
}

/** Results of a loop have no value together in ONNX: the names of all of them are handed on, and `part` takes its own. */
export const joinNames = (names: readonly string[]): string => names.join();

export const partPrimitive: Primitive<PartParams> = {
  name: "part",
  doc: "One of several results that lie end to end.",
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
  derivative: linear((cotangent, { inputs: [whole], params }) => [lay([{ ...params, value: cotangent }], whole.size)]),
  batching: batchRule(([whole], _batched, { params: { start, shape, dtype } }, size) => {
    const cut = slice(whole, null, [start, start + sizeOf(shape)]);
    return cast(reshape(cut, [size, ...shape]), dtype);
  }),
  meaning: {
    kind: "direct",
    evaluate: ([whole], { params: { start }, dtype, size }) => {
      const result = allocateExact(dtype, size);
      result.set(whole.subarray(start, start + size));
      return result;
    },
    lower: (onnx, [names], { inputs: [whole], params: { index, start }, shape, size }) => {
      if (whole.primitive.severalResults) return names.split(",")[index];
      const cut = onnx.op("Slice", [names, onnx.axes([start]), onnx.axes([start + size]), onnx.axes([0])]);
      return onnx.op("Reshape", [cut, onnx.axes(shape)], { allowzero: 1 });
    },
  },
  samples: [
    {
      inputs: [{ shape: [7], dtype: "float32" }],
      params: { index: 1, start: 2, shape: [2, 2], dtype: "float32" },
    },
  ],
};

interface LaidParams {
  readonly size: number;
  readonly starts: readonly number[];
}

/** Values end to end, each from its own place on, and zeros between them. */
export const laidPrimitive: Primitive<LaidParams> = {
  name: "laid",
  doc: "Values laid end to end, each from its own place on, with zeros where there is none.",
  shape: (_, { size }) => [size],
  dtype: () => "float32",
  derivative: linear((cotangent, { inputs, params: { starts } }) =>
    inputs.map(({ shape, dtype }, i) =>
      isFloat(dtype) ? Tensor.of(partPrimitive, [cotangent], { index: i, start: starts[i], shape, dtype }) : null,
    ),
  ),
  batching: batchRule((inputs, batched, node, size) => {
    const pieces = inputs.map((input, i) => {
      const { size: width } = node.inputs[i];
      const rows = batched[i] ? input : broadcastTo(input, [size, ...input.shape]);
      return { value: reshape(rows, [size, width]), width };
    });
    const rows = filled(pieces, node.params, (width) => ({ value: zeros([size, width]), width }));
    return concat(rows.map(({ value }) => value), 1); // biome-ignore format: one line
  }),
  meaning: {
    kind: "direct",
    evaluate: (values, { params: { starts, size } }) => {
      const result = new Float64Array(size);
      values.forEach((value, i) => void result.set(value, starts[i]));
      return result;
    },
    lower: (onnx, names, { inputs, params }) => {
      const pieces = names.map((name, i) => {
        const width = inputs[i].size;
        return { value: onnx.op("Reshape", [name, onnx.axes([width])]), width };
      });
      const gap = (width: number) => ({ value: onnx.op("Expand", [onnx.scalar(0), onnx.axes([width])]), width });
      return onnx.op("Concat", filled(pieces, params, gap).map(({ value }) => value), { axis: 0 }); // biome-ignore format: one line
    },
  },
  samples: [
    {
      inputs: [
        { shape: [2], dtype: "float32" },
        { shape: [1, 2], dtype: "float32" },
      ],
      params: { size: 7, starts: [1, 4] },
    },
  ],
};

interface Piece<Value> {
  readonly value: Value;
  readonly width: number;
}

/** The pieces in order of their places, with what `gap` makes where nothing is. */
function filled<Value>(
  pieces: readonly Piece<Value>[],
  { size, starts }: LaidParams,
  gap: (width: number) => Piece<Value>,
): Piece<Value>[] {
  const order = pieces.map((_, i) => i).sort((i, j) => starts[i] - starts[j]);
  let reached = 0;
  const result = order.flatMap((i) => {
    const before = starts[i] - reached;
    reached = starts[i] + pieces[i].width;
    return before > 0 ? [gap(before), pieces[i]] : [pieces[i]];
  });
  return reached < size ? [...result, gap(size - reached)] : result;
}

/** Values at the places of their parts, as one vector. */
export function lay(parts: readonly (Pick<Part, "start"> & { readonly value: Tensor })[], size: number): Tensor {
  const held = parts.filter(({ value }) => value.size > 0);
  return Tensor.of(laidPrimitive, held.map(({ value }) => value), { size, starts: held.map(({ start }) => start) }); // biome-ignore format: one line
}

/** One of the results that lie end to end in `whole`. */
export const takePart = (whole: Tensor, part: Part, index: number): Tensor =>
  Tensor.of(partPrimitive, [whole], { ...part, index });

/**
 * The values that were laid into a vector, by part, null where nothing was: sums are looked through, so that results of a loop
 * that have no cotangent cost nothing.
 */
export function takeApart(whole: Tensor, parts: readonly Part[]): (Tensor | null)[] {
  if (Object.is(whole.primitive, laidPrimitive)) {
    const { starts } = whole.params as LaidParams;
    return parts.map(({ start, shape }) => {
      const at = starts.indexOf(start);
      return at === -1 || sizeOf(shape) === 0 ? null : reshape(whole.inputs[at], shape);
    });
  }
  if (whole.primitive === add.primitive) {
    const [left, right] = whole.inputs.map((input) => takeApart(input, parts));
    return left.map((value, i) => {
      const other = right[i];
      return value === null ? other : other === null ? value : add(value, other);
    });
  }
  return parts.map((part, i) => (isFloat(part.dtype) ? takePart(whole, part, i) : null));
}
