import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, gelu, leakyRelu, pau, sau, softmax, swish, xAtlu } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { context, initialise, learned, linear, parametersOf, randomised, sequential, summary } from "../../src/nn/index.js";
import { mul, sum, tensor } from "../../src/ops/index.js";
import { key } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";

const numbers = (x: Tensor): number[] => [...interpret([x])[0]];
const withParameters = catalogue.filter(
  ({ record, facts }) =>
    facts.kind === "pointwise" && Object.values(record.parameters).some((parameter) => parameter.whole !== true),
);

test("a leaky relu with its slope learned is PReLU: the slope's gradient is the sum of what is negative", () => {
  const prelu = learned(leakyRelu.with({ alpha: 0.25 }), { channels: 2 });
  const parameters = initialise(prelu, 1);
  const x = tensor([[-2, -3], [4, -5]]); // biome-ignore format: one line
  assert.deepEqual(numbers(prelu.apply(parameters, x, context())), [-0.5, -0.75, 4, -1.25]);
  const gradient = grad((p: typeof parameters) => sum(prelu.apply(p, x, context())))(parameters);
  assert.deepEqual(numbers(gradient.alpha), [-2, -8]);
});

test("every parameter of the catalogue starts at its value, within its bounds whatever is stored", () => {
  for (const f of withParameters) {
    const layer = learned(f);
    const start = layer.values(initialise(layer, 1));
    for (const [name, value] of Object.entries(f.values)) {
      const [got] = numbers(start[name]);
      assert.ok(Math.abs(got - value) <= 1e-4 * Math.max(1, Math.abs(value)), `${f.name} ${name}: ${got}, not ${value}`);
    }
    for (const stored of [-50, 0, 50]) {
      const pushed = layer.values(Object.fromEntries(parametersOf(layer).map(({ path }) => [path, tensor(stored)])));
      for (const [name, value] of Object.entries(pushed)) {
        const [low, high] = f.record.parameters[name].range;
        const [got] = numbers(value);
        assert.ok(got >= low && got <= high, `${f.name} ${name}: ${got}`);
      }
    }
  }
});

test("the gradient of every learned parameter is the limit of differences", () => {
  const x = tensor([-3.1, -1.7, -0.4, 0.3, 0.9, 2.6]);
  const weights = tensor([0.3, -1.1, 0.7, 1.3, -0.6, 0.2]);
  for (const f of withParameters) {
    const layer = learned(f);
    const specs = parametersOf(layer);
    const start = specs.map(({ path, initialiser, ...spec }): [string, number] => [
      path,
      numbers(initialiser.draw(key(1), { ...spec, gain: null }))[0],
    ]);
    const loss = (values: Readonly<Record<string, Tensor>>): Tensor => sum(mul(layer.apply(values, x, context()), weights));
    const at = (moved: string, by: number): number =>
      numbers(loss(Object.fromEntries(start.map(([path, value]) => [path, tensor(value + (path === moved ? by : 0))]))))[0];
    const gradient = grad(loss)(Object.fromEntries(start.map(([path, value]) => [path, tensor(value)])));
    for (const [path] of start) {
      const step = 1e-4;
      const expected = (8 * (at(path, step) - at(path, -step)) - (at(path, 2 * step) - at(path, -2 * step))) / (12 * step);
      const [got] = numbers(gradient[path]);
      // A parameter that starts on a bound is clipped on one side of it.
      const [name] = [path.replace(/Raw$/, "")];
      if (f.record.parameters[name].range.includes(f.values[name])) continue;
      assert.ok(Math.abs(got - expected) < 1e-8 * Math.max(1, Math.abs(expected)), `${f.name} ${path}: ${got}, not ${expected}`);
    }
  }
});

