// Forward and backward of activations over 1024 x 1024 against PyTorch eager: npm run bench:activations -- --python PATH [--docs]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onnxRuntime } from "softgrad";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { figure, median, timed } from "../own/section.js";
import { at, find, type Passes, passes } from "./ours.js";
import { type Peer, startPeer } from "./python.js";
import { type Row, ratioOf, render } from "./report.js";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "7" },
    only: { type: "string", multiple: true },
    force: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});

/** Length of one timing, in milliseconds. */
const TIMING_MS = 60;

interface Names {
  readonly version: string;
  readonly named: string[];
  readonly piecewise: string[];
  readonly composed: string[];
}

const before = { load: describeLoad(), busy: tooLoaded() };
process.stderr.write(`${before.load}\n`);
if (before.busy && !options.force) {
  process.stderr.write(
    "bench: the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force\n",
  );
  process.exit(1);
}
const threads = Number(options.threads);
const peer = startPeer(options.python, threads);
const { version, ...kinds } = await peer.ask<Names>({ list: true });
const rows: Row[] = [];
for (const [kind, names] of Object.entries(kinds)) {
  for (const name of names) {
    if (options.only !== undefined && !options.only.includes(name)) continue;
    const row = await measure(peer, kind, name);
    if (row !== null) rows.push(row);
  }
}
peer.close();
const text = render(rows, {
  threads,
  rounds: Number(options.rounds),
  version,
  before: before.load,
  after: describeLoad(),
  busy: before.busy,
});
if (options.docs) writeFileSync(fileURLToPath(new URL("../../docs/benchmarks-activations.md", import.meta.url)), text);
process.stdout.write(text);

async function measure(torch: Peer, kind: string, name: string): Promise<Row | null> {
  const activation = find(name);
  if (activation === null) {
    process.stderr.write(`left out: ${name} is not in the catalogue\n`);
    return null;
  }
  await requireAgreement(torch, name);
  const runtime = onnxRuntime({ threads });
  const fast = await passes(activation, runtime);
  const precise = await passes(activation, runtime, "precise");
  const times: Record<"ours" | "theirs" | "precise", number[]> = { ours: [], theirs: [], precise: [] };
  const count = Math.max(3, Math.round(TIMING_MS / (await perRun(fast, 5))));
  for (let round = 0; round < Number(options.rounds); round++) {
    times.ours.push(await perRun(fast, count));
    times.theirs.push((await torch.ask<{ ms: number }>({ name, repeat: count })).ms);
    times.precise.push(await perRun(precise, Math.max(1, Math.round(count / 4))));
  }
  await runtime.close();
  const row: Row = { name, kind, ...times, operators: fast.operators };
  const [ours, theirs] = [times.ours, times.theirs].map((ms) => figure(median(ms)));
  process.stderr.write(`${name}: ${ours} ms, PyTorch ${theirs} ms, ratio ${figure(ratioOf(row))}\n`);
  return row;
}

async function perRun(work: Passes, count: number): Promise<number> {
  const { ms } = await timed(async () => {
    for (let i = 0; i < count; i++) await work.run();
  });
  return ms / count;
}

/** Both sides must compute the same function, or the comparison means nothing. */
async function requireAgreement(torch: Peer, name: string): Promise<void> {
  const theirs = await torch.ask<{ x: number[]; value: number[]; slope: number[] }>({ name, value: true });
  const activation = find(name);
  if (activation === null) return;
  const ours = await at(activation, theirs.x);
  for (const what of ["value", "slope"] as const) {
    theirs[what].forEach((expected, i) => {
      // At a kink the two may take different sides.
      if (Math.abs(ours[what][i] - expected) <= 2e-5 * Math.max(1, Math.abs(expected)) || Number.isInteger(theirs.x[i] * 2))
        return;
      throw new Error(`${name}: the ${what} at ${theirs.x[i]} is ${ours[what][i]}, PyTorch's ${expected}`);
    });
  }
}
