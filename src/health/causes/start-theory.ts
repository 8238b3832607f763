import { type Look, medianIn } from "../derived.js";
import { spreadRatio } from "../symptoms/initialisation.js";
import { shown } from "../symptoms/symptom.js";

/** What theory makes of a network's start. */
export interface StartTheory {
  /** Geometric mean of χ that its layers are expected to have; null where theory has nothing to say. */
  readonly expected: number | null;
  /** The same if weights had the spread that the activation needs. */
  readonly best: number | null;
  /** ĉ, measured in the first steps. */
  readonly measured: number;
  /** Geometric mean of spread over gain; 1 where any spread will do. */
  readonly spread: number;
  /** Whether what is measured is what theory expects, to 0.3 in the logarithm. */
  readonly agrees: boolean;
}

const CLOSE = 0.3;

/** Compares the first frames with mean-field theory, layer by layer, hidden layers only. */
export function startTheory(look: Look): StartTheory {
  const layers = look.subject.layers.filter(({ head }) => !head);
  const expected = geometricMean(layers.map(({ expectedFactor }) => expectedFactor));
  const measured = medianIn(look.early, ({ factor }) => factor);
  return {
    expected,
    best: geometricMean(layers.map(({ bestFactor = null }) => bestFactor)),
    measured,
    spread: geometricMean(layers.map(spreadRatio)) ?? 1,
    agrees: expected !== null && Math.abs(Math.log(expected) - Math.log(measured)) < CLOSE,
  };
}

/** "χ is 0.06 by theory and 0.05 as measured", or nothing. */
export const theoryText = ({ expected, measured, agrees }: StartTheory): string =>
  expected !== null && agrees
    ? ` Theory expects ‖δ‖² to change by χ = ${shown(expected)} per layer; measured is ${shown(measured)}.`
    : "";

/** Of the positive numbers among them; null for none. */
function geometricMean(values: readonly (number | null)[]): number | null {
  const logs = values.flatMap((value) => (value !== null && value > 0 && value < Infinity ? [Math.log(value)] : []));
  return logs.length === 0 ? null : Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length);
}
