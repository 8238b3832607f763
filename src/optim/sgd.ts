import { fault } from "../ir/fault.js";
import { add, equal, mul, sub, where } from "../ops/index.js";
import { decayingSum, withDecay } from "./arithmetic.js";
import { defineOptimizer, type UpdateOutput } from "./optimizer.js";

export interface SgdOptions {
  /** Share μ of the last direction that is kept, from 0 (default) up to, not including, 1. */
  readonly momentum: number;
  /** Looks ahead: the step is taken with g + μ · direction. Needs momentum and no dampening. */
  readonly nesterov: boolean;
  /** Share of each gradient that the direction does not take up, after the first. Default 0. */
  readonly dampening: number;
}

/** Stochastic gradient descent: d ← μ d + (1 − dampening) g, p ← p − rate · d. The first gradient enters the direction whole. */
export const sgd = defineOptimizer<SgdOptions>({
  name: "sgd",
  tex: "d \\leftarrow \\mu d + g,\\quad p \\leftarrow p - \\eta d",
  doc: "Gradient descent, with momentum when told. Few numbers, well understood, wants a tuned rate.",
  source: "Robbins and Monro 1951; Polyak 1964; Nesterov 1983 in the form of Sutskever et al. 2013",
  defaults: { learningRate: 0.01, weightDecay: 0, momentum: 0, nesterov: false, dampening: 0 },
  ranges: { momentum: "[0, 1)", dampening: "[0, 1)" },
  check: ({ momentum, nesterov, dampening }) => {
    if (!nesterov || (momentum > 0 && dampening === 0)) return;
    throw fault("sgd", "nesterov needs momentum and no dampening", {
      expected: "momentum > 0, dampening 0",
      got: `momentum ${momentum}, dampening ${dampening}`,
    });
  },
  slots: ({ momentum }) => (momentum === 0 ? [] : ["direction"]),
  update: ({ parameter, gradient, slots, step, learningRate }, { momentum, nesterov, dampening, weightDecay }): UpdateOutput => {
    const pulled = withDecay(gradient, parameter, weightDecay);
    if (momentum === 0) return { parameter: sub(parameter, mul(pulled, learningRate)), slots: {} };
    const taken = dampening === 0 ? pulled : mul(pulled, where(equal(step, 1), 1, 1 - dampening));
    const direction = decayingSum(slots.direction, taken, momentum);
    const followed = nesterov ? add(pulled, mul(direction, momentum)) : direction;
    return { parameter: sub(parameter, mul(followed, learningRate)), slots: { direction } };
  },
});
