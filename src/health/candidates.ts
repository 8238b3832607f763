import type { Diagnosis, Severity } from "./diagnosis.js";
import type { History } from "./history.js";
import type { Plan } from "./plan/plan.js";
import { rank, remedies, samePlan } from "./remedies/index.js";
import type { Remedy } from "./treatment.js";

/** A plan with one or several remedies in it. */
export interface Candidate {
  readonly remedies: readonly Remedy[];
  readonly plan: Plan;
  /** How much the diagnosis speaks for it. */
  readonly weight: number;
}

/** Most candidates of a round. */
const MOST = 8;
/** What a second remedy of the same size is worth, so that the list does not end before the kind of change that is needed. */
const ALIKE = 0.8;

/** A cause that was argued for counts by its weight, a symptom that is only seen by less. */
const symptomWeight: Readonly<Record<Severity, number>> = { confirmed: 0.3, risk: 0.2, note: 0.05 };

/** How much a diagnosis speaks for a remedy: 0 when it is for nothing that was found. */
export function relevance({ against }: Remedy, { causes, findings }: Diagnosis): number {
  const argued = causes.filter(({ cause }) => against.some((name) => name === cause)).map(({ weight }) => weight);
  const seen = findings
    .filter(({ symptom }) => against.some((name) => name === symptom))
    .map(({ severity }) => symptomWeight[severity]);
  return Math.max(0, ...argued) + Math.max(0, ...seen);
}

/** So sure a cause is the only one that matters. */
const SURE = 0.9;

/** Whether the cause is one that no change of a plan removes: labels that are wrong, for instance. */
function liesElsewhere({ causes: [likeliest] }: Diagnosis, catalogue: readonly Remedy[]): boolean {
  if (likeliest === undefined || likeliest.weight < SURE) return false;
  return !catalogue.some(({ against }) => against.some((name) => name === likeliest.cause));
}

/** What is worth trying against a diagnosis, at most eight plans that differ from each other, the smallest change first. */
export function candidatesFor(
  plan: Plan,
  diagnosis: Diagnosis,
  history: History,
  { before = [], catalogue = remedies }: { before?: readonly Remedy[]; catalogue?: readonly Remedy[] } = {},
): Candidate[] {
  if (liesElsewhere(diagnosis, catalogue)) return [];
  const left = catalogue.flatMap((remedy) => {
    const weight = relevance(remedy, diagnosis);
    const changed = weight > 0 ? remedy.apply(plan, diagnosis, history) : null;
    return changed === null ? [] : [{ remedy, weight, plan: changed }];
  });
  const chosen: Candidate[] = [];
  const worth = new Map<string, number>();
  while (chosen.length < MOST && left.length > 0) {
    const weights = left.map(({ remedy, weight }) => weight * (worth.get(remedy.size) ?? 1));
    const [best] = left.splice(weights.indexOf(Math.max(...weights)), 1);
    if (chosen.some((other) => samePlan(other.plan, best.plan))) continue;
    const factor = worth.get(best.remedy.size) ?? 1;
    worth.set(best.remedy.size, ALIKE * factor);
    chosen.push({ remedies: [...before, best.remedy], plan: best.plan, weight: best.weight * factor });
  }
  return chosen.sort((one, other) => sizeOf(one) - sizeOf(other));
}

/** Size of the largest change of a candidate, and how many there are. */
export const sizeOf = ({ remedies: changes }: Candidate): number => Math.max(...changes.map(rank)) + 100 * (changes.length - 1);

export const titleOf = ({ remedies: changes }: Candidate): string => changes.map(({ title }) => title).join(", then ");
