import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad } from "../../src/diff/index.js";
import type { Shape } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import * as operations from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { draw, randomFrom } from "../support/random.js";

const runtime = directRuntime();
after(() => runtime.close());

test("every other operation takes axes of size one and none", async (t) => {
  const o = operations;
  const ints = (shape: Shape): Tensor => o.zeros(shape, "int32");
  const sum = (x: Tensor): Tensor => o.sum(x, { axes: -1 });
  const calls: Record<string, readonly (readonly [Shape, (x: Tensor) => Tensor])[]> = {
    sum: [
      [[0], sum],
      [[1], sum],
      [[2, 0], sum],
      [[0, 2], sum],
      [[0, 0], sum],
      [[0], (x) => o.sum(x)],
      [[], (x) => o.sum(x)],
    ],
    max: [
      [[1], (x) => o.max(x)],
      [[0, 2], (x) => o.max(x, { axes: 1 })],
      [[2, 1], (x) => o.max(x, { axes: 1, keepAxes: true })],
    ],
    min: [
      [[1], (x) => o.min(x)],
      [[0, 2], (x) => o.min(x, { axes: 1 })],
      [[1, 2], (x) => o.min(x, { axes: 0 })],
    ],
    argmax: [
      [[1], (x) => o.argmax(x)],
      [[0, 2], (x) => o.argmax(x)],
      [[1, 1], (x) => o.argmax(x, 0)],
    ],
    softmax: [
      [[1], (x) => o.softmax(x)],
      [[0], (x) => o.softmax(x)],
      [[2, 0], (x) => o.softmax(x)],
      [[0, 2], (x) => o.softmax(x)],
    ],
    logSoftmax: [
      [[1], (x) => o.logSoftmax(x)],
      [[0, 2], (x) => o.logSoftmax(x)],
    ],
    broadcastTo: [
      [[1], (x) => o.broadcastTo(x, [0])],
      [[], (x) => o.broadcastTo(x, [2, 0])],
      [[0, 1], (x) => o.broadcastTo(x, [0, 3])],
    ],
    reshape: [
      [[0], (x) => o.reshape(x, [3, 0, 2])],
      [[1, 1, 1], (x) => o.reshape(x, [])],
      [[0, 4], (x) => o.reshape(x, [0])],
    ],
    permute: [
      [[0, 3, 1], (x) => o.permute(x)],
      [[1], (x) => o.permute(x)],
      [[], (x) => o.permute(x)],
    ],
    slice: [
      [[3], (x) => o.slice(x, [1, 1])],
      [[0, 2], (x) => o.slice(x, null, [1, 2])],
      [[1], (x) => o.slice(x, 0)],
      [[5], (x) => o.slice(x, [4, 2])],
    ],
    pad: [
      [[0], (x) => o.pad(x, { low: [1], high: [2], interior: [3] })],
      [[1], (x) => o.pad(x, { low: [0], high: [1], interior: [3] })],
      [[0, 2], (x) => o.pad(x, { low: [0, 1], high: [0, 0] })],
    ],
    flip: [
      [[0], (x) => o.flip(x)],
      [[1, 0], (x) => o.flip(x)],
      [[1, 2], (x) => o.flip(x, 0)],
    ],
    concat: [
      [[0, 2], (x) => o.concat([x, x])],
      [[1], (x) => o.concat([x, o.zeros([0]), x])],
      [[2, 0], (x) => o.concat([x, x], 1)],
    ],
    stack: [
      [[], (x) => o.stack([x, x])],
      [[0], (x) => o.stack([x, x, x], 1)],
    ],
    gather: [
      [[1, 2], (x) => o.gather(x, ints([0]))],
      [[1], (x) => o.gather(x, ints([]))],
      [[2, 0], (x) => o.gather(x, ints([3]))],
    ],
    scatterAdd: [
      [[0, 2], (x) => o.scatterAdd(ints([0]), x, 3)],
      [[1], (x) => o.scatterAdd(ints([1]), x, 1)],
      [[2, 0], (x) => o.scatterAdd(ints([2]), x, 2)],
      [[0, 2], (x) => o.scatterAdd(ints([0]), x, 0)],
    ],
    takeAlongAxis: [
      [[2, 3], (x) => o.takeAlongAxis(x, ints([2, 0]))],
      [[1], (x) => o.takeAlongAxis(x, ints([1]))],
      [[0, 3], (x) => o.takeAlongAxis(x, ints([0, 1]))],
    ],
    addAlongAxis: [
      [[2, 0], (x) => o.addAlongAxis(ints([2, 0]), x, 4)],
      [[0, 2], (x) => o.addAlongAxis(ints([0, 2]), x, 3)],
      [[1], (x) => o.addAlongAxis(ints([1]), x, 1)],
    ],
    sort: [
      [[1], (x) => o.sort(x)],
      [[0], (x) => o.sort(x)],
      [[0, 2], (x) => o.sort(x)],
      [[3], (x) => o.topK(x, 0).values],
    ],
    cumulativeSum: [
      [[1], (x) => o.cumulativeSum(x)],
      [[0], (x) => o.cumulativeSum(x)],
      [[0, 2], (x) => o.cumulativeSum(x, 0, { exclusive: true })],
      [[2, 0], (x) => o.cumulativeSum(x, 0)],
    ],
    matmul: [
      [[0, 3], (x) => o.matmul(x, o.ones([3, 2]))],
      [[2, 0], (x) => o.matmul(x, o.zeros([0, 2]))],
      [[2, 0], (x) => o.matmul(x, x, { transposeA: true })],
      [[0, 2, 3], (x) => o.matmul(x, x, { transposeB: true })],
      [[2, 3, 0], (x) => o.matmul(x, x, { transposeB: true })],
      [[1, 1], (x) => o.matmul(x, x)],
    ],
    product: [
      [[0], (x) => o.product(x)],
      [[2, 0], (x) => o.product(x, { axes: 1 })],
      [[1], (x) => o.product(x)],
    ],
    norm: [
      [[0], (x) => o.norm(x)],
      [[2, 0], (x) => o.norm(x, { axes: 1 })],
    ],
    einsum: [
      [[0, 3], (x) => o.einsum("ij,ij->j", x, x)],
      [[2, 0], (x) => o.einsum("ij,ij->i", x, x)],
      [[1, 1], (x) => o.einsum("ii", x)],
    ],
  };
  for (const [name, cases] of Object.entries(calls)) {
    await t.test(name, async () => {
      const random = randomFrom(5);
      for (const [shape, call] of cases) {
        const x = parameter(shape, "float32");
        const output = call(x);
        const gradient = operations.isTensor(output) && output.dtype === "float32" ? [gradientOf(call, x)] : [];
        const feeds = new Map([[x, draw({ shape, dtype: "float32" }, random)]]);
        const exact = interpret([output, ...gradient], feeds);
        assert.equal(exact[0].length, output.size);
        const got = await computeOn(runtime, [output, ...gradient], feeds);
        got.forEach((values, i) => assert.equal(firstFar(values, exact[i], 1e-5), null, `${name} of (${shape.join(" ")})`));
      }
    });
  }
});

/** The gradient of the sum of the results, which must be shaped like x. */
function gradientOf(call: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const gradient = grad((y: Tensor) => operations.sum(call(y)))(x);
  assert.deepEqual(gradient.shape, x.shape);
  return gradient;
}
