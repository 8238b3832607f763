import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { faultyCases } from "../../bench/health/corpus/index.js";
import { pictureFolder, portraits, slugOf } from "../../bench/health/portraits/views.js";
import { symptomNames } from "../../src/health/index.js";
import { healthFiles, healthFolder } from "../../tools/docs/health.js";

test("every symptom has a page with its picture, its causes and its source, and they are what the records say", () => {
  const files = healthFiles();
  assert.equal(files.size, symptomNames.length + 1);
  for (const [path, text] of files) assert.equal(readFileSync(path, "utf8"), text, `${path}: out of date; run npm run docs`);
  for (const name of symptomNames) {
    const page = files.get(`${healthFolder}/${slugOf(name)}.md`) ?? "";
    for (const heading of ["## How it is recognised", "## What it comes from", "## Source"])
      assert.ok(page.includes(heading), name);
    assert.ok(page.includes(`images/health/${slugOf(name)}.svg`), name);
    assert.ok(existsSync(`${pictureFolder}/${slugOf(name)}.svg`), name);
  }
});

test("every symptom has one portrait, of a program that is in the corpus", () => {
  assert.deepEqual([...portraits.map(({ symptom }) => symptom)].sort(), [...symptomNames].sort());
  for (const portrait of portraits) assert.ok(faultyCases.some(({ name }) => name === portrait.case), portrait.case); // biome-ignore format: one line
});
