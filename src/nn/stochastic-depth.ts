import { fault } from "../ir/fault.js";
import { mul, where } from "../ops/index.js";
import { bernoulli } from "../random/index.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

export interface StochasticDepthOptions {
  /** Whether every example is dropped by itself (`row`, default) or all of them together (`batch`). */
  readonly mode?: "row" | "batch";
}

/**
 * At the end of the branch of a residual: in training, sets the whole branch to 0 with probability `rate`, so that the network is
 * shallower there, and divides by 1 − rate where it stays; when used, does nothing. Huang et al. 2016, arXiv:1603.09382.
 */
export function stochasticDepth(rate: number, { mode = "row" }: StochasticDepthOptions = {}): Layer<NoParameters> {
  if (!(rate >= 0 && rate < 1)) {
    throw fault("stochasticDepth", "the rate is not a share that can be dropped", {
      expected: "0 ≤ rate < 1",
      got: String(rate),
    });
  }
  if (mode !== "row" && mode !== "batch") {
    throw fault("stochasticDepth", "no such mode", { expected: "row or batch", got: String(mode) });
  }
  return layer({
    name: "stochasticDepth",
    title: `stochasticDepth ${rate}`,
    code: ["stochasticDepth", rate],
    parameters: {},
    gain: "same",
    apply: (_, x, context) => {
      if (context.mode === "eval" || rate === 0) return x;
      const shape = x.shape.map((size, axis) => (axis === 0 && mode === "row" ? size : 1));
      return where(bernoulli(context.nextKey(), 1 - rate, shape), mul(x, 1 / (1 - rate)), 0);
    },
  });
}
