import type { History, LayerReading } from "../history.js";
import type { Plan } from "../plan/plan.js";
import type { Ailment, Remedy } from "../treatment.js";
import { isWeighted, remedy, twoDigits, withWeights } from "./change.js";

const spreads: readonly Ailment[] = ["smallStart", "largeStart", "initialisation", "vanishing gradient", "exploding gradient"];

/** Every hidden block starts with one initialiser, and so does the last layer unless it is told to stay. */
const startWith = (plan: Plan, init: string, head = init): Plan => ({
  ...withWeights(plan, () => ({ init })),
  head: { ...plan.head, init: head },
});

export const initAuto: Remedy = remedy({
  name: "initAuto",
  title: "initialisation by the activation's gain",
  size: "start",
  against: [
    ...spreads,
    "symmetricStart",
    "saturatingActivation",
    "signal collapse",
    "saturation",
    "dead units",
    "deadUnits",
    "numericOverflow",
  ],
  why: "The variance of the weights is chosen so that the activation at hand keeps the second moment of the signal from layer to layer, for any activation.",
  source: "He et al. 2015, arXiv:1502.01852, carried over to any activation by its gain",
  apply: (plan) => startWith(plan, "auto"),
});

export const initHe: Remedy = remedy({
  name: "initHe",
  title: "He initialisation",
  size: "start",
  against: [...spreads, "dead units", "deadUnits"],
  why: "A rectifier lets half of the second moment through; a variance of 2 ÷ fan-in makes up for it.",
  source: "He et al. 2015, arXiv:1502.01852",
  apply: (plan) => startWith(plan, "heNormal"),
});

export const initGlorot: Remedy = remedy({
  name: "initGlorot",
  title: "Glorot initialisation",
  size: "start",
  against: [...spreads, "symmetricStart", "saturatingActivation", "signal collapse", "saturation"],
  why: "A variance of 2 ÷ (fan-in + fan-out) keeps both the signal and the gradient of an activation whose slope at 0 is 1, and out of its flat ends.",
  source: "Glorot and Bengio 2010, AISTATS",
  apply: (plan) => startWith(plan, "glorotUniform"),
});

export const initLecun: Remedy = remedy({
  name: "initLecun",
  title: "LeCun initialisation",
  size: "start",
  against: spreads,
  why: "A variance of 1 ÷ fan-in leaves the second moment to the activation, as those that normalise by themselves expect.",
  source: "LeCun et al. 1998, Efficient BackProp; Klambauer et al. 2017, arXiv:1706.02515",
  apply: (plan) => startWith(plan, "lecunNormal"),
});

const initMeasured: Remedy = remedy({
  name: "initMeasured",
  title: "initialisation scaled to what was measured",
  size: "start",
  against: spreads,
  why: "Each layer's weights are drawn with the deviation that would have kept the power that was measured, whatever the activation and the data are.",
  source: "Mishkin and Matas 2016 (LSUV), arXiv:1511.06422, with the readings in place of extra passes",
  apply: (plan, _, history) => scaledStart(plan, history),
});

/** Normal weights with the deviation that a layer had, times what its step in power lacks. */
function scaledStart(plan: Plan, { layers, readings: [first] }: History): Plan | null {
  const hidden = layers.flatMap(({ weight, head }, i) => (head ? [] : [{ weight, reading: first?.layers[i], before: first?.layers[i - 1] }])); // biome-ignore format: one line
  const deviations = hidden.map(({ weight, reading, before }) => {
    const count = weight.shape.reduce((size, axis) => size * axis, 1);
    return reading === undefined ? Number.NaN : neededDeviation(count, reading, before);
  });
  if (deviations.length === 0 || !deviations.every((value) => Number.isFinite(value) && value > 0)) return null;
  const changed = withWeights(plan, (_, place) => ({ init: `normal(${deviations[place] ?? 0})` }));
  const blocks = plan.blocks.filter(isWeighted).length;
  return blocks === deviations.length ? changed : null;
}

function neededDeviation(count: number, reading: LayerReading, before: LayerReading | undefined): number {
  const deviation = reading.weight / Math.sqrt(count);
  const arriving = before === undefined ? 1 : before.power;
  return twoDigits(deviation * Math.sqrt(arriving / reading.power));
}

/** Initialisations; of those that are as likely to help the earlier is tried first. */
export const starts: readonly Remedy[] = [initAuto, initHe, initGlorot, initMeasured, initLecun];
