import type { Look } from "../derived.js";
import { percent, shown, symptom } from "./symptom.js";

const WARN = 0.2;
const CRITICAL = 0.5;
/** Steps before which nothing is called dead. */
const PATIENCE = 10;

export const deadUnits = symptom({
  name: "dead units",
  code: "S7",
  what: "Units whose slope is 0 for every sample: no gradient reaches their weights, so they stay as they are.",
  looks:
    "A unit gives the same output for a whole window of samples, and its slope is 0 for each. That half of the outputs of a ReLU are 0 is as it should be.",
  threshold: "More than 20 % of a hidden layer's units, alarm at 50 %, from step 10 on.",
  causes: ["deadUnits", "highLearningRate", "unscaledInputs", "unscaledTargets", "smallStart", "largeStart", "tooDeep"],
  source: "Lu et al. 2020, arXiv:1903.06733; Maas et al. 2013",
  confirms: "withLoss",
  find(look) {
    const worst = worstDead(look);
    if (worst === null || worst.share <= WARN) return [];
    const { path } = look.history.layers[worst.place];
    const began = deathOf(look, worst.place);
    const evidence = `${percent(worst.share)} of the ${look.history.layers[worst.place].units} units of layer ${path} have slope 0 for every sample; ${
      began.born ? "they had it from the start" : `it began at step ${began.step}, at a learning rate of ${shown(began.rate)}`
    }.`;
    return [
      {
        critical: worst.share > CRITICAL,
        layer: path,
        step: began.step,
        measured: { name: "dead units", value: worst.share, limit: WARN },
        evidence,
      },
    ];
  },
});

/** The hidden layer with most dead units at the end; the first of several. Null where nothing was read late enough. */
export function worstDead({ frames, hidden, history }: Look): { readonly place: number; readonly share: number } | null {
  const last = frames.filter(({ step }) => step >= PATIENCE).slice(-3);
  if (last.length === 0) return null;
  const shares = hidden
    .filter((place) => history.layers[place].activation !== null)
    .map((place) => ({ place, share: Math.min(...last.map(({ layers }) => layers[place].dead)) }));
  return shares.reduce<(typeof shares)[number] | null>(
    (most, one) => (most === null || one.share > most.share ? one : most),
    null,
  );
}

/** When a layer's units died: born so, or at the step at which half of those were dead that are at the end. */
export function deathOf({ frames, history }: Look, place: number): { born: boolean; step: number; rate: number } {
  const limit = Math.max(WARN, (frames.at(-1)?.layers[place].dead ?? 0) / 2);
  const step = frames.find(({ layers }) => layers[place].dead > limit)?.step ?? 0;
  return { born: step === (frames[0]?.step ?? 0), step, rate: history.steps[step]?.learningRate ?? Number.NaN };
}
