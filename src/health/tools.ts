import type { Columns } from "../data/columns.js";
import type { Dataset } from "../data/index.js";
import type { Diagnosis, Evidence } from "./diagnosis.js";
import type { Plan } from "./plan/plan.js";
import type { Subject } from "./subject.js";
import type { Outcome } from "./treatment.js";

/** What a plan is trained and tested on. */
export interface TreatmentData {
  readonly train: Dataset<Columns>;
  readonly test: Dataset<Columns>;
}

export interface RunWish {
  readonly seed: number;
  /** Fewer than the plan's: the beginning of the same training. */
  readonly steps?: number;
  readonly signal?: AbortSignal;
}

/** What a treatment trains and judges with: arguments, so that its decisions can be tested without training anything. */
export interface Tools {
  run(plan: Plan, data: TreatmentData, wish: RunWish): Promise<Outcome>;
  describe(plan: Plan, data: TreatmentData): Subject | Promise<Subject>;
  diagnose(evidence: Evidence): Diagnosis;
}