test("channels lie along the axis that is named, and others are told", () => {
  const layer = learned(swish, { channels: 3, axis: 1 });
  const parameters = { betaRaw: tensor([-100, 0, 100]) };
  const x = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i - 6),
    { shape: [1, 3, 2, 2] },
  );
  const [flat, , sharp] = [0, 4, 8].map((start) => numbers(layer.apply(parameters, x, context())).slice(start, start + 4));
  assert.ok(flat.every((y, i) => Math.abs(y - (i - 6) / 2) < 0.02) && sharp.every((y, i) => y === i + 2));
  assert.throws(
    () => layer.apply(parameters, tensor([[1, 2]]), context()),
    /learned swish: axis 1 of the input has not the size/,
  );
});

test("learned parameters have names in summaries and checkpoints, no weight decay, and the gain of the activation", () => {
  const model = sequential(linear(4, 6), learned(sau, { channels: 6, only: ["width"] }), linear(6, 2));
  assert.deepEqual(parametersOf(model).map(({ path }) => path), ["0.weight", "0.bias", "1.widthRaw", "2.weight", "2.bias"]); // biome-ignore format: one line
  assert.match(summary(model, [4]), /1 learned SAU, 6 channels +\(batch 6\) +6\n/);
  const [row] = parametersOf(model).filter(({ path }) => path === "1.widthRaw");
  assert.equal(row.decays, false);
  assert.equal(parametersOf(model)[0].gain, sau.gain);
  assert.deepEqual(parametersOf(learned(pau)).length, 10);
});

test("what cannot be learned is said", () => {
  assert.throws(() => learned(gelu), /learned gelu: it has nothing to learn/);
  assert.throws(() => learned(softmax), /learned softmax: it has nothing to learn/);
  assert.throws(
    // @ts-expect-error: swish has no parameter gamma
    () => learned(swish, { only: ["gamma"] }),
    /learned swish: there is no parameter "gamma" to learn\n {2}expected {2}beta/,
  );
  assert.throws(() => learned(swish, { channels: 0 }), /the number of channels is not a size/);
  assert.deepEqual(parametersOf(learned(xAtlu)).map(({ path }) => path), ["alphaRaw"]); // biome-ignore format: one line
});

test("RReLU draws slopes in training, from the key, and uses their mean afterwards", () => {
  const rrelu = randomised(leakyRelu, { alpha: [1 / 8, 1 / 3] });
  const x = tensor(Float32Array.from({ length: 4000 }, () => -1));
  const train = (seed: number): number[] => numbers(rrelu.apply({}, x, context({ mode: "train", key: key(seed) })));
  const slopes = train(3).map((y) => -y);
  assert.ok(slopes.every((slope) => slope >= 1 / 8 && slope <= 1 / 3));
  const mean = slopes.reduce((total, slope) => total + slope, 0) / slopes.length;
  // Five standard errors of a uniform law of this width.
  assert.ok(Math.abs(mean - 11 / 48) < (5 * (5 / 24)) / Math.sqrt(12 * slopes.length), `${mean}`);
  assert.ok(new Set(slopes).size > 3900);
  assert.deepEqual(train(3), train(3));
  assert.notDeepEqual(train(3), train(4));
  assert.ok(numbers(rrelu.apply({}, x, context())).every((y) => Math.abs(y + 11 / 48) < 1e-15));
  assert.deepEqual([rrelu.title, parametersOf(rrelu)], ["randomised leaky ReLU, alpha 0.125 … 0.333", []]);
});

test("what cannot be drawn is said", () => {
  // @ts-expect-error: a leaky relu has no parameter beta
  assert.throws(() => randomised(leakyRelu, { beta: [0, 1] }), /leakyRelu: there is no parameter "beta"/);
  assert.throws(() => randomised(leakyRelu, { alpha: [1, 0] }), /randomised leakyRelu: the bounds of alpha are not in order/);
  assert.throws(() => randomised(leakyRelu, {}), /randomised leakyRelu: no parameter is named/);
  assert.throws(() => randomised(leakyRelu, { alpha: [0, 1] }).apply({}, tensor([1]), context({ mode: "train" })), /random key/);
});
