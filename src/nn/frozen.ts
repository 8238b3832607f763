import { mapTree } from "../ir/tree.js";
import { isParameterSpec, type Layer, layer, type ParameterSpec } from "./layer.js";
import { asLayer, type ParametersOf, type Stage } from "./stage.js";

/**
 * The stage with all its parameters kept as they start, or as they are given: they take part in the forward pass and let gradients
 * through, but are not trained. They stay in checkpoints under the names they have.
 */
export function frozen<const S extends Stage>(stage: S): Layer<ParametersOf<S>> {
  const inner = asLayer(stage) as Layer;
  const kept = (spec: ParameterSpec): ParameterSpec => ({ ...spec, trained: false });
  const { name, title, children, checkInputs, role, backwardFactor } = inner;
  const whole = layer<unknown>({
    name,
    title,
    code: ["frozen", stage],
    parameters: mapTree(inner.parameters, isParameterSpec, kept, inner.name),
    children,
    get gain() {
      return inner.gain;
    },
    ...(checkInputs && { checkInputs }),
    ...(role && { role }),
    ...(backwardFactor && { backwardFactor }),
    apply: (parameters, x, context) => inner.apply(parameters, x, context),
  });
  return whole as Layer<ParametersOf<S>>;
}
