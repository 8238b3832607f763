import type { Fusion } from "../ir/primitive.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { mul } from "./arithmetic.js";
import { type MatmulParams, matmul } from "./linear-algebra.js";

/**
 * w − s·(a b) as one matrix product that starts from w instead of 0: the scale moves to the smaller factor, and the update
 * of a weight by its gradient costs no pass of its own. Null where it does not apply or the product is needed elsewhere.
 */
export function fuseScaledProduct({ inputs: [base, step] }: Tensor, usedOnce: (node: Tensor) => boolean): Fusion | null {
  const scaled = usedOnce(step) ? splitScale(step) : null;
  if (scaled === null || !isMatrixProduct(scaled.rest) || !usedOnce(scaled.rest)) return null;
  const { inputs: factors, params } = scaled.rest;
  const [a, b] = factors;
  const scaleFirst = a.size < b.size;
  return {
    reads: [base, scaled.scale, a, b],
    emit: (onnx, [baseName, scaleName, nameA, nameB]) => {
      const scaledBy = (name: string): string => onnx.op("Mul", [name, onnx.op("Neg", [scaleName])]);
      const names = scaleFirst ? [scaledBy(nameA), nameB] : [nameA, scaledBy(nameB)];
      return onnx.op("Gemm", [...names, baseName], { transA: Number(params.transposeA), transB: Number(params.transposeB) });
    },
  };
}

/** A product with one repeated number, as that number and the rest. */
function splitScale(node: Tensor): { scale: Tensor; rest: Tensor } | null {
  if (node.primitive !== mul.primitive) return null;
  const scaleOf = (x: Tensor): Tensor | null => (x.primitive.broadcasts && x.inputs[0].rank === 0 ? x.inputs[0] : null);
  const [x, y] = node.inputs;
  const [left, right] = [scaleOf(x), scaleOf(y)];
  if (left !== null) return { scale: left, rest: y };
  return right === null ? null : { scale: right, rest: x };
}

const isMatrixProduct = (node: Tensor): node is Node<MatmulParams> =>
  Object.is(node.primitive, matmul.primitive) && node instanceof Tensor && node.rank === 2;
