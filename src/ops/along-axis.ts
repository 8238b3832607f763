import { allocateExact } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { batchRule, byArgument, floats, linearIn, operation, requireDtype, resolveAxis, whole, zero } from "./define.js";
import { indexedDtype, resolveIndex } from "./index-select.js";
import { permute } from "./shape.js";

interface AlongParams {
  readonly axis: number;
}

/** Requires equal sizes on every axis but one. */
function requireAligned(where: string, x: Shape, indices: Shape, axis: number): void {
  if (indices.length === x.length && indices.every((size, i) => i === axis || size === x[i])) return;
  throw fault(where, `the shapes differ on an axis other than ${axis}`, { expected: formatShape(x), got: formatShape(indices) });
}

/** Visits every picked entry: its position among the picks, and that of its target in a tensor of shape `shape`. */
function forEachPick(
  where: string,
  { picks, indices, shape, axis }: { picks: Shape; indices: ArrayLike<number>; shape: Shape; axis: number },
  visit: (pick: number, target: number) => void,
): void {
  const inner = sizeOf(shape.slice(axis + 1));
  const length = shape[axis];
  for (let pick = 0; pick < indices.length; pick++) {
    const line = Math.floor(pick / (picks[axis] * inner));
    visit(pick, (line * length + resolveIndex(where, indices[pick], length)) * inner + (pick % inner));
  }
}

const takeAlongAxisPrimitive: Primitive<AlongParams> = {
  name: "takeAlongAxis",
  doc: "One entry per index along an axis: result[…i…] = x[…indices[…i…]…].",
  shape: ([x, indices], { axis }) => {
    requireAligned("takeAlongAxis", x.shape, indices.shape, axis);
    return indices.shape;
  },
  dtype: ([x, indices]) => indexedDtype("takeAlongAxis", x, indices),
  derivative: byArgument(
    linearIn((cotangent, { inputs: [x, indices], params: { axis } }) => addAlongAxis(indices, cotangent, x.shape[axis], axis)),
    { kind: "zero" },
  ),
  batching: batchRule((inputs, batched, { params: { axis } }, size) => {
    const [x, indices] = inputs.map((input, i) => (batched[i] ? input : broadcastTo(input, [size, ...input.shape])));
    return takeAlongAxis(x, indices, axis + 1);
  }),
  meaning: {
    kind: "direct",
    evaluate: ([x, indices], node) => {
      const result = allocateExact(node.dtype, node.size);
      const picks = { picks: node.shape, indices, shape: node.inputs[0].shape, axis: node.params.axis };
      forEachPick("takeAlongAxis", picks, (pick, target) => {
        result[pick] = x[target];
      });
      return result;
    },
    lower: (onnx, [x, indices], { params: { axis } }) => onnx.op("GatherElements", [x, indices], { axis }),
  },
  samples: [
    { inputs: [floats([3, 4]), whole([3, 2], [0, 3])], params: { axis: 1 } },
    { inputs: [floats([3, 2, 2]), whole([4, 2, 2], [-3, 2])], params: { axis: 0 } },
  ],
};

/** One entry per index along `axis` (default the last): result[…i…] = x[…indices[…i…]…]. */
export const takeAlongAxis = operation(takeAlongAxisPrimitive, (x: TensorLike, indices: TensorLike, axis = -1): Tensor => {
  const source = asTensor(x);
  return Tensor.of(takeAlongAxisPrimitive, [source, asTensor(indices, "int32")], {
    axis: resolveAxis("takeAlongAxis", axis, source.rank),
  });
});

interface AddAlongParams extends AlongParams {
  readonly length: number;
}

const addAlongAxisPrimitive: Primitive<AddAlongParams> = {
  name: "addAlongAxis",
  doc: "Zeros with updates added at an index along an axis; equal indices add up. The transpose of takeAlongAxis.",
  shape: ([indices, updates], { axis, length }) => {
    if (indices.shape.join() !== updates.shape.join()) {
      throw fault("addAlongAxis", "one index per update", {
        expected: formatShape(indices.shape),
        got: formatShape(updates.shape),
      });
    }
    return updates.shape.map((size, i) => (i === axis ? length : size));
  },
  dtype: ([indices, updates]) => indexedDtype("addAlongAxis", updates, indices),
  derivative: byArgument(
    { kind: "zero" },
    linearIn((cotangent, { inputs: [indices], params: { axis } }) => takeAlongAxis(cotangent, indices, axis)),
  ),
  batching: batchRule((inputs, batched, { params: { axis, length } }, size) => {
    const [indices, updates] = inputs.map((input, i) => (batched[i] ? input : broadcastTo(input, [size, ...input.shape])));
    return addAlongAxis(indices, updates, length, axis + 1);
  }),
  meaning: {
    kind: "direct",
    evaluate: ([indices, updates], node) => {
      const result = allocateExact(node.dtype, node.size);
      const picks = { picks: node.inputs[0].shape, indices, shape: node.shape, axis: node.params.axis };
      forEachPick("addAlongAxis", picks, (pick, target) => {
        result[target] += updates[pick];
      });
      return result;
    },
    lower: (onnx, [indices, updates], node) => {
      const start = onnx.op("Expand", [onnx.scalar(0, node.dtype), onnx.axes(node.shape)]);
      return onnx.op("ScatterElements", [start, indices, updates], { axis: node.params.axis, reduction: "add" });
    },
  },
  samples: [
    { inputs: [whole([3, 2], [0, 3]), floats([3, 2])], params: { axis: 1, length: 4 } },
    { inputs: [whole([3, 2], [-2, 1]), floats([3, 2])], params: { axis: 0, length: 2 } },
  ],
  accuracy: { ulp: 8, scale: "terms" },
};

