import type { Plan, PlanData } from "../../../src/health/plan/index.js";

/** What is right to say of a faulty program. */
export interface Expected {
  /** Names of symptoms, any of which counts as seen. */
  readonly symptoms: readonly string[];
  /** Names of causes that count as right: most faults have several valid cures, and so several names. */
  readonly causes: readonly string[];
  /** Paths of layers that count as named; empty where the fault is in no layer. */
  readonly layers: readonly string[];
}

/** A training that is judged: a faulty program, or a healthy control. */
export interface CorpusCase {
  readonly name: string;
  /** Where it is from, and what was put in the place of data that cannot be had. */
  readonly source: string;
  readonly plan: Plan;
  /** The data that a seed generates, or the bundled data split by it. */
  data(seed: number): PlanData | Promise<PlanData>;
  /** Null for a control, of which nothing is to be said. */
  readonly expected: Expected | null;
  /** Score that the program reaches when its fault is mended; of a control, what it reaches itself. */
  readonly reference: number;
}
