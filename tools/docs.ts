/** Writes docs/reference from the source: `npm run docs`. With `--check` it only says which pages are out of date. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { referencePages } from "./docs/reference.js";

const folder = "docs/reference";
const pages = await referencePages();
const stale = [...pages].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text).map(([path]) => path);
const extra = (existsSync(folder) ? readdirSync(folder) : [])
  .map((name) => `${folder}/${name}`)
  .filter((path) => !pages.has(path));

if (process.argv.includes("--check")) {
  for (const path of [...stale, ...extra]) console.error(`${path}: out of date; run npm run docs`);
  process.exit(stale.length + extra.length > 0 ? 1 : 0);
}
mkdirSync(folder, { recursive: true });
for (const path of stale) writeFileSync(path, pages.get(path) ?? "");
for (const path of extra) rmSync(path);
console.log(`docs: ${pages.size} pages in ${folder}, ${stale.length} written, ${extra.length} removed`);