/** Zeros of `length` along `axis` with `updates` added where `indices` say. */
export const addAlongAxis = operation(
  addAlongAxisPrimitive,
  (indices: TensorLike, updates: TensorLike, length: number, axis = -1): Tensor => {
    const values = asTensor(updates);
    const at = resolveAxis("addAlongAxis", axis, values.rank);
    return Tensor.of(addAlongAxisPrimitive, [asTensor(indices, "int32"), values], { axis: at, length });
  },
);

interface RankingParams {
  readonly count: number;
  readonly largest: boolean;
}

const rankingPrimitive: Primitive<RankingParams> = {
  name: "ranking",
  doc: "Positions of the `count` largest (or smallest) entries of the last axis, best first; equal ones in their order, NaN as ∞.",
  shape: ([x], { count }) => {
    const length = x.shape[x.rank - 1] ?? 0;
    if (x.rank > 0 && Number.isInteger(count) && count >= 0 && count <= length) return [...x.shape.slice(0, -1), count];
    throw fault("topK", `cannot pick ${count} of ${length}`, {
      expected: `a whole number from 0 to ${length}`,
      got: String(count),
    });
  },
  dtype: ([x]) => {
    requireDtype("topK", x.dtype, ["float32", "int32"]);
    return "int32";
  },
  derivative: zero,
  batching: batchRule(([x], _batched, { params: { count, largest } }) => ranking(x, count, largest)),
  meaning: {
    kind: "direct",
    evaluate: ([x], node) => {
      const { count, largest } = node.params;
      const length = node.inputs[0].shape[node.rank - 1];
      const result = new Int32Array(node.size);
      const sign = largest ? -1 : 1;
      for (let row = 0; row * count < result.length; row++) {
        const values = Array.from(x.subarray(row * length, (row + 1) * length), (value) =>
          Number.isNaN(value) ? Infinity : value,
        );
        const compare = (a: number, b: number): number => (values[a] === values[b] ? a - b : sign * (values[a] - values[b]));
        const order = values.map((_, i) => i).sort(compare);
        result.set(order.slice(0, count), row * count);
      }
      return result;
    },
    lower: (onnx, [x], { inputs: [source], params: { count, largest } }) => {
      const known = (): string => onnx.op("Where", [onnx.op("Equal", [x, x]), x, onnx.scalar(Infinity)]);
      const values = source.dtype === "float32" ? known() : x;
      const [, positions] = onnx.ops("TopK", [values, onnx.axes([count])], 2, { axis: -1, largest: Number(largest), sorted: 1 });
      return onnx.cast(positions, "int32");
    },
  },
  samples: [
    { inputs: [floats([2, 5])], params: { count: 3, largest: true } },
    { inputs: [floats([4], undefined, [1, 3, 3, 2])], params: { count: 4, largest: false } },
    { inputs: [whole([2, 4], [0, 3])], params: { count: 2, largest: true } },
  ],
};

const ranking = operation(
  rankingPrimitive,
  (x: Tensor, count: number, largest: boolean): Tensor => Tensor.of(rankingPrimitive, [x], { count, largest }),
);

/** The catalogue finds the record through this export; people use `topK`, `sort` and `argsort`. */
export const rankingOperation = ranking;

/** The `count` largest entries along `axis` (default the last), largest first, with their positions; differentiable in the values. */
export function topK(
  x: TensorLike,
  count: number,
  { axis = -1, largest = true }: { axis?: number; largest?: boolean } = {},
): { values: Tensor; indices: Tensor } {
  const source = asTensor(x);
  const at = resolveAxis("topK", axis, source.rank);
  const exchange = source.shape.map((_, i) => (i === at ? source.rank - 1 : i === source.rank - 1 ? at : i));
  const last = permute(source, exchange);
  const indices = ranking(last, count, largest);
  return { values: permute(takeAlongAxis(last, indices), exchange), indices: permute(indices, exchange) };
}

/** Entries along `axis` (default the last) in ascending order, or descending; differentiable. */
export function sort(x: TensorLike, axis = -1, { descending = false }: { descending?: boolean } = {}): Tensor {
  const source = asTensor(x);
  return topK(source, source.shape[resolveAxis("sort", axis, source.rank)], { axis, largest: descending }).values;
}

/** Positions that would sort the entries along `axis` (default the last); equal entries keep their order. */
export function argsort(x: TensorLike, axis = -1, { descending = false }: { descending?: boolean } = {}): Tensor {
  const source = asTensor(x);
  return topK(source, source.shape[resolveAxis("argsort", axis, source.rank)], { axis, largest: descending }).indices;
}
