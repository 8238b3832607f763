import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, cast, iota, mul, sum, type TensorLike } from "../../ops/index.js";
import { logSumExp } from "./exponential-maxima.js";
import type { SmoothMaximum } from "./maximum.js";
import { ROW, rowsOver, widthOf } from "./rows.js";

export interface ChoiceOptions {
  readonly width: TensorLike;
  /** The smooth maximum whose gradient chooses: {@link logSumExp} (default) is softmax, `moreau` sparsemax, `tsallis` entmax. */
  readonly by?: SmoothMaximum;
  /** The axis to choose along; default the last. */
  readonly axis?: number;
}

/**
 * Weights that tend to 1 at the largest entry and 0 elsewhere as the width goes to 0: the gradient of a smooth maximum, in the
 * shape of x. Tied entries share. From `gaussianMaximum`, the probabilities with which each is the largest under noise.
 */
export const softOneHot = (x: TensorLike, { width, by = logSumExp, axis = -1 }: ChoiceOptions): Tensor =>
  by.weights(x, { width, axes: axis });

/**
 * Σ i·wᵢ with the weights w of {@link softOneHot}: a position between 0 and n − 1 that tends to that of the largest entry, and
 * to the mean of tied ones. The axis is dropped. A fault for weights that do not add up to 1.
 */
export function softArgmax(x: TensorLike, { width, by = logSumExp, axis = -1 }: ChoiceOptions): Tensor {
  if (by.facts.weightSum !== 1) {
    throw fault("softArgmax", `the weights of ${by.title} do not add up to 1`, { fix: "choose by logSumExp, moreau or tsallis" });
  }
  const { rows, count, reduced } = rowsOver("softArgmax", x, { axes: axis });
  const centre = (count - 1) / 2;
  // Positions from the middle: what rounding leaves of Σ w − 1 is not multiplied by n.
  const positions = add(cast(iota(count), "float32"), -centre);
  const weights = by.weights(rows, { width: widthOf("softArgmax", width), axes: -1 });
  return reduced(add(sum(mul(weights, positions), ROW), centre));
}
