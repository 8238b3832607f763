import { fault } from "../ir/fault.js";
import { formatShape, sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor, type TensorLike } from "../ops/create.js";
import { argmax, cast, equal, mean, reshape, sum, topK } from "../ops/index.js";

/**
 * 1 for samples whose label is among the `k` largest predictions (default: is the largest), 0 for the others, as part of a graph:
 * `(… classes), (…) -> (…)`.
 */
export function hits(predictions: TensorLike, labels: TensorLike, k = 1): Tensor {
  const scores = asTensor(predictions);
  const wanted = cast(labels, "int32");
  const samples = scores.shape.slice(0, -1);
  if (scores.rank === 0 || !sameShape(wanted.shape, samples)) {
    throw fault("hits", "there is not one label for each sample", {
      expected: formatShape(samples),
      got: formatShape(wanted.shape),
    });
  }
  if (k === 1) return cast(equal(argmax(scores), wanted), "float32");
  const { indices } = topK(scores, k);
  return sum(cast(equal(indices, reshape(wanted, [...wanted.shape, 1])), "float32"), { axes: -1 });
}

/** Share of samples whose largest prediction is their label's, as part of a graph. */
export const accuracyTensor = (predictions: TensorLike, labels: TensorLike): Tensor => mean(hits(predictions, labels));
