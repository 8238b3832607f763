import type { Plan } from "../plan/plan.js";
import type { Outcome, Treatment } from "../treatment.js";

type ShownOutcome = Pick<Outcome, "history" | "score" | "milliseconds">;

/** What the page shows of a treatment; of a training that no plan describes, as much as there is. */
export type ShownTreatment = Omit<Treatment, "plan" | "before" | "after"> & {
  readonly plan: Pick<Plan, "title" | "task" | "steps">;
  readonly before: ShownOutcome;
  readonly after: ShownOutcome | null;
};
