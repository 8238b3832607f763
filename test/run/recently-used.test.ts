import assert from "node:assert/strict";
import { test } from "node:test";
import { recentlyMade, recentlyUsed } from "../../src/run/recently-used.js";

test("what was used least recently is dropped first, and each thing once", () => {
  const dropped: string[] = [];
  const cache = recentlyUsed<string, string>(2, (value) => dropped.push(value));
  for (const key of ["a", "b", "a", "c", "a", "d"]) cache.get(key, () => key.toUpperCase());
  assert.deepEqual([dropped, cache.size], [["B", "C"], 2]);
  cache.clear();
  assert.deepEqual([dropped, cache.size], [["B", "C", "A", "D"], 0]);
});

test("what is kept is not made again; a bound of 0 keeps one", () => {
  const cache = recentlyUsed<number, object>(0);
  const first = cache.get(1, () => ({}));
  assert.equal(
    cache.get(1, () => ({})),
    first,
  );
  assert.equal(cache.size, 1);
});

test("what takes time is made once for all who ask, and dropped once it is there", async () => {
  const dropped: number[] = [];
  const cache = recentlyMade<string, number>(1, (value) => dropped.push(value));
  let made = 0;
  const make = async (): Promise<number> => {
    made += 1;
    return made;
  };
  assert.deepEqual(await Promise.all([cache.get("a", make), cache.get("a", make)]), [1, 1]);
  const pending = cache.get("b", make);
  assert.equal(await pending, 2);
  assert.deepEqual(dropped, [1]);
});

test("what failed is made again at the next call, and there is nothing to drop of it", async () => {
  const dropped: number[] = [];
  const cache = recentlyMade<string, number>(1, (value) => dropped.push(value));
  await assert.rejects(
    cache.get("a", async () => Promise.reject(new Error("no network"))),
    /no network/,
  );
  assert.equal(await cache.get("a", async () => 7), 7);
  await assert.rejects(
    cache.get("b", async () => Promise.reject(new Error("no disk"))),
    /no disk/,
  );
  cache.clear();
  await Promise.resolve();
  assert.deepEqual(dropped, [7]);
});
