import type { Columns } from "../data/columns.js";
import type { Dataset } from "../data/index.js";
import type { Diagnosis, Evidence, Probes } from "./diagnosis.js";
import type { Plan } from "./plan/plan.js";
import type { Subject } from "./subject.js";
import type { Examined, Outcome } from "./treatment.js";

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

/** A diagnosis with what was tried out to settle what it left open. */
export interface Examination {
  readonly diagnosis: Diagnosis;
  readonly probes: Probes;
  readonly examined: readonly Examined[];
}

/** What there is to examine. */
export interface Examinee {
  readonly plan: Plan;
  readonly data: TreatmentData;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
}

export interface ExamineWish extends RunWish {
  /** Called before each question that is asked. */
  readonly onQuestion?: (question: string) => void;
}

/** What a treatment trains and judges with: arguments, so that its decisions can be tested without training anything. */
export interface Tools {
  run(plan: Plan, data: TreatmentData, wish: RunWish): Promise<Outcome>;
  describe(plan: Plan, data: TreatmentData): Subject | Promise<Subject>;
  diagnose(evidence: Evidence): Diagnosis;
  /** Tries out what the diagnosis leaves open. Left out: nothing is tried out. */
  examine?(examinee: Examinee, wish: ExamineWish): Promise<Examination>;
}
