import type { Severity } from "../../../src/health/diagnosis.js";
import type { ProofVerdict } from "../../../src/health/treatment.js";
import type { Case } from "../corpus/case.js";

/** Whether thresholds were tuned on a case, or it was kept aside. */
export type Part = "tuned" | "held";

/** Of the paired trainings of a cure. */
export const seeds: readonly number[] = [0, 1, 2];

/** What a row is of: a case, as it was when it was run. */
interface Row {
  readonly case: string;
  readonly part: Part;
  /** Of the plan, its repair and what is expected: a case that was changed since has other results. */
  readonly recipe: string;
  readonly seconds: number;
}

/** One training of a case, and what was said of it. */
export interface Examination extends Row {
  readonly kind: "examination";
  readonly seed: number;
  readonly score: number;
  /** Of the repaired program on the same seed; of a control, its own. */
  readonly reference: number;
  readonly steps: number;
  readonly verdict: "healthy" | "risk" | "ill";
  readonly findings: readonly { symptom: string; severity: Severity; critical: boolean; layer: string | null }[];
  /** The likeliest first. */
  readonly causes: readonly { cause: string; layer: string | null; weight: number }[];
  readonly decidedAt: number;
  /** Whether each rival's rules say that something is wrong. */
  readonly rivals: Readonly<Record<string, boolean>>;
}

/** What the search for a cure and its proof came to. */
export interface Cure extends Row {
  readonly kind: "cure";
  /** Names of the remedies that are recommended, and the verdict on them; null where none is. */
  readonly remedies: readonly string[] | null;
  readonly verdict: ProofVerdict | null;
  /** Scores before and after, seed by seed; without a remedy `after` is `before`. */
  readonly pairs: readonly { seed: number; before: number; after: number }[];
  /** Median score of the repaired program over those seeds. */
  readonly reference: number;
  /** In trainings of the whole length. */
  readonly cost: { readonly search: number; readonly proof: number };
}

/** A case that could not be run to its end. */
export interface Failure extends Row {
  readonly kind: "failure";
  readonly task: string;
  readonly message: string;
}

export type Result = Examination | Cure | Failure;

/** One thing to be done, which gives one row. */
export interface Task {
  readonly case: string;
  readonly part: Part;
  readonly recipe: string;
  /** A seed to examine, or null for the cure. */
  readonly seed: number | null;
}

export const nameOfTask = ({ seed }: Pick<Task, "seed">): string => (seed === null ? "cure" : `seed ${seed}`);

/** What decides whether a result is still that of its case: a short hash (FNV-1a) of all that can be written down. */
export function recipeOf(one: Case): string {
  const text = JSON.stringify({ ...one, name: "", source: "" });
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
