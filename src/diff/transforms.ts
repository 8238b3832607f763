import { fault } from "../ir/fault.js";
import { topologicalOrder } from "../ir/order.js";
import type { Tensor } from "../ir/tensor.js";
import { identity } from "../ops/identity.js";
import { full, type TensorLike } from "../ops/index.js";
import { flattenTensors, requireFloat, requireScalar, trace } from "./arguments.js";
import { flowingInputs, pushForward, zerosLike } from "./forward.js";
import { pullBack } from "./reverse.js";

export interface GradOptions<K extends number> {
  /** Which argument to differentiate with respect to; the first (0) unless told. */
  argument?: K;
}

/** The gradient of `f`, which returns one number, with respect to one argument: a function of the same arguments. */
export function grad(f: (x: Tensor, ...rest: Tensor[]) => Tensor): (x: Tensor | number, ...rest: Tensor[]) => Tensor;
export function grad<Rest extends readonly unknown[]>(
  f: (x: TensorLike, ...rest: Rest) => Tensor,
): (x: TensorLike, ...rest: Rest) => Tensor;
export function grad<A extends readonly unknown[], K extends number = 0>(
  f: (...args: A) => Tensor,
  options?: GradOptions<K>,
): (...args: A) => A[K];
export function grad<A extends readonly unknown[]>(
  f: (...args: A) => Tensor,
  options: GradOptions<number> = {},
): (...args: A) => unknown {
  const both = differentiate("grad", (...args: A) => ({ value: f(...args), aux: null }), options);
  return (...args) => both(...args).gradient;
}

/** The value of `f` and its gradient, computed together. */
export function valueAndGrad(
  f: (x: Tensor, ...rest: Tensor[]) => Tensor,
): (x: Tensor | number, ...rest: Tensor[]) => { value: Tensor; gradient: Tensor };
export function valueAndGrad<Rest extends readonly unknown[]>(
  f: (x: TensorLike, ...rest: Rest) => Tensor,
): (x: TensorLike, ...rest: Rest) => { value: Tensor; gradient: Tensor };
export function valueAndGrad<A extends readonly unknown[], K extends number = 0>(
  f: (...args: A) => Tensor,
  options?: GradOptions<K>,
): (...args: A) => { value: Tensor; gradient: A[K] };
export function valueAndGrad<A extends readonly unknown[]>(
  f: (...args: A) => Tensor,
  options: GradOptions<number> = {},
): (...args: A) => { value: Tensor; gradient: unknown } {
  const both = differentiate("valueAndGrad", (...args: A) => ({ value: f(...args), aux: null }), options);
  return (...args) => {
    const { value, gradient } = both(...args);
    return { value, gradient };
  };
}

/** What a function returns beside the number. */
interface WithAux<Aux> {
  readonly value: Tensor;
  /** Anything made of tensors, passed through. */
  readonly aux: Aux;
  /** Tensors on the way, in the order in which they were made, whose own gradients are wanted too. Default none. */
  readonly inside?: readonly Tensor[];
}

interface WithGradient<Aux, G> {
  readonly value: Tensor;
  readonly aux: Aux;
  readonly gradient: G;
  /** Gradients of the tensors `inside`, by-products of the way back; null where the value does not depend on one. */
  readonly cotangents: readonly (Tensor | null)[];
}

/** The same for a function that returns, beside the number, anything else made of tensors (`aux`), passed through. */
export function valueAndGradWithAux<A extends readonly unknown[], Aux, K extends number = 0>(
  f: (...args: A) => WithAux<Aux>,
  options: GradOptions<K> = {},
): (...args: A) => WithGradient<Aux, A[K]> {
  return differentiate("valueAndGradWithAux", f, options) as (...args: A) => WithGradient<Aux, A[K]>;
}

function differentiate<A extends readonly unknown[], Aux>(
  where: string,
  f: (...args: A) => WithAux<Aux>,
  { argument = 0 }: GradOptions<number>,
): (...args: A) => WithGradient<Aux, unknown> {
  return (...args) => {
    if (!(argument in args)) {
      throw fault(where, `there is no argument ${argument}`, { expected: `0 to ${args.length - 1}`, got: String(argument) });
    }
    const target = flattenTensors(where, args[argument]);
    const leaves = target.leaves.map((leaf) => identity(leaf));
    requireFloat(where, leaves, target.paths);
    const called = f(...(args.map((arg, i) => (i === argument ? target.rebuild(leaves) : arg)) as unknown as A));
    const { value, aux, inside = [] } = called;
    const output = requireScalar(where, flattenTensors(`${where} (the result of the function)`, value));
    const at = [...leaves, ...beginnings(inside, leaves)];
    const cotangents = pullBack([output], at, inside)([full([], 1)]);
    const gradient = target.rebuild(leaves.map((leaf, i) => cotangents[i] ?? zerosLike(leaf)));
    return { value: output, aux, gradient, cotangents: cotangents.slice(at.length) };
  };
}

/** The nodes, given in the order in which they were made, that depend neither on `leaves` nor on an earlier one of them. */
function beginnings(nodes: readonly Tensor[], leaves: readonly Tensor[]): Tensor[] {
  const known = new Set(leaves);
  return nodes.filter((node) => {
    if (topologicalOrder([node], (candidate) => known.has(candidate), flowingInputs).some((one) => known.has(one))) return false;
    known.add(node);
    return true;
  });
}

/** Forward mode: the value of `f` at `primals` and its derivative in the direction `tangents`. */
export function jvp<A extends readonly unknown[], R>(f: (...args: A) => R, primals: A, tangents: A): { value: R; tangent: R } {
  const { inputs, leaves, result, outputs } = trace("jvp", f, primals);
  const directions = matchShapes("jvp", inputs.leaves, flattenTensors("jvp (its tangents)", tangents).leaves, "tangent");
  const pushed = pushForward(outputs.leaves, leaves, directions);
  const tangent = outputs.rebuild(pushed.map((part, i) => part ?? zerosLike(outputs.leaves[i]))) as R;
  return { value: result, tangent };
}

/** Reverse mode: the value of `f` and the function that turns a cotangent of it into cotangents of the arguments. */
export function vjp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  ...primals: A
): { value: R; pullback: (cotangent: R) => A } {
  const { inputs, leaves, result, outputs } = trace("vjp", f, primals);
  const pull = pullBack(outputs.leaves, leaves);
  return {
    value: result,
    pullback: (cotangent) => {
      const given = flattenTensors("vjp (its cotangent)", cotangent).leaves;
      const parts = pull(matchShapes("vjp", outputs.leaves, given, "cotangent"));
      return inputs.rebuild(parts.map((part, i) => part ?? zerosLike(leaves[i]))) as unknown as A;
    },
  };
}

function matchShapes(where: string, values: readonly Tensor[], given: readonly Tensor[], what: string): Tensor[] {
  if (given.length !== values.length) {
    throw fault(where, `one ${what} per value`, { expected: `${values.length}`, got: `${given.length}` });
  }
  given.forEach((part, i) => {
    if (part.shape.join() === values[i].shape.join()) return;
    throw fault(where, `a ${what} has the shape of its value`, {
      expected: `(${values[i].shape.join(" ")})`,
      got: `(${part.shape.join(" ")})`,
    });
  });
  return [...given];
}
