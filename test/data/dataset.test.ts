import assert from "node:assert/strict";
import { test } from "node:test";
import { epochOrder, fromArrays, permutation } from "../../src/data/index.js";
import { boundedDraws } from "../../src/data/order.js";
import { fold, key } from "../../src/random/counter.js";

/** Rows 0 … n−1: features (i, 10 i), label i mod classes. */
function counting(rows: number, classes = 2) {
  const classNames = Array.from({ length: classes }, (_, label) => `class ${label}`);
  const features = Array.from({ length: rows }, (_, row) => [row, 10 * row]);
  return fromArrays({ features, labels: Int32Array.from({ length: rows }, (_, row) => row % classes) }, { classNames });
}

const firstFeatures = (values: { data: Float32Array }) => [...values.data].filter((_, at) => at % 2 === 0);

async function rowsOfEpoch(data: ReturnType<typeof counting>, options: Parameters<typeof data.batches>[0]): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const { features } of data.batches(options)) batches.push(firstFeatures(features));
  return batches;
}

test("columns take their element type and row shape from what they are made of", () => {
  const { columns, length } = fromArrays({
    nested: [[[1, 2]], [[3, 4]]],
    plain: [1, 2],
    wide: new Float64Array([1, 2]),
    integers: Int32Array.of(1, 2),
    shaped: { data: new Uint32Array(12), shape: [2, 3] },
    mask: Uint8Array.of(0, 1),
  });
  assert.equal(length, 2);
  const described = Object.entries(columns).map(([name, { dtype, shape }]) => [name, dtype, shape]);
  assert.deepEqual(described, [
    ["nested", "float32", [1, 2]],
    ["plain", "float32", []],
    ["wide", "float32", []],
    ["integers", "int32", []],
    ["shaped", "uint32", [2, 3]],
    ["mask", "bool", []],
  ]);
  const integers: Int32Array = columns.integers.data;
  assert.deepEqual([...integers], [1, 2]);
});

test("what does not make columns is a fault", () => {
  assert.throws(() => fromArrays({}), /dataset: there are no columns/);
  assert.throws(() => fromArrays({ a: [1, 2], b: [1] }), /a has 2 rows, b has 1/);
  assert.throws(() => fromArrays({ a: [[1, 2], [3]] }), /a\[1\]: differs in shape from the first row/);
  assert.throws(() => fromArrays({ a: [[1], 2] as never }), /a\[1\]: differs in shape/);
  assert.throws(() => fromArrays({ a: [["1"]] as never }), /a\[0\]\[0\]: differs in shape/);
  assert.throws(() => fromArrays({ a: { data: new Float32Array(5), shape: [2] } }), /a: the values do not fill whole rows/);
  assert.throws(() => fromArrays({ a: [[1], [Number.NaN]] }), /a: row 1 holds NaN/);
  assert.throws(() => fromArrays({ a: new Float64Array([0, 1e39]) }), /a: row 1 holds Infinity/);
  assert.throws(() => fromArrays({ a: new Int16Array(2) as never }), /cannot be stored in a Int16Array/);
  assert.throws(
    () => fromArrays({ labels: Int32Array.of(0, 2) }, { classNames: ["a", "b"] }),
    /labels: row 1 has label 2, which is out of range\n.*0 to 1, for 2 classes/,
  );
  assert.throws(() => fromArrays({ labels: Int32Array.of(-1) }, { classNames: ["a"] }), /label -1/);
});

test("without a key an epoch gives every row in order, the last batch smaller or dropped", async () => {
  const data = counting(7);
  assert.deepEqual(await rowsOfEpoch(data, { size: 3 }), [[0, 1, 2], [3, 4, 5], [6]]);
  assert.deepEqual(await rowsOfEpoch(data, { size: 3, remainder: "drop" }), [
    [0, 1, 2],
    [3, 4, 5],
  ]);
  assert.deepEqual([data.batchCount({ size: 3 }), data.batchCount({ size: 3, remainder: "drop" })], [3, 2]);
  assert.deepEqual(await rowsOfEpoch(data, { size: 100 }), [[0, 1, 2, 3, 4, 5, 6]]);
});

test("a batch is a record of arrays with shape and element type, rows of the columns kept together", async () => {
  const first = await counting(7)
    .batches({ size: 4, key: key(1) })
    .next();
  const { features, labels } = first.value as Exclude<typeof first.value, undefined | void>;
  assert.deepEqual([features.shape, features.dtype, labels.shape, labels.dtype], [[4, 2], "float32", [4], "int32"]);
  for (let row = 0; row < 4; row++) {
    assert.equal(features.data[2 * row + 1], 10 * features.data[2 * row]);
    assert.equal(labels.data[row], features.data[2 * row] % 2);
  }
});

