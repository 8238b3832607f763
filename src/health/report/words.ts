import { brief, scoreName, share } from "../proof-text.js";
import type { ProofVerdict } from "../treatment.js";
import type { ShownTreatment } from "./shown.js";

/** What symptoms and causes are called for people, and what is said of them in a sentence or two. */
export interface Vocabulary {
  symptom(name: string): { readonly title: string; readonly meaning: string };
  /** With what to do about it, the smallest change first. */
  cause(name: string): { readonly title: string; readonly meaning: string; readonly advice?: readonly string[] };
}

/** What a verdict means, in words that need no reading up. */
export const verdictWords: Readonly<Record<ProofVerdict, string>> = {
  proved: "it helps in every seed, mends what was measured, and nothing but it explains the gain",
  improved: "it helps, but not in every respect that a proof asks for",
  "symptom only": "it mends what was measured, but the network answers no better",
  "outcome only": "the network answers better, but what was measured is as it was",
  "no effect": "nothing is better than chance would have it",
  harmful: "the network answers worse with it",
};

/** The whole treatment in plain words: what is wrong, and what is to be done. */
export function inWords(treatment: ShownTreatment, words: Vocabulary): string {
  const { diagnosis, before, recommended, verified, plan } = treatment;
  const [finding] = diagnosis.findings.filter(({ severity }) => severity !== "note");
  const name = scoreName(plan.task);
  if (diagnosis.verdict === "healthy" || finding === undefined) {
    return `This training is healthy: it reaches ${name} ${share(before.score)}, and signals and gradients are as they should be.`;
  }
  const where = finding.layer === null ? "" : ` in layer ${finding.layer}`;
  const what = `${words.symptom(finding.symptom).title}${where}: ${finding.evidence}`;
  const [cause] = diagnosis.causes;
  const why = cause === undefined ? "" : ` The likeliest cause: ${words.cause(cause.cause).title}.`;
  const cure = recommended === null ? null : verified[recommended];
  const [shouldHarm] = verified;
  if (cure === null) {
    return `${sentence(what)}${why}${shouldHarm === undefined ? "" : " Nothing that was tried can be recommended."}`;
  }
  const after = cure.proof.pairs.reduce((sum, pair) => sum + pair.after.score, 0) / cure.proof.pairs.length;
  const advice = `${cure.title} takes ${name} from ${share(before.score)} to ${share(after)}`;
  return `${sentence(what)}${why} ${sentence(advice.charAt(0).toUpperCase() + advice.slice(1))} This is ${cure.proof.verdict}: ${verdictWords[cure.proof.verdict]}.`;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Step 0, or "from step 120 on". */
export const sinceStep = (step: number): string =>
  step <= 1 ? "from the start" : `from step ${step.toLocaleString("en-US")} on`;

/** 1.7 trainings, in words that also fit 1. */
export const trainings = (count: number): string => `${brief(count)} training${count === 1 ? "" : "s"}`;
