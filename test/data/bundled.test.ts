import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digits, iris } from "../../src/data/index.js";
import { bundledModules } from "../../tools/data/embed.js";

// Expected numbers: numpy 2.4.6 on the files in data/, by loadtxt, sum and bincount.

test("the digits are 1797 pictures of 8 by 8 in [0, 1]", async () => {
  const { length, columns, info } = await digits();
  const { features, labels } = columns;
  assert.deepEqual([length, features.shape, info.imageShape], [1797, [64], [8, 8]]);
  assert.equal(
    features.data.reduce((sum, pixel) => sum + 16 * pixel, 0),
    561718,
  );
  assert.ok(features.data.every((pixel) => pixel >= 0 && pixel <= 1));
  const counts = Array.from({ length: 10 }, (_, digit) => labels.data.filter((label) => label === digit).length);
  assert.deepEqual(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  assert.deepEqual([labels.data[1000], labels.data[1796]], [1, 8]);
  assert.deepEqual(
    Array.from(features.data.subarray(64_000, 64_016), (pixel) => 16 * pixel),
    [0, 0, 1, 14, 2, 0, 0, 0, 0, 0, 0, 16, 5, 0, 0, 0],
  );
  assert.deepEqual(info.classNames, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

test("the irises are 150 flowers, 50 of each species, in the order of the file", async () => {
  const { length, columns, info } = await iris();
  assert.deepEqual([length, columns.features.shape], [150, [4]]);
  assert.deepEqual([...columns.features.data.subarray(0, 4)], [5.1, 3.5, 1.4, 0.2].map(Math.fround));
  for (const species of [0, 1, 2]) assert.equal(columns.labels.data.filter((label) => label === species).length, 50);
  assert.deepEqual(info.classNames, ["setosa", "versicolor", "virginica"]);
  assert.equal(info.featureNames?.length, 4);
});

test("the bundled modules are what the files in data/ say", () => {
  for (const [path, text] of Object.entries(bundledModules())) {
    assert.ok(readFileSync(`src/data/bundled/${path}`, "utf8") === text, `${path}: run node --import tsx tools/data/embed.ts`);
  }
});
