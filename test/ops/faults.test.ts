import assert from "node:assert/strict";
import { test } from "node:test";
import { contract } from "../../src/ir/contract.js";
import { Fault } from "../../src/ir/fault.js";
import * as o from "../../src/ops/index.js";

/** The whole message, so that a change of voice is seen. */
function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.message;
  }
  assert.fail("nothing was thrown");
}

const lines = (...text: string[]): string => text.join("\n");
const x = o.ones([8, 3]);

test("a matrix product names the axis that differs, what it takes and what came", () => {
  assert.equal(
    messageOf(() => o.matmul(x, o.ones([4, 5]))),
    lines("matmul: axis k is 3 and 4", "  expected  (…b m k), (…b k n)", "  got       (8 3), (4 5)"),
  );
  assert.equal(
    messageOf(() => o.matmul(x, o.ones([4, 5]), { transposeA: true })),
    lines("matmul: axis k is 8 and 4", "  expected  (…b k m), (…b k n)", "  got       (8 3), (4 5)"),
  );
  assert.equal(
    messageOf(() => o.matmul(x, 2)),
    lines("matmul: a scalar is not a matrix", "  got       (8 3), ()", "  fix       mul(x, y)"),
  );
});

test("shapes that do not broadcast are shown, with the way out", () => {
  assert.equal(
    messageOf(() => o.add(x, o.ones([8]))),
    lines(
      "add: the shapes do not broadcast together",
      "  expected  axes equal from the right, or 1",
      "  got       (8 3), (8)",
      "  fix       reshape(x, …) with an axis of size 1 where values are to repeat",
    ),
  );
});

test("dtypes that differ are named, with the conversion", () => {
  assert.equal(
    messageOf(() => o.mul(x, o.ones([3], "int32"))),
    lines(
      "mul: the dtypes differ",
      "  expected  one dtype",
      "  got       float32, int32",
      "  fix       convert one side with cast(x, dtype)",
    ),
  );
  assert.equal(
    messageOf(() => o.exp(o.ones([3], "int32"))),
    lines("exp: takes no int32", "  expected  float32", "  got       int32", '  fix       convert with cast(x, "float32")'),
  );
});

const FAULTS: readonly (readonly [string, () => unknown])[] = [
  ["sum: axis 2 does not exist", () => o.sum(x, { axes: 2 })],
  ["sum: an axis is named twice", () => o.sum(x, { axes: [0, -2] })],
  ["reshape: 24 elements do not fit", () => o.reshape(x, [5, -1])],
  ["permute: the order must name every axis once", () => o.permute(x, [0, 0])],
  ["slice: axis 0 has no position 8", () => o.slice(x, 8)],
  ["slice: 3 ranges for 2 axes", () => o.slice(x, 0, 0, 0)],
  ["slice: a step is a whole number of 1 or more", () => o.slice(x, [0, 4, 0])],
  ["pad: one whole number of 0 or more per axis", () => o.pad(x, { low: [1], high: [1] })],
  ["concat: there is nothing to join", () => o.concat([])],
  ["concat: the axes other than 0 differ", () => o.concat([x, o.ones([8, 2])])],
  ["split: axis 1 does not divide that way", () => o.split(x, 2, 1)],
  ["split: axis 0 does not divide that way", () => o.split(x, [-1, 9])],
  ["mean: takes no int32", () => o.mean(o.ones([3], "int32"))],
  ["gather: a scalar has no rows", () => o.gather(1, o.zeros([1], "int32"))],
  ["gather (its indices): takes no float32", () => o.gather(x, x)],
  ["topK: cannot pick 4 of 3", () => o.topK(x, 4)],
  ["where (its condition): takes no float32", () => o.where(x, x, x)],
  ["cast: no such dtype", () => o.cast(x, "float16" as "float32")],
  ["tensor: row 1 differs from row 0 in length", () => o.tensor([[1, 2], [3]])],
  ["tensor: element 1 cannot be held as int32", () => o.tensor([1, 1.5], { dtype: "int32" })],
  ["tensor: 3 values do not fill the shape", () => o.tensor([1, 2, 3], { shape: [2, 2] })],
  ["tensor: an operand is not a tensor", () => o.add([1] as unknown as number, x)],
  ["broadcastTo: the shape does not fit", () => o.broadcastTo(x, [3, 8])],
  ["broadcastTo: a shape holds whole numbers of 0 or more", () => o.broadcastTo(x, [1.5, 8, 3])],
  ["takeAlongAxis: the shapes differ on an axis other than 1", () => o.takeAlongAxis(x, o.zeros([2, 1], "int32"))],
  ["scatterAdd: the updates do not start with the axes of the indices", () => o.scatterAdd(o.zeros([4], "int32"), x, 2)],
  ["softmax: axis -1 does not exist", () => o.softmax(1)],
];

for (const [problem, call] of FAULTS) {
  test(`${problem}: said where it happens, without blame`, () => {
    const message = messageOf(call);
    assert.equal(message.split("\n")[0], problem);
    assert.doesNotMatch(message, /invalid|must be|error/i);
  });
}

test("a contract binds names, runs of axes and fixed sizes", () => {
  const rule = contract("(…b h 2), (h w) -> (w …b)");
  assert.deepEqual(
    rule.resolve("f", [
      [5, 6, 7, 2],
      [7, 4],
    ]),
    [4, 5, 6],
  );
  assert.deepEqual(
    rule.resolve("f", [
      [7, 2],
      [7, 4],
    ]),
    [4],
  );
  assert.equal(
    messageOf(() =>
      rule.resolve("f", [
        [7, 3],
        [7, 4],
      ]),
    ).split("\n")[0],
    "f: an axis of size 2 is 3",
  );
  assert.equal(messageOf(() => rule.resolve("f", [[2], [7, 4]])).split("\n")[0], "f: operand 1 has 1 axes, not at least 2");
  assert.equal(messageOf(() => rule.resolve("f", [[7, 2]])).split("\n")[0], "f: takes 2 tensors, not 1");
  const runs = contract("(…s), (…s) -> (…s)");
  assert.equal(
    messageOf(() =>
      runs.resolve("f", [
        [1, 2],
        [2, 1],
      ]),
    ).split("\n")[0],
    "f: axes …s are (1 2) and (2 1)",
  );
  assert.throws(() => contract("(a)"), Fault);
});
