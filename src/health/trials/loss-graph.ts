import type { Tensor } from "../../ir/tensor.js";
import { flattenTree } from "../../ir/tree.js";
import { type ContextOptions, context } from "../../nn/context.js";
import { type Layer, parametersOf } from "../../nn/layer.js";
import { isTensor } from "../../ops/index.js";
import { key } from "../../random/counter.js";
import type { TrainingLoss } from "../../train/step.js";

/** A model's loss on one batch as a function of what is trained. */
export interface LossGraph {
  /** Values of the trained parameters, in the order of the parameter table. */
  readonly trained: readonly Tensor[];
  readonly names: readonly string[];
  loss(trained: readonly Tensor[], inputs: Tensor, targets: Tensor, options?: ContextOptions): Tensor;
}

/** The loss of a model at given parameters, whose other values (running statistics, frozen weights) stay as they are. */
export function lossGraph<P>(model: Layer<P>, loss: TrainingLoss, parameters: P): LossGraph {
  const table = parametersOf(model as Layer);
  const flat = flattenTree(parameters, isTensor, model.title);
  const places = table.flatMap(({ trained }, i) => (trained ? [i] : []));
  return {
    trained: places.map((place) => flat.leaves[place]),
    names: places.map((place) => table[place].path),
    loss(trained, inputs, targets, options = {}) {
      const leaves = flat.leaves.slice();
      places.forEach((place, i) => {
        leaves[place] = trained[i];
      });
      const told = context({ mode: "train", key: key(0), ...options });
      const output = model.apply(flat.rebuild(leaves) as P, told.probe("input", inputs), told);
      return loss(told.probe("output", output), targets);
    },
  };
}
