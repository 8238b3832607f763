import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { kernels } from "../../src/smooth/index.js";
import { smoothFiles, smoothFolder, smoothPage, smoothText } from "../../tools/docs/smooth.js";

test("the page on smoothing has every kernel as the catalogue has it (npm run docs)", () => {
  const page = readFileSync(smoothPage, "utf8");
  assert.equal(page, smoothText(page));
  for (const { name } of kernels) assert.match(page, new RegExp(`^\\| \`${name}\` \\|`, "m"));
});

test("its pictures are those that are drawn, whole and small", () => {
  const pictures = [...smoothFiles()].filter(([path]) => path.startsWith(smoothFolder));
  assert.equal(pictures.length, 2);
  for (const [path, drawn] of pictures) {
    assert.equal(readFileSync(path, "utf8"), drawn, path);
    assert.match(drawn, /^<svg [\s\S]*<\/svg>\n$/);
    assert.ok(drawn.includes("prefers-color-scheme") && !drawn.includes("NaN"), path);
    assert.ok(drawn.length < 150_000, `${path}: ${drawn.length} bytes`);
  }
});