test("each epoch is a different order of all rows, the same for the same key", async () => {
  const data = counting(50);
  const epochs = await Promise.all([0, 1, 2].map((epoch) => rowsOfEpoch(data, { size: 8, key: key(3), epoch })));
  for (const epoch of epochs)
    assert.deepEqual(
      epoch.flat().sort((a, b) => a - b),
      firstFeatures(data.columns.features),
    );
  assert.equal(new Set(epochs.map((epoch) => epoch.flat().join())).size, 3);
  assert.deepEqual(await rowsOfEpoch(data, { size: 8, key: key(3), epoch: 1 }), epochs[1]);
  assert.deepEqual(epochs[1].flat(), [...epochOrder(key(3), 1, 50)]);
  assert.notDeepEqual(await rowsOfEpoch(data, { size: 8, key: key(4), epoch: 1 }), epochs[1]);
});

test("an epoch entered at batch k goes on as if it had never stopped", async () => {
  const data = counting(50);
  const whole = await rowsOfEpoch(data, { size: 8, key: key(3), epoch: 5 });
  for (let start = 0; start <= whole.length; start++) {
    assert.deepEqual(await rowsOfEpoch(data, { size: 8, key: key(3), epoch: 5, start }), whole.slice(start));
  }
  await assert.rejects(rowsOfEpoch(data, { size: 8, start: 8 }), /there is no batch 8 to start at/);
});

test("sizes and epochs that are not whole numbers are faults", async () => {
  const data = counting(5);
  for (const size of [0, -1, 1.5, Number.NaN]) {
    await assert.rejects(rowsOfEpoch(data, { size }), /batches: size is /);
    assert.throws(() => data.batchCount({ size }), /batches: size is /);
  }
  await assert.rejects(rowsOfEpoch(data, { size: 1, epoch: -1 }), /batches: epoch is -1/);
});

test("a data set without rows has no batches", async () => {
  const data = counting(2).take(0);
  assert.equal(data.length, 0);
  assert.deepEqual(await rowsOfEpoch(data, { size: 3, key: key(0) }), []);
  assert.deepEqual(data.gather().features.shape, [0, 2]);
});

test("take, select, gather and shuffle move whole rows and keep what is known about them", () => {
  const data = counting(10);
  assert.deepEqual(firstFeatures(data.take(3).columns.features), [0, 1, 2]);
  assert.equal(data.take(100).length, 10);
  assert.deepEqual(firstFeatures(data.select([9, 0, 9]).columns.features), [9, 0, 9]);
  assert.deepEqual(firstFeatures(data.gather([4]).features), [4]);
  const shuffled = data.shuffle(key(0));
  assert.deepEqual(firstFeatures(shuffled.columns.features), [...permutation(key(0), 10)]);
  assert.deepEqual(shuffled.info.classNames, ["class 0", "class 1"]);
  for (const row of [-1, 10, 0.5]) assert.throws(() => data.select([row]), /there is no row/);
});

test("map rewrites rows, adds and drops columns, and keeps a row shape whose size stays", () => {
  const image = fromArrays({ pixels: { data: Float32Array.of(1, 2, 3, 4), shape: [1, 2] } });
  const mapped = image.map(({ pixels }, row) => ({ pixels: pixels.map((value) => -value), row: Int32Array.of(row) }));
  assert.deepEqual(mapped.columns.pixels, { data: Float32Array.of(-1, -2, -3, -4), shape: [1, 2], dtype: "float32" });
  assert.deepEqual(mapped.columns.row, { data: Int32Array.of(0, 1), shape: [1], dtype: "int32" });
  assert.deepEqual([...image.columns.pixels.data], [1, 2, 3, 4]);
  assert.throws(() => image.map((_, row) => ({ odd: new Float32Array(1 + row) })), /odd: row 1 differs from row 0/);
});

test("wide rows are gathered like narrow ones", () => {
  const data = fromArrays({ features: { data: Float32Array.from({ length: 60 }, (_, at) => at), shape: [20] } });
  const { features } = data.gather([2, 0]);
  assert.deepEqual([features.data[0], features.data[19], features.data[20], features.data[39]], [40, 59, 0, 19]);
});

test("every order of three is equally likely, and every bound is drawn evenly", () => {
  const orders = new Map<string, number>();
  for (let draw = 0; draw < 6000; draw++) {
    const order = permutation(fold(key(5), draw), 3).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  // Chi-square with 5 degrees of freedom: above 25.7 once in 10,000 seeds.
  const chiSquare = [...orders.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.equal(orders.size, 6);
  assert.ok(chiSquare < 25.7, `chi-square ${chiSquare}`);
  const draw = boundedDraws(key(6), 4);
  const drawn = Array.from({ length: 1000 }, () => draw(3 * 2 ** 30));
  assert.ok(drawn.every((value) => value >= 0 && value < 3 * 2 ** 30));
  // A third of the words are beyond the last whole round; without drawing again, low values would be twice as likely.
  const low = drawn.filter((value) => value < 2 ** 30).length;
  assert.ok(Math.abs(low - 333) < 75, `${low} in the lowest third, five standard deviations are 75`);
  assert.throws(() => draw(0), /the bound is 0/);
});
