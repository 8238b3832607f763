import assert from "node:assert/strict";
import { test } from "node:test";
import { grad } from "../../src/diff/index.js";
import { mul, pad, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

test("padding puts a value around and between the elements, and no gradient comes from it", () => {
  const options = { low: [1], high: [2], interior: [1], value: 7 };
  assert.deepEqual([...interpret([pad(tensor([1, 2, 3]), options)])[0]], [7, 1, 7, 2, 7, 3, 7, 7]);
  const weights = tensor([1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7]);
  const gradient = grad((x) => sum(mul(pad(x, options), weights)))(tensor([1, 2, 3]));
  assert.deepEqual([...interpret([gradient])[0]], [10, 1000, 1e5]);
});

test("padding says which counts it wants", () => {
  assert.throws(
    () => pad(tensor([1, 2]), { low: [1, 1], high: [0] }),
    /pad: one whole number of 0 or more per axis\n {2}expected {2}1 counts/,
  );
});
