// How good gradient health is: every case of the corpus is trained, diagnosed and treated, and compared with what is known of it.
// npm run bench:health [-- --only A1 --part tuned --part controls --seeds 3 --workers 2 --no-treat --rejudge --fresh --report --docs]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isHeld } from "./corpus/held.js";
import { type Case, corpus } from "./corpus/index.js";
import { tableOf, writePage } from "./measure/page.js";
import { performAll } from "./measure/pool.js";
import { nameOfTask, type Part, type Result, recipeOf, type Task } from "./measure/result.js";
import { addResult, latest, missing, readResults } from "./measure/store.js";
import { summarise } from "./measure/summary.js";

const { values: options } = parseArgs({
  options: {
    /** Cases whose names begin so. */
    only: { type: "string", multiple: true },
    /** tuned or held, faulty or controls; two together leave what is both. */
    part: { type: "string", multiple: true },
    /** Of the examinations. */
    seeds: { type: "string", default: "3" },
    /** Processes side by side. */
    workers: { type: "string", default: "1" },
    /** Minutes that one task may take. */
    minutes: { type: "string", default: "30" },
    /** Examines without looking for cures. */
    "no-treat": { type: "boolean", default: false },
    /** Judges what was measured before once more, without training. */
    rejudge: { type: "boolean", default: false },
    /** Does everything again. */
    fresh: { type: "boolean", default: false },
    /** Runs nothing: says what the results that are there come to. */
    report: { type: "boolean", default: false },
    /** Writes docs/health-corpus.md and its picture. */
    docs: { type: "boolean", default: false },
    /** Where the results stand. */
    results: { type: "string", default: fileURLToPath(new URL("results/corpus.jsonl", import.meta.url)) },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function refuse(what: string, expected: string, got: string): never {
  say(`bench: ${what}\n  expected  ${expected}\n  got       ${got}`);
  process.exit(2);
}

function positive(name: "seeds" | "workers" | "minutes"): number {
  const number = Number(options[name]);
  return Number.isInteger(number) && number >= 1
    ? number
    : refuse(`--${name} is no count`, "a whole number, 1 or more", options[name]);
}

const parts: Readonly<Record<string, (one: Case) => boolean>> = {
  tuned: (one) => !isHeld(one),
  held: isHeld,
  faulty: ({ kind }) => kind === "faulty",
  controls: ({ kind }) => kind === "control",
};
const stranger = options.part?.find((name) => !Object.hasOwn(parts, name));
if (stranger !== undefined) refuse("there is no such part of the corpus", Object.keys(parts).join(", "), stranger);
const chosen = corpus.filter(
  (one) =>
    (options.part?.every((name) => parts[name]?.(one)) ?? true) &&
    (options.only?.some((start) => one.name.startsWith(start)) ?? true),
);
if (chosen.length === 0) refuse("no case has such a name", corpus.map(({ name }) => name).join(", "), String(options.only));

const tasks = chosen.flatMap((one): Task[] => {
  const row = { case: one.name, part: (isHeld(one) ? "held" : "tuned") as Part, recipe: recipeOf(one) };
  const examinations = Array.from({ length: positive("seeds") }, (_, seed) => ({ ...row, seed }));
  return one.kind === "control" || options["no-treat"] ? examinations : [...examinations, { ...row, seed: null }];
});

/** What is to be done now: what has no result yet, or all examinations once more. */
function work(): Task[] {
  if (options.report) return [];
  if (options.fresh) return tasks;
  if (options.rejudge) return tasks.filter(({ seed }) => seed !== null);
  return missing(tasks, readResults(options.results));
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;

function lineOf(result: Result): string {
  if (result.kind === "failure") return `FAILED: ${result.message.split("\n")[0]}`;
  if (result.kind === "cure") return `${result.remedies?.join(" + ") ?? "no remedy"}: ${result.verdict ?? "nothing to prove"}`;
  const [cause] = result.causes;
  return `${result.verdict}${cause === undefined ? "" : `, ${cause.cause}`}, score ${result.score.toFixed(3)} of ${result.reference.toFixed(3)}`;
}

const todo = work();
const started = performance.now();
await performAll(todo, {
  workers: positive("workers"),
  minutes: positive("minutes"),
  fresh: options.fresh,
  onResult: (result, done) => {
    addResult(options.results, result);
    const left = clock(((performance.now() - started) / 1000 / done) * (todo.length - done));
    const task = result.kind === "failure" ? result.task : nameOfTask({ seed: result.kind === "cure" ? null : result.seed });
    say(`${done}/${todo.length}, ${left} left: ${result.case}, ${task}: ${lineOf(result)}`);
  },
});

// Only results of the cases as they are now: what was changed since counts as not run.
const recipes = new Set(tasks.map(({ case: name, recipe }) => `${name} ${recipe}`));
const results = latest(readResults(options.results)).filter(({ case: name, recipe }) => recipes.has(`${name} ${recipe}`));
const summary = summarise(chosen, results);
console.log(tableOf(summary));
if (options.docs)
  say(
    writePage(fileURLToPath(new URL("../../docs/", import.meta.url)), summary)
      .map((path) => `written: ${path}`)
      .join("\n"),
  );
