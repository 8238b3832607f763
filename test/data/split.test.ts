import assert from "node:assert/strict";
import { test } from "node:test";
import { digits, fromArrays } from "../../src/data/index.js";
import { key } from "../../src/random/counter.js";

const counting = (labels: readonly number[]) =>
  fromArrays({ row: Int32Array.from(labels, (_, row) => row), labels: Int32Array.from(labels) });

const countClasses = (labels: Int32Array, classes: number) =>
  Array.from({ length: classes }, (_, label) => labels.filter((other) => other === label).length);

test("a split deals every row to one part, sizes exact to the row", () => {
  for (const rows of [10, 11, 101, 1797]) {
    const data = counting(new Array(rows).fill(0));
    const parts = data.split({ train: 0.7, valid: 0.2, test: 0.1 * (1 - Number.EPSILON) }, { key: key(rows) });
    const all = Object.values(parts).flatMap((part) => [...part.columns.row.data]);
    assert.deepEqual(
      all.sort((a, b) => a - b),
      [...data.columns.row.data],
    );
    for (const [name, share] of Object.entries({ train: 0.7, valid: 0.2, test: 0.1 })) {
      assert.ok(Math.abs(parts[name as "train"].length - share * rows) < 1, `${name} of ${rows}`);
    }
  }
});

test("the digits split 80 to 20 with every class shared to within a row", async () => {
  const data = await digits();
  const { train, test: held } = data.split({ train: 0.8, test: 0.2 }, { key: key(7), stratifyBy: "labels" });
  assert.deepEqual([train.length, held.length], [1438, 359]);
  const whole = countClasses(data.columns.labels.data, 10);
  const part = countClasses(held.columns.labels.data, 10);
  for (const [label, count] of part.entries()) assert.ok(Math.abs(count - 0.2 * whole[label]) < 1, `digit ${label}: ${count}`);
  assert.deepEqual(train.info, data.info);
});

test("three parts of many small classes keep their sizes and their share of each class to two rows", () => {
  const labels = Array.from({ length: 200 }, (_, row) => Math.floor(row / 7));
  const data = counting(labels);
  const parts = data.split({ a: 0.5, b: 0.3, c: 0.2 }, { key: key(1), stratifyBy: "labels" });
  assert.deepEqual([parts.a.length, parts.b.length, parts.c.length], [100, 60, 40]);
  const whole = countClasses(data.columns.labels.data, 29);
  for (const [name, share] of [
    ["a", 0.5],
    ["b", 0.3],
    ["c", 0.2],
  ] as const) {
    const counts = countClasses(parts[name].columns.labels.data, 29);
    for (const [label, count] of counts.entries())
      assert.ok(Math.abs(count - share * whole[label]) < 2, `${name}, class ${label}`);
  }
});

test("the same key gives the same split, another key another", () => {
  const data = counting(new Array(40).fill(0));
  const train = (seed: number) => data.split({ train: 0.5, test: 0.5 }, { key: key(seed) }).train.columns.row.data.join();
  assert.equal(train(1), train(1));
  assert.notEqual(train(1), train(2));
});

test("fractions below 1 leave rows out", () => {
  const data = counting(new Array(100).fill(0));
  const { few } = data.split({ few: 0.1 }, { key: key(1) });
  assert.equal(few.length, 10);
});

test("what is no split is a fault", () => {
  const data = fromArrays({ features: [[1], [2]], labels: Int32Array.of(0, 1) });
  const split = (fractions: Record<string, number>, stratifyBy?: string) => () =>
    data.split(fractions, { key: key(1), stratifyBy: stratifyBy as "labels" });
  assert.throws(split({ train: 0.8, test: 0.3 }), /not shares of a whole.*\n.*sum to 1 or less\n.*0.8, 0.3/);
  assert.throws(split({ train: -0.1 }), /not shares of a whole/);
  assert.throws(split({}), /not shares of a whole/);
  assert.throws(split({ train: Number.NaN }), /not shares of a whole/);
  assert.throws(split({ train: 0.9, test: 0.1 }), /part "test" would have no rows/);
  assert.throws(split({ train: 0.5, test: 0.5 }, "features"), /cannot stratify by "features"/);
  assert.throws(split({ train: 0.5, test: 0.5 }, "colour"), /cannot stratify by "colour"[\s\S]*no such column/);
});
