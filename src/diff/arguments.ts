import { isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { type FlatTree, flattenTree } from "../ir/tree.js";
import { asTensor, isTensor } from "../ops/create.js";
import { identity } from "../ops/identity.js";

/** A tree whose leaves are tensors; numbers and booleans in it are read as constants. */
export type Differentiable = Tensor | number | boolean | readonly Differentiable[] | { readonly [key: string]: Differentiable };

const isLeaf = (value: unknown): value is Tensor | number | boolean =>
  isTensor(value) || typeof value === "number" || typeof value === "boolean";

/** The tensors of a tree of arguments or results. */
export function flattenTensors(where: string, tree: unknown): FlatTree<Tensor> {
  const { leaves, paths, rebuild } = flattenTree(tree, isLeaf, where);
  return { leaves: leaves.map((leaf) => asTensor(leaf)), paths, rebuild };
}

/** A function traced at `args`, each leaf of it a node of its own, so that nothing outside is mistaken for an argument. */
export interface Traced<R> {
  readonly inputs: FlatTree<Tensor>;
  readonly leaves: readonly Tensor[];
  readonly result: R;
  readonly outputs: FlatTree<Tensor>;
}

export function trace<A extends readonly unknown[], R>(where: string, f: (...args: A) => R, args: A): Traced<R> {
  const inputs = flattenTensors(where, args);
  const leaves = inputs.leaves.map((leaf) => identity(leaf));
  const result = f(...(inputs.rebuild(leaves) as unknown as A));
  return { inputs, leaves, result, outputs: flattenTensors(`${where} (the result of the function)`, result) };
}

/** Derivatives exist with respect to floats only. */
export function requireFloat(where: string, leaves: readonly Tensor[], paths: readonly string[]): void {
  const wrong = leaves.findIndex((leaf) => !isFloat(leaf.dtype));
  if (wrong === -1) return;
  const path = paths[wrong];
  throw fault(where, `there is no derivative with respect to ${leaves[wrong].dtype}`, {
    expected: "float32",
    got: path === "" ? leaves[wrong].dtype : `${leaves[wrong].dtype} at ${path}`,
    fix: 'convert with cast(x, "float32"), or choose another argument',
  });
}

export function requireScalar(where: string, outputs: FlatTree<Tensor>): Tensor {
  const [output] = outputs.leaves;
  if (outputs.leaves.length === 1 && output.rank === 0 && isFloat(output.dtype)) return output;
  throw fault(where, "the function must return one number", {
    expected: "a float32 scalar ()",
    got: outputs.leaves.map((leaf) => `${leaf.dtype} (${leaf.shape.join(" ")})`).join(", ") || "nothing",
    fix: "reduce with sum or mean; for many outputs use vjp or jacobian",
  });
}
