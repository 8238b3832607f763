import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { publicNames } from "../../tools/docs/exports.js";
import { referencePages } from "../../tools/docs/reference.js";

const pages = await referencePages();

for (const [path, text] of pages) {
  test(`${path} says what the source says (npm run docs)`, () => {
    assert.ok(existsSync(path), "it is not there");
    assert.equal(readFileSync(path, "utf8"), text);
  });
}

test("docs/reference holds nothing else", () => {
  assert.deepEqual(
    readdirSync("docs/reference").filter((name) => !pages.has(`docs/reference/${name}`)),
    [],
  );
});

test("the reference names everything that can be imported", async () => {
  const names = new Set(publicNames("src/index.ts").map(({ name }) => name));
  const missing = Object.keys(await import("../../src/index.js")).filter((name) => !names.has(name));
  assert.deepEqual(missing, []);
});

test("every public function says what it does", () => {
  const silent = [...pages].flatMap(([path, text]) =>
    Array.from(
      (text.split("\n## Types\n")[0] ?? "").matchAll(/^### (\w+)\n\n(?:```typescript\n.*\n```\n\n)?\[source\]/gm),
      ([, name]) => `${path}: ${name}`,
    ),
  );
  assert.deepEqual(silent, []);
});
