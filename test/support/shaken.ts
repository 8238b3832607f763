import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import { topologicalOrder } from "../../src/ir/order.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { interpret } from "../../src/run/interpret.js";
import { randomFrom } from "./random.js";

/** The values of `outputs` in float64 when every result on the way is off by up to what its record states. */
export function shaken(outputs: readonly Tensor[], feeds: ReadonlyMap<Tensor, TypedArray>, seed: number): TypedArray[] {
  const random = randomFrom(seed);
  const values = new Map<Tensor, TypedArray>(feeds);
  for (const node of topologicalOrder(outputs, (candidate) => feeds.has(candidate))) {
    if (values.has(node)) continue;
    const operands = new Map(node.inputs.map((input) => [input, values.get(input) as TypedArray]));
    const [exact] = interpret([node], operands);
    const first = node.inputs.length > 0 ? (values.get(node.inputs[0]) as TypedArray) : exact;
    values.set(node, isFloat(node.dtype) ? exact.map((x, k) => x + (2 * random() - 1) * error(node, x, first[k])) : exact);
  }
  return outputs.map((output) => values.get(output) as TypedArray);
}

/** What the record of a node lets a value be off by, where the first operand is `operand`. */
function error({ primitive }: Tensor, value: number, operand: number): number {
  const { ulp, scale } = primitive.accuracy ?? { ulp: 0, scale: "value" };
  const floor = { value: 0, terms: 0, unit: 1, own: Math.min(1, Math.abs(operand)) }[scale];
  return ulp === 0 ? 0 : ulp * 2 ** -23 * Math.max(Math.abs(value), floor);
}

/** For every output element, how far it moved at most in a few such evaluations: the rounding to expect of float32. */
export function sensitivity(outputs: readonly Tensor[], feeds: ReadonlyMap<Tensor, TypedArray>): number[][] {
  const exact = interpret(outputs, feeds);
  const moves = exact.map((values) => new Array<number>(values.length).fill(0));
  for (let seed = 1; seed <= 6; seed++) {
    shaken(outputs, feeds, seed).forEach((values, k) => {
      values.forEach((value: number, i: number) => {
        moves[k][i] = Math.max(moves[k][i], Math.abs(value - exact[k][i]));
      });
    });
  }
  return moves;
}
