// A training step of every model against PyTorch eager and TensorFlow.js: npm run bench:models -- --python PATH [--only NAME] [--docs]
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installPeers } from "../harness/install.js";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { type Launch, launch, type Remote } from "../harness/remote.js";
import { interleave } from "../harness/rounds.js";
import { figure, median } from "../own/section.js";
import { cases, type ModelCase, SIZES } from "./cases.js";
import { type Measured, modelsPage } from "./page.js";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    only: { type: "string", multiple: true },
    rounds: { type: "string", default: "7" },
    "least-ms": { type: "string", default: "300" },
    threads: { type: "string", default: "2" },
    /** Leaves TensorFlow.js out. */
    quick: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
say(describeLoad());
if (tooLoaded() && !options.force) {
  say("bench: the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force");
  process.exit(1);
}
const stranger = options.only?.find((name) => !cases.some((each) => each.name === name));
if (stranger !== undefined) {
  say(`bench: there is no model "${stranger}"\n  expected  ${cases.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
installPeers(["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"], say);

const threads = Number(options.threads);
const plan = { rounds: Number(options.rounds), leastMs: Number(options["least-ms"]) };
const measured: Measured[] = [];
for (const model of cases.filter(({ name }) => options.only?.includes(name) ?? true)) {
  say(`\n${model.title}`);
  measured.push(await measure(model));
}
const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`;
const text = modelsPage(measured, { machine, threads, plan, load: describeLoad() });
if (options.docs) writeFileSync(fileURLToPath(new URL("../../docs/benchmarks-models.md", import.meta.url)), text);
process.stdout.write(text);

/** All sides of one model in turn, each a process of its own that starts and compiles while the others rest. */
async function measure(model: ModelCase): Promise<Measured> {
  const common = { threads, options: { model: model.name, sizes: JSON.stringify(SIZES) } };
  const entrants: readonly Launch[] = [
    { name: "softgrad", file: "../models/softgrad.ts", alone: true, ...common },
    { name: "PyTorch eager", file: "../models/pytorch.py", python: options.python, ...common },
    ...(options.quick ? [] : [{ name: "TensorFlow.js wasm", file: "../models/tfjs.ts", alone: true, ...common }]),
  ];
  const remotes: Remote[] = [];
  const leftOut: string[] = [];
  for (const entrant of entrants) {
    try {
      remotes.push(await launch(entrant, "-"));
    } catch (cause) {
      const [line = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
      leftOut.push(line);
      say(`left out: ${line}`);
    }
  }
  try {
    requireSameSize(remotes);
    const measurements = await interleave(remotes, plan, say);
    for (const { name, losses, lastLoss } of measurements) {
      if (!(lastLoss < losses[0]!))
        throw new Error(`${model.name}: ${name} does not learn: the loss went from ${losses[0]} to ${lastLoss}`);
    }
    for (const { name, stepMs, prepareMs } of measurements)
      say(`${name}: ${figure(median(stepMs))} ms a step, ready after ${prepareMs.toFixed(0)} ms`);
    return { model, measurements, leftOut };
  } finally {
    for (const remote of remotes) remote.close();
  }
}

/** Networks with as many parameters do the same work. TensorFlow.js counts running statistics too, and one bias of a cell in place of two. */
function requireSameSize([ours, ...others]: readonly Remote[]): void {
  if (ours === undefined) throw new Error("softgrad did not start");
  for (const { name, parameters } of others) {
    if (Math.abs(parameters / ours.parameters - 1) <= (name.startsWith("PyTorch") ? 0 : 0.02)) continue;
    throw new Error(`${name} trains another network\n  expected  ${ours.parameters} parameters\n  got       ${parameters}`);
  }
}
