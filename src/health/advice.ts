import { relevance } from "./candidates.js";
import type { Diagnosis } from "./diagnosis.js";
import { remedies } from "./remedies/index.js";
import type { Remedy } from "./treatment.js";

/** What a diagnosis speaks for, the most and the smallest change first: for models that no plan describes. */
export function adviceFor(diagnosis: Diagnosis, most = 4): Remedy[] {
  if (diagnosis.verdict === "healthy") return [];
  return remedies
    .map((remedy) => ({ remedy, weight: relevance(remedy, diagnosis) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .slice(0, most)
    .map(({ remedy }) => remedy);
}
