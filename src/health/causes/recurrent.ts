import { timeRatios } from "../symptoms/recurrent-gradient.js";
import { shown } from "../symptoms/symptom.js";
import { cause, when } from "./cause.js";

export const recurrentVanishing = cause({
  name: "recurrentVanishing",
  title: "The gradient vanishes on its way back in time",
  why: "Each step back multiplies by the recurrent weights and a slope below 1: after fifty steps nothing of what came first is left.",
  advice: ["Take an LSTM with forget bias 1, or a GRU.", "Start the recurrent weights orthogonal."],
  weigh(look, findings) {
    const seen = findings.get("recurrent gradient");
    const plain = look.history.layers.find(({ kind }) => kind === "rnn");
    return [
      when(seen !== null && seen.measured.value < 1, seen?.critical ? 0.85 : 0.7, seen?.evidence ?? "", seen?.layer),
      when(
        seen === null && plain !== undefined && look.course.rho > 0.9,
        0.55,
        "A plain recurrent layer forgets within some ten steps.",
        plain?.path,
      ),
    ];
  },
});

export const recurrentExploding = cause({
  name: "recurrentExploding",
  title: "The gradient explodes on its way back in time",
  why: "Recurrent weights that stretch are applied again at every step of time: the gradient grows like a power of the length.",
  advice: ["Clip gradients to length 1.", "Start the recurrent weights orthogonal.", "Take an LSTM or a GRU."],
  weigh(look, findings) {
    const seen = findings.get("recurrent gradient");
    const recurrent = timeRatios(look)[0] ?? null;
    const gone =
      findings.get("divergence") ?? findings.get("non-finite numbers") ?? findings.by("exploding gradient", "gradient spike");
    const kind = look.history.layers.find((layer) => ["rnn", "lstm", "gru"].includes(layer.kind));
    return [
      when(seen !== null && seen.measured.value > 1, seen?.critical ? 0.85 : 0.7, seen?.evidence ?? "", seen?.layer),
      when(
        kind !== undefined && gone !== null,
        0.6,
        `${gone?.evidence} It has a recurrent layer, whose gradient over time changes by ${shown(recurrent?.ratio ?? 1)}.`,
        kind?.path,
      ),
    ];
  },
});
