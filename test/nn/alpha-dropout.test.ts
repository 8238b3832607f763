import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { selu } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { alphaDropout, context, type Mode, sequential } from "../../src/nn/index.js";
import { full, sum, tensor } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";

interface Golden {
  /** What an element x becomes, kept and dropped. */
  readonly outcomes: readonly { rate: number; x: number; kept: number; dropped: number }[];
  readonly statistics: readonly { rate: number; count: number; mean: number; variance: number }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/alpha-dropout.json", import.meta.url), "utf8"));

const training = (seed = 5) => context({ mode: "train", key: key(seed) });
const valuesOf = (x: Tensor): readonly number[] => Array.from(interpret([x])[0]);

/** What 200 elements of one value become. */
function drop(rate: number, x: number, mode: Mode = "train"): readonly number[] {
  return valuesOf(alphaDropout(rate).apply({}, full([200], x), context({ mode, key: key(5) })));
}

test("kept and dropped elements become what PyTorch makes of them", () => {
  for (const { rate, x, kept, dropped } of golden.outcomes) {
    for (const got of drop(rate, x)) {
      const distance = Math.min(Math.abs(got / kept - 1), Math.abs(got / dropped - 1));
      assert.ok(distance < 1e-13, `rate ${rate}, x ${x}: ${got}, neither ${kept} nor ${dropped}`);
    }
  }
});

test("elements of mean 0 and variance 1 keep both, as they do in PyTorch", () => {
  const count = 40_000;
  for (const expected of golden.statistics) {
    const y = valuesOf(alphaDropout(expected.rate).apply({}, selu(normal(key(7), [count])), training()));
    const mean = y.reduce((total, value) => total + value, 0) / count;
    const variance = y.reduce((total, value) => total + (value - mean) ** 2, 0) / count;
    // Five standard errors: 1/√n of the mean, and √((kurtosis − 1)/n) of the variance with a kurtosis below 5.
    assert.ok(Math.abs(mean - expected.mean) < 5 / Math.sqrt(count), `rate ${expected.rate}: mean ${mean}`);
    assert.ok(Math.abs(variance - expected.variance) < 10 / Math.sqrt(count), `rate ${expected.rate}: variance ${variance}`);
  }
});

test("it drops at its rate in training and does nothing in use", () => {
  const [{ dropped }] = golden.outcomes.filter(({ rate, x }) => rate === 0.1 && x === 4);
  const y = valuesOf(alphaDropout(0.1).apply({}, full([20_000], 4), training()));
  const share = y.filter((value) => Math.abs(value - dropped) < 1e-12).length / y.length;
  assert.ok(Math.abs(share - 0.1) < 0.01, String(share));
  assert.ok(drop(0.1, 4, "eval").every((value) => value === 4));
  assert.ok(drop(0, 4).every((value) => value === 4));
});

test("the gradient is the same scale for all that are kept, and 0 for all that are dropped", () => {
  const x = tensor(Float64Array.from({ length: 200 }, (_, i) => i / 10 - 3));
  const slopes = valuesOf(grad((values: Tensor) => sum(alphaDropout(0.5).apply({}, values, training())))(x));
  const scale = Math.max(...slopes);
  assert.ok(slopes.every((slope) => slope === 0 || slope === scale));
  const [at0, at4] = [0, 4].map((at) => golden.outcomes.find(({ rate, x: from }) => rate === 0.5 && from === at)?.kept ?? 0);
  assert.ok(Math.abs(scale - (at4 - at0) / 4) < 1e-13, String(scale));
});

test("what is dropped is finite whatever it was; what is kept stays what it was", () => {
  const rate = 0.5;
  for (const x of [Number.NaN, Infinity, -Infinity]) {
    const y = drop(rate, x);
    assert.ok(y.some(Number.isFinite) && y.some((value) => Object.is(value, x)), String(x));
  }
  assert.deepEqual(valuesOf(alphaDropout(rate).apply({}, full([0, 3], 1), training())), []);
});

test("a key fixes what is dropped, and two layers drop differently", () => {
  const x = full([100], 1);
  const once = (seed: number): readonly number[] => valuesOf(alphaDropout(0.5).apply({}, x, training(seed)));
  assert.deepEqual(once(1), once(1));
  assert.notDeepEqual(once(1), once(2));
  const model = sequential(alphaDropout(0.5), alphaDropout(0.5));
  assert.ok(new Set(valuesOf(model.apply([{}, {}], x, training()))).size > 2);
  assert.throws(() => alphaDropout(0.5).apply({}, x, context({ mode: "train" })), /random key: the context has none/);
});

test("rates that are no shares are refused", () => {
  for (const rate of [1, -0.1, Number.NaN]) assert.throws(() => alphaDropout(rate), /alphaDropout: the rate is not a share/);
});
