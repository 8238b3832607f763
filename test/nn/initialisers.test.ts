import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { catalogue as activations, gelu, relu, selu, softmax, swish, tanh } from "../../src/activations/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { context, dropout, findInitialiser, flatten, initialiserCatalogue, initialisers, linear, parametersOf, residual, type Slot, sequential } from "../../src/nn/index.js"; // biome-ignore format: one list
import { parameter } from "../../src/ops/create.js";
import { add, greater, mean, mul, reshape, sigmoid, square, where } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";

interface Golden {
  readonly fans: readonly [number, number];
  readonly initialisers: Readonly<Record<string, { std: number; largest: number }>>;
}
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/layers.json", import.meta.url), "utf8"));

const slot = (shape: readonly number[], gain: number | null = null): Slot => ({
  shape,
  fanIn: shape[0],
  fanOut: shape[shape.length - 1],
  gain,
});

test("every initialiser fills the shape with finite numbers, the same for the same key", () => {
  for (const initialiser of initialiserCatalogue) {
    for (const shape of [
      [3, 5],
      [5, 3],
      [1, 1],
      [2, 3, 4],
    ]) {
      // biome-ignore format: one list
      const drawn = initialiser.draw(key(1), slot(shape));
      assert.deepEqual([...drawn.shape], shape, initialiser.name);
      const [first, again] = interpret([drawn, initialiser.draw(key(1), slot(shape))]);
      assert.ok(first.every((value: number) => Number.isFinite(value)), initialiser.name); // biome-ignore format: one line
      assert.deepEqual(first, again, initialiser.name);
    }
  }
});

test("names and aliases are each given once, and found whatever their case", () => {
  const names = initialiserCatalogue.flatMap(({ name, aliases }) => [name, ...aliases]);
  assert.equal(new Set(names).size, names.length);
  assert.equal(findInitialiser("Kaiming_Normal")?.name, "heNormal");
  assert.equal(findInitialiser("xavierUniform")?.name, "glorotUniform");
  assert.equal(findInitialiser("auto")?.name, "variancePreserving");
  assert.equal(findInitialiser("none"), null);
});

