import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { median, shareOf, wilson } from "../../bench/health/measure/statistics.js";

interface Golden {
  readonly intervals: readonly { hits: number; count: number; low: number; high: number }[];
}
const golden = JSON.parse(readFileSync("test/golden/wilson.json", "utf8")) as Golden;

test("Wilson's intervals are those of scipy", () => {
  assert.ok(golden.intervals.length > 10);
  for (const { hits, count, low, high } of golden.intervals) {
    const ours = wilson(hits, count);
    assert.equal(ours.share, hits / count);
    for (const [got, expected] of [
      [ours.low, low],
      [ours.high, high],
    ] as const) {
      assert.ok(Math.abs(got - expected) < 1e-12, `${hits} of ${count}: ${got}, scipy ${expected}`);
    }
  }
});

test("none of 73 bounds a share below 5 %, and none of none says nothing", () => {
  assert.ok(wilson(0, 73).high < 0.0501 && wilson(0, 24).high > 0.13);
  const nothing = wilson(0, 0);
  assert.deepEqual([nothing.low, nothing.high, Number.isNaN(nothing.share)], [0, 1, true]);
});

test("a share counts what is so", () => {
  const { hits, count } = shareOf([1, 2, 3, 4, 5], (x) => x % 2 === 1);
  assert.deepEqual([hits, count], [3, 5]);
});

test("a median is in the middle, whatever the order", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.equal(median([1, 2, Infinity]), 2);
  assert.ok(Number.isNaN(median([])));
});
