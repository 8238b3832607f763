import { contract } from "../ir/contract.js";
import { type DType, isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { ArgumentRule, BatchRule, Derivative, InputSpec, Primitive } from "../ir/primitive.js";
import type { Shape } from "../ir/shape.js";
import type { Node, Tensor } from "../ir/tensor.js";

/** A public function together with the record of the primitive it makes nodes of. */
export type Operation<F, P = unknown> = F & { readonly primitive: Primitive<P> };

export function operation<F extends (...args: never[]) => Tensor, P>(primitive: Primitive<P>, call: F): Operation<F, P> {
  Object.defineProperty(call, "name", { value: primitive.name });
  return Object.assign(call, { primitive });
}

export const zero: Derivative<never> = { kind: "zero" };

export function linear<P>(transpose: (cotangent: Tensor, node: Node<P>) => (Tensor | null)[]): Derivative<P> {
  return { kind: "linear", transpose };
}

/** Linear in each argument while the others are held. */
export function multilinear<P>(...transposes: ((cotangent: Tensor, node: Node<P>) => Tensor)[]): Derivative<P> {
  return { kind: "byArgument", rules: transposes.map((transpose) => ({ kind: "linear", transpose })) };
}

export function byArgument<P>(...rules: ArgumentRule<P>[]): Derivative<P> {
  return { kind: "byArgument", rules };
}

/** One rule per argument: the tangent of the output that a tangent of this argument makes. */
export function smooth<P>(...jvps: ((tangent: Tensor, node: Node<P>) => Tensor)[]): Derivative<P> {
  return byArgument(...jvps.map((jvp) => smoothIn(jvp)));
}

export const linearIn = <P>(transpose: (cotangent: Tensor, node: Node<P>) => Tensor): ArgumentRule<P> => ({
  kind: "linear",
  transpose,
});

export const smoothIn = <P>(jvp: (tangent: Tensor, node: Node<P>) => Tensor): ArgumentRule<P> => ({ kind: "smooth", jvp });

export const pointwise = { kind: "pointwise" } as const;

export const batchRule = <P>(apply: BatchRule<P>): { kind: "rule"; apply: BatchRule<P> } => ({ kind: "rule", apply });

/** The dtype of the inputs, which must agree and be among `allowed`. */
export function sameDtype(where: string, allowed: readonly DType[]): (inputs: readonly Tensor[]) => DType {
  return (inputs) => {
    const dtype = inputs[0].dtype;
    const got = inputs.map((input) => input.dtype).join(", ");
    if (inputs.some((input) => input.dtype !== dtype)) {
      throw fault(where, "the dtypes differ", { expected: "one dtype", got, fix: "convert one side with cast(x, dtype)" });
    }
    requireDtype(where, dtype, allowed);
    return dtype;
  };
}

export function requireDtype(where: string, dtype: DType, allowed: readonly DType[]): void {
  if (allowed.includes(dtype)) return;
  throw fault(where, `takes no ${dtype}`, {
    expected: allowed.join(" or "),
    got: dtype,
    fix: `convert with cast(x, "${allowed[0]}")`,
  });
}

/** An axis counted from the front, from one that may be counted from the back. */
export function resolveAxis(where: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && resolved >= 0 && resolved < rank) return resolved;
  throw fault(where, `axis ${axis} does not exist`, {
    expected: `a whole number from ${-rank} to ${rank - 1}`,
    got: String(axis),
  });
}

/** A list of distinct axes in ascending order; all of them when none are named. */
export function resolveAxes(where: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => resolveAxis(where, axis, rank));
  if (new Set(list).size < list.length) throw fault(where, "an axis is named twice", { got: `[${String(axes)}]` });
  return list.sort((a, b) => a - b);
}

/** Sizes must be whole and not negative. */
export function requireShape(where: string, shape: Shape): void {
  if (shape.every((size) => Number.isInteger(size) && size >= 0)) return;
  throw fault(where, "a shape holds whole numbers of 0 or more", { got: `[${shape.join(", ")}]` });
}

export const elementwise = contract("(…s) -> (…s)");
export const elementwise2 = contract("(…s), (…s) -> (…s)");
export const elementwise3 = contract("(…s), (…s), (…s) -> (…s)");

export const floats = (shape: Shape, range?: readonly [number, number], extremes?: readonly number[]): InputSpec => ({
  shape,
  dtype: "float32",
  ...(range && { range }),
  ...(extremes && { extremes }),
});

export const whole = (shape: Shape, range: readonly [number, number], dtype: DType = "int32"): InputSpec => ({
  shape,
  dtype,
  range,
});

export const anyNumber: readonly DType[] = ["float32", "int32", "uint32"];
export const anyDtype: readonly DType[] = ["float32", "int32", "uint32", "bool"];
export const floatOnly: readonly DType[] = ["float32"];
export { isFloat };
