import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plan, PlanData } from "../../../src/health/plan/index.js";
import { type Case, corpus } from "./index.js";

/** Results of all trainings, a line each. */
export const file = fileURLToPath(new URL("scores.jsonl", import.meta.url));

/** One training. */
export interface Score {
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

export interface Job {
  readonly name: string;
  readonly kind: Score["plan"];
  readonly plan: Plan;
  readonly goal: number;
  data(seed: number): PlanData | Promise<PlanData>;
}

export function jobsOf(one: Case): Job[] {
  const { name, plan, goal, data } = one;
  if (one.kind === "control") return [{ name, kind: "control", plan, goal, data }];
  const { reference } = one;
  const repaired: Job = { name, kind: "repaired", plan: reference.plan, goal, data: reference.data ?? data };
  return [{ name, kind: "faulty", plan, goal, data }, repaired];
}

export function versionOf(plan: Plan): number {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify({ ...plan, title: "" })) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

export const known = (): Score[] =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as Score) : []; // biome-ignore format: one line

/** Whether a training came out as its kind promises. A faulty one stays five points below what the repaired one reaches. */
export const asPromised = ({ plan, score, goal }: Score): boolean => (plan === "faulty" ? score < goal - 0.05 : score >= goal);

export const matches = (score: Score, { name, kind, plan }: Job, seed: number): boolean =>
  score.case === name && score.plan === kind && score.seed === seed && score.version === versionOf(plan);

/** The last result of every training of these jobs as they are now, in their order. */
export function lastScores(jobs: readonly Job[], seeds: readonly number[]): Score[] {
  const results = known();
  return jobs.flatMap((job) =>
    seeds.flatMap((seed) => {
      const last = results.findLast((score) => matches(score, job, seed));
      return last === undefined ? [] : [{ ...last, goal: job.goal }];
    }),
  );
}

/** Every program of the corpus, the repaired ones too. */
export const allJobs = (): Job[] => corpus.flatMap(jobsOf);
