import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bits32, fillBits, fold, generator, key, lanes, roundKeys, split, uniform01 } from "../../src/random/counter.js";

interface Golden {
  readonly counters: readonly number[];
  readonly cases: readonly { seed: string; key: number[]; fold3: number[]; bits: number[] }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("./fixtures/counter.json", import.meta.url), "utf8"));

test("keys, folded keys and bits are those of the formula computed with whole numbers in Python", () => {
  for (const expected of golden.cases) {
    const own = key(BigInt(expected.seed));
    assert.deepEqual([...own], expected.key, `seed ${expected.seed}`);
    assert.deepEqual([...fold(own, 3)], expected.fold3);
    assert.deepEqual(
      golden.counters.map((counter) => bits32(own, counter)),
      expected.bits,
    );
  }
});

test("multiply, add and divide alone give the same bits", () => {
  const word = (value: bigint) => BigInt.asUintN(32, value);
  const own = key(3);
  const added = roundKeys(own, lanes.foldFirst);
  for (const counter of [0, 1, 77, 2 ** 32 - 1]) {
    const start = word(BigInt(counter) * BigInt(generator.counterStep) + BigInt(own[0]));
    let x = start;
    for (const roundKey of added) {
      const y = word(x * (2n * x + 1n));
      x = word(y * 65536n + y / 65536n + BigInt(roundKey));
    }
    assert.equal(bits32(own, counter, lanes.foldFirst), Number(word(x + start)));
  }
});

test("filling gives the words one by one, from any offset", () => {
  const own = key(11);
  const words = fillBits(own, 100, 2 ** 32 - 50);
  assert.deepEqual(
    [...words],
    Array.from({ length: 100 }, (_, index) => bits32(own, (2 ** 32 - 50 + index) % 2 ** 32)),
  );
  assert.equal(fillBits(own, 0).length, 0);
});

test("a seed is an integer, and near seeds give unrelated keys", () => {
  assert.deepEqual(key(5), key(5n));
  assert.notDeepEqual(key(-1), key(1));
  const words = Array.from({ length: 2000 }, (_, seed) => key(seed - 1000)).flat();
  assert.equal(new Set(words).size, words.length);
  for (const seed of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => key(seed), /^Fault: key: the seed is not a whole number/);
  }
});

test("the keys of a split, their parent and their bits share nothing", () => {
  const parent = key(1);
  const children = split(parent, 1000);
  assert.deepEqual(children[999], fold(parent, 999));
  const words = [...children.flat(), ...fillBits(parent, 1000), ...fillBits(children[0], 1000)];
  // 4000 words of 2³²: a pair is expected to agree once in 540 seeds; this seed has none.
  assert.equal(new Set(words).size, 4000);
});

test("a word comes again as often as chance brings it, which a permutation would never allow", () => {
  const count = 1 << 20;
  const repeats = count - new Set(fillBits(key(2), count)).size;
  // Poisson with mean n²/2³³ = 128: standard deviation 11.3, and five of them are allowed.
  assert.ok(Math.abs(repeats - 128) < 57, `${repeats} repeats`);
});

test("uniform numbers lie in [0, 1), are exact in float32, and have the mean and variance of the uniform law", () => {
  assert.equal(uniform01(0), 0);
  assert.equal(uniform01(2 ** 32 - 1), 1 - 2 ** -24);
  const count = 1 << 20;
  const numbers = Array.from(fillBits(key(4), count), uniform01);
  assert.ok(numbers.every((value) => Math.fround(value) === value));
  const mean = numbers.reduce((sum, value) => sum + value, 0) / count;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  // Standard errors: 2.8e-4 and 7.3e-5; five of them are allowed.
  assert.ok(Math.abs(mean - 1 / 2) < 1.4e-3, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1 / 12) < 3.7e-4, `variance ${variance}`);
});
