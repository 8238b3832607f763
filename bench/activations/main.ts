// Forward and backward of activations over 1024 x 1024 against PyTorch eager: npm run bench:activations -- --python PATH [--docs]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onnxRuntime } from "softgrad";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { figure, median, timed } from "../own/section.js";
import { at, find, type Passes, passes } from "./ours.js";
import { type Peer, startPeer } from "./python.js";

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

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly ours: number;
  readonly theirs: number;
  readonly precise: number;
  readonly operators: number;
}

const limits: Readonly<Record<string, string>> = {
  named: "geometric mean at most 1.0, none above 3",
  piecewise: "each at most 2.5",
  composed: "each at most 0.7",
};

process.stderr.write(`${describeLoad()}\n`);
if (tooLoaded() && !options.force) {
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
const text = render(rows);
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
  const row = {
    name,
    kind,
    ours: median(times.ours),
    theirs: median(times.theirs),
    precise: median(times.precise),
    operators: fast.operators,
  };
  process.stderr.write(
    `${name}: ${figure(row.ours)} ms, PyTorch ${figure(row.theirs)} ms, ratio ${figure(row.ours / row.theirs)}\n`,
  );
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

function render(all: readonly Row[]): string {
  const pages = Object.entries(limits).map(([kind, limit]) => {
    const group = all.filter((row) => row.kind === kind);
    const ratios = group.map(({ ours, theirs }) => ours / theirs);
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / Math.max(1, ratios.length));
    return [
      `## ${kind}`,
      "",
      `Aim: ${limit}. Geometric mean ${figure(mean)}, worst ${figure(Math.max(...ratios))}.`,
      "",
      "| activation | softgrad, ms | PyTorch, ms | ratio | operators | precise, ms |",
      "|---|---|---|---|---|---|",
      ...group.map(
        ({ name, ours, theirs, operators, precise }) =>
          `| ${name} | ${figure(ours)} | ${figure(theirs)} | ${figure(ours / theirs)} | ${operators} | ${figure(precise)} |`,
      ),
      "",
    ].join("\n");
  });
  const intro =
    `# Speed of activations\n\nWritten by \`npm run bench:activations -- --python PATH --docs\`: forward and backward over 1024 × 1024 float32, ` +
    `${threads} threads, PyTorch ${version} eager, ${options.rounds} interleaved rounds, medians; ${describeLoad()} at the end. ` +
    "`precise` is the other lowering, in float64.\n";
  return `${[intro, ...pages].join("\n")}`;
}
