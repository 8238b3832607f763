import { fault } from "../ir/fault.js";
import { mul, where } from "../ops/index.js";
import { bernoulli } from "../random/index.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

/**
 * In training, sets each element to 0 with probability `rate` and divides the others by 1 − rate, so that the mean stays; when
 * used, does nothing. The context's key decides which. Srivastava et al., JMLR 15, 2014.
 */
export function dropout(rate: number): Layer<NoParameters> {
  if (!(rate >= 0 && rate < 1)) {
    throw fault("dropout", "the rate is not a share that can be dropped", { expected: "0 ≤ rate < 1", got: String(rate) });
  }
  return layer({
    name: "dropout",
    title: `dropout ${rate}`,
    code: ["dropout", rate],
    parameters: {},
    gain: "same",
    backwardFactor: () => 1 / Math.sqrt(1 - rate),
    apply: (_, x, context) => {
      if (context.mode === "eval" || rate === 0) return x;
      const kept = bernoulli(context.nextKey(), 1 - rate, x.shape);
      return where(kept, mul(x, 1 / (1 - rate)), 0);
    },
  });
}
