import type { Diagnosis } from "./diagnosis.js";
import type { History } from "./history.js";
import type { Plan } from "./plan/plan.js";

/** How large a change is; of two that work the smaller one is preferred. */
export type ChangeSize = "start" | "activation" | "training" | "data" | "norm" | "architecture";

/** A change that may cure. A record: lists, documentation and the search are derived from it. */
export interface Remedy {
  readonly name: string;
  readonly title: string;
  readonly size: ChangeSize;
  /** Names of the causes and symptoms that it is for. */
  readonly against: readonly string[];
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
