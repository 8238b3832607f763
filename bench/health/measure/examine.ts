import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { diagnose } from "../../../src/health/diagnose.js";
import type { Evidence } from "../../../src/health/diagnosis.js";
import { describeSubject, type PlanData, runPlan } from "../../../src/health/plan/index.js";
import { treatWith } from "../../../src/health/treat.js";
import { tools } from "../../../src/health/treat-plan.js";
import type { Case } from "../corpus/case.js";
import { corpus } from "../corpus/index.js";
import { rivals } from "../rivals/index.js";
import { type Cure, type Examination, type Result, seeds, type Task } from "./result.js";
import { median } from "./statistics.js";
import { decode, encode } from "./store.js";

/** Everything that was measured in a training, kept so that it can be judged anew without training again. */
interface Kept {
  readonly evidence: Evidence;
  readonly score: number;
  readonly reference: number;
}

const fileOf = ({ case: name, recipe, seed }: Task): string =>
  fileURLToPath(
    new URL(`../../../runs/health-corpus/${name.replace(/[^\w.-]+/g, "-")}-${recipe}-${seed}.json.gz`, import.meta.url),
  );

/** Does a task. What was measured before is judged anew, unless it is to be measured again. */
export async function perform(task: Task, { fresh = false }: { fresh?: boolean } = {}): Promise<Result> {
  const one = corpus.find(({ name }) => name === task.case);
  if (one === undefined) throw new Error(`there is no case "${task.case}"`);
  const started = performance.now();
  const row = { case: task.case, part: task.part, recipe: task.recipe };
  const result = task.seed === null ? await cure(one) : await examination(one, task, task.seed, fresh);
  return { ...row, ...result, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

type Bare<R extends Result> = Omit<R, "case" | "part" | "recipe" | "seconds">;

async function examination(one: Case, task: Task, seed: number, fresh: boolean): Promise<Bare<Examination>> {
  const file = fileOf(task);
  const kept =
    !fresh && existsSync(file) ? (decode(gunzipSync(readFileSync(file)).toString()) as Kept) : await measure(one, seed);
  mkdirSync(fileURLToPath(new URL("../../../runs/health-corpus/", import.meta.url)), { recursive: true });
  writeFileSync(file, gzipSync(encode(kept)));
  const { evidence, score, reference } = kept;
  const { verdict, findings, causes, decidedAt } = diagnose(evidence);
  return {
    kind: "examination",
    seed,
    score,
    reference,
    steps: evidence.history.budget,
    verdict,
    findings: findings.map(({ symptom, severity, critical, layer }) => ({ symptom, severity, critical, layer })),
    causes: causes.map(({ cause, layer, weight }) => ({ cause, layer, weight })),
    decidedAt,
    rivals: Object.fromEntries(rivals.map((rival) => [rival.name, rival.judge(evidence).length > 0])),
  };
}

async function measure(one: Case, seed: number): Promise<Kept> {
  const data = await one.data(seed);
  // With the numbers that only other tools judge by: without them their rules would be silent.
  const { history, score } = await runPlan(one.plan, data, { seed, forOtherTools: true });
  const reference = one.kind === "control" ? score : await repairedScore(one, seed, data);
  return { evidence: { subject: describeSubject(one.plan, data, { seed }), history }, score, reference };
}

const repairedScore = async ({ reference }: Extract<Case, { kind: "faulty" }>, seed: number, data: PlanData): Promise<number> =>
  (await tools.run(reference.plan, (await reference.data?.(seed)) ?? data, { seed })).score;

/** Searches and proves on the data of the first seed. Of what is not cured the scores stay. */
async function cure(one: Case): Promise<Bare<Cure>> {
  if (one.kind === "control") throw new Error(`${one.name} is a control: there is nothing to cure`);
  const [first = 0] = seeds;
  const data = await one.data(first);
  const references: number[] = [];
  for (const seed of seeds) {
    const own = await one.reference.data?.(first);
    references.push((await tools.run(one.reference.plan, own ?? data, { seed })).score);
  }
  const reference = median(references);
  const { before, verified, recommended, cost } = await treatWith(tools, one.plan, data, { seeds, reference });
  const chosen = recommended === null ? undefined : verified[recommended];
  if (chosen !== undefined) {
    const pairs = chosen.proof.pairs.map(({ seed, before, after }) => ({ seed, before: before.score, after: after.score }));
    return { kind: "cure", remedies: chosen.remedies, verdict: chosen.proof.verdict, pairs, reference, cost };
  }
  const scores: number[] = [];
  for (const seed of seeds) scores.push(seed === first ? before.score : (await tools.run(one.plan, data, { seed })).score);
  const pairs = seeds.map((seed, i) => ({ seed, before: scores[i] as number, after: scores[i] as number }));
  return { kind: "cure", remedies: null, verdict: verified[0]?.proof.verdict ?? null, pairs, reference, cost };
}
