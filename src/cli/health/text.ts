import type { Diagnosis } from "../../health/diagnosis.js";
import type { CodeLine } from "../../health/plan/index.js";
import { scoreName, share } from "../../health/proof-text.js";
import { sinceStep, trainings, type Vocabulary, verdictWords } from "../../health/report/words.js";
import type { Remedy, Treatment } from "../../health/treatment.js";

const MOST_FINDINGS = 4;
const MOST_CAUSES = 2;
const MOST_ADVICE = 3;

/** A diagnosis as lines: the verdict, what was found, why. */
export function diagnosisText({ verdict, findings, causes, decidedAt }: Diagnosis, words: Vocabulary): string[] {
  if (verdict === "healthy" && findings.length === 0) return ["healthy: signals, gradients and updates are as they should be"];
  const found = findings.slice(0, MOST_FINDINGS).flatMap(({ symptom, layer, step, severity, critical, evidence }) => {
    const where = [...(layer === null ? [] : [`layer ${layer}`]), sinceStep(step)].join(", ");
    return [`  ${critical ? "critical" : severity}: ${words.symptom(symptom).title} (${where})`, `    ${evidence}`];
  });
  const more = findings.length > MOST_FINDINGS ? [`  … and ${findings.length - MOST_FINDINGS} more, in the report`] : [];
  const why = causes.slice(0, MOST_CAUSES).map(({ cause, argument }, i) => {
    return `  ${i === 0 ? "likely cause" : "or"}: ${words.cause(cause).title}${argument === "" ? "" : ` – ${argument}`}`;
  });
  const helps = causes.length === 0 ? [] : words.cause(causes[0].cause).advice?.slice(0, MOST_ADVICE).map((advice) => `    ${advice}`) ?? []; // biome-ignore format: one line
  return [`${verdict}${verdict === "healthy" ? ", with something to note" : `, as could be told at step ${decidedAt}`}`, ...found, ...more, ...why, ...(helps.length > 0 ? ["  what helps", ...helps] : [])]; // biome-ignore format: one line
}

/** What was tried out to know more, a line each. */
export const examinedText = ({ examined }: Pick<Treatment, "examined">): string[] =>
  examined.map(({ question, answer }) => `  ${question} ${answer}`);

/** What came of the treatment, and the lines to change. */
export function treatmentText(treatment: Treatment, change: readonly CodeLine[]): string[] {
  const { recommended, verified, trials, cost, before, plan } = treatment;
  if (trials.length === 0) return [`${scoreName(plan.task)} ${share(before.score)}`];
  const spent = `searched for ${trainings(cost.search)}, proved for ${trainings(cost.proof)}`;
  if (recommended === null) {
    const tried = verified.map(({ title, proof }) => `  ${title}: ${proof.verdict}, ${verdictWords[proof.verdict]}`);
    return ["no remedy can be recommended", ...tried, spent];
  }
  const { title, proof } = verified[recommended];
  const lines = change.filter(({ kind }) => kind !== "kept").map(({ kind, line }) => `  ${kind === "added" ? "+" : "−"} ${line}`);
  return [`remedy: ${title} – ${proof.verdict}: ${verdictWords[proof.verdict]}`, `  ${proof.summary}`, ...(lines.length > 0 ? ["change", ...lines] : []), spent]; // biome-ignore format: one line
}

/** Remedies to try by hand. */
export const adviceText = (advice: readonly Remedy[]): string[] =>
  advice.length === 0 ? [] : ["worth trying, the likeliest first", ...advice.map(({ title, why }) => `  ${title} – ${why}`)];
