// Forward and backward of smoothed activations over 1024 x 1024, against the same formulas in PyTorch eager and against our GELU:
// node --import tsx bench/smooth/speed.ts --python PATH [--docs] [--force]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onnxRuntime } from "softgrad";
import { type Activation, findActivation, gelu } from "softgrad/activations";
import { findKernel, type Kernel, mollify } from "softgrad/smooth";
import { duel, duelOptions, ours, requireAgreement, theirs } from "../activations/duel.js";
import { passes } from "../activations/ours.js";
import { startPeer } from "../activations/python.js";
import { describeLoad } from "../harness/load.js";
import { figure, median } from "../own/section.js";

const { python, threads, rounds, only, docs, before } = duelOptions();
/** The width of every kernel: that of mollified.py. */
const WIDTH = 0.5;

const torch = startPeer(python, threads, fileURLToPath(new URL("mollified.py", import.meta.url)));
const { version, ...kinds } = await torch.ask<{ version: string } & Record<string, string[]>>({ list: true });
/** Of two times taken one after the other, so that what else the machine does weighs on both. */
const ratioOf = (ms: readonly number[], others: readonly number[]): number =>
  median(ms.map((value, round) => value / (others[round] as number)));

const rows: string[] = [];
/** What each aim leaves open. */
const beyond: Record<"torch" | "gelu", string[]> = { torch: [], gelu: [] };
const names = Object.values(kinds as Record<string, string[]>).flat();
for (const name of names.filter((each) => only?.includes(each) ?? true)) {
  const [activation, kernel] = name.split(" ") as [string, string];
  const smooth = mollify(findActivation(activation) as Activation<never>, { kernel: findKernel(kernel) as Kernel, width: WIDTH });
  await requireAgreement(torch, name, smooth as Activation, 5e-6);
  const runtime = onnxRuntime({ threads });
  const [own, reference] = [await passes(smooth as Activation, runtime), await passes(gelu as Activation, runtime)];
  const sides = [ours(own), theirs(torch, name), ours(reference)] as const;
  const [mine, other, plain] = (await duel(sides, rounds)) as [number[], number[], number[]];
  await runtime.close();
  const [toTorch, toGelu] = [ratioOf(mine, other), ratioOf(mine, plain)];
  const cells = [median(mine), median(other), toTorch, median(plain), toGelu].map(figure);
  rows.push(`| ${[activation, kernel, ...cells, own.operators, reference.operators].join(" | ")} |`);
  if (toTorch > 0.5) beyond.torch.push(name);
  if (toGelu > 2) beyond.gelu.push(name);
  process.stderr.write(`${rows.at(-1)}\n`);
}
torch.close();
const page = `# Speed of smoothed activations

Forward and backward over 1024 × 1024 float32 numbers, ${threads} threads, width ${WIDTH}; medians of ${rounds} interleaved rounds.
PyTorch ${version} runs the same formulas, composed of its operations, eagerly. Before: ${before.load}; after: ${describeLoad()}.

    node --import tsx bench/smooth/speed.ts --python PATH --docs

Ratios are medians of those within a round. Aims: at most 0.5 of PyTorch's time, at most twice the time of our own GELU.

| function | kernel | softgrad, ms | PyTorch, ms | ratio | GELU, ms | ratio | operators | GELU's |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

Above half of PyTorch's time: ${beyond.torch.join(", ") || "none"}. Above twice that of a GELU: ${beyond.gelu.join(", ") || "none"}.
Every operator passes over the memory once, so what counts is their number; the error function costs as much as four others.

A hard-swish by the logistic kernel has a dilogarithm in it, which PyTorch lacks.
`;
process.stdout.write(page);
if (docs) writeFileSync(fileURLToPath(new URL("../../docs/benchmarks-smooth.md", import.meta.url)), page);
process.exit(0);
