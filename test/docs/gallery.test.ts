import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { test } from "node:test";
import { catalogue, families } from "../../src/activations/index.js";
import { galleryFolder, galleryPage, gallerySheet, galleryText, pictureOf } from "../../tools/docs/gallery.js";
import { temporaryFolder } from "../cli/support.js";

test("the gallery says what the catalogue says (npm run docs)", () => {
  assert.equal(readFileSync(galleryPage, "utf8"), galleryText(families));
});

test("the sheet and the folder of pictures have every activation once", () => {
  const sheet = readFileSync(gallerySheet, "utf8");
  const drawn = Array.from(sheet.matchAll(/<g id="(\w+)">/g), ([, name]) => name);
  assert.deepEqual(
    drawn,
    catalogue.map(({ name }) => name),
  );
  assert.deepEqual(readdirSync(galleryFolder).sort(), catalogue.map((activation) => basename(pictureOf(activation))).sort());
});

test("pictures are whole, follow the reader's system, and are small", () => {
  for (const activation of catalogue) {
    const picture = readFileSync(pictureOf(activation), "utf8");
    assert.match(picture, /^<svg [\s\S]*<\/svg>\n$/, activation.name);
    assert.ok(picture.includes("prefers-color-scheme") && !picture.includes("NaN"), activation.name);
    assert.ok(picture.length < 20_000, `${activation.name}: ${picture.length} bytes`);
  }
});

const added = `
/** x / 2: added by a test. */
export const halfOfAll = activation({
  name: "halfOfAll",
  title: "Half Of All",
  tex: String.raw\`\\tfrac12 x\`,
  source: "nowhere",
  strengths: "None.",
  weaknesses: "It is a test's.",
  use: "Tests.",
  parameters: {},
  apply: (x) => x.mul(0.5),
  facts: () => ({ ...identity.facts, left: line(1 / 2), right: line(1 / 2), lipschitz: 1 / 2 }),
});
`;

const program = `
import "./src/methods.ts";
import { families, findActivation } from "./src/activations/index.ts";
import { run } from "./src/cli/run.ts";
import { activationSheet } from "./src/plot/index.ts";
import { galleryText } from "./tools/docs/gallery.ts";
const groups = Object.entries(families).map(([title, activations]) => ({ title, activations: activations.filter(({ name }) => name === "halfOfAll") }));
const lines = [];
await run(["activations", "show", "halfOfAll"], { out: (text) => lines.push(text), err: (text) => lines.push(text), screen: null, env: {} });
console.log(JSON.stringify({
  catalogue: findActivation("halfOfAll") !== null,
  page: /^### Half Of All$/m.test(galleryText(families)),
  sheet: activationSheet(groups).includes('<g id="halfOfAll">'),
  command: lines.join().includes("½x"),
}));
`;

test("an activation that is added in one place is in the catalogue, the documentation, the pictures and the command", (t) => {
  const folder = temporaryFolder(t);
  for (const part of ["src", "tools/docs"]) cpSync(part, join(folder, part), { recursive: true });
  for (const file of ["package.json", "tsconfig.json"]) cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  appendFileSync(join(folder, "src/activations/rectified.ts"), added);
  writeFileSync(join(folder, "program.ts"), program);
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(folder, "tsconfig.json") };
  const said = execFileSync(process.execPath, ["--import", import.meta.resolve("tsx"), "program.ts"], { cwd: folder, env });
  assert.deepEqual(JSON.parse(said.toString()), { catalogue: true, page: true, sheet: true, command: true });
});
