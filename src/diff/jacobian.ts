import type { Tensor } from "../ir/tensor.js";
import type { MapTree } from "../ir/tree.js";
import { parameter } from "../ops/create.js";
import { broadcastTo, cast, equal, iota, permute, reshape } from "../ops/index.js";
import { requireFloat, trace } from "./arguments.js";
import { batchGraph } from "./batch.js";
import { pushForward, zerosLike } from "./forward.js";
import { pullBack } from "./reverse.js";
import { grad } from "./transforms.js";

export interface JacobianOptions {
  /** `forward` costs one pass per input element, `reverse` one per output element. Default: the cheaper one. */
  mode?: "forward" | "reverse";
}

/** For every output leaf, every input leaf: a tensor of shape (…output …input). */
export type Jacobian<R, X> = MapTree<R, Tensor, X>;

/** All partial derivatives of `f` with respect to its first argument, shaped (…output …input). */
export function jacobian(f: (x: Tensor) => Tensor, options?: JacobianOptions): (x: Tensor) => Tensor;
export function jacobian<X, Rest extends readonly unknown[], R>(
  f: (x: X, ...rest: Rest) => R,
  options?: JacobianOptions,
): (x: X, ...rest: Rest) => Jacobian<R, X>;
export function jacobian<X, Rest extends readonly unknown[], R>(
  f: (x: X, ...rest: Rest) => R,
  { mode }: JacobianOptions = {},
): (x: X, ...rest: Rest) => unknown {
  return (x, ...rest) => {
    const { inputs, leaves, outputs } = trace("jacobian", (target: X) => f(target, ...rest), [x] as const);
    requireFloat("jacobian", leaves, inputs.paths);
    const count = (tensors: readonly Tensor[]): number => tensors.reduce((sum, leaf) => sum + leaf.size, 0);
    const chosen = mode ?? (count(leaves) <= count(outputs.leaves) ? "forward" : "reverse");
    const blocks = chosen === "forward" ? forwardBlocks(outputs.leaves, leaves) : reverseBlocks(outputs.leaves, leaves);
    return outputs.rebuild(blocks.map((row) => (inputs.rebuild(row) as readonly unknown[])[0] as Tensor));
  };
}

/** Identity matrix as a batch of one-hot tensors of the shape of `x`. */
function basis(x: Tensor): Tensor {
  const square = [x.size, x.size];
  return reshape(cast(equal(iota(square, { axis: 0 }), iota(square, { axis: 1 })), "float32"), [x.size, ...x.shape]);
}

function forwardBlocks(outputs: readonly Tensor[], leaves: readonly Tensor[]): Tensor[][] {
  const columns = leaves.map((leaf) => {
    const direction = parameter(leaf.shape, leaf.dtype);
    const pushed = pushForward(outputs, [leaf], [direction]).map((tangent, i) => tangent ?? zerosLike(outputs[i]));
    return batchGraph(pushed, new Map([[direction, basis(leaf)]]), leaf.size).map(({ tensor, batched }, i) => {
      const { shape } = outputs[i];
      const whole = batched ? tensor : broadcastTo(tensor, [leaf.size, ...shape]);
      const last = [...shape.map((_, axis) => axis + 1), 0];
      return reshape(permute(whole, last), [...shape, ...leaf.shape]);
    });
  });
  return outputs.map((_, row) => columns.map((column) => column[row]));
}

function reverseBlocks(outputs: readonly Tensor[], leaves: readonly Tensor[]): Tensor[][] {
  return outputs.map((output) => {
    const cotangent = parameter(output.shape, output.dtype);
    const pulled = pullBack([output], leaves)([cotangent]).map((part, i) => part ?? zerosLike(leaves[i]));
    return batchGraph(pulled, new Map([[cotangent, basis(output)]]), output.size).map(({ tensor, batched }, i) => {
      const whole = batched ? tensor : broadcastTo(tensor, [output.size, ...leaves[i].shape]);
      return reshape(whole, [...output.shape, ...leaves[i].shape]);
    });
  });
}

/** All second derivatives of a function that returns one number: forward mode over reverse mode. */
export function hessian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor;
export function hessian<X, Rest extends readonly unknown[]>(
  f: (x: X, ...rest: Rest) => Tensor,
): (x: X, ...rest: Rest) => Jacobian<X, X>;
export function hessian<X, Rest extends readonly unknown[]>(
  f: (x: X, ...rest: Rest) => Tensor,
): (x: X, ...rest: Rest) => Jacobian<X, X> {
  const gradient = grad<readonly [X, ...Rest]>(f);
  return jacobian((x: X, ...rest: Rest): X => gradient(x, ...rest), { mode: "forward" });
}
