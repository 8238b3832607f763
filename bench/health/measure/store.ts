import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { nameOfTask, type Result, type Task } from "./result.js";

/** JSON has no NaN and no infinities: they are kept as text. */
export const encode = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === "number" && !Number.isFinite(one) ? `#${one}` : one));

export const decode = (text: string): unknown =>
  JSON.parse(text, (_, one: unknown) =>
    typeof one === "string" && /^#(NaN|-?Infinity)$/.test(one) ? Number(one.slice(1)) : one,
  );

/** All rows of a file; a line that a stopped run left unfinished counts as missing. */
export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return line === "" ? [] : [decode(line) as Result];
      } catch {
        return [];
      }
    });
}

/** Adds one: a line, written at once. */
export function addResult(file: string, result: Result): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${encode(result)}\n`);
}

const keyOf = (result: Pick<Result, "case" | "recipe">, task: string): string => `${result.case} ${result.recipe} ${task}`;

const taskOf = (result: Result): string =>
  result.kind === "failure" ? result.task : nameOfTask({ seed: result.kind === "cure" ? null : result.seed });

/** The last row of every task: what was run again counts as it came out then. */
export function latest(results: readonly Result[]): Result[] {
  return [...new Map(results.map((result) => [keyOf(result, taskOf(result)), result])).values()];
}

/** Tasks that have no row yet; one that failed is done again. */
export function missing(tasks: readonly Task[], results: readonly Result[]): Task[] {
  const done = new Set(latest(results).flatMap((result) => (result.kind === "failure" ? [] : [keyOf(result, taskOf(result))])));
  return tasks.filter((task) => !done.has(keyOf(task, nameOfTask(task))));
}
