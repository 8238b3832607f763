import { topologicalOrder } from "../ir/order.js";
import type { Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { simplify } from "../lower/index.js";
import { storedScalar } from "../ops/arithmetic.js";
import { add, broadcastTo, logicalAnd, mul, neg, power, reshape, sigmoid, sub, tanh, where } from "../ops/index.js";
import { sigmoidSlope, tanhSlope } from "../ops/saturating.js";

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
      x.primitive === (reshape.primitive as Primitive) && x.inputs[0].rank === 0 ? broadcastTo(x.inputs[0], shape) : null,
  ],
  [
    where.primitive as Primitive,
    ([condition, x, y]) => {
      const known = storedScalar(condition);
      if (known !== null) return known !== 0 ? x : y;
      const same = x === y || (storedScalar(x) !== null && storedScalar(x) === storedScalar(y));
      return same ? x : null;
    },
  ],
  [
    logicalAnd.primitive as Primitive,
    ([x, y]) => {
      const [first, second] = [storedScalar(x), storedScalar(y)];
      if (first === 0 || second === 1) return x;
      return second === 0 || first === 1 ? y : null;
    },
  ],
]);

/** Slopes that the library keeps as operations of their own for the sake of rounding, as textbooks write them. */
const spellings: ReadonlyMap<Primitive, Rewrite> = new Map<Primitive, Rewrite>([
  [sigmoidSlope.primitive as Primitive, ([x]) => mul(sigmoid(x), sub(1, sigmoid(x)))],
  [tanhSlope.primitive as Primitive, ([x]) => sub(1, mul(tanh(x), tanh(x)))],
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

const MOST_ROUNDS = 8;

/** Equal graphs with nothing in them that a person would not write. */
export const tidy = (parameters: readonly Tensor[], outputs: readonly Tensor[]): readonly Tensor[] =>
  rewrite(parameters, outputs, (node, inputs) => rewrites.get(node.primitive)?.(inputs, node) ?? null);

/** The same for reading only: slopes are spelled out though their values would then round worse. */
export const spellOut = (parameters: readonly Tensor[], outputs: readonly Tensor[]): readonly Tensor[] =>
  rewrite(
    parameters,
    outputs,
    (node, inputs) => (rewrites.get(node.primitive) ?? spellings.get(node.primitive))?.(inputs, node) ?? null,
  );

type Simpler = (node: Tensor, inputs: readonly Tensor[]) => Tensor | null;

function rewrite(parameters: readonly Tensor[], outputs: readonly Tensor[], simpler: Simpler): readonly Tensor[] {
  let current = simplify({ parameters, outputs }).outputs;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const rewritten = rewriteOnce(current, simpler);
    if (rewritten === null) return current;
    current = simplify({ parameters, outputs: rewritten }).outputs;
  }
  return current;
}

/** One pass from the inputs up; null when nothing was found. */
function rewriteOnce(outputs: readonly Tensor[], simpler: Simpler): Tensor[] | null {
  const done = new Map<Tensor, Tensor>();
  const lookUp = (node: Tensor): Tensor => done.get(node) ?? node;
  let found = false;
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map(lookUp);
    const replacement = simpler(node, inputs);
    found ||= replacement !== null;
    const moved = inputs.every((input, i) => input === node.inputs[i]) ? node : Tensor.over(node, inputs);
    done.set(node, replacement ?? moved);
  }
  return found ? outputs.map(lookUp) : null;
}
