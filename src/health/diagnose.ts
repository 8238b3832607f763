import { causes } from "./causes/catalogue.js";
import { type Look, lookAt, START } from "./derived.js";
import type { Diagnosis, Evidence, Finding, Severity, SuspectedCause } from "./diagnosis.js";
import { EARLIEST, STUCK } from "./loss-course.js";
import { findSymptom, symptoms } from "./symptoms/catalogue.js";

/**
 * Says whether a training is ill, what shows it and what it comes from.
 *
 * In two stages: what is bad at the start, or in passing, is a risk; it is confirmed when the training suffers: when it is no
 * better than a constant prediction, diverges or is lost. Where the loss falls as it should, the same finding is a note. Few things
 * are proof alone: numbers that are not finite, gradients that are exactly 0, a loss that leaves or never comes down.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const look = lookAt(evidence);
  const findings = judge(look);
  const verdict = verdictOf(findings);
  return {
    verdict,
    findings,
    causes: verdict === "healthy" ? [] : weighAll(look, findings),
    decidedAt: verdict === "ill" ? decidedAt(evidence) : earliestOf(evidence.history),
  };
}

/** Everything that is found, the gravest first. */
function judge(look: Look): Finding[] {
  const seen = symptoms.flatMap((symptom) => symptom.find(look));
  const judged = seen.map((finding) => ({ ...finding, severity: severityOf(finding, look) }));
  return judged.sort((one, other) => gravity(other) - gravity(one) || one.step - other.step);
}

const grades: Readonly<Record<Severity, number>> = { note: 0, risk: 2, confirmed: 4 };
const gravity = ({ severity, critical }: Finding): number => grades[severity] + (critical ? 1 : 0);

function verdictOf(findings: readonly Finding[]): Diagnosis["verdict"] {
  if (findings.some(({ severity }) => severity === "confirmed")) return "ill";
  return findings.some(({ severity, critical }) => severity === "risk" && critical) ? "risk" : "healthy";
}

/** How sure it is that what was found harms this training. */
function severityOf(finding: Finding, { course, history }: Look): Severity {
  const { critical } = finding;
  const { confirms = "never", certain } = findSymptom(finding.symptom) ?? {};
  if (certain?.(finding)) return "confirmed";
  if (confirms === "never") return "note";
  if (confirms === "alone") return critical ? "confirmed" : "risk";
  const described = confirms === "withPoorLoss";
  switch (course.state) {
    case "lost":
    case "diverged":
    case "stuck":
      return critical || course.rho >= STUCK ? "confirmed" : "risk";
    case "weak":
      return critical || (described && course.rho >= POOR) ? "confirmed" : "risk";
    case "falling":
    case "learned":
      return described && critical && ended(history) && course.rho >= EXCUSED ? "confirmed" : "note";
    case "early":
      return "risk";
  }
}

/** ρ from which attention is enough for what is wrong by description, and below which even an alarm is excused at the end. */
const POOR = 0.6;
const EXCUSED = 0.35;

const ended = ({ steps, budget }: Look["history"]): boolean => steps.length >= 0.9 * budget;

/** Causes with something that speaks for them, the likeliest first. */
function weighAll(look: Look, findings: readonly Finding[]): SuspectedCause[] {
  const suspected = causes.flatMap((cause) => cause.weigh(look, findings) ?? []);
  return suspected.sort((one, other) => other.weight - one.weight);
}

const earliestOf = ({ budget, steps }: Evidence["history"]): number => Math.min(Math.max(EARLIEST, 0.1 * budget), steps.length);

/** Beginnings of a training that are judged for themselves, as shares of the budget. */
const beginnings: readonly number[] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8];

/** The first of some steps at which the verdict was already the same: what had been seen until then is judged anew. */
function decidedAt(evidence: Evidence): number {
  const { history } = evidence;
  if (!ended(history) && Number.isFinite(history.steps.at(-1)?.loss ?? Number.NaN)) return history.steps.length;
  const places = [START, EARLIEST, ...beginnings.map((share) => Math.ceil(share * history.budget))];
  const earlier = places.filter((step) => step < history.steps.length).sort((a, b) => a - b);
  const first = earlier.find((step) => verdictOf(judge(lookAt(beginningOf(evidence, step)))) === "ill");
  return first ?? history.steps.length;
}

/** What was known after so many steps; trials were made at the end. */
function beginningOf({ subject, history }: Evidence, count: number): Evidence {
  const { layers, steps, readings, budget } = history;
  return {
    subject,
    history: { layers, steps: steps.slice(0, count), readings: readings.filter(({ step }) => step < count), budget },
  };
}
