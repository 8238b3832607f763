/**
 * Writes docs/reference, docs/health, the gallery of activations, and the kernels and pictures of docs/smooth.md from the source:
 * `npm run docs`.
 * With `--check` it only says which files are out of date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { families } from "../src/activations/index.js";
import { galleryFiles, galleryFolder } from "./docs/gallery.js";
import { healthFiles, healthFolder } from "./docs/health.js";
import { referencePages } from "./docs/reference.js";
import { smoothFiles, smoothFolder } from "./docs/smooth.js";

/** Folders that hold nothing else. */
const folders = ["docs/reference", galleryFolder, smoothFolder, healthFolder];
const files = new Map([...(await referencePages()), ...galleryFiles(families), ...smoothFiles(), ...healthFiles()]);
const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text).map(([path]) => path);
const extra = folders
  .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : []))
  .filter((path) => !files.has(path));

if (process.argv.includes("--check")) {
  for (const path of [...stale, ...extra]) console.error(`${path}: out of date; run npm run docs`);
  process.exit(stale.length + extra.length > 0 ? 1 : 0);
}
for (const path of stale) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, files.get(path) ?? "");
}
for (const path of extra) rmSync(path);
console.log(`docs: ${files.size} files, ${stale.length} written, ${extra.length} removed`);
