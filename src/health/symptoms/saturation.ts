import { type Look, medianIn, onset } from "../derived.js";
import type { SubjectLayer } from "../subject.js";
import { percent, shown, symptom } from "./symptom.js";

const WARN = 0.5;
const CRITICAL = 0.8;
const CLOSED = 0.1;

export const saturation = symptom({
  name: "saturation",
  code: "S8",
  what: "Pre-activations lie where the function is flat: outputs hardly change, and hardly any gradient passes.",
  looks:
    "Most slopes are below 5 % of the steepest, and the mean of φ′² is far below what it is for inputs of size 1. In the last layer saturation late in training is success.",
  threshold:
    "More than 50 % of a hidden layer's pre-activations, alarm at 80 %, and a mean φ′² below a tenth of that at inputs of size 1.",
  causes: ["largeStart", "unscaledInputs", "highLearningRate", "saturatingActivation"],
  source: "Glorot and Bengio 2010, AISTATS; Rakitianskaia and Engelbrecht 2015",
  confirms: "withLoss",
  find(look) {
    return [look.early, look.late]
      .flatMap((frames) => {
        const place = look.hidden.find((i) => isFlat(look, i, frames));
        if (place === undefined) return [];
        const share = medianIn(frames, ({ layers }) => layers[place].saturated);
        const gate = medianIn(frames, ({ layers }) => layers[place].gate);
        const { path } = look.history.layers[place];
        const evidence = `${percent(share)} of the pre-activations of layer ${path} lie where its function is flat; the mean of φ′² is ${shown(gate)}.`;
        return [
          {
            critical: share > CRITICAL,
            layer: path,
            step: onset(frames, ({ layers }) => layers[place].saturated > WARN),
            measured: { name: "saturated", value: share, limit: WARN },
            evidence,
          },
        ];
      })
      .slice(0, 1);
  },
});

function isFlat({ subject, history }: Look, place: number, frames: Look["frames"]): boolean {
  if (history.layers[place].activation === null) return false;
  const share = medianIn(frames, ({ layers }) => layers[place].saturated);
  const gate = medianIn(frames, ({ layers }) => layers[place].gate);
  const usual = usualGate(subject.layers[place]);
  return share > WARN && (usual === null ? gate < 0.01 : gate < CLOSED * usual);
}

/** E φ′² with the weights that the activation needs; null where it is not known. */
function usualGate(layer: SubjectLayer | undefined): number | null {
  const { bestFactor = null, neededSpread = null } = layer ?? {};
  return bestFactor === null || neededSpread === null ? null : bestFactor / neededSpread ** 2;
}
