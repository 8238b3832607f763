import type { DataPlan, Plan } from "../plan/plan.js";
import type { Remedy } from "../treatment.js";
import { bundle, remedy } from "./change.js";

const withData = (plan: Plan, change: Partial<DataPlan>): Plan => ({ ...plan, data: { ...plan.data, ...change } });

const standardiseInputs: Remedy = remedy({
  name: "standardiseInputs",
  title: "inputs of mean 0 and deviation 1",
  size: "data",
  against: ["unscaledInputs", "data scale", "saturation"],
  why: "Initialisations and learning rates are chosen for inputs of deviation 1; a feature in thousands takes the place of all others.",
  source: "LeCun et al. 1998, Efficient BackProp",
  apply: (plan) => (plan.task === "tokens" ? null : withData(plan, { inputs: "standardise" })),
});

const standardiseTargets: Remedy = remedy({
  name: "standardiseTargets",
  title: "targets of mean 0 and deviation 1",
  size: "data",
  against: ["unscaledTargets", "data scale"],
  why: "A network starts with outputs of about 1; targets of another scale make gradients of that scale squared.",
  source: "LeCun et al. 1998, Efficient BackProp",
  apply: (plan) => (plan.task === "numbers" ? withData(plan, { targets: "standardise" }) : null),
});

const standardiseBoth: Remedy = bundle(
  {
    name: "standardiseBoth",
    title: "inputs and targets of mean 0 and deviation 1",
    size: "data",
    against: ["unscaledInputs", "unscaledTargets", "data scale"],
    why: "What goes in and what comes out both have the scale that initialisation and learning rate are made for.",
    source: "LeCun et al. 1998, Efficient BackProp",
  },
  [standardiseInputs, standardiseTargets],
);

/** What is done to the samples. */
export const scalings: readonly Remedy[] = [standardiseBoth, standardiseInputs, standardiseTargets];
