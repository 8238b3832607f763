import { isActivation } from "../activations/activation.js";
import { measuredGain } from "../activations/measure/gain.js";
import { valueIfKnown } from "../activations/measure/report.js";
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
    const { record, title } = stage;
    return layer({
      name: record.name,
      title,
      code: ["stage", stage],
      parameters: {},
      role: "activation",
      get gain() {
        return stage.gain;
      },
      apply: (_, x) => stage(x),
    });
  }
  if (typeof stage === "function") return functionLayer(stage);
  if (typeof stage === "object" && stage !== null && stage.kind === "layer") return stage;
  throw fault("layer", "this is neither a layer nor a function", {
    expected: "a layer, an activation, or a function of one tensor",
    got: typeof stage,
  });
}

/** A plain function as a layer, with the gain that it is measured to need, 1 where none can be trusted. */
function functionLayer(f: (x: Tensor) => Tensor): Layer {
  let known: number | null = null;
  return layer({
    name: f.name || "function",
    code: ["stage", f],
    parameters: {},
    role: "activation",
    get gain() {
      known ??= gainOfFunction(f);
      return known;
    },
    apply: (_, x) => f(x),
  });
}

function gainOfFunction(f: (x: Tensor) => Tensor): number {
  try {
    return valueIfKnown(measuredGain(f)) ?? 1;
  } catch {
    // It fails on a row of numbers: it is made for inputs of another shape, and no function of one number.
    return 1;
  }
}

/** The layer's table with a gain where none is known yet; it is asked for only there, and "same" leaves it open. */
export function withGain(table: unknown, gain: () => number | "same"): unknown {
  const filled = (spec: ParameterSpec): ParameterSpec => {
    if (spec.gain !== null) return spec;
    const found = gain();
    return found === "same" ? spec : { ...spec, gain: found };
  };
  return mapTree(table, isParameterSpec, filled, "parameters");
}

/** Applies a part of a layer in its own context, and says in which part what goes wrong went wrong. */
export function applyPart(whole: string, part: Layer, name: string, parameters: unknown, x: Tensor, context: Context): Tensor {
  const inside = context.within(name);
  try {
    return inside.probe("output", part.apply(parameters, inside.probe("input", x), inside));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const place = error.where.startsWith(part.name) ? error.where : `${part.title}: ${error.where}`;
    throw fault(`${whole} (${place})`, error.problem, error.details, error);
  }
}
