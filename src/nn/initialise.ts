import { flattenTensors } from "../diff/arguments.js";
import { tensor } from "../ops/index.js";
import { type Key, key } from "../random/index.js";
import { interpret } from "../run/interpret.js";
import type { Layer } from "./layer.js";

/**
 * The parameters of a model from a seed, as values: computed at once in float64 and rounded to float32, the same numbers
 * whatever the model will run on.
 */
export function initialise<P>(model: Layer<P>, seed: number | bigint | Key): P {
  const drawn = flattenTensors("initialise", model.initialise(typeof seed === "object" ? seed : key(seed)));
  // Leaf by leaf: the way to one needs several times its memory.
  return drawn.rebuild(drawn.leaves.map((leaf) => tensor(new Float32Array(interpret([leaf])[0]), { shape: leaf.shape }))) as P;
}
