// Forward and backward of activations over 1024 x 1024 against PyTorch eager: npm run bench:activations -- --python PATH [--docs]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onnxRuntime } from "softgrad";
import { describeLoad } from "../harness/load.js";
import { figure, median } from "../own/section.js";
import { duel, duelOptions, ours, requireAgreement, theirs } from "./duel.js";
import { find, passes } from "./ours.js";
import { type Peer, startPeer } from "./python.js";
import { type Row, ratioOf, render } from "./report.js";

const options = duelOptions();
const { threads, rounds, before } = options;

interface Names {
  readonly version: string;
  readonly named: string[];
  readonly piecewise: string[];
  readonly composed: string[];
}

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
  rounds,
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
  await requireAgreement(torch, name, activation, 2e-5, (x) => Number.isInteger(x * 2));
  const runtime = onnxRuntime({ threads });
  const fast = await passes(activation, runtime);
  const precise = await passes(activation, runtime, "precise");
  const [mine, other, exact] = await duel([ours(fast), theirs(torch, name), ours(precise, 1 / 4)], rounds);
  await runtime.close();
  const row: Row = { name, kind, ours: mine, theirs: other, precise: exact, operators: fast.operators };
  process.stderr.write(
    `${name}: ${figure(median(mine))} ms, PyTorch ${figure(median(other))} ms, ratio ${figure(ratioOf(row))}\n`,
  );
  return row;
}
