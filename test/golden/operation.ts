import { vjp } from "../../src/diff/index.js";
import { isFloat } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as ops from "../../src/ops/index.js";
import { readGolden, type Stored, type StoredTensor } from "./golden.js";

interface Result {
  readonly tools: readonly string[];
  readonly value: StoredTensor;
  readonly gradients?: readonly (readonly Stored[])[];
  readonly second?: readonly (readonly Stored[])[];
}

export interface OperationCase {
  readonly name: string;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly pick?: string | number;
  readonly inputs: readonly StoredTensor[];
  readonly results: readonly Result[];
}

export const operationCases = readGolden<{ cases: readonly OperationCase[] }>("ops").cases;

/** Results of one case: the value, its gradient in a fixed direction, and the gradient of that in another. */
export interface Outcome {
  readonly value: Tensor;
  readonly gradients: readonly Tensor[];
  readonly second: readonly Tensor[];
}

const spread = (shape: readonly number[], offset: number): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  const weights = Float64Array.from({ length: count }, (_, i) => Math.round(Math.sin(i * 1.7 + offset) * 150) / 100);
  return ops.tensor(weights, { shape });
};

/** The case computed by the library on tensors in place of the stored inputs. */
export function outcomeOf({ call, args, pick }: OperationCase, given: readonly Tensor[]): Outcome {
  const f = (...tensors: Tensor[]): Tensor => {
    const at = (arg: unknown): unknown => {
      if (Array.isArray(arg)) return arg.map(at);
      return arg !== null && typeof arg === "object" && "input" in arg ? tensors[arg.input as number] : arg;
    };
    const operation = (ops as unknown as Record<string, (...all: unknown[]) => unknown>)[call];
    const result = operation(...args.map(at));
    return (pick === undefined ? result : (result as Record<string | number, unknown>)[pick]) as Tensor;
  };
  const wrt = given.flatMap((input, i) => (isFloat(input.dtype) ? [i] : []));
  const ofFloats = (...floats: Tensor[]): Tensor =>
    f(...given.map((input, i) => (wrt.includes(i) ? floats[wrt.indexOf(i)] : input)));
  const floats = wrt.map((i) => given[i]);
  const value = f(...given);
  if (!isFloat(value.dtype) || floats.length === 0) return { value, gradients: [], second: [] };
  const first = (...at: Tensor[]): Tensor[] => vjp(ofFloats, ...at).pullback(spread(value.shape, 0.3));
  const total = (...at: Tensor[]): Tensor =>
    first(...at)
      .map((gradient) => ops.sum(ops.mul(gradient, spread(gradient.shape, 0.9))))
      .reduce(ops.add);
  return { value, gradients: first(...floats), second: vjp(total, ...floats).pullback(ops.tensor(1)) };
}
