// Does smoothing help? Trains with every kernel, width and form against plain activations and writes docs/does-smoothing-help.md:
// npm run bench:smoothing [-- --only digits-mlp --seeds 5 --threads 1 --quick --report]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onnxRuntime } from "softgrad";
import { installPeers } from "../harness/install.js";
import { outcomes, store } from "./experiment/store.js";
import { type Task, tasks } from "./experiment/tasks.js";
import { trainings } from "./experiment/training.js";

const { values: options } = parseArgs({
  options: {
    /** Tasks, by name. */
    only: { type: "string", multiple: true },
    /** How many, instead of each task's own number. */
    seeds: { type: "string" },
    threads: { type: "string", default: "1" },
    /** One epoch from one seed with every setting, to see that all of it runs: nothing is kept. */
    quick: { type: "boolean", default: false },
    /** Trains nothing: writes the page from the results that are there. */
    report: { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function chosenTasks(names: readonly string[] | undefined): readonly Task[] {
  const stranger = names?.find((name) => !tasks.some((task) => task.name === name));
  if (stranger !== undefined) {
    say(`bench: there is no task "${stranger}"\n  expected  ${tasks.map(({ name }) => name).join(", ")}`);
    process.exit(2);
  }
  return tasks.filter(({ name }) => names?.includes(name) ?? true);
}

function seedCount(text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 2) return count;
  say(`bench: --seeds is not a number of seeds\n  expected  a whole number, 2 or more\n  got       ${text}`);
  process.exit(2);
}

/** Seeds of a task that a setting still lacks. */
function missing(task: Task, setting: string): number[] {
  if (options.quick) return [0];
  const done = new Set(outcomes(task).flatMap((row) => (row.setting === setting ? [row.seed] : [])));
  const wanted = seedCount(options.seeds) ?? task.seeds;
  return Array.from({ length: wanted }, (_, seed) => seed).filter((seed) => !done.has(seed));
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;

/** Seeds that share one compilation. All settings go through the first ones before any goes on: stopped early, all have equally many. */
const TOGETHER = 5;

async function runTask(task: Task): Promise<void> {
  const lacking = task.settings.map((setting) => ({ setting, seeds: missing(task, setting.name) }));
  const rounds = Math.ceil((seedCount(options.seeds) ?? task.seeds) / TOGETHER);
  const work = Array.from({ length: rounds }, (_, round) =>
    lacking.map(({ setting, seeds }) => ({ setting, seeds: seeds.filter((seed) => Math.floor(seed / TOGETHER) === round) })),
  ).flat();
  const total = work.reduce((sum, { seeds }) => sum + seeds.length, 0);
  if (total === 0) return say(`${task.name}: all there`);
  const runtime = onnxRuntime({ threads: Number(options.threads), worker: false });
  const started = performance.now();
  let done = 0;
  for (const { setting, seeds } of work) {
    if (seeds.length === 0) continue;
    for await (const outcome of trainings(task, setting, seeds, runtime, options.quick ? 1 : task.epochs)) {
      if (!options.quick) store(task, outcome);
      done++;
      const elapsed = (performance.now() - started) / 1000;
      const left = clock((elapsed / done) * (total - done));
      const result = `${(100 * outcome.accuracy).toFixed(2)} %, loss ${outcome.loss.toFixed(4)}`;
      say(`${task.name} ${done}/${total}, ${left} left: ${setting.name}, seed ${outcome.seed}: ${result}`);
    }
  }
  await runtime.close();
}

installPeers(["mnist", "jstat"], say);
if (!options.report) for (const task of chosenTasks(options.only)) await runTask(task);
if (!options.quick) {
  // Only now: it needs a package that was perhaps not there at the start.
  const { writeReport } = await import("./experiment/page.js");
  const written = writeReport(fileURLToPath(new URL("../../docs/", import.meta.url)));
  say(written.map((path) => `written: ${path}`).join("\n"));
}
