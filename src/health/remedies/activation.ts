import type { Ailment, Remedy } from "../treatment.js";
import { bundle, isWeighted, remedy, withWeights } from "./change.js";
import { initAuto, initGlorot, initHe, initLecun } from "./start.js";

/** Only the function behind the weights, in every hidden block. */
const only = (name: string, title: string, why: string, source: string, against: readonly Ailment[]): Remedy =>
  remedy({
    name: `${name}Only`,
    title: `${title} in place of the activation`,
    size: "activation",
    against,
    why,
    source,
    apply: (plan) => withWeights(plan, () => ({ activation: name })),
  });

/** A bundle for plans with hidden blocks: without any there is no activation to change. */
function withActivation(record: Parameters<typeof bundle>[0], parts: readonly Remedy[]): Remedy {
  const whole = bundle(record, parts);
  return { ...whole, apply: (plan, ...known) => (plan.blocks.some(isWeighted) ? whole.apply(plan, ...known) : null) };
}

const squashing: readonly Ailment[] = ["saturatingActivation", "linearNetwork", "tooDeep", "signal collapse", "vanishing gradient", "saturation"]; // biome-ignore format: one list
const unbounded: readonly Ailment[] = ["explodingActivation", "exploding gradient", "non-finite numbers", "numericOverflow"];
const dying: readonly Ailment[] = ["deadUnits", "dead units"];

const tanhOnly: Remedy = only(
  "tanh",
  "tanh",
  "It is centred, so that its mean does not drown the signal, and its slope at 0 is 1, four times the sigmoid's.",
  "LeCun et al. 1998, Efficient BackProp",
  [],
);
const seluOnly: Remedy = only("selu", "SELU", "It is centred and has no flat half.", "Klambauer et al. 2017, arXiv:1706.02515", []); // biome-ignore format: one line
const reluOnly: Remedy = only("relu", "ReLU", "Its slope is 1 wherever it lets a value through.", "Nair and Hinton 2010, ICML", []); // biome-ignore format: one line
const leakyOnly: Remedy = only("leakyRelu", "leaky ReLU", "Its slope is nowhere 0: no unit can die for good.", "Maas et al. 2013", []); // biome-ignore format: one line
const geluOnly: Remedy = only("gelu", "GELU", "It is smooth and has no half-line of slope 0.", "Hendrycks and Gimpel 2016, arXiv:1606.08415", []); // biome-ignore format: one line
const smoothOnly: Remedy = only("smelu", "SmeLU", "It is a ReLU without its kink.", "Shamir et al. 2020, arXiv:2010.09931", []); // biome-ignore format: one line

const tanhGlorot: Remedy = withActivation(
  {
    name: "tanhGlorot",
    title: "tanh with Glorot initialisation",
    size: "activation",
    against: [...squashing, ...unbounded, ...dying],
    why: "A centred activation of slope 1 at 0, started where it is steep: the signal neither drowns in its mean nor shrinks on the way back.",
    source: "Glorot and Bengio 2010, AISTATS",
  },
  [tanhOnly, initGlorot],
);

const seluLecun: Remedy = withActivation(
  {
    name: "seluLecun",
    title: "SELU with LeCun initialisation",
    size: "activation",
    against: [...squashing, ...unbounded, ...dying],
    why: "Mean 0 and variance 1 are a fixed point of every layer: activations normalise themselves, and no half-line is flat.",
    source: "Klambauer et al. 2017, arXiv:1706.02515",
  },
  [seluOnly, initLecun],
);

const reluHe: Remedy = withActivation(
  {
    name: "reluHe",
    title: "ReLU with He initialisation",
    size: "activation",
    against: [...squashing, ...unbounded],
    why: "The slope is 1 where a unit is awake, and the start makes up for those that sleep. In layers narrower than 16 units whole layers may die.",
    source: "He et al. 2015, arXiv:1502.01852",
  },
  [reluOnly, initHe],
);

const leakyReluAuto: Remedy = withActivation(
  {
    name: "leakyReluAuto",
    title: "leaky ReLU with its own initialisation",
    size: "activation",
    against: dying,
    why: "A unit that is below 0 for every sample still gets a gradient, and can come back.",
    source: "Maas et al. 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models",
  },
  [leakyOnly, initAuto],
);

const geluAuto: Remedy = withActivation(
  {
    name: "geluAuto",
    title: "GELU with its own initialisation",
    size: "activation",
    against: dying,
    why: "The slope fades below 0 in place of ending there; the initialisation is chosen by its gain.",
    source: "Hendrycks and Gimpel 2016, arXiv:1606.08415",
  },
  [geluOnly, initAuto],
);

const smoothedReluAuto: Remedy = withActivation(
  {
    name: "smoothedReluAuto",
    title: "a smoothed ReLU (SmeLU) with its own initialisation",
    size: "activation",
    against: dying,
    why: "The step of the ReLU's slope is spread over a width: values near 0 keep a gradient, values far away are those of the ReLU.",
    source: "Shamir et al. 2020, arXiv:2010.09931: a ReLU convolved with a box",
  },
  [smoothOnly, initAuto],
);

/** Activations with the start that belongs to them, in the order in which deep networks came out in measurements: tanh, SELU, ReLU. */
export const activations: readonly Remedy[] = [tanhGlorot, seluLecun, reluHe, leakyReluAuto, geluAuto, smoothedReluAuto];
