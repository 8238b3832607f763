import type { Tensor } from "../../ir/tensor.js";
import { asTensor, type TensorLike } from "../../ops/create.js";
import { cast, notEqual, where } from "../../ops/index.js";
import { softmaxCrossEntropy } from "./classification.js";

/** The label of a position that does not count: padding, and words that were not hidden. */
export const NO_LABEL = -100;

export interface TokenCrossEntropyOptions {
  /** The label of positions that do not count. Default −100. */
  readonly ignored?: number;
  /** Share of every target that is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy of sequences: `(…s classes), (…s) int32 -> ()`, the mean over the positions whose label is not the ignored one; 0
 * when there are none.
 */
export function tokenCrossEntropy(logits: TensorLike, labels: TensorLike, options: TokenCrossEntropyOptions = {}): Tensor {
  const { ignored = NO_LABEL, labelSmoothing = 0 } = options;
  const given = asTensor(labels, "int32");
  const counts = notEqual(given, ignored);
  return softmaxCrossEntropy(logits, where(counts, given, 0), { sampleWeights: cast(counts, "float32"), labelSmoothing });
}
