import type { FirstNonFinite } from "../diagnosis.js";
import { shown, symptom } from "./symptom.js";

export const nonFiniteNumbers = symptom({
  name: "non-finite numbers",
  code: "S10",
  what: "Numbers of the training are NaN or infinite.",
  looks: "The loss is no number any more, or outputs or gradients of a layer are not. From then on every weight is lost.",
  threshold: "One such number.",
  causes: [
    "numericOverflow",
    "explodingActivation",
    "highLearningRate",
    "largeStart",
    "unscaledInputs",
    "unscaledTargets",
    "badEpsilon",
    "wrongHead",
    "badLabels",
    "recurrentExploding",
  ],
  source: "DeepLocalize (Wardat et al. 2021, ICSE); TensorFlow's check_numerics",
  confirms: "alone",
  find(look) {
    const { course, frames, history, probes } = look;
    const reading = frames.find(({ layers }) => layers.some(({ nonFinite }) => nonFinite > 0));
    if (reading === undefined && course.lostAt === null) return [];
    const step = Math.min(reading?.step ?? Infinity, course.lostAt ?? Infinity);
    const lost = reading?.layers.map(({ nonFinite }) => nonFinite > 0) ?? [];
    // Where all layers are lost at once the first of them is not to blame.
    const place = lost.every(Boolean) ? -1 : lost.indexOf(true);
    const origin = probes?.firstNonFinite ?? null;
    const layer = origin?.layer ?? history.layers[place]?.path ?? null;
    const count = reading?.layers.reduce((sum, { nonFinite }) => sum + nonFinite, 0) ?? 1;
    const where = origin === null ? "" : ` ${originText(origin)}`;
    const evidence = `${course.lostAt === null ? "Outputs or gradients are" : "The loss is"} not finite at step ${step}.${where}`;
    return [{ critical: true, layer, step, measured: { name: "numbers that are not finite", value: count, limit: 0 }, evidence }];
  },
});

/** Where it begins, in a sentence. */
export function originText({ operation, layer, inputs, result }: FirstNonFinite): string {
  const given = inputs.map(({ least, greatest }) => `${shown(least)} … ${shown(greatest)}`).join(" and ");
  return `It begins with ${operation}${layer === null ? "" : ` in ${layer}`}, which makes ${result} of ${given}.`;
}
