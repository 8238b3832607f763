import { type Look, largestUpdate, startsHealthy } from "../derived.js";
import { deathOf, worstDead } from "../symptoms/dead-units.js";
import { alikeLayers } from "../symptoms/initialisation.js";
import { cause, when } from "./cause.js";
import { startTheory, theoryText } from "./start-theory.js";

/** Whether units that were alive died in training, or a step threw the weights away: small weights alone do neither. */
function brokeLater(look: Look): boolean {
  const dead = worstDead(look);
  const died = startsHealthy(look) && dead !== null && dead.share > 0.5 && !deathOf(look, dead.place).born;
  return died || largestUpdate(look).size > 2;
}

export const smallStart = cause({
  name: "smallStart",
  title: "The weights start too small",
  why: "Every layer hands on less than it got: signals shrink forward, gradients shrink backward, by a factor per layer.",
  advice: [
    "Initialise with the gain of the activation: `auto`, He for ReLUs, Glorot for tanh.",
    "Scale the weights layer by layer to what a batch gives (LSUV).",
    "Normalise between the layers.",
  ],
  weigh(look, findings) {
    const seen = findings.all.find(
      ({ symptom, measured }) => symptom === "initialisation" && measured.name === "spread over gain" && measured.value < 1,
    );
    if (seen === undefined) return [];
    const theory = startTheory(look);
    // With the right gain the activation alone would not let the gradient shrink.
    const fits = theory.best === null || Math.abs(Math.log(theory.best)) < 0.35;
    const fades = findings.get("vanishing gradient") ?? findings.get("signal collapse");
    return [
      {
        weight: brokeLater(look) ? 0.35 : fits ? (seen.critical ? 0.8 : 0.6) : 0.4,
        argument: `${seen.evidence}${theoryText(theory)}`,
        layer: seen.layer,
      },
      when(
        fades !== null && fits && !brokeLater(look) && theory.spread < 0.8,
        0.5,
        "With the right gain theory expects no vanishing.",
        seen.layer,
      ),
    ];
  },
});

export const largeStart = cause({
  name: "largeStart",
  title: "The weights start too large",
  why: "Every layer hands on more than it got: linear-like activations explode, bounded ones saturate, and the first predictions are sure and wrong.",
  advice: [
    "Initialise with the gain of the activation.",
    "Normalise between the layers.",
    "Clip the gradients until the first steps are over.",
  ],
  weigh(look, findings) {
    const seen = findings.all.find(
      ({ symptom, measured }) => symptom === "initialisation" && measured.name === "spread over gain" && measured.value > 1,
    );
    if (seen === undefined) return [];
    const suffers = findings.get("exploding gradient") ?? findings.get("saturation") ?? findings.get("dead units");
    return [
      { weight: seen.critical ? 0.85 : 0.6, argument: `${seen.evidence}${theoryText(startTheory(look))}`, layer: seen.layer },
      when(suffers !== null && suffers.step < 20, 0.4, "What is too large is so from the first step on.", seen.layer),
    ];
  },
});

export const symmetricStart = cause({
  name: "symmetricStart",
  title: "Units start equal",
  why: "Units with equal weights on both sides get equal gradients: a layer of a hundred stays as good as one unit.",
  advice: ["Draw the weights at random; only biases may start equal."],
  weigh(look, findings) {
    const seen = findings.by("initialisation", "layers with equal units");
    const [first] = alikeLayers(look);
    return first === undefined || seen === null
      ? []
      : [{ weight: seen.critical ? 0.95 : 0.6, argument: seen.evidence, layer: first.path }];
  },
});
