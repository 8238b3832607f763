import { diagnose } from "./diagnose.js";
import { examine } from "./examine.js";
import { describeSubject, type Plan, type PlanData, runPlan } from "./plan/index.js";
import type { Tools } from "./tools.js";
import { type TreatOptions, treatWith } from "./treat.js";
import type { Treatment } from "./treatment.js";

/** Trains plans, and judges them by what is measured on the way. */
export const tools: Tools = {
  run: (plan, data, { seed, steps, signal }) =>
    runPlan(plan, data, { seed, ...(steps !== undefined && { steps }), ...(signal && { signal }) }),
  describe: (plan, data) => describeSubject(plan, data),
  diagnose,
  examine,
};

/**
 * Finds what is wrong with a training that is described as a plan, and what cures it. The plan is trained and diagnosed; the smallest
 * change that helps is searched for in a few trainings' time and then doubted: in pairs of seeds, by taking it out again, by
 * trying its parts, against placebos. The result is plain data, numbers that are not finite aside.
 */
export const treat = (plan: Plan, data: PlanData, options: TreatOptions = {}): Promise<Treatment> =>
  treatWith(tools, plan, data, options);
