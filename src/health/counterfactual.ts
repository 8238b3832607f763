import { diagnose } from "./diagnose.js";
import type { Diagnosis, Finding, SuspectedCause } from "./diagnosis.js";
import type { CauseName } from "./names.js";
import { describeSubject, type Plan, type PlanData, runPlan } from "./plan/index.js";

/** A plan with one suspected cause taken out of it. */
interface Counterfactual {
  readonly cause: CauseName;
  /** Null where it is not in the plan. */
  without(plan: Plan): Plan | null;
}

const withOptimizer = (plan: Plan, change: Partial<Plan["optimizer"]>): Plan => ({
  ...plan,
  optimizer: { ...plan.optimizer, ...change },
});

/** Every block's weights as the activation needs them. */
const wellStarted = (plan: Plan): Plan => ({
  ...plan,
  blocks: plan.blocks.map((block) => ("init" in block ? { ...block, init: "auto" } : block)),
  head: { ...plan.head, init: "auto" },
});

const counterfactuals: readonly Counterfactual[] = [
  { cause: "highLearningRate", without: (plan) => withOptimizer(plan, { learningRate: plan.optimizer.learningRate / 10 }) },
  {
    cause: "unscaledInputs",
    without: (plan) =>
      plan.data.inputs === "none" && plan.task !== "tokens" ? { ...plan, data: { ...plan.data, inputs: "standardise" } } : null,
  },
  {
    cause: "unscaledTargets",
    without: (plan) =>
      plan.data.targets === "none" && plan.task === "numbers"
        ? { ...plan, data: { ...plan.data, targets: "standardise" } }
        : null,
  },
  { cause: "smallStart", without: wellStarted },
  { cause: "largeStart", without: wellStarted },
  { cause: "symmetricStart", without: wellStarted },
  {
    cause: "saturatingActivation",
    without: (plan) => ({
      ...plan,
      blocks: plan.blocks.map((block) => ("activation" in block && "init" in block ? { ...block, activation: "tanh" } : block)),
    }),
  },
];

/** Whether a cause can be taken out of a plan. */
export const canBeTakenOut = (plan: Plan, name: string): boolean =>
  (counterfactuals.find(({ cause }) => cause === name)?.without(plan) ?? null) !== null;

/** What came of taking a suspected cause out. */
export interface CounterfactualResult {
  readonly cause: CauseName;
  /** Alarms of the first steps that are gone without it, and that are still there. */
  readonly gone: readonly string[];
  readonly left: readonly string[];
}

export interface CounterfactualOptions {
  readonly seed?: number;
  /** Of every trial. Default 20. */
  readonly steps?: number;
  /** How many of the likeliest causes are tried. Default 3. */
  readonly most?: number;
}

/**
 * Trains the first steps once more without each of the likeliest causes: the cause is the one whose removal removes the alarms. For
 * faults that show at the start; a few steps each, in the same order of samples.
 */
export async function askCounterfactually(
  plan: Plan,
  data: PlanData,
  { causes }: Pick<Diagnosis, "causes">,
  { seed = 0, steps = 20, most = 3 }: CounterfactualOptions = {},
): Promise<CounterfactualResult[]> {
  const alarmsOf = async (changed: Plan): Promise<string[]> => {
    const { history } = await runPlan(changed, data, { seed, steps });
    return diagnose({ subject: describeSubject(changed, data, { seed }), history })
      .findings.filter(alarming)
      .map(nameOf);
  };
  const before = [...new Set(await alarmsOf(plan))];
  const results: CounterfactualResult[] = [];
  for (const { cause } of causes.slice(0, most)) {
    const changed = counterfactuals.find((one) => one.cause === cause)?.without(plan) ?? null;
    if (changed === null) continue;
    const after = await alarmsOf(changed);
    results.push({
      cause: cause as CauseName,
      gone: before.filter((name) => !after.includes(name)),
      left: before.filter((name) => after.includes(name)),
    });
  }
  return results;
}

const alarming = ({ critical, severity }: Finding): boolean => critical && severity !== "note";
const nameOf = ({ symptom, measured }: Finding): string => `${symptom}: ${measured.name}`;

/** Share of what is left to certainty that a removed cause gains, and of its weight that an idle one loses. */
const SWAY = 0.5;

/** The causes with their weights moved by what trials without them showed. */
export const swayedBy = (causes: readonly SuspectedCause[], results: readonly CounterfactualResult[]): SuspectedCause[] =>
  causes
    .map((suspected) => {
      const result = results.find(({ cause }) => cause === suspected.cause);
      const all = result === undefined ? 0 : result.gone.length + result.left.length;
      if (result === undefined || all === 0) return suspected;
      const share = result.gone.length / all;
      const weight =
        share >= 0.5 ? suspected.weight + SWAY * share * (1 - suspected.weight) : suspected.weight * (1 - SWAY * (1 - share));
      const argument = `${suspected.argument} Without it ${result.gone.length} of ${all} alarms of the first steps are gone.`;
      return { ...suspected, weight, argument };
    })
    .sort((one, other) => other.weight - one.weight);
