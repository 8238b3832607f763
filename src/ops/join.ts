import { allocateExact } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { formatShape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { anyDtype, batchRule, floats, linear, operation, resolveAxis, sameDtype, whole } from "./define.js";
import { reshape } from "./shape.js";
import { type SliceRange, slice } from "./slicing.js";

interface AxisParams {
  readonly axis: number;
}

const concatPrimitive: Primitive<AxisParams> = {
  name: "concat",
  doc: "Tensors one after the other along an axis; the other axes agree.",
  shape: (inputs, { axis }) => {
    const [first] = inputs;
    for (const input of inputs) {
      const fits = input.rank === first.rank && input.shape.every((size, i) => i === axis || size === first.shape[i]);
      if (!fits) {
        throw fault("concat", `the axes other than ${axis} differ`, {
          expected: formatShape(first.shape),
          got: formatShape(input.shape),
        });
      }
    }
    return first.shape.map((size, i) => (i === axis ? inputs.reduce((sum, input) => sum + input.shape[axis], 0) : size));
  },
  dtype: sameDtype("concat", anyDtype),
  derivative: linear((cotangent, { inputs, params: { axis } }) =>
    split(
      cotangent,
      inputs.map((input) => input.shape[axis]),
      axis,
    ),
  ),
  batching: batchRule((inputs, batched, { params: { axis } }, size) =>
    concat(
      inputs.map((input, i) => (batched[i] ? input : broadcastTo(input, [size, ...input.shape]))),
      axis + 1,
    ),
  ),
  meaning: {
    kind: "direct",
    evaluate: (inputs, node) => {
      const result = allocateExact(node.dtype, node.size);
      const { axis } = node.params;
      const outer = sizeOf(node.shape.slice(0, axis));
      let position = 0;
      for (let row = 0; row < outer; row++) {
        inputs.forEach((input) => {
          const length = input.length / outer;
          result.set(input.subarray(row * length, (row + 1) * length), position);
          position += length;
        });
      }
      return result;
    },
    lower: (onnx, inputs, node) => onnx.op("Concat", inputs, { axis: node.params.axis }),
  },
  samples: [
    { inputs: [floats([2, 3]), floats([2, 1])], params: { axis: 1 } },
    { inputs: [floats([2]), floats([0]), floats([3])], params: { axis: 0 } },
    { inputs: [whole([2], [0, 9], "uint32"), whole([1], [0, 9], "uint32")], params: { axis: 0 } },
  ],
};

/** Joins tensors along an existing axis. */
export const concat = operation(concatPrimitive, (tensors: readonly TensorLike[], axis = 0): Tensor => {
  if (tensors.length === 0) throw fault("concat", "there is nothing to join", { expected: "at least one tensor", got: "none" });
  const sources = tensors.map((item) => asTensor(item));
  const resolved = resolveAxis("concat", axis, sources[0].rank);
  return sources.length === 1 ? sources[0] : Tensor.of(concatPrimitive, sources, { axis: resolved });
});

/** Joins tensors of one shape along a new axis. */
export function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
  const sources = tensors.map((item) => asTensor(item));
  if (sources.length === 0) throw fault("stack", "there is nothing to join", { expected: "at least one tensor", got: "none" });
  const at = resolveAxis("stack", axis, sources[0].rank + 1);
  return concat(
    sources.map((source) => reshape(source, [...source.shape.slice(0, at), 1, ...source.shape.slice(at)])),
    at,
  );
}

/** Cuts an axis into parts of the given sizes (or into so many equal ones). */
export function split(x: TensorLike, parts: number | readonly number[], axis = 0): Tensor[] {
  const source = asTensor(x);
  const at = resolveAxis("split", axis, source.rank);
  const sizes = typeof parts === "number" ? new Array<number>(parts).fill(source.shape[at] / parts) : parts;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== source.shape[at] || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw fault("split", `axis ${at} does not divide that way`, {
      expected: `whole sizes that add up to ${source.shape[at]}`,
      got: typeof parts === "number" ? `${parts} equal parts` : `[${parts.join(", ")}]`,
    });
  }
  let start = 0;
  return sizes.map((size) => {
    const ranges: SliceRange[] = [...source.shape.slice(0, at).map(() => null), [start, start + size]];
    start += size;
    return slice(source, ...ranges);
  });
}
