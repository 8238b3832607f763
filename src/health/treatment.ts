import type { Diagnosis } from "./diagnosis.js";
import type { History } from "./history.js";
import type { CauseName, SymptomName } from "./names.js";
import type { Plan } from "./plan/plan.js";

/**
 * How large a change is, the smallest first: of two that work the smaller one is preferred. What is done to the data comes before
 * what is done to the network only where the data is at fault.
 */
export const changeSizes = ["start", "activation", "head", "data", "norm", "clip", "residual", "optimizer", "rate", "architecture"] as const; // biome-ignore format: one list
export type ChangeSize = (typeof changeSizes)[number];

/** Something that a remedy can be for. */
export type Ailment = SymptomName | CauseName;

/** A change that may cure. A record: lists, documentation and the search are derived from it. */
export interface Remedy {
  readonly name: string;
  readonly title: string;
  readonly size: ChangeSize;
  /** Names of the causes and symptoms that it is for. */
  readonly against: readonly Ailment[];
  /** Why it works, in a sentence or two. */
  readonly why: string;
  readonly source: string;
  /** The plan with the change; null where there is nothing to change. */
  apply(plan: Plan, diagnosis: Diagnosis, history: History): Plan | null;
  /** Parts of a bundle, each of which is tried alone when the bundle works. */
  readonly parts?: readonly Remedy[];
}

/** One training of a plan. */
export interface Outcome {
  readonly plan: Plan;
  readonly seed: number;
  readonly history: History;
  /** On test data: share of right answers, or 1 − loss ÷ constant loss for numbers. */
  readonly score: number;
  readonly testLoss: number;
  readonly milliseconds: number;
  readonly parameters: number;
  /** Of the parameters at the end: equal for two runs that did the same. */
  readonly fingerprint: string;
}

/** What a verified remedy came to. */
export type ProofVerdict = "proved" | "improved" | "symptom only" | "outcome only" | "no effect" | "harmful";

/** A remedy, or several together, tried for a share of the training. */
export interface Trial {
  /** Names of the remedies, in the order in which they were applied. */
  readonly remedies: readonly string[];
  readonly title: string;
  /** Round of the search: the second one adds to what the first one found. */
  readonly round: number;
  readonly plan: Plan;
  /** Steps that were trained. */
  readonly steps: number;
  /** Loss over the loss of a constant prediction, at the end. */
  readonly rho: number;
  readonly score: number;
  /** Whether it went on to the next length. */
  readonly kept: boolean;
  /** Why, in a few words with the number that decided. */
  readonly because: string;
}

/** One number that went wrong, with and without the remedy. */
export interface MechanismCheck {
  readonly symptom: string;
  /** Its symbol: "R_δ". */
  readonly measure: string;
  readonly before: number;
  readonly after: number;
  readonly band: readonly [low: number, high: number];
  /** Share of the readings after the first ones that lie in the band, the least of all seeds. */
  readonly share: number;
  /** What theory expects with the remedy; null where it expects nothing. */
  readonly predicted: number | null;
}

/** Paired trainings of the same seed, with and without the remedy. */
export interface Pair {
  readonly seed: number;
  readonly before: { readonly score: number; readonly rho: number };
  readonly after: { readonly score: number; readonly rho: number };
}

/** Something tried to tell the remedy from chance: a part of it, or a change that should not help. */
export interface Control {
  readonly title: string;
  readonly score: number;
  readonly rho: number;
}

/** What is known of a remedy after everything was done to refute it. */
export interface Proof {
  readonly verdict: ProofVerdict;
  readonly pairs: readonly Pair[];
  readonly mechanism: readonly MechanismCheck[];
  /** Seeds in which the outcome is better by more than chance, and in which it reaches the reference. */
  readonly better: number;
  readonly reached: number;
  /** The score that a healthy training reaches: given, or the best of the search. */
  readonly reference: number;
  /** Critical symptoms that the plan did not have before. */
  readonly fresh: readonly string[];
  /** The plan as it was, trained again: whether every bit came out the same, and its score. */
  readonly reverted: { readonly identical: boolean; readonly score: number };
  /** Each part of the change alone; empty where it has no parts. */
  readonly ablation: readonly Control[];
  /** Changes that should do nothing; they must not cure. */
  readonly placebos: readonly Control[];
  readonly cost: { readonly parameters: number; readonly time: number };
  /** All of this in a sentence or two. */
  readonly summary: string;
}

/** A remedy that was verified. */
export interface Verified {
  readonly remedies: readonly string[];
  readonly title: string;
  readonly plan: Plan;
  readonly proof: Proof;
}

/** Something that was tried out because what was watched left it open. */
export interface Examined {
  readonly question: string;
  /** What came of it, in a sentence or two with its numbers. */
  readonly answer: string;
  /** In trainings of the whole length. */
  readonly cost: number;
}

/** A training from complaint to cure: what was found, what was tried, what it came to. Plain data. */
export interface Treatment {
  readonly plan: Plan;
  readonly diagnosis: Diagnosis;
  /** The training as it was described, with the first seed. */
  readonly before: Outcome;
  /** With the recommended remedy, the same seed; null where none is recommended. */
  readonly after: Outcome | null;
  /** Questions that the diagnosis left open, and what trials on single batches and short trainings answered. */
  readonly examined: readonly Examined[];
  readonly trials: readonly Trial[];
  readonly verified: readonly Verified[];
  /** Place in `verified` of what is recommended; null where nothing is: never something that harms. */
  readonly recommended: number | null;
  /** Of the search and of the proof, in trainings of the whole length. */
  readonly cost: { readonly search: number; readonly proof: number };
}
