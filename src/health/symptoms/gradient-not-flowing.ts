import type { Frame, Look } from "../derived.js";
import { symptom } from "./symptom.js";

/** Steps before which a layer that starts at 0 may still hold gradients back. */
const PATIENCE = 5;

export const gradientNotFlowing = symptom({
  name: "gradient not flowing",
  code: "S2",
  what: "Layers that are to be trained get a gradient that is exactly 0.",
  looks: "‖∂L/∂W‖ = 0 step after step while the loss is a number; the layers keep the weights they started with.",
  threshold: "Exactly 0 in every reading from step 5 on, three readings at least. Frozen layers do not count.",
  causes: ["cutGradient", "wrongHead", "deadUnits", "smallStart", "saturatingActivation"],
  source: "PyTorch issue 40983 and others of its kind; DeepLocalize (Wardat et al. 2021, ICSE)",
  confirms: "alone",
  find(look) {
    const frames = look.frames.filter(({ step }) => step >= PATIENCE);
    const still = stillLayers(look, frames);
    if (still.length === 0) return [];
    const { layers } = look.history;
    // What holds gradients back stands behind the last layer without one.
    const last = layers[still[still.length - 1]];
    const evidence = `The gradient of ${still.length} of ${layers.length} layers is exactly 0 from step ${frames[0].step} on; the last of them is layer ${last.path}.`;
    return [
      {
        critical: true,
        layer: last.path,
        step: frames[0].step,
        measured: { name: "layers without a gradient", value: still.length, limit: 0 },
        evidence,
      },
    ];
  },
});

/** Places of trained layers without any gradient in all frames. */
export function stillLayers({ history }: Look, frames: readonly Frame[]): number[] {
  if (frames.length < 3) return [];
  return history.layers.flatMap(({ weight }, i) =>
    weight.trained && frames.every(({ layers }) => layers[i].gradient === 0 && layers[i].nonFinite === 0) ? [i] : [],
  );
}
