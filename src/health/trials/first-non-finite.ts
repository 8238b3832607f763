import { allocateExact, type TypedArray } from "../../ir/dtype.js";
import { topologicalOrder } from "../../ir/order.js";
import type { Tensor } from "../../ir/tensor.js";
import { interpret } from "../../run/interpret.js";
import type { FirstNonFinite } from "../diagnosis.js";

/** A value that a layer showed, by the layer's path. */
export interface LayerOutput {
  readonly path: string;
  readonly value: Tensor;
}

/**
 * The first operation, in the order in which they are computed, whose inputs are finite and whose result is not; null where all are
 * finite. Every float32 value is rounded to one, so that what overflows at 3.4e38 and what rounds to 0 does so here too. An infinity
 * that was written down, as masks are, is nobody's fault; a NaN that comes of it is.
 */
export function firstNonFinite(
  outputs: readonly Tensor[],
  feeds: ReadonlyMap<Tensor, TypedArray>,
  layers: readonly LayerOutput[] = [],
): FirstNonFinite | null {
  const values = new Map<Tensor, TypedArray>();
  for (const node of topologicalOrder(outputs, (candidate) => feeds.has(candidate))) {
    const fed = feeds.get(node);
    const inputs = fed === undefined ? node.inputs.map((input) => values.get(input) as TypedArray) : [];
    const value = rounded(node, fed ?? interpret([node], new Map(node.inputs.map((input, i) => [input, inputs[i]])))[0]);
    values.set(node, value);
    const stored = fed === undefined && inputs.length === 0;
    if (!stored && breaks(value, inputs)) {
      return { operation: node.primitive.name, layer: layerOf(node, layers), inputs: inputs.map(extentOf), result: worst(value) };
    }
  }
  return null;
}

/** Float64 as the interpreter keeps it, with the values that float32 has. */
function rounded(node: Tensor, value: TypedArray): TypedArray {
  if (node.dtype !== "float32") return value;
  const result = allocateExact("float32", value.length);
  for (let i = 0; i < value.length; i++) result[i] = Math.fround(value[i]);
  return result;
}

/** ∞ from finite numbers, or NaN from numbers. */
function breaks(value: TypedArray, inputs: readonly TypedArray[]): boolean {
  if (value.every(Number.isFinite)) return false;
  if (inputs.every((input) => input.every(Number.isFinite))) return true;
  return value.some(Number.isNaN) && !inputs.some((input) => input.some(Number.isNaN));
}

/** The first layer whose output needs the operation. */
function layerOf(node: Tensor, layers: readonly LayerOutput[]): string | null {
  const seen = new Set<Tensor>();
  for (const { path, value } of layers) {
    const order = topologicalOrder([value], (candidate) => seen.has(candidate));
    if (order.includes(node)) return path;
    for (const one of order) seen.add(one);
  }
  return null;
}

/** The least and the greatest of the finite numbers; NaN for none. */
function extentOf(values: TypedArray): { least: number; greatest: number } {
  let [least, greatest] = [Infinity, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return least <= greatest ? { least, greatest } : { least: Number.NaN, greatest: Number.NaN };
}

const worst = (value: TypedArray): string => {
  if (value.some(Number.isNaN)) return "NaN";
  return value.some((one) => one === Infinity) ? "∞" : "−∞";
};
