import { selu } from "../activations/exponential.js";
import { fault } from "../ir/fault.js";
import { add, mul, where } from "../ops/index.js";
import { bernoulli } from "../random/index.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

/** −λα, what SELU approaches on the left: the value that says least to the layer after it. */
const SATURATED = selu.facts.range.low;

/**
 * Dropout for SELU: in training, sets each element to SELU's lower limit s = −λα with probability `rate`, and then moves and
 * scales all of them, y = a·x + b, so that elements of mean 0 and variance 1 keep both; when used, does nothing. With q = 1 − rate:
 * a = 1/√(q + s²q(1 − q)) and b = −a·s(1 − q). The context's key decides which. Klambauer et al. 2017, arXiv:1706.02515.
 */
export function alphaDropout(rate: number): Layer<NoParameters> {
  if (!(rate >= 0 && rate < 1)) {
    throw fault("alphaDropout", "the rate is not a share that can be dropped", { expected: "0 ≤ rate < 1", got: String(rate) });
  }
  const scale = 1 / Math.sqrt((1 - rate) * (1 + SATURATED ** 2 * rate));
  const shift = -scale * SATURATED * rate;
  return layer({
    name: "alphaDropout",
    title: `alphaDropout ${rate}`,
    code: ["alphaDropout", rate],
    parameters: {},
    gain: "same",
    backwardFactor: () => scale * Math.sqrt(1 - rate),
    apply: (_, x, context) => {
      if (context.mode === "eval" || rate === 0) return x;
      const kept = bernoulli(context.nextKey(), 1 - rate, x.shape);
      return where(kept, add(mul(x, scale), shift), scale * SATURATED + shift);
    },
  });
}
