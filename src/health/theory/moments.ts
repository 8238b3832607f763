import { type Activation, isActivation } from "../../activations/activation.js";
import { whyNoSlopes, wideLayer } from "../../activations/measure/critical.js";
import { expectations } from "../../activations/measure/expectation.js";
import { measuredGain } from "../../activations/measure/gain.js";
import { type Pointwise, probe } from "../../activations/measure/probe.js";
import { established, type Measured, mapMeasured, notEstablished } from "../../activations/measure/report.js";
import { type Survey, survey } from "../../activations/measure/survey.js";

/** A function of the catalogue, a smoothed one, or any function of one number written with operations. */
export type AnyActivation = Activation | Pointwise;

/** What a wide layer makes of pre-activations from the normal law with mean 0 and second moment q. */
export interface WideMoments {
  /** E φ(√q z)². */
  readonly power: number;
  /** E φ(√q z). */
  readonly mean: number;
  /** E φ′(√q z)². */
  readonly gate: number;
}

/** An activation as mean-field theory sees it. */
export interface ActivationTheory {
  /** The factor on the weights with which a second moment stays as it is. */
  readonly gain: Measured<number>;
  moments(q: number): Measured<WideMoments>;
}

/** The function of a layer without activation. */
export const identityTheory: ActivationTheory = {
  gain: established(1),
  moments: (q) => established({ power: q, mean: 0, gate: 1 }),
};

/**
 * Looks at an activation once, and answers for any second moment. Kinks of the catalogue's functions are known; those of others are
 * searched for. Functions of a whole row (softmax), and those whose slope says nothing of their differences, are not established.
 */
export function theoryOf(f: AnyActivation): ActivationTheory {
  const known = isActivation(f) ? stated(f) : null;
  if (known !== null) return known;
  const result = survey((x) => f(x));
  if ("problem" in result) return unknown(result.problem);
  const reason = whyNoSlopes(result.survey);
  return reason === null ? { gain: measuredGain((x) => f(x)), moments: momentsWith(result.survey) } : unknown(reason);
}

function unknown(reason: string): ActivationTheory {
  const none = notEstablished(reason);
  return { gain: none, moments: () => none };
}

/** By the facts of the record; null where they leave jumps or a function of a row, which need a closer look. */
function stated(f: Activation): ActivationTheory | null {
  const { facts } = f;
  if (facts.kind !== "pointwise" || facts.kinks.some(({ order }) => order === 0)) return null;
  const moments = momentsWith({ probe: probe((x) => f(x)), cuts: facts.kinks.map(({ at }) => at) });
  return { gain: established(f.gain), moments };
}

function momentsWith(seen: Pick<Survey, "probe" | "cuts">): (q: number) => Measured<WideMoments> {
  return (q) => {
    if (!(q >= 0 && q < Infinity)) return notEstablished(`the second moment before it is ${q}`);
    if (q === 0) return still(seen);
    const { power, slopePower } = wideLayer(seen, q);
    const s = Math.sqrt(q);
    const [mean] = expectations(
      (z) => [seen.probe.at(z.map((one) => s * one), 0)[0]], // biome-ignore format: one line
      seen.cuts.map((at) => at / s),
    );
    if (!power.established) return power;
    if (!slopePower.established) return slopePower;
    return mapMeasured(mean, (value) => ({ power: power.value, mean: value, gate: slopePower.value }));
  };
}

/** Where nothing comes in. */
function still(seen: Pick<Survey, "probe">): Measured<WideMoments> {
  const [[value], [slope]] = seen.probe.at([0], 1);
  if (!Number.isFinite(value) || !Number.isFinite(slope)) return notEstablished("it is not finite at 0");
  return established({ power: value * value, mean: value, gate: slope * slope });
}
