import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool,
  conv,
  convTranspose,
  maxPool,
  tensor,
  upsample,
} from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

const zeros = (...shape: number[]) => parameter(shape, "float32");

const wrong: readonly (readonly [title: string, call: () => unknown, says: RegExp])[] = [
  ["another number of channels", () => conv(zeros(1, 3, 5, 5), zeros(4, 2, 3, 3)), /^conv: the kernel takes another number of channels\n.*2\n.*3 in \(1 3 5 5\), \(4 2 3 3\)/], // biome-ignore format: a row
  ["a kernel larger than the input", () => conv(zeros(1, 1, 2, 8), zeros(1, 1, 3, 3)), /^conv: the window is larger than the input\n.*at most 2 on spatial axis 0/], // biome-ignore format: a row
  ["a kernel that dilation makes larger than the input", () => conv(zeros(1, 1, 4), zeros(1, 1, 3), { dilation: 2 }), /got +5: 3 elements, dilation 2/], // biome-ignore format: a row
  ["a negative stride", () => conv(zeros(1, 1, 4), zeros(1, 1, 3), { stride: -1 }), /^conv: the stride does not fit\n.*whole number of 1 or more/], // biome-ignore format: a row
  ["half a stride", () => maxPool(zeros(1, 1, 4), 2, { stride: 0.5 }), /^maxPool: the stride does not fit/],
  ["a stride per axis too many", () => conv(zeros(1, 1, 4), zeros(1, 1, 3), { stride: [1, 1] }), /each of 1 spatial axes\n.*\[1, 1\]/], // biome-ignore format: a row
  ["negative padding", () => conv(zeros(1, 1, 4), zeros(1, 1, 3), { padding: -1 }), /^conv: the padding does not fit/],
  ["a padding of another name", () => conv(zeros(1, 1, 4), zeros(1, 1, 3), { padding: "full" as "same" }), /same, valid, or counts/], // biome-ignore format: a row
  ["groups that do not divide the outputs", () => conv(zeros(1, 4, 4), zeros(3, 2, 3), { groups: 2 }), /^conv: the groups do not divide/], // biome-ignore format: a row
  ["no groups", () => conv(zeros(1, 4, 4), zeros(3, 4, 3), { groups: 0 }), /^conv: the number of groups does not fit/],
  ["an image without a channel axis", () => conv(zeros(5, 8, 8), zeros(4, 1, 3, 3)), /^conv: the input has 3 axes, not 4\n.*\(batch channels height width\)\n.*\n.*an axis of size 1 for the channels/], // biome-ignore format: a row
  ["a kernel without a spatial axis", () => conv(zeros(1, 2), zeros(3, 2)), /^conv: the kernel has no spatial axis/],
  ["an output padding as long as the stride", () => convTranspose(zeros(1, 1, 4), zeros(1, 1, 3), { outputPadding: 1 }), /^convTranspose: no convolution has this transpose/], // biome-ignore format: a row
  ["more padding than result", () => convTranspose(zeros(1, 1, 1), zeros(1, 1, 2), { padding: 1 }), /a result of 0/],
  [
    "a window in the padding alone",
    () => maxPool(zeros(1, 1, 4), 2, { padding: 2 }),
    /^maxPool: a window lies in the padding alone/,
  ],
  ["a window of no elements", () => averagePool(zeros(1, 1, 4), 0), /^averagePool: the window size does not fit/],
  ["a window larger than the input", () => averagePool(zeros(1, 1, 4, 4), 5), /^averagePool: the window is larger/],
  ["no image to pool", () => adaptiveAveragePool(zeros(1, 4), 2), /^adaptiveAveragePool: the input has no spatial axis/],
  [
    "no sequence to take the largest of",
    () => adaptiveMaxPool(zeros(1, 4), 2),
    /^adaptiveMaxPool: the input has no spatial axis/,
  ],
  ["no parts", () => adaptiveMaxPool(zeros(1, 1, 4), 0), /^adaptiveMaxPool: the number of parts does not fit/],
  ["a scale and a size", () => upsample(zeros(1, 1, 4), { scale: 2, size: 8 }), /scale or size\n.*both/],
  ["neither scale nor size", () => upsample(zeros(1, 1, 4), {}), /neither/],
  ["an unknown way between values", () => upsample(zeros(1, 1, 4), { scale: 2, mode: "cubic" as "linear" }), /nearest or linear/],
];

for (const [title, call, says] of wrong) {
  test(`${title}: the operation and what it would have taken are said`, () => {
    assert.throws(call, (error: unknown) => error instanceof Fault && says.test(error.message), title);
  });
}

const numbers = (x: Tensor) => [...interpret([x])[0]];

test("same padding keeps the size where the stride is 1, and gives size / stride rounded up where it is not", () => {
  for (const [size, stride, kernel, places] of [
    [5, 1, 4, 5],
    [5, 2, 3, 3],
    [6, 4, 3, 2],
    [1, 3, 5, 1],
  ]) {
    // biome-ignore format: rows
    assert.deepEqual(conv(zeros(1, 1, size), zeros(1, 1, kernel), { stride, padding: "same" }).shape, [1, 1, places]);
  }
});

test("the largest of a window with NaN is NaN, wherever in the window it stands", () => {
  for (let at = 0; at < 4; at++) {
    const row = [1, 5, 2, 3].map((value, i) => (i === at ? Number.NaN : value));
    assert.deepEqual(numbers(maxPool(tensor([[row]]), 4)), [Number.NaN]);
  }
});

test("an image of one element convolves, pools and grows", () => {
  const x = tensor([[[[3]]]]);
  assert.deepEqual(numbers(conv(x, tensor([[[[2]]]]))), [6]);
  assert.deepEqual(numbers(maxPool(x, 1)), [3]);
  assert.deepEqual(numbers(averagePool(x, 1)), [3]);
  assert.deepEqual(numbers(upsample(x, { size: [1, 3], mode: "linear" })), [3, 3, 3]);
});

test("an empty batch convolves and pools to an empty batch", () => {
  assert.deepEqual(conv(zeros(0, 2, 4, 4), zeros(3, 2, 3, 3)).shape, [0, 3, 2, 2]);
  assert.deepEqual(maxPool(zeros(0, 2, 4, 4), 2).shape, [0, 2, 2, 2]);
});
