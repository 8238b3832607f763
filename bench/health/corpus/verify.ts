/**
 * Trains every case of the corpus with three seeds: whether what is called faulty fails, and whether what is called healthy, repaired
 * programs included, reaches its goal. Results are kept line by line, so that it can be stopped and goes on where it was.
 *
 *     npx tsx bench/health/corpus/verify.ts [--only NAME] [--kind control] [--seeds 0,1,2] [--part 0/2] [--again]
 *     npx tsx bench/health/corpus/verify.ts --tidy      # keeps the last result of every training that still belongs to the corpus
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Plan, type PlanData, runPlan } from "../../../src/health/plan/index.js";
import { type Case, corpus } from "./index.js";

const file = fileURLToPath(new URL("scores.jsonl", import.meta.url));

/** One training. */
interface Score {
  readonly case: string;
  readonly plan: "faulty" | "repaired" | "control";
  readonly seed: number;
  readonly score: number;
  readonly goal: number;
  /** Of the processor, compilation included: what else the machine does is not counted. */
  readonly milliseconds: number;
  /** Steps that were taken: fewer than planned where the loss was lost. */
  readonly steps: number;
  /** The plan as text, shortened to a number: results of a plan that was changed since do not count. */
  readonly version: number;
}

interface Job {
  readonly name: string;
  readonly kind: Score["plan"];
  readonly plan: Plan;
  readonly goal: number;
  data(seed: number): PlanData | Promise<PlanData>;
}

function jobsOf(one: Case): Job[] {
  const { name, plan, goal, data } = one;
  if (one.kind === "control") return [{ name, kind: "control", plan, goal, data }];
  const { reference } = one;
  const repaired: Job = { name, kind: "repaired", plan: reference.plan, goal, data: reference.data ?? data };
  return [{ name, kind: "faulty", plan, goal, data }, repaired];
}

function versionOf(plan: Plan): number {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify({ ...plan, title: "" })) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

const known = (): Score[] =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as Score) : []; // biome-ignore format: one line

/** Whether a training came out as its kind promises. A faulty one stays five points below what the repaired one reaches. */
const asPromised = ({ plan, score, goal }: Score): boolean => (plan === "faulty" ? score < goal - 0.05 : score >= goal);

const matches = (score: Score, { name, kind, plan }: Job, seed: number): boolean =>
  score.case === name && score.plan === kind && score.seed === seed && score.version === versionOf(plan);

async function verify(job: Job, seed: number): Promise<Score> {
  const data = await job.data(seed);
  const started = process.cpuUsage();
  const { score, history } = await runPlan(job.plan, data, { seed, monitor: false });
  const { user, system } = process.cpuUsage(started);
  const milliseconds = Math.round((user + system) / 1000);
  const rounded = { score: Number(score.toFixed(4)), milliseconds, steps: history.steps.length };
  return { case: job.name, plan: job.kind, seed, ...rounded, goal: job.goal, version: versionOf(job.plan) };
}

const { values } = parseArgs({
  options: { only: { type: "string" }, kind: { type: "string" }, seeds: { type: "string", default: "0,1,2" }, again: { type: "boolean" },
    tidy: { type: "boolean" }, part: { type: "string", default: "0/1" } },
}); // biome-ignore format: one call
const [part, partCount] = values.part.split("/").map(Number);
const seeds = values.seeds.split(",").map(Number);
const jobs = corpus
  .flatMap(jobsOf)
  .filter(
    ({ name, kind }, i) =>
      (values.only === undefined || name.includes(values.only)) && (values.kind ?? kind) === kind && i % partCount === part,
  );
/** The last result of every training of the corpus as it is now, in its order. */
function tidy(): Score[] {
  const results = known();
  return jobs.flatMap(
    (job) =>
    seeds.flatMap((seed) => results.findLast((score) => matches(score, job, seed)) ?? []), // biome-ignore format: one line
  );
}

if (values.tidy) {
  const kept = tidy();
  writeFileSync(file, kept.map((score) => `${JSON.stringify(score)}\n`).join(""));
  const wrong = kept.filter((score) => !asPromised(score));
  console.log(`${kept.length} of ${jobs.length * seeds.length} trainings, ${wrong.length} not as promised`);
  for (const one of wrong) console.log(`  ${one.plan} ${one.case}, seed ${one.seed}: ${one.score}, goal ${one.goal}`);
}

for (const seed of values.tidy ? [] : seeds) {
  for (const job of jobs) {
    if (!values.again && known().some((score) => matches(score, job, seed))) continue;
    const score = await verify(job, seed);
    appendFileSync(file, `${JSON.stringify(score)}\n`);
    const mark = asPromised(score) ? " " : "✗";
    console.log(
      `${mark} ${job.kind.padEnd(8)} ${job.name.padEnd(32)} seed ${seed}  ${score.score.toFixed(3)}  goal ${job.goal}  ${score.milliseconds} ms, ${score.steps} steps`,
    );
  }
}
