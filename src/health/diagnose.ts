import { causes } from "./causes/catalogue.js";
import { type Look, lookAt } from "./derived.js";
import type { Diagnosis, Evidence, Finding, Severity, SuspectedCause } from "./diagnosis.js";
import { EARLIEST, LEARNED, STUCK, WEAK } from "./loss-course.js";
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
  const seen = symptoms.flatMap((symptom) => symptom.find(look));
  const judged = seen.map((finding) => ({ ...finding, severity: severityOf(finding, look) }));
  const findings = judged.sort((one, other) => gravity(other) - gravity(one) || one.step - other.step);
  const verdict = verdictOf(findings);
  return {
    verdict,
    findings,
    causes: verdict === "healthy" ? [] : weighAll(look, findings),
    decidedAt: decidedAt(look, findings),
  };
}

const grades: Readonly<Record<Severity, number>> = { note: 0, risk: 2, confirmed: 4 };
const gravity = ({ severity, critical }: Finding): number => grades[severity] + (critical ? 1 : 0);

function verdictOf(findings: readonly Finding[]): Diagnosis["verdict"] {
  if (findings.some(({ severity }) => severity === "confirmed")) return "ill";
  return findings.some(({ severity, critical }) => severity === "risk" && critical) ? "risk" : "healthy";
}

/** How sure it is that what was found harms this training. */
function severityOf(finding: Finding, { course }: Look): Severity {
  const { critical } = finding;
  const { confirms = "never", certain } = findSymptom(finding.symptom) ?? {};
  if (certain?.(finding)) return "confirmed";
  if (confirms === "never") return "note";
  if (confirms === "alone") return critical ? "confirmed" : "risk";
  switch (course.state) {
    case "lost":
    case "diverged":
    case "stuck":
      return critical || course.rho >= STUCK ? "confirmed" : "risk";
    case "weak":
      return critical || (confirms === "withPoorLoss" && course.rho >= WEAK) ? "confirmed" : "risk";
    case "falling":
    case "learned":
      return "note";
    case "early":
      return "risk";
  }
}

/** Causes with something that speaks for them, the likeliest first. */
function weighAll(look: Look, findings: readonly Finding[]): SuspectedCause[] {
  const suspected = causes.flatMap((cause) => cause.weigh(look, findings) ?? []);
  return suspected.sort((one, other) => other.weight - one.weight);
}

/** The step from which the verdict could have been given: what is bad at the start is known by step 20, the rest when it shows. */
function decidedAt({ course, history }: Look, findings: readonly Finding[]): number {
  const earliest = Math.min(Math.max(EARLIEST, 0.1 * history.budget), history.steps.length);
  const [gravest] = findings;
  if (gravest === undefined || gravest.severity !== "confirmed") return earliest;
  const alone = findSymptom(gravest.symptom)?.confirms === "alone" && gravest.symptom !== "not learning";
  if (alone) return gravest.step;
  const rho = course.rho < LEARNED ? WEAK : STUCK;
  const stuckFrom = course.smooth.findIndex((loss, step) => step >= earliest && loss / course.reference >= rho);
  return Math.max(gravest.step, stuckFrom < 0 ? earliest : stuckFrom);
}
