import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { equal, exp, log, logicalNot, logSoftmax, mul, sub, sum, where } from "../../ops/index.js";
import { defineLoss, sameAsPredictions } from "./loss.js";

export interface KlDivergenceOptions {
  /** What the predictions are. Default `logProbabilities`; `logits` are normalised here. */
  readonly predictions: "logProbabilities" | "probabilities" | "logits";
  /** What the targets are. Default `probabilities`. */
  readonly targets: "probabilities" | "logProbabilities";
}

const logOf: Record<KlDivergenceOptions["predictions"], (x: Tensor, present: Tensor) => Tensor> = {
  logProbabilities: (x, present) => where(present, x, 0),
  probabilities: (x, present) => log(where(present, x, 1)),
  logits: (x, present) => where(present, logSoftmax(x), 0),
};

/**
 * Kullback–Leibler divergence KL(targets ‖ predictions) = Σ t (log t − log q) over the last axis: what is lost by coding for q
 * what is distributed as t. 0 · log 0 = 0; ∞ where q = 0 and t > 0. Its mean is over samples, not over their entries.
 */
export const klDivergence = defineLoss<KlDivergenceOptions>({
  name: "klDivergence",
  tex: "\\sum_k t_k (\\log t_k - \\log q_k)",
  doc: "Divergence of the predicted distribution q from the target t over the last axis, in nats, from log-probabilities.",
  predictions: "logProbabilities",
  targets: ["distributions"],
  defaults: { predictions: "logProbabilities", targets: "probabilities" },
  check: ({ predictions, targets }) => {
    requireKind("predictions", predictions, Object.keys(logOf));
    requireKind("targets", targets, ["probabilities", "logProbabilities"]);
  },
  terms: (predictions, targets, options) => {
    if (predictions.rank === 0)
      throw fault("klDivergence", "the predictions have no class axis", { expected: "(… classes)", got: "()" });
    const given = sameAsPredictions("klDivergence", predictions, targets);
    const share = options.targets === "probabilities" ? given : exp(given);
    // Classes without share are taken out before the logarithms, so that neither value nor slope is 0 · ∞.
    const absent = equal(share, 0);
    const present = logicalNot(absent);
    const logShare = options.targets === "probabilities" ? log(where(absent, 1, share)) : where(absent, 0, given);
    const lost = mul(share, sub(logShare, logOf[options.predictions](predictions, present)));
    return sum(where(absent, 0, lost), { axes: -1 });
  },
});

function requireKind(option: string, kind: string, kinds: readonly string[]): void {
  if (!kinds.includes(kind)) throw fault("klDivergence", `${option}: no such kind`, { expected: kinds.join(" or "), got: kind });
}
