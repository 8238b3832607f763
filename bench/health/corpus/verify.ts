/**
 * Trains every case of the corpus with three seeds: whether what is called faulty fails, and whether what is called healthy, repaired
 * programs included, reaches its goal. Results are kept line by line, so that it can be stopped and goes on where it was.
 *
 *     npx tsx bench/health/corpus/verify.ts [--only NAME] [--kind control] [--seeds 0,1,2] [--part 0/2] [--again]
 *     npx tsx bench/health/corpus/verify.ts --tidy      # keeps the last result of every training that still belongs to the corpus
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runPlan } from "../../../src/health/plan/index.js";
import { allJobs, asPromised, file, type Job, known, lastScores, matches, type Score, versionOf } from "./scores.js";

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
const jobs = allJobs().filter(
  ({ name, kind }, i) =>
    (values.only === undefined || name.includes(values.only)) && (values.kind ?? kind) === kind && i % partCount === part,
);
if (values.tidy) {
  const kept = lastScores(jobs, seeds);
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
