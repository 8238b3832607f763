// What softgrad costs by itself: compiling, growth with depth and batch, memory, calls. npm run bench:own [-- --docs] [NAME…]
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { measureCalls } from "./calls.js";
import { measureCompile } from "./compile.js";
import { measureMemory } from "./memory.js";
import { measureBatch, measureDepth } from "./scaling.js";
import { sectionMarkdown } from "./section.js";

const subjects = {
  compile: measureCompile,
  calls: measureCalls,
  depth: measureDepth,
  batch: measureBatch,
  memory: measureMemory,
} as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { force: { type: "boolean", default: false }, docs: { type: "boolean", default: false } },
});
const unknown = positionals.find((name) => !(name in subjects));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no subject "${unknown}"\n  expected  ${Object.keys(subjects).join(", ")}\n`);
  process.exit(2);
}
process.stderr.write(`${describeLoad()}\n`);
if (tooLoaded() && !values.force) {
  process.stderr.write(
    "bench: the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force\n",
  );
  process.exit(1);
}

const folder = fileURLToPath(new URL("../../docs/", import.meta.url));
const pages: string[] = [];
for (const [name, measure] of Object.entries(subjects)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  const section = await measure();
  pages.push(sectionMarkdown(section));
  if (values.docs && section.svg !== undefined) {
    mkdirSync(`${folder}images`, { recursive: true });
    writeFileSync(`${folder}images/bench-${name}.svg`, section.svg);
  }
}
const text = `# Costs of its own\n\nWritten by \`npm run bench:own -- --docs\`; 2 threads; ${describeLoad()} at the end.\n\n${pages.join("\n")}`;
if (values.docs) writeFileSync(`${folder}benchmarks-own.md`, text);
process.stdout.write(`${text}\n`);
