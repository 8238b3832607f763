import type { DType } from "../ir/dtype.js";
import { sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import * as ops from "../ops/index.js";
import { isTensor, type TensorLike } from "../ops/index.js";
import { aliases } from "./grammar.js";

/** A function that an expression can call, number by number. */
export interface ScalarFunction {
  readonly arity: number;
  readonly call: (...args: TensorLike[]) => Tensor;
}

export type FunctionTable = ReadonlyMap<string, ScalarFunction>;

/**
 * Every operation of the library that takes numbers to a number, by its own name: found by trying each one on
 * placeholders, so that a new operation can be typed the day it exists. `more` adds functions or replaces them.
 */
export function scalarFunctions(more: Readonly<Record<string, (...args: TensorLike[]) => Tensor>> = {}): FunctionTable {
  const table = new Map<string, ScalarFunction>();
  for (const [name, value] of Object.entries({ ...ops, ...more } as Record<string, unknown>)) {
    if (isFunction(value) && actsOnNumbers(value)) table.set(name, { arity: value.length, call: value });
  }
  for (const [alias, name] of Object.entries(aliases)) {
    const original = table.get(name);
    if (original !== undefined && !table.has(alias)) table.set(alias, original);
  }
  return table;
}

const isFunction = (value: unknown): value is ScalarFunction["call"] => typeof value === "function" && value.length > 0;

/** Whether it maps scalars to a scalar and vectors to a vector, element by element, and is not the identity of a reduction. */
function actsOnNumbers(call: ScalarFunction["call"]): boolean {
  const kinds: readonly ((index: number) => DType)[] = [
    () => "float32",
    (index) => (index === 0 ? "bool" : "float32"),
    () => "bool",
  ];
  return kinds.some((dtypeOf) => [[], [2]].every((shape) => keepsShape(call, shape, dtypeOf)));
}

function keepsShape(call: ScalarFunction["call"], shape: readonly number[], dtypeOf: (index: number) => DType): boolean {
  const args = Array.from({ length: call.length }, (_, index) => parameter(shape, dtypeOf(index)));
  try {
    const result: unknown = call(...args);
    return isTensor(result) && sameShape(result.shape, shape) && !args.includes(result);
  } catch {
    return false;
  }
}
