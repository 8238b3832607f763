import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { batchSamples, fromSamples, mapStream, prefetch, shuffleStream, takeStream } from "../../src/data/index.js";
import { key } from "../../src/random/counter.js";

const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
};

/** Counts up to `end`, keeps a record of how far it was asked and whether it was closed. */
function counter(end: number) {
  const record = { asked: 0, closed: false };
  async function* count() {
    try {
      for (let item = 0; item < end; item++) {
        record.asked = item + 1;
        await nextTurn();
        yield item;
      }
    } finally {
      record.closed = true;
    }
  }
  return { record, items: count() };
}

function* samples(count: number) {
  for (let row = 0; row < count; row++) yield { features: [row, -row], labels: Int32Array.of(row), weight: row / 2 };
}

test("samples of an iterable, asynchronous or not, become a data set", async () => {
  const sources = [
    samples(3),
    (async function* () {
      yield* samples(3);
    })(),
  ];
  for (const source of sources) {
    const { columns, length, info } = await fromSamples(source, { featureNames: ["x", "y"] });
    assert.equal(length, 3);
    assert.deepEqual(columns.features, { data: Float32Array.of(0, -0, 1, -1, 2, -2), shape: [2], dtype: "float32" });
    assert.deepEqual(columns.labels, { data: Int32Array.of(0, 1, 2), shape: [], dtype: "int32" });
    assert.deepEqual(columns.weight, { data: Float32Array.of(0, 0.5, 1), shape: [], dtype: "float32" });
    assert.deepEqual(info, { featureNames: ["x", "y"] });
  }
  await assert.rejects(fromSamples([]), /fromSamples: the iterable gave no samples/);
  await assert.rejects(fromSamples([{ a: 1 }, { a: Number.NaN }]), /a: row 1 holds NaN/);
  await assert.rejects(fromSamples([{ a: [1, 2] }, { a: [1] }]), /a: row 1 differs from row 0/);
});

test("samples that come without end are batched as they come", async () => {
  const batches = await collect(batchSamples(samples(5), { size: 2 }));
  assert.deepEqual(
    batches.map(({ features, labels, weight }) => [features.shape, [...labels.data], weight.shape]),
    [
      [[2, 2], [0, 1], [2]],
      [[2, 2], [2, 3], [2]],
      [[1, 2], [4], [1]],
    ],
  );
  assert.equal((await collect(batchSamples(samples(5), { size: 2, remainder: "drop" }))).length, 2);
  assert.equal((await collect(batchSamples([], { size: 2 }))).length, 0);
  await assert.rejects(collect(batchSamples(samples(5), { size: 0 })), /batchSamples: size is 0/);
});

test("map and take work item by item, and take closes its source", async () => {
  const { record, items } = counter(100);
  const doubled = mapStream(items, async (item, index) => [2 * item, index]);
  assert.deepEqual(await collect(takeStream(doubled, 3)), [
    [0, 0],
    [2, 1],
    [4, 2],
  ]);
  assert.deepEqual(record, { asked: 3, closed: true });
  assert.deepEqual(await collect(takeStream([1, 2], 0)), []);
  assert.deepEqual(await collect(takeStream([1, 2], 5)), [1, 2]);
});

test("a shuffle with a window gives every item once, the same order for the same key, none too early", async () => {
  const shuffled = await collect(shuffleStream(counter(100).items, { key: key(1), window: 10 }));
  assert.deepEqual(
    [...shuffled].sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, item) => item),
  );
  assert.notDeepEqual(
    shuffled,
    [...shuffled].sort((a, b) => a - b),
  );
  assert.deepEqual(await collect(shuffleStream(counter(100).items, { key: key(1), window: 10 })), shuffled);
  assert.ok(shuffled.every((item, place) => item < place + 10));
  assert.deepEqual(await collect(shuffleStream([1, 2, 3], { key: key(1), window: 1 })), [1, 2, 3]);
});

test("prefetch keeps the order and asks ahead by its depth, no further", async () => {
  const { record, items } = counter(20);
  const ahead = prefetch(items, 3);
  assert.equal((await ahead.next()).value, 0);
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  assert.equal(record.asked, 3);
  assert.deepEqual(
    await collect(ahead),
    Array.from({ length: 19 }, (_, item) => item + 1),
  );
  assert.ok(record.closed);
  assert.deepEqual(await collect(prefetch([1, 2, 3])), [1, 2, 3]);
  assert.deepEqual(await collect(prefetch([])), []);
});

test("prefetch tells an error when its turn comes", async () => {
  async function* failing() {
    yield 1;
    yield 2;
    throw new Error("the disk is gone");
  }
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const item of prefetch(failing(), 4)) {
      seen.push(item);
      for (let turn = 0; turn < 5; turn++) await nextTurn();
    }
  }, /the disk is gone/);
  assert.deepEqual(seen, [1, 2]);
});

test("leaving a loop over prefetch closes the source", async () => {
  const { record, items } = counter(20);
  for await (const item of prefetch(items, 2)) if (item === 4) break;
  assert.ok(record.closed);
});
