import { allocateExact, type TypedArray } from "./dtype.js";
import { fault } from "./fault.js";
import { formatType } from "./graph.js";
import { topologicalOrder } from "./order.js";
import type { Tensor } from "./tensor.js";

/**
 * The values of `outputs` in float64, by the definition that each primitive gives of itself. Parameters, and other nodes
 * whose values are known, are read from `feeds`. Clear, not fast: the oracle that every other way of running is compared with.
 */
export function interpret(outputs: readonly Tensor[], feeds: ReadonlyMap<Tensor, TypedArray> = new Map()): TypedArray[] {
  const expansions = new Map<Tensor, Tensor>();
  const inputsOf = (node: Tensor): readonly Tensor[] => {
    const { meaning } = node.primitive;
    if (meaning.kind !== "expand" || meaning.evaluate !== undefined) return node.inputs;
    const expansion = expansions.get(node) ?? meaning.expand(node);
    expansions.set(node, expansion);
    return [expansion];
  };
  const order = topologicalOrder(outputs, (candidate) => feeds.has(candidate), inputsOf);
  const reads = (node: Tensor): readonly Tensor[] => (feeds.has(node) ? [] : inputsOf(node));
  const values = new Map<Tensor, TypedArray>();
  const waiting = countReaders(order, outputs, reads);
  for (const node of order) {
    const fed = feeds.get(node);
    const inputs = reads(node);
    values.set(node, fed === undefined ? valueAt(node, inputs.map((input) => lookUp(values, input))) : requireLength(node, fed)); // biome-ignore format: one line
    for (const input of inputs) if (release(waiting, input)) values.delete(input);
  }
  return outputs.map((output) => lookUp(values, output).slice());
}

/** How often each value will be read; being asked for counts, so that those are kept. */
function countReaders(
  order: readonly Tensor[],
  outputs: readonly Tensor[],
  reads: (node: Tensor) => readonly Tensor[],
): Map<Tensor, number> {
  const readers = new Map<Tensor, number>();
  for (const node of [...order.flatMap(reads), ...outputs]) readers.set(node, (readers.get(node) ?? 0) + 1);
  return readers;
}

/** Counts one reading; true when it was the last. */
function release(waiting: Map<Tensor, number>, node: Tensor): boolean {
  const left = (waiting.get(node) ?? 0) - 1;
  waiting.set(node, left);
  return left === 0;
}

function valueAt(node: Tensor, inputs: readonly TypedArray[]): TypedArray {
  const { meaning, name } = node.primitive;
  switch (meaning.kind) {
    case "direct":
      return meaning.evaluate(inputs, node);
    case "stored":
      return exact(node, meaning.data(node.params));
    case "expand":
      return meaning.evaluate?.(inputs, node) ?? inputs[0];
    case "fed":
      throw fault("interpret", `a ${name} has no value`, { expected: `a value for ${formatType(node)}`, got: "none" });
  }
}

/** Values in the storage of the interpreter. */
function exact(node: Tensor, data: TypedArray): TypedArray {
  const stored = allocateExact(node.dtype, data.length);
  stored.set(data);
  return stored;
}

function requireLength(node: Tensor, data: TypedArray): TypedArray {
  if (data.length === node.size) return exact(node, data);
  throw fault("interpret", "a value does not fill its parameter", { expected: formatType(node), got: `${data.length} elements` });
}

function lookUp(values: ReadonlyMap<Tensor, TypedArray>, node: Tensor): TypedArray {
  const value = values.get(node);
  if (value === undefined) throw fault("interpret", `${node.primitive.name} was used before it was computed`);
  return value;
}
