// Times ways of lowering one step against each other: node --import tsx bench/floor/explore.ts <workload> [--rounds 7] name:key=value,… …

import { mkdtempSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { writeProblem } from "../harness/data.js";
import { launch } from "../harness/remote.js";
import { interleave } from "../harness/rounds.js";
import { workloads } from "../workloads.js";

const [name, ...rest] = process.argv.slice(2);
const workload = workloads.find((candidate) => candidate.name === name)!;
const folder = mkdtempSync(join(tmpdir(), "softgrad-bench-"));
writeProblem(folder, workload);
const rounds = Number(process.env.ROUNDS ?? 7);
const remotes = [];
for (const spec of rest) {
  const [title, text = ""] = spec.split(":") as [string, string?];
  const options = Object.fromEntries(
    text
      .split(",")
      .filter(Boolean)
      .map((pair) => pair.split("=") as [string, string]),
  );
  const file = options.file ?? "onnx.ts";
  remotes.push(
    await launch(
      { name: title, file, options, threads: Number(options.threads ?? 2), python: process.env.PYTHON ?? "python3" },
      folder,
    ),
  );
}
const found = await interleave(remotes, { rounds, leastMs: Number(process.env.LEAST ?? 200) }, () => undefined);
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
console.log(`${workload.title}; load ${loadavg().map((x) => x.toFixed(1))}`);
for (const { name, stepMs, cpuMs, losses, lastLoss, prepareMs } of found) {
  const s = sorted(stepMs);
  const f = (x: number) => x.toFixed(3).padStart(8);
  console.log(
    `${name.padEnd(34)} median ${f(s[s.length >> 1]!)} min ${f(s[0]!)} max ${f(s.at(-1)!)} q1 ${f(s[s.length >> 2]!)} cpu-min ${f(sorted(cpuMs)[0]!)} prepare ${prepareMs.toFixed(0).padStart(5)}  loss ${[...losses, lastLoss].map((x) => x.toFixed(6)).join(" ")}`,
  );
}
for (const remote of remotes) remote.close();
