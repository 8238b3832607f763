import assert from "node:assert/strict";
import { test } from "node:test";
import { allocate } from "../../src/ir/dtype.js";
import { fault } from "../../src/ir/fault.js";

test("the page is not cross-origin isolated, as most pages are not", () => {
  assert.equal(globalThis.crossOriginIsolated, false);
});

test("arrays have the storage that an engine exchanges", () => {
  assert.deepEqual(allocate("bool", 3), new Uint8Array(3));
});

test("errors keep their voice", () => {
  assert.throws(() => {
    throw fault("matmul", "axis k is 3 and 4", { got: "(8 3), (4 5)" });
  }, /^matmul: axis k is 3 and 4\n {2}got {7}\(8 3\), \(4 5\)$/);
});
