import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import { mul, where } from "../ops/index.js";
import { bernoulli } from "../random/index.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

/**
 * Dropout of whole channels of `(batch channels …spatial)`: neighbouring places say almost the same, so that dropping single ones
 * would hide nothing. Those kept are divided by 1 − rate. Tompson et al. 2015, arXiv:1411.4280.
 */
export function spatialDropout(rate: number): Layer<NoParameters> {
  if (!(rate >= 0 && rate < 1)) {
    throw fault("spatialDropout", "the rate is not a share that can be dropped", { expected: "0 ≤ rate < 1", got: String(rate) });
  }
  const title = `spatialDropout ${rate}`;
  return layer({
    name: "spatialDropout",
    title,
    code: ["spatialDropout", rate],
    parameters: {},
    gain: "same",
    backwardFactor: () => 1 / Math.sqrt(1 - rate),
    apply: (_, x, context) => {
      if (x.rank < 2)
        throw fault(title, "there is no channel axis", { expected: "(batch channels …)", got: formatShape(x.shape) });
      if (context.mode === "eval" || rate === 0) return x;
      const kept = bernoulli(context.nextKey(), 1 - rate, [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]);
      return where(kept, mul(x, 1 / (1 - rate)), 0);
    },
  });
}
