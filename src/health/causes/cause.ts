import type { Look } from "../derived.js";
import type { Finding, SuspectedCause } from "../diagnosis.js";
import type { CauseName, SymptomName } from "../names.js";

/** Why a training goes wrong. A record: lists, pages and the diagnosis are derived from it. */
export interface Cause {
  readonly name: CauseName;
  /** For people: "the learning rate is too high". */
  readonly title: string;
  readonly why: string;
  /** What to do about it, in words, the smallest change first. */
  readonly advice: readonly string[];
  /** How strongly the evidence speaks for it; null where it does not. */
  weigh(look: Look, findings: readonly Finding[]): SuspectedCause | null;
}

/** What a record says of the evidence: a weight, what it stands on, and where. */
export interface Weighed {
  readonly weight: number;
  readonly argument: string;
  readonly layer?: string | null;
}

/** A cause whose `weigh` leaves out its name. Of several arguments the strongest counts, and others of weight add a little. */
export function cause(
  record: Omit<Cause, "weigh"> & { weigh(look: Look, findings: Findings): readonly (Weighed | null)[] },
): Cause {
  return {
    ...record,
    weigh(look, all) {
      const weighed = record.weigh(look, findingsOf(all)).filter((one) => one !== null && one.weight > 0) as Weighed[];
      if (weighed.length === 0) return null;
      const [strongest, ...others] = weighed.sort((one, other) => other.weight - one.weight);
      const more = others.reduce((sum, { weight }) => sum + SUPPORT * weight, 0);
      return {
        cause: record.name,
        weight: Math.min(0.99, strongest.weight + more * (1 - strongest.weight)),
        layer: strongest.layer ?? others.find(({ layer }) => layer)?.layer ?? null,
        argument: [strongest, ...others].map(({ argument }) => argument).join(" "),
      };
    },
  };
}

/** What a further argument adds to the strongest one, of what is left to certainty. */
const SUPPORT = 0.3;

/** Findings by name. */
export interface Findings {
  readonly all: readonly Finding[];
  get(symptom: SymptomName): Finding | null;
  /** The finding of a symptom that was measured by this name. */
  by(symptom: SymptomName, measured: string): Finding | null;
}

const findingsOf = (all: readonly Finding[]): Findings => ({
  all,
  get: (symptom) => all.find((one) => one.symptom === symptom) ?? null,
  by: (symptom, measured) => all.find((one) => one.symptom === symptom && one.measured.name === measured) ?? null,
});

/** An argument that holds only under a condition. */
export const when = (holds: boolean, weight: number, argument: string, layer: string | null = null): Weighed | null =>
  holds ? { weight, argument, layer } : null;
