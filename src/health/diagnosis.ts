import type { History } from "./history.js";
import type { Subject } from "./subject.js";

/** How sure it is that something is wrong: seen but harmless, a bad start, or bad and the training suffers from it. */
export type Severity = "note" | "risk" | "confirmed";

/** Something that was found, with the numbers that show it. */
export interface Finding {
  /** Name of the symptom's record. */
  readonly symptom: string;
  readonly severity: Severity;
  /** Whether the number is past the limit of alarm, not only that of attention. */
  readonly critical: boolean;
  /** The first layer that shows it; null for what concerns the whole. */
  readonly layer: string | null;
  /** The step at which it was first seen. */
  readonly step: number;
  /** What was measured, and the limit that it passed. */
  readonly measured: { readonly name: string; readonly value: number; readonly limit: number };
  /** The evidence in a sentence, with its numbers. */
  readonly evidence: string;
}

/** Why it happens, with the reasons for thinking so. */
export interface SuspectedCause {
  /** Name of the cause's record. */
  readonly cause: string;
  /** Between 0 and 1: by this causes are ranked. */
  readonly weight: number;
  readonly layer: string | null;
  readonly argument: string;
}

/** Everything that is looked at. */
export interface Evidence {
  readonly subject: Subject;
  readonly history: History;
}

/** What is said of a training. */
export interface Diagnosis {
  readonly verdict: "healthy" | "risk" | "ill";
  /** The gravest first. */
  readonly findings: readonly Finding[];
  /** The likeliest first; none for a healthy training. */
  readonly causes: readonly SuspectedCause[];
  /** Step from which the verdict could have been given. */
  readonly decidedAt: number;
}
