import { topologicalOrder } from "../ir/order.js";
import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { simplify } from "../lower/index.js";
import { storedScalar } from "../ops/arithmetic.js";
import { add, broadcastTo, mul, neg, power, reshape, sub, where } from "../ops/index.js";

type Rewrite = (inputs: readonly Tensor[], node: Tensor) => Tensor | null;

/**
 * What people leave out when they write a derivative by hand. Equal for every value, up to the sign of 0: a product with 0
 * stays, for it is NaN at ∞.
 */
const rewrites: ReadonlyMap<Primitive, Rewrite> = new Map<Primitive, Rewrite>([
  [mul.primitive as Primitive, ([x, y]) => signOut(x, y)],
  [add.primitive as Primitive, ([x, y]) => (x === y || areSwapped(x, y) ? mul(x, 2) : null)],
  [sub.primitive as Primitive, ([x, y]) => (isNumber(x, 0) ? neg(y) : null)],
  [power.primitive as Primitive, ([x, y]) => (isNumber(y, 1) ? x : null)],
  [
    broadcastTo.primitive as Primitive,
    ([x], { shape }) =>
      x.primitive === (reshape.primitive as Primitive) && x.size === 1 ? repeatNumber(x.inputs[0], shape) : null,
  ],
  [
    where.primitive as Primitive,
    ([condition, x, y]) => {
      const known = storedScalar(condition);
      return known === null ? null : known !== 0 ? x : y;
    },
  ],
]);

const isNumber = (x: Tensor, value: number): boolean => storedScalar(x) === value;

/** (−1)·x is −x. */
function signOut(x: Tensor, y: Tensor): Tensor | null {
  if (isNumber(x, -1)) return neg(y);
  return isNumber(y, -1) ? neg(x) : null;
}

/** a·b and b·a. */
function areSwapped(x: Tensor, y: Tensor): boolean {
  const product = mul.primitive as Primitive;
  return x.primitive === product && y.primitive === product && x.inputs[0] === y.inputs[1] && x.inputs[1] === y.inputs[0];
}

const repeatNumber = (x: Tensor, shape: Tensor["shape"]): Tensor => broadcastTo(x.rank === 0 ? x : reshape(x, []), shape);

const MOST_ROUNDS = 8;

/** Equal graphs with nothing in them that a person would not write. */
export function tidy(parameters: readonly Tensor[], outputs: readonly Tensor[]): readonly Tensor[] {
  let current = simplify({ parameters, outputs }).outputs;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const rewritten = rewriteAll(current);
    if (rewritten === null) return current;
    current = simplify({ parameters, outputs: rewritten }).outputs;
  }
  return current;
}

/** One pass from the inputs up; null when nothing was found. */
function rewriteAll(outputs: readonly Tensor[]): Tensor[] | null {
  const done = new Map<Tensor, Tensor>();
  const lookUp = (node: Tensor): Tensor => done.get(node) ?? node;
  let found = false;
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map(lookUp);
    const simpler = rewrites.get(node.primitive)?.(inputs, node) ?? null;
    found ||= simpler !== null;
    const moved = inputs.every((input, i) => input === node.inputs[i]) ? node : Tensor.over(node, inputs);
    done.set(node, simpler ?? moved);
  }
  return found ? outputs.map(lookUp) : null;
}
