import type { History, ModeLosses } from "./history.js";
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
  readonly probes?: Probes;
}

/** What was tried out on a single batch, where somebody asked for it. */
export interface Probes {
  /** Losses in the two modes of the model; those of the history where there are none. */
  readonly modes?: ModeLosses;
  /** ⟨g, Hg⟩ / ‖g‖² along the step that the optimizer would take. */
  readonly curvature?: { readonly step: number; readonly value: number };
  /** The first operation whose inputs are finite and whose result is not. */
  readonly firstNonFinite?: FirstNonFinite | null;
  /** Where ρ ends when the same training gets its labels in random order: what is learnt by heart. */
  readonly shuffledLabels?: number;
}

/** Where numbers stop being finite. */
export interface FirstNonFinite {
  readonly operation: string;
  /** Path of the layer that it belongs to; null outside of all layers. */
  readonly layer: string | null;
  /** The least and the greatest number that went in, input by input. */
  readonly inputs: readonly { readonly least: number; readonly greatest: number }[];
  /** What came out: "NaN", "∞" or "−∞". */
  readonly result: string;
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
