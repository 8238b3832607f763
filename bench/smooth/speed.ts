// Forward and backward of smoothed activations over 1024 x 1024, against the same formulas in PyTorch eager and against our GELU:
// node --import tsx bench/smooth/speed.ts --python PATH [--docs] [--force]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onnxRuntime } from "softgrad";
import { type Activation, findActivation, gelu } from "softgrad/activations";
import { findKernel, type Kernel, mollify } from "softgrad/smooth";
import { at, type Passes, passes } from "../activations/ours.js";
import { startPeer } from "../activations/python.js";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { figure, median, timed } from "../own/section.js";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "7" },
    force: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
  },
});

/** Length of one timing, in milliseconds, and the width of every kernel: that of mollified.py. */
const TIMING_MS = 60;
const WIDTH = 0.5;

process.stderr.write(`${describeLoad()}\n`);
if (tooLoaded() && !options.force) {
  process.stderr.write(
    "bench: the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force\n",
  );
  process.exit(1);
}
const threads = Number(options.threads);
const torch = startPeer(options.python, threads, fileURLToPath(new URL("mollified.py", import.meta.url)));
const { version, ...kinds } = await torch.ask<{ version: string } & Record<string, string[]>>({ list: true });

const perRun = async (work: Passes, count: number): Promise<number> => {
  const { ms } = await timed(async () => {
    for (let i = 0; i < count; i++) await work.run();
  });
  return ms / count;
};

/** Both sides must compute the same function, or the comparison means nothing. */
async function requireAgreement(name: string, smooth: Activation): Promise<void> {
  const theirs = await torch.ask<{ x: number[]; value: number[]; slope: number[] }>({ name, value: true });
  const ours = await at(smooth, theirs.x);
  for (const what of ["value", "slope"] as const) {
    theirs[what].forEach((expected, i) => {
      const got = ours[what][i] as number;
      if (Math.abs(got - expected) > 5e-6 * Math.max(1, Math.abs(expected))) {
        throw new Error(`${name}: the ${what} at ${theirs.x[i]} is ${got}, PyTorch's ${expected}`);
      }
    });
  }
}

const rows: string[] = [];
/** What each aim leaves open. */
const beyond: Record<"torch" | "gelu", string[]> = { torch: [], gelu: [] };
const names = Object.values(kinds as Record<string, string[]>).flat();
for (const name of names) {
  const [activation, kernel] = name.split(" ") as [string, string];
  const smooth = mollify(findActivation(activation) as Activation<never>, { kernel: findKernel(kernel) as Kernel, width: WIDTH });
  await requireAgreement(name, smooth as Activation);
  const runtime = onnxRuntime({ threads });
  const [ours, reference] = [await passes(smooth as Activation, runtime), await passes(gelu as Activation, runtime)];
  const count = Math.max(3, Math.round(TIMING_MS / (await perRun(ours, 5))));
  const times: Record<"ours" | "gelu" | "torch", number[]> = { ours: [], gelu: [], torch: [] };
  for (let round = 0; round < Number(options.rounds); round++) {
    times.ours.push(await perRun(ours, count));
    times.torch.push((await torch.ask<{ ms: number }>({ name, repeat: count })).ms);
    times.gelu.push(await perRun(reference, count));
  }
  await runtime.close();
  const [mine, theirs, plain] = [median(times.ours), median(times.torch), median(times.gelu)];
  rows.push(
    `| ${activation} | ${kernel} | ${figure(mine)} | ${figure(theirs)} | ${figure(mine / theirs)} | ${figure(plain)} | ${figure(mine / plain)} | ${ours.operators} |`,
  );
  if (mine > 0.5 * theirs) beyond.torch.push(name);
  if (mine > 2 * plain) beyond.gelu.push(name);
  process.stderr.write(
    `${name}: ${figure(mine)} ms, PyTorch ${figure(theirs)} (${figure(mine / theirs)}), GELU ${figure(plain)} (${figure(mine / plain)})\n`,
  );
}
torch.close();
const page = `# Speed of smoothed activations

Forward and backward over 1024 × 1024 float32 numbers, ${threads} threads, width ${WIDTH}; medians of ${options.rounds} interleaved rounds.
PyTorch ${version} runs the same formulas, composed of its operations, eagerly. ${describeLoad()}.

    node --import tsx bench/smooth/speed.ts --python PATH --docs

Aims: at most 0.5 of PyTorch's time, at most twice the time of our own GELU.

| function | kernel | softgrad, ms | PyTorch, ms | ratio | GELU, ms | ratio | operators |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}

Above half of PyTorch's time: ${beyond.torch.join(", ") || "none"}. Above twice that of a GELU: ${beyond.gelu.join(", ") || "none"}.
PyTorch's softplus is a single kernel in each direction; here every operator passes over the memory once, so what counts is their number.

A hard-swish by the logistic kernel has a dilogarithm in it, which PyTorch lacks.
`;
process.stdout.write(page);
if (options.docs) writeFileSync(fileURLToPath(new URL("../../docs/benchmarks-smooth.md", import.meta.url)), page);
process.exit(0);
