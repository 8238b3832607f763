import type { Diagnosis } from "./diagnosis.js";
import { checkMechanism } from "./mechanism.js";
import { placeboOf } from "./placebo.js";
import type { Plan } from "./plan/plan.js";
import { rhoOf } from "./progress-of.js";
import { summaryOf } from "./proof-text.js";
import { samePlan } from "./remedies/index.js";
import type { Finalist } from "./search.js";
import type { Subject } from "./subject.js";
import type { Tools, TreatmentData } from "./tools.js";
import type { Control, Outcome, Pair, Proof, Verified } from "./treatment.js";
import { judge, pooledNoise, verdictOf } from "./verdict.js";

export interface ProofOptions {
  readonly tools: Tools;
  readonly seeds: readonly number[];
  /** Score of a healthy training. */
  readonly reference: number;
  readonly signal?: AbortSignal;
  readonly onRun?: (what: string) => void;
  /** Trainings without the remedy by seed, so that a second remedy need not repeat them. */
  readonly untreated: Map<number, Outcome>;
}

/** Tries to refute that a remedy cures: other seeds, its parts, taking it out again, changes that should not help. */
export async function prove(
  data: TreatmentData,
  before: Outcome,
  diagnosis: Diagnosis,
  finalist: Finalist,
  options: ProofOptions,
): Promise<{ verified: Verified; cost: number }> {
  const bench = workbench(data, before.plan, options);
  const subject = await options.tools.describe(finalist.plan, data);
  const pairs: Pair[] = [];
  const treated: Outcome[] = [];
  for (const seed of options.seeds) {
    const without = options.untreated.get(seed) ?? (await bench.train(before.plan, seed, `seed ${seed}, without`));
    options.untreated.set(seed, without);
    const first = seed === finalist.outcome.seed;
    const outcome = first ? finalist.outcome : await bench.train(finalist.plan, seed, `seed ${seed}, with the remedy`);
    treated.push(outcome);
    pairs.push({ seed, before: await bench.measured(without), after: await bench.measured(outcome) });
  }
  const judgements = pairs.map((pair) => judge(pair.before, pair.after, pooledNoise(pairs), options.reference));
  const seen = treated.map(({ history }) => ({ history, diagnosis: options.tools.diagnose({ subject, history }) }));
  const mechanism = checkMechanism(diagnosis.findings, before.history, seen, predictedRatio(subject));
  const fresh = freshSymptoms(seen.map((one) => one.diagnosis), diagnosis); // biome-ignore format: one line
  const better = judgements.filter((one) => one.better).length;
  const controls = better > 0 ? await runControls(bench, before, finalist) : noControls(before);
  const grounds = { mechanism, fresh, reference: options.reference, ...controls };
  const proof: Omit<Proof, "summary"> = {
    ...grounds,
    verdict: verdictOf(judgements, grounds),
    pairs,
    better,
    reached: judgements.filter((one) => one.reached).length,
    cost: costOf([...options.untreated.values()], treated),
  };
  const { remedies, plan } = finalist;
  const title = remedies.map((remedy) => remedy.title).join(", then ");
  const summary = summaryOf(proof, before.plan.task);
  return {
    verified: { remedies: remedies.map(({ name }) => name), title, plan, proof: { ...proof, summary } },
    cost: bench.cost(),
  };
}

interface Workbench {
  train(plan: Plan, seed: number, what: string): Promise<Outcome>;
  measured(outcome: Outcome): Promise<Pair["before"]>;
  control(title: string, outcome: Outcome): Promise<Control>;
  cost(): number;
}

function workbench(data: TreatmentData, start: Plan, { tools, signal, onRun }: ProofOptions): Workbench {
  let cost = 0;
  const measured = async (outcome: Outcome): Promise<Pair["before"]> => ({
    score: outcome.score,
    rho: rhoOf(outcome, await tools.describe(outcome.plan, data)),
  });
  return {
    async train(plan, seed, what) {
      signal?.throwIfAborted();
      onRun?.(what);
      cost += plan.steps / start.steps;
      return tools.run(plan, data, { seed, ...(signal && { signal }) });
    },
    measured,
    control: async (title, outcome) => ({ title, ...(await measured(outcome)) }),
    cost: () => cost,
  };
}

type Controls = Pick<Proof, "reverted" | "ablation" | "placebos">;

/** Nothing to explain: what did not help needs no controls. */
const noControls = ({ score }: Outcome): Controls => ({ reverted: { identical: true, score }, ablation: [], placebos: [] });

async function runControls(bench: Workbench, before: Outcome, { remedies, plan, diagnosis }: Finalist): Promise<Controls> {
  const { seed, history } = before;
  const again = await bench.train(before.plan, seed, "reverted");
  const parts = remedies.length > 1 ? remedies : (remedies[0]?.parts ?? []);
  const ablation: Control[] = [];
  for (const part of parts) {
    const changed = part.apply(before.plan, diagnosis, history);
    if (changed === null || samePlan(changed, plan)) continue;
    ablation.push(await bench.control(part.title, await bench.train(changed, seed, `only ${part.title}`)));
  }
  const irrelevant = placeboOf(before.plan, remedies);
  const placebos = [
    await bench.control("a fresh seed", await bench.train(before.plan, seed + 1_000_003, "placebo: a fresh seed")),
    await bench.control(irrelevant.title, await bench.train(irrelevant.plan, seed, `placebo: ${irrelevant.title}`)),
  ];
  return { reverted: { identical: again.fingerprint === before.fingerprint, score: again.score }, ablation, placebos };
}

/** Critical symptoms with the remedy in any seed that were not there without it, by name. */
function freshSymptoms(diagnoses: readonly Diagnosis[], known: Diagnosis): string[] {
  const old = new Set(known.findings.map(({ symptom }) => symptom));
  const now = diagnoses.flatMap(({ findings }) => findings);
  const bad = now.filter(({ critical, severity, symptom }) => critical && severity === "confirmed" && !old.has(symptom));
  return [...new Set(bad.map(({ symptom }) => symptom))];
}

/**
 * ‖δ_first‖ ÷ ‖δ_last‖ that mean-field theory expects at the start: every layer's own factor but the last one's, and the spread
 * of each layer's successor in place of its own. Null where it is not established for every layer, and beside a residual stream.
 */
function predictedRatio({ layers, residual = "none" }: Subject): number | null {
  const [first, last] = [layers[0], layers[layers.length - 1]];
  if (first === undefined || layers.length < 2 || residual !== "none") return null;
  let squared = layers.some(({ norm }) => norm !== null) ? 1 : (last.spread / first.spread) ** 2;
  for (const { expectedFactor } of layers.slice(0, -1)) {
    if (expectedFactor === null) return null;
    squared *= expectedFactor;
  }
  return Number.isFinite(squared) ? Math.sqrt(squared) : null;
}

function costOf(without: readonly Outcome[], treated: readonly Outcome[]): Proof["cost"] {
  const perStep = (outcomes: readonly Outcome[]): number => {
    const times = outcomes.map(({ milliseconds, history }) => milliseconds / Math.max(1, history.steps.length));
    return times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
  };
  const [before, after] = [without[0]?.parameters ?? 0, treated[0]?.parameters ?? 0];
  return { parameters: after - before, time: perStep(treated) / perStep(without) };
}
