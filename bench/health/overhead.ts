// What watching a training costs: node --import tsx bench/health/overhead.ts [--docs] [--force] [part of a name …]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { figure } from "../own/section.js";
import { measureOverhead, type Overhead, quartiles } from "./overhead/measure.js";
import { networks } from "./overhead/networks.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { force: { type: "boolean", default: false }, docs: { type: "boolean", default: false } },
});
process.stderr.write(`${describeLoad()}\n`);
if (tooLoaded() && !values.force) {
  process.stderr.write(
    "bench: the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force\n",
  );
  process.exit(1);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const found: Overhead[] = [];
for (const network of networks) {
  if (positionals.length > 0 && !positionals.some((part) => network.name.includes(part))) continue;
  process.stderr.write(`${network.name} …\n`);
  found.push(await measureOverhead(network));
  process.stderr.write(`${rowOf(found[found.length - 1])}\n`);
}

function rowOf({ name, stepMs, look, length, every, rounds, start, firstMs }: Overhead): string {
  const [low, middle, high] = quartiles(rounds);
  const [plain, first] = firstMs.map((ms) => `${Math.round(ms)} ms`);
  const cells = [name, `${figure(stepMs)} ms`, percent(look), percent(length), String(every), `${percent(middle)} (${percent(low)} … ${percent(high)})`, percent(start), plain, first]; // biome-ignore format: one line
  return `| ${cells.join(" | ")} |`;
}

const worst = Math.max(...found.map(({ rounds }) => quartiles(rounds)[1]));
const text = [
  "# What watching a training costs",
  "",
  `Written by \`node --import tsx bench/health/overhead.ts --docs\`; ${describeLoad()} at the end.`,
  "",
  "Two trainings of the same network in turns, one with `health.monitor`, which also diagnoses; 15 rounds, each a stretch of steps of both.",
  "The *look* is a step with every statistic of every layer, over a plain one, as the monitor measured it itself in the first 80 steps;",
  "the *length* one with only that of all gradients together. From both follows how many steps lie between two looks. *Long run*: the median of the rounds and the middle half of them. *First",
  "1000 steps*: with the close look at steps 0 to 79 in them. *First step*: with compiling, which is done once for each kind of step.",
  "Parameters are the same to the bit either way, which `test/health/probes/identical.test.ts` holds.",
  "",
  "| network | plain step | look | length | every | long run | first 1000 steps | first plain step | first look |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
  ...found.map(rowOf),
  "",
  `- The largest cost in the long run is ${percent(worst)}; the monitor was given 5 %.`,
  "",
].join("\n");
if (values.docs) writeFileSync(fileURLToPath(new URL("../../docs/health-overhead.md", import.meta.url)), text);
process.stdout.write(text);
process.exit(0);
