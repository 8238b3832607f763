import { type Layer, layer } from "./layer.js";
import { applyPart, asLayer, type ParametersOf, type Stage, withGain } from "./stage.js";

/**
 * Layers one after the other. Activations and plain functions of a tensor stand among them as they are:
 *
 *     sequential(linear(64, 128), gelu, linear(128, 10))
 *
 * Parameters are listed by position: "0.weight", "2.bias". Every layer starts with the gain of the activation after it, looking
 * through layers such as dropout; the last one with gain 1, unless the layer that this stands in knows better. The gain of a plain
 * function is measured; one that does not treat every number alike counts as 1.
 */
export function sequential<const S extends readonly Stage[]>(...stages: S): Layer<{ [K in keyof S]: ParametersOf<S[K]> }> {
  // A function that stands in many places is one layer, so that its gain is found out once.
  const made = new Map<Stage, Layer>();
  const layers = stages.map((stage) => {
    const known = made.get(stage) ?? asLayer(stage);
    made.set(stage, known);
    return known;
  });
  const tables = layers.map(({ parameters }, i) => withGain(parameters, () => gainFrom(layers, i + 1)));
  const whole = layer<unknown>({
    name: "sequential",
    code: ["sequential", ...stages],
    parameters: tables,
    children: layers.map((part, i) => [String(i), part] as const),
    get gain() {
      return gainFrom(layers, 0);
    },
    ...(layers[0]?.checkInputs && { checkInputs: layers[0].checkInputs }),
    apply: (parameters, x, context) => {
      const parts = parameters as readonly unknown[];
      return layers.reduce((value, part, i) => applyPart(`sequential, layer ${i}`, part, String(i), parts[i], value, context), x);
    },
  });
  return whole as Layer<{ [K in keyof S]: ParametersOf<S[K]> }>;
}

/** The gain that is needed before layer `from`: that of the first layer there that knows one. */
const gainFrom = (layers: readonly Layer[], from: number): number | "same" =>
  layers.slice(from).find(({ gain }) => gain !== "same")?.gain ?? "same";
