// Times softgrad against its peers: npm run bench -- [options]. See README.md beside this file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { agree } from "./harness/agree.js";
import { writeProblem } from "./harness/data.js";
import { installPeers } from "./harness/install.js";
import { describeLoad, tooLoaded } from "./harness/load.js";
import { type Launch, launch, type Remote } from "./harness/remote.js";
import { markdown, type Result } from "./harness/report.js";
import { interleave } from "./harness/rounds.js";
import { roster } from "./roster.js";
import { workloads } from "./workloads.js";

const help = `npm run bench -- [options]
  --python PATH      a python with torch and jax; without it those two are left out
  --workload NAME    one of ${workloads.map(({ name }) => name).join(", ")}; may be repeated; default: all
  --only NAME        contenders whose name contains NAME; may be repeated
  --rounds N         timings of each contender, at least 7 (default 9)
  --least-ms N       least length of one timing (default 200)
  --threads N        threads of each contender (default 2)
  --force            measure on a loaded machine too
  --out FOLDER       where results.json goes (default runs/bench)
  --docs             also write docs/benchmarks.md
  --json             print the results as JSON`;

const { values: options } = parseArgs({
  options: {
    python: { type: "string" },
    workload: { type: "string", multiple: true },
    only: { type: "string", multiple: true },
    rounds: { type: "string", default: "9" },
    "least-ms": { type: "string", default: "200" },
    threads: { type: "string", default: "2" },
    force: { type: "boolean", default: false },
    out: { type: "string", default: "runs/bench" },
    docs: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

try {
  await main();
} catch (cause) {
  process.stderr.write(`bench: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  if (options.help) return say(help);
  const load = describeLoad();
  say(load);
  if (tooLoaded() && !options.force) {
    throw new Error("the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force");
  }
  installPeers(["@tensorflow/tfjs", "@jax-js/jax"], say);
  const threads = positive("threads", options.threads, 1);
  const plan = { rounds: positive("rounds", options.rounds, 7), leastMs: positive("least-ms", options["least-ms"], 1) };
  const entrants = roster({ python: options.python, threads }).filter(({ name }) => chosen(name, options.only));
  const results: Result[] = [];
  for (const workload of workloads.filter(({ name }) => options.workload?.includes(name) ?? true)) {
    say(`\n${workload.title}`);
    const folder = mkdtempSync(join(tmpdir(), "softgrad-bench-"));
    try {
      writeProblem(folder, workload);
      const remotes = await start(entrants, folder);
      try {
        const measurements = await interleave(remotes, plan, say);
        agree(measurements);
        results.push({ workload, measurements, load: describeLoad() });
      } finally {
        for (const remote of remotes) remote.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const report = { machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`, threads, plan, results };
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, "results.json"), `${JSON.stringify(report, null, 2)}\n`);
  const text = markdown(report);
  if (options.docs) writeFileSync(fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url)), text);
  process.stdout.write(
    options.json ? `${JSON.stringify(report)}\n` : `\n${text}\nwritten to ${join(options.out, "results.json")}\n`,
  );
}

/** One after another, so that compiling does not overlap; a contender that cannot start is named and left out. */
async function start(entrants: readonly Launch[], folder: string): Promise<Remote[]> {
  const remotes: Remote[] = [];
  for (const entrant of entrants) {
    try {
      remotes.push(await launch(entrant, folder));
    } catch (cause) {
      say(`left out: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  if (remotes.length === 0) throw new Error("no contender could be started");
  return remotes;
}

function positive(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} is not a number of at least ${least}\n  got       ${text}`);
}

function chosen(name: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((part) => name.toLowerCase().includes(part.toLowerCase()));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
