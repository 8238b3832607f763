import { type Frame, type Look, medianIn, onset } from "../derived.js";
import { type Seen, shown, symptom } from "./symptom.js";

const WARN = 0.05;
const CRITICAL = 0.01;
/** Samples of a batch below which its variance says nothing. */
const FEWEST = 4;

export const signalCollapse = symptom({
  name: "signal collapse",
  code: "S6",
  what: "Every sample looks alike to a layer: what tells them apart drowns in what they share.",
  looks:
    "The deviation over the batch is a small part of the root mean square of a layer's outputs. Functions that are not centred, such as sigmoids, do it a little in every layer.",
  threshold: "Signal below 0.05, alarm below 0.01, where that of the inputs is above 0.2 and batches have 4 samples or more.",
  causes: ["saturatingActivation", "smallStart", "tooDeep", "deadUnits", "unscaledInputs"],
  source: "Schoenholz et al. 2017, arXiv:1611.01232; Martens et al. 2021, arXiv:2110.01765",
  confirms: "withLoss",
  find(look) {
    if (look.subject.batchSize < FEWEST || inputSignal(look) < 0.2) return [];
    return [look.early, look.late].flatMap((frames) => collapsed(look, frames)).slice(0, 1);
  },
});

/** What the inputs have to tell apart: 1 where nothing is known of them. */
export function inputSignal({ subject: { data } }: Look): number {
  const variance = data.features.reduce((sum, { deviation }) => sum + deviation ** 2, 0);
  const power = data.features.reduce((sum, { mean }) => sum + mean ** 2, variance);
  return power > 0 ? Math.sqrt(variance / power) : 1;
}

function collapsed({ history, hidden }: Look, frames: readonly Frame[]): Seen[] {
  const signals = hidden.map((i) => ({ i, signal: medianIn(frames, ({ layers }) => layers[i].signal) }));
  const first = signals.find(({ signal }) => signal < WARN);
  if (first === undefined) return [];
  const least = Math.min(...signals.map(({ signal }) => signal));
  const { path } = history.layers[first.i];
  const evidence = `Only ${shown(least)} of the size of hidden outputs differs from sample to sample; it falls below ${WARN} in layer ${path}.`;
  return [
    {
      critical: least < CRITICAL,
      layer: path,
      step: onset(frames, ({ layers }) => layers[first.i].signal < WARN),
      measured: { name: "signal", value: least, limit: WARN },
      evidence,
    },
  ];
}