test("the spread of drawn weights is that of PyTorch's initialisers", () => {
  const [fanIn, fanOut] = golden.fans;
  const count = fanIn * fanOut;
  for (const [name, expected] of Object.entries(golden.initialisers)) {
    const initialiser = findInitialiser(name);
    assert.ok(initialiser !== null, name);
    const [values] = interpret([initialiser.draw(key(3), slot([fanIn, fanOut]))]);
    let [squares, sum, largest] = [0, 0, 0];
    for (const value of values) {
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    const std = Math.sqrt(squares / count);
    // Each side is a sample: five standard errors of both, √(1/2n) each.
    assert.ok(Math.abs(std / expected.std - 1) < 5 / Math.sqrt(count), `${name}: ${std}, not ${expected.std}`);
    assert.ok(Math.abs(sum / count) < (5 * std) / Math.sqrt(count), `${name}: mean ${sum / count}`);
    // The largest of 200,000: the bound where there is one, else a matter of chance.
    assert.ok(Math.abs(largest / expected.largest - 1) < 0.2, `${name}: largest ${largest}, not ${expected.largest}`);
  }
});

test("an orthogonal matrix has orthonormal rows or columns, whichever are fewer, times its gain", () => {
  for (const [rows, columns] of [
    [40, 40],
    [64, 10],
    [10, 64],
    [1, 5],
    [5, 1],
  ]) {
    // biome-ignore format: one list
    const [w] = interpret([initialisers.orthogonal().draw(key(5), slot([rows, columns], 2))]);
    const vectors = Math.min(rows, columns);
    const entry = (vector: number, i: number): number => (rows <= columns ? w[vector * columns + i] : w[i * columns + vector]);
    for (let a = 0; a < vectors; a++) {
      for (let b = 0; b < vectors; b++) {
        let dot = 0;
        for (let i = 0; i < Math.max(rows, columns); i++) dot += entry(a, i) * entry(b, i);
        assert.ok(Math.abs(dot - (a === b ? 4 : 0)) < 1e-12, `${rows} × ${columns}: ${dot}`);
      }
    }
  }
  assert.throws(() => initialisers.orthogonal().draw(key(1), slot([4])), /orthogonal: only a matrix can be orthogonal/);
  assert.throws(() => initialisers.orthogonal().draw(parameter([2], "uint32"), slot([2, 2])), /its key is known only when/);
});

test("a layer starts with the gain of the activation after it, the last one with 1", () => {
  const model = sequential(
    linear(4, 8),
    relu,
    linear(8, 8),
    dropout(0.1),
    tanh,
    sequential(flatten(), linear(8, 8)),
    gelu,
    residual(sequential(linear(8, 8), selu, linear(8, 8))),
    linear(8, 2),
  );
  const gains = parametersOf(model).filter(({ path }) => path.endsWith("weight")).map(({ gain }) => gain); // biome-ignore format: one line
  assert.deepEqual(gains, [relu.gain, tanh.gain, gelu.gain, selu.gain, 1, null]);
});

test("a layer takes an initialiser by name as well", () => {
  const startOf = (init?: string) => parametersOf(linear(4, 4, { ...(init && { init }) }))[0].initialiser.name;
  assert.deepEqual(
    [startOf(), startOf("auto"), startOf("lecun_normal")],
    ["variancePreserving", "variancePreserving", "lecunNormal"],
  );
  assert.throws(() => startOf("leCunn"), /linear 4 → 4: there is no initialiser "leCunn"/);
});

test("the chosen gain goes before the one of the activation", () => {
  const std = (init: ReturnType<typeof initialisers.heNormal>): number => {
    const model = sequential(linear(400, 400, { init }), tanh);
    const [weights] = interpret([model.initialise(key(2))[0].weight]);
    return Math.sqrt(Array.from(weights).reduce((total, value) => total + value * value, 0) / weights.length) * Math.sqrt(400);
  };
  const close = (got: number, expected: number) => assert.ok(Math.abs(got / expected - 1) < 5 / 400, `${got}, not ${expected}`);
  close(std(initialisers.variancePreserving()), tanh.gain);
  close(std(initialisers.heNormal()), Math.SQRT2);
  close(std(initialisers.heNormal({ gain: 3 })), 3);
});

/** A Swish, as a user would write it. */
const gated = (x: Tensor): Tensor => mul(x, sigmoid(mul(1.7, x)));

const gainBefore = (f: (x: Tensor) => Tensor): number | null => parametersOf(sequential(linear(4, 4), f))[0].gain;

test("a plain function starts with the gain that the same function has in the catalogue", () => {
  assert.equal(gainBefore(gated), swish.with({ beta: 1.7 }).gain);
  for (const f of activations.filter(({ facts }) => facts.kind === "pointwise")) {
    const gain = gainBefore((x) => f(x));
    // A jump, or a kink, at a place that nobody names is met only to the width of a panel.
    const tolerance = f.facts.smoothness === "discontinuous" ? 3e-3 : 1e-5;
    assert.ok(gain !== null && Math.abs(gain / f.gain - 1) < tolerance, `${f.record.name}: ${gain}, not ${f.gain}`);
  }
});

test("a function whose gain cannot be trusted starts with gain 1, and one that fails on a row is not called a failure", () => {
  const rows = (x: Tensor): Tensor => reshape(x, [x.shape[0], x.shape[1] * 1]);
  const broken = (): Tensor => {
    throw new TypeError("made for pictures");
  };
  const steep = (x: Tensor): Tensor => mul(square(x), where(greater(x, 30), Number.POSITIVE_INFINITY, 1));
  for (const f of [rows, broken, steep, (x: Tensor) => softmax(x), (x: Tensor) => mul(x, 0)]) assert.equal(gainBefore(f), 1);
});

test("a function is looked at only when a layer before it needs to know, and once however often it stands there", () => {
  let calls = 0;
  const counted = (x: Tensor): Tensor => {
    calls++;
    return gated(x);
  };
  const alone = sequential(counted, linear(4, 4));
  assert.equal(calls, 0);
  assert.equal(parametersOf(sequential(linear(4, 4), alone))[0].gain, swish.with({ beta: 1.7 }).gain);
  const once = calls;
  const model = sequential(linear(4, 4), counted, linear(4, 4), counted, linear(4, 4), counted);
  assert.equal(calls, 2 * once);
  assert.equal(model.children.length, 6);
});

/** Its slope grows with the signal, from 0 at 0 to 1: whatever the gain, small signals die out and large ones grow. */
const UNSTABLE: readonly string[] = ["tanhShrink"];

test("the signal neither dies out nor grows through ten layers, whichever activation grows no faster than a line", () => {
  const width = 96;
  const batch = 24;
  // Faster growth has no fixed point that attracts: the square of a signal above 1 runs away.
  const steady = activations.filter(({ facts: known, record }) => {
    return known.kind === "pointwise" && Number.isFinite(known.lipschitz) && !UNSTABLE.includes(record.name);
  });
  for (const f of [...steady, gated, (x: Tensor) => add(gated(x), 0.1)]) {
    const model = sequential(...Array.from({ length: 10 }, () => [linear(width, width), f]).flat(), linear(width, width));
    const output = model.apply(model.initialise(key(11)), normal(key(12), [batch, width]), context());
    const [[power]] = interpret([mean(square(output))]);
    // 1, or what a bounded function can give at all (0.29 for the sigmoid, 0.17 for softsign); chance at this width adds a factor.
    assert.ok(power > 0.15 && power < 5, `${f.name}: ${power}`);
  }
});
