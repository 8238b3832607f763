import { isActivation } from "../activations/activation.js";
import { Fault, fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { mapTree } from "../ir/tree.js";
import type { Context } from "./context.js";
import { isParameterSpec, type Layer, layer, type NoParameters, type ParameterSpec } from "./layer.js";

/** What may stand among layers: a layer, or a function of one tensor, such as an activation. */
export type Stage = Layer | ((x: Tensor) => Tensor);

/** The parameters that a stage has as a layer. */
export type ParametersOf<S> = S extends (x: Tensor) => Tensor ? NoParameters : S extends Layer<infer P> ? P : never;

/** Activations and functions become layers without parameters; layers stay themselves. */
export function asLayer<S extends Stage>(stage: S): Layer<ParametersOf<S>> {
  return layerOf(stage) as Layer<ParametersOf<S>>;
}

function layerOf(stage: Stage): Layer {
  if (isActivation(stage)) {
    const { record, title, gain } = stage;
    return layer({ name: record.name, title, parameters: {}, gain, apply: (_, x) => stage(x) });
  }
  if (typeof stage === "function") {
    return layer({ name: stage.name || "function", parameters: {}, apply: (_, x) => stage(x) });
  }
  if (typeof stage === "object" && stage !== null && stage.kind === "layer") return stage;
  throw fault("layer", "this is neither a layer nor a function", {
    expected: "a layer, an activation, or a function of one tensor",
    got: typeof stage,
  });
}

/** The layer's table with `gain` where no gain is known yet. */
export const withGain = (table: unknown, gain: number): unknown =>
  mapTree(table, isParameterSpec, (spec): ParameterSpec => (spec.gain === null ? { ...spec, gain } : spec), "parameters");

/** Applies a part of a layer in its own context, and says in which part what goes wrong went wrong. */
export function applyPart(whole: string, part: Layer, name: string, parameters: unknown, x: Tensor, context: Context): Tensor {
  const inside = context.within(name);
  try {
    return inside.probe("output", part.apply(parameters, x, inside));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const place = error.where.startsWith(part.name) ? error.where : `${part.title}: ${error.where}`;
    throw fault(`${whole} (${place})`, error.problem, error.details, error);
  }
}
