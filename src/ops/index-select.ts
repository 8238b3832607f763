import { allocateExact, type DType } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { formatShape, sameShape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { add, less, mul, where } from "./arithmetic.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { anyNumber, batchRule, byArgument, floats, linearIn, operation, requireDtype, resolveAxis, whole } from "./define.js";
import { iota } from "./sequence.js";
import { permute, reshape } from "./shape.js";

/** The position an index means: negative ones count from the end; a fault outside. */
export function resolveIndex(where: string, index: number, size: number): number {
  const position = index < 0 ? index + size : index;
  if (position >= 0 && position < size) return position;
  throw fault(where, `index ${index} is outside`, { expected: `${-size} to ${size - 1}`, got: String(index) });
}

export function indexedDtype(where: string, values: Tensor, indices: Tensor): DType {
  requireDtype(`${where} (its indices)`, indices.dtype, ["int32"]);
  requireDtype(where, values.dtype, anyNumber);
  return values.dtype;
}

const gatherPrimitive: Primitive<null> = {
  name: "gather",
  doc: "Rows of a table by number: (v …d), (…i) -> (…i …d).",
  shape: ([table, indices]) => {
    if (table.rank > 0) return [...indices.shape, ...table.shape.slice(1)];
    throw fault("gather", "a scalar has no rows", { expected: "(v …d), (…i)", got: "()" });
  },
  dtype: ([table, indices]) => indexedDtype("gather", table, indices),
  derivative: byArgument(
    linearIn((cotangent, { inputs: [table, indices] }) => scatterAdd(indices, cotangent, table.shape[0])),
    { kind: "zero" },
  ),
  batching: batchRule(([table, indices], [tableBatched, indicesBatched], _node, size) => {
    if (!tableBatched) return gather(table, indices);
    const spread = indicesBatched ? indices : broadcastTo(indices, [size, ...indices.shape]);
    const [, rows, ...row] = table.shape;
    return gather(reshape(table, [size * rows, ...row]), offsetRows(spread, size, rows));
  }),
  meaning: {
    kind: "direct",
    evaluate: ([table, indices], node) => {
      const [rows, ...row] = node.inputs[0].shape;
      const width = sizeOf(row);
      const result = allocateExact(node.dtype, node.size);
      indices.forEach((index: number, i: number) => {
        const at = resolveIndex("gather", index, rows) * width;
        result.set(table.subarray(at, at + width), i * width);
      });
      return result;
    },
    lower: (onnx, [table, indices]) => onnx.op("Gather", [table, indices], { axis: 0 }),
  },
  samples: [
    { inputs: [floats([4, 3]), whole([2, 2], [0, 3])], params: null },
    { inputs: [floats([4]), whole([5], [-4, 3])], params: null },
    { inputs: [floats([4, 2]), whole([0], [0, 3])], params: null },
    { inputs: [whole([4], [0, 9]), whole([], [0, 3])], params: null },
  ],
};

/** Indices into a batch of tables laid one after the other; those that count from the end do so in their own table. */
function offsetRows(indices: Tensor, size: number, rows: number): Tensor {
  const first = mul(iota(size), rows);
  const shaped = reshape(first, [size, ...indices.shape.slice(1).map(() => 1)]);
  return add(where(less(indices, 0), add(indices, rows), indices), shaped);
}

/** Rows of `table` by number, along its first axis: `(v …d), (…i) -> (…i …d)`. Negative numbers count from the end. */
export const gather = operation(
  gatherPrimitive,
  (table: TensorLike, indices: TensorLike): Tensor =>
    Tensor.of(gatherPrimitive, [asTensor(table), asTensor(indices, "int32")], null),
);

/** Entries along any axis by number: axis `axis` of x is replaced by the axes of `indices`. */
export function take(x: TensorLike, indices: TensorLike, axis = 0): Tensor {
  const source = asTensor(x);
  const at = resolveAxis("take", axis, source.rank);
  if (at === 0) return gather(source, indices);
  const chosen = asTensor(indices, "int32");
  const axes = source.shape.map((_, i) => i);
  const front = gather(permute(source, [at, ...axes.filter((i) => i !== at)]), chosen);
  const taken = chosen.shape.map((_, i) => i);
  const before = axes.slice(0, at).map((i) => chosen.rank + i);
  const behind = axes.slice(at + 1).map((i) => chosen.rank + i - 1);
  return permute(front, [...before, ...taken, ...behind]);
}

interface ScatterParams {
  readonly rows: number;
}

const scatterAddPrimitive: Primitive<ScatterParams> = {
  name: "scatterAdd",
  doc: "A table of zeros with updates added to rows by number; equal numbers add up: (…i), (…i …d) -> (v …d).",
  shape: ([indices, updates], { rows }) => {
    if (sameShape(updates.shape.slice(0, indices.rank), indices.shape)) return [rows, ...updates.shape.slice(indices.rank)];
    throw fault("scatterAdd", "the updates do not start with the axes of the indices", {
      expected: "(…i), (…i …d)",
      got: `${formatShape(indices.shape)}, ${formatShape(updates.shape)}`,
    });
  },
  dtype: ([indices, updates]) => indexedDtype("scatterAdd", updates, indices),
  derivative: byArgument(
    { kind: "zero" },
    linearIn((cotangent, { inputs: [indices] }) => gather(cotangent, indices)),
  ),
  batching: batchRule((inputs, batched, { params: { rows } }, size) => {
    const [indices, updates] = inputs.map((input, i) => (batched[i] ? input : broadcastTo(input, [size, ...input.shape])));
    const flat = scatterAdd(offsetRows(indices, size, rows), updates, size * rows);
    return reshape(flat, [size, rows, ...flat.shape.slice(1)]);
  }),
  meaning: {
    kind: "direct",
    evaluate: ([indices, updates], node) => {
      const width = sizeOf(node.shape.slice(1));
      const result = allocateExact(node.dtype, node.size);
      indices.forEach((index: number, i: number) => {
        const at = resolveIndex("scatterAdd", index, node.params.rows) * width;
        for (let k = 0; k < width; k++) result[at + k] += updates[i * width + k];
      });
      return result;
    },
    lower: (onnx, [indices, updates], node) => {
      const count = node.inputs[0].size;
      const start = onnx.op("Expand", [onnx.scalar(0, node.dtype), onnx.axes(node.shape)]);
      if (count === 0) return start;
      // Shaped as int32 first: int64 may only be cast to and used at once on the GPU.
      const rows = onnx.cast(onnx.op("Reshape", [indices, onnx.axes([count, 1])]), "int64");
      const flat = onnx.op("Reshape", [updates, onnx.axes([count, ...node.shape.slice(1)])], { allowzero: 1 });
      return onnx.op("ScatterND", [start, rows, flat], { reduction: "add" });
    },
  },
  samples: [
    { inputs: [whole([5], [0, 3]), floats([5, 2])], params: { rows: 4 } },
    { inputs: [whole([2, 2], [-3, 2]), floats([2, 2])], params: { rows: 3 } },
    { inputs: [whole([0], [0, 2]), floats([0, 2])], params: { rows: 3 } },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

/** A table of `rows` rows of zeros with `updates` added at `indices`: `(…i), (…i …d) -> (v …d)`. */
export const scatterAdd = operation(
  scatterAddPrimitive,
  (indices: TensorLike, updates: TensorLike, rows: number): Tensor =>
    Tensor.of(scatterAddPrimitive, [asTensor(indices, "int32"), asTensor(updates)], { rows }),
);
