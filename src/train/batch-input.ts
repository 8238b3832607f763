import type { Storage, Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { isTensor, type NestedNumbers, tensor } from "../ops/create.js";

/** What a batch may be given as: a column of a data set, a tensor that is computed already, or numbers in nested arrays. */
export type BatchInput = Values | Tensor | readonly NestedNumbers[];

/** The values of a batch. At once, so that batches keep the order in which they were sent. */
export function batchValues(where: string, given: BatchInput): Values {
  if (isTensor(given)) return storedValues(where, given);
  if (Array.isArray(given)) return storedValues(where, tensor(given));
  if (isValues(given)) return given;
  throw fault(where, "this is no batch", {
    expected: "nested arrays, a tensor, or { data, shape, dtype } as data sets give",
    got: given === null ? "null" : ArrayBuffer.isView(given) ? "a typed array without a shape" : typeof given,
    fix: "give it a shape: tensor(data, { shape })",
  });
}

const isValues = (given: unknown): given is Values =>
  typeof given === "object" && given !== null && "data" in given && "shape" in given && "dtype" in given;

function storedValues(where: string, { primitive, params, shape, dtype }: Tensor): Values {
  const { meaning } = primitive;
  if (meaning.kind !== "stored") {
    throw fault(where, "the tensor is not computed yet", { got: primitive.name, fix: "evaluate it first: await evaluate(x)" });
  }
  const stored = meaning.data(params);
  const data: Storage = stored instanceof Float64Array ? Float32Array.from(stored) : stored;
  return { data, shape, dtype };
}
