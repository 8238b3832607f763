import { customJvp } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs, clip, mul, square, sub } from "../../ops/index.js";
import { defineLoss, requireOption, sameAsPredictions } from "./loss.js";

/** Mean squared error: (x − t)² per element. */
export const mse = defineLoss({
  name: "mse",
  tex: "(x - t)^2",
  doc: "Squared error per element. Large errors count most; best when noise is Gaussian.",
  predictions: "values",
  targets: ["values"],
  defaults: {},
  terms: (predictions, targets) => square(sub(predictions, sameAsPredictions("mse", predictions, targets))),
});

/** Mean absolute error: |x − t| per element; its slope where the error is 0 is 0. */
export const mae = defineLoss({
  name: "mae",
  tex: "\\lvert x - t \\rvert",
  doc: "Absolute error per element. Outliers pull with constant force; the slope at 0 is 0.",
  predictions: "values",
  targets: ["values"],
  defaults: {},
  terms: (predictions, targets) => abs(sub(predictions, sameAsPredictions("mae", predictions, targets))),
});

export interface HuberOptions {
  /** The error up to which the loss is a parabola; beyond it is a line of this slope. Greater than 0; default 1. */
  readonly delta: number;
}

/** Huber's loss: ½e² while |e| ≤ δ, and δ(|e| − δ/2) beyond, e = x − t. Its slope is e held between −δ and δ. */
export const huber = defineLoss<HuberOptions>({
  name: "huber",
  tex: "c (e - \\tfrac12 c),\\quad e = x - t,\\ c = \\min(\\max(e, -\\delta), \\delta)",
  doc: "Squared for errors up to delta, absolute beyond (Huber 1964). Nothing overflows for large errors.",
  predictions: "values",
  targets: ["values"],
  defaults: { delta: 1 },
  check: ({ delta }) => requireOption("huber", "delta", delta, delta > 0, "a number greater than 0"),
  terms: (predictions, targets, { delta }) => {
    const held = (error: Tensor): Tensor => clip(error, -delta, delta);
    // c (e − c/2) with c = e held in ±δ is both branches at once and never squares a large error; its slope is c.
    const term = customJvp(
      (error: Tensor) => mul(held(error), sub(error, mul(held(error), 0.5))),
      ([error], [tangent]) => mul(tangent, held(error)),
    );
    return term(sub(predictions, sameAsPredictions("huber", predictions, targets)));
  },
});
