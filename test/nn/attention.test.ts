import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gelu, relu } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { attention, causalMask, context, embedding, initialise, type Layer, learnedPositions, lengthMask, multiHeadAttention, rotary, sinusoidalPositions, sinusoids, summary, tokenCrossEntropy, transformerDecoder, transformerDecoderLayer, transformerEncoder, transformerEncoderLayer } from "../../src/nn/index.js"; // biome-ignore format: one list
import { add, concat, mul, ones, slice, stack, sum, tensor, zeros } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { readGolden } from "../golden/golden.js";
import { assertLikeTorch, type Compared, type TorchCase, treeOf } from "./pytorch.js";

interface Case extends TorchCase {
  readonly kind: keyof typeof compared;
  readonly activation?: "relu" | "gelu";
  readonly options: {
    readonly heads: number;
    readonly pairs: "halves" | "neighbours";
    readonly norm: "pre" | "post";
    readonly padding?: number;
  };
}
const activations = { relu, gelu } as const;

const compared = {
  embedding: ({ options }: Case): Compared => {
    const model = embedding(5, 3, options);
    return (parameters, { x }) => [model.apply(treeOf(model, parameters), x, context())];
  },
  rotary:
    ({ options }: Case): Compared =>
    (_, { x }) => [rotary(x, options)],
  attention: ({ options }: Case): Compared => {
    const model = multiHeadAttention(6, options);
    return (parameters, { x, ...told }) => [model.attend(treeOf(model, parameters), x, told).output];
  },
  encoder: ({ options, activation = "relu" }: Case): Compared => {
    const model = transformerEncoderLayer(6, { ...options, activation: activations[activation] });
    return (parameters, { x, ...told }) => [model.encode(treeOf(model, parameters), x, told).output];
  },
  decoder: ({ options, activation = "relu" }: Case): Compared => {
    const model = transformerDecoderLayer(6, { ...options, activation: activations[activation] });
    return (parameters, { x, memory, ...told }) => [model.decode(treeOf(model, parameters), x, { memory, ...told }).output];
  },
} as const;

const { cases } = readGolden<{ readonly cases: readonly Case[] }>("attention");
const native = onnxRuntime({ worker: false });
after(() => native.close());

for (const golden of cases) {
  test(`${golden.name}: output and gradients are PyTorch's`, () =>
    assertLikeTorch(golden, compared[golden.kind](golden), native));
}

const numbers = (x: Tensor): number[] => Array.from(interpret([x])[0]);
const draw = (seed: number, shape: readonly number[]): Tensor =>
  tensor(Float64Array.from(numbers(normal(key(seed), shape))), { shape });
const close = (a: Tensor, b: Tensor, tolerance = 1e-12): void => {
  assert.deepEqual(a.shape, b.shape);
  const [left, right] = [numbers(a), numbers(b)];
  left.forEach((value, i) => assert.ok(Math.abs(value - right[i]) <= tolerance, `${i}: ${value}, not ${right[i]}`));
};

test("sinusoids are those of the paper, an odd width included", () => {
  const table = numbers(sinusoids(3, 5));
  const expected = [0, 1, 2].flatMap((p) => [Math.sin(p), Math.cos(p), Math.sin(p / 10000 ** 0.4), Math.cos(p / 10000 ** 0.4), Math.sin(p / 10000 ** 0.8)]); // biome-ignore format: one line
  assert.deepEqual(table, expected);
  close(sinusoidalPositions().apply({}, zeros([2, 3, 5]), context()), stack([sinusoids(3, 5), sinusoids(3, 5)]));
});

test("rotary products depend on the distance of two rows alone", () => {
  const [q, k] = [draw(1, [1, 8]), draw(2, [1, 8])];
  const at = (x: Tensor, offset: number, pairs: "halves" | "neighbours"): Tensor => rotary(x, { offset, pairs });
  for (const pairs of ["halves", "neighbours"] as const) {
    const near = sum(mul(at(q, 3, pairs), at(k, 1, pairs)));
    const far = sum(mul(at(q, 103, pairs), at(k, 101, pairs)));
    close(near, far, 1e-11);
  }
});

test("generation step by step with a cache gives what the whole sequence gives", () => {
  for (const options of [{ rotary: true }, {}]) {
    const model = transformerEncoder(8, { heads: 2, layers: 2, causal: true, ...options });
    const parameters = initialise(model, 4);
    const x = draw(3, [2, 4, 8]);
    const whole = model.apply(parameters, x, context());
    const empty = { keys: zeros([2, 2, 5, 4]), values: zeros([2, 2, 5, 4]) };
    let layers: readonly { keys: Tensor; values: Tensor }[] = [empty, empty];
    const outputs: Tensor[] = [];
    // Two steps at once first, as a prompt comes, then one by one.
    for (const [from, to] of [
      [0, 2],
      [2, 3],
      [3, 4],
    ] as const) {
      // biome-ignore format: pairs
      const cache = { layers, position: tensor(Int32Array.of(from), { shape: [] }) };
      const result = model.encode(parameters, slice(x, null, [from, to]), { cache });
      outputs.push(result.output);
      layers = result.caches;
    }
    close(concat(outputs, 1), whole);
  }
});

test("masks of any of the three shapes hide the same pairs", () => {
  const model = multiHeadAttention(4, { heads: 2 });
  const parameters = initialise(model, 1);
  const x = draw(5, [2, 3, 4]);
  const causal = model.attend(parameters, x, { causal: true }).output;
  const mask = causalMask(3);
  close(model.attend(parameters, x, { mask }).output, causal);
  close(model.attend(parameters, x, { mask: stack([mask, mask]) }).output, causal);
  close(model.attend(parameters, x, { mask: stack([stack([mask, mask]), stack([mask, mask])]) }).output, causal);
  assert.deepEqual(numbers(lengthMask(tensor(Int32Array.of(1, 3)), 3)), [1, 0, 0, 1, 1, 1]);
});

test("a query that may look at nothing gets the mean of all values, and its gradient is finite", () => {
  const [q, k, v] = [draw(6, [1, 1, 2, 2]), draw(7, [1, 1, 3, 2]), draw(8, [1, 1, 3, 2])];
  const bias = tensor([[-1e30, -1e30, -1e30], [0, 0, 0]]); // biome-ignore format: rows
  const output = attention(q, k, v, { bias });
  close(slice(output, 0, 0, 0), mul(sum(slice(v, 0, 0), { axes: 0 }), 1 / 3));
  const gradient = grad((given: Tensor) => sum(attention(given, k, v, { bias })))(q);
  assert.ok(numbers(gradient).every(Number.isFinite));
});

test("dropout of weights draws in training only, and keeps the mean", () => {
  const model = multiHeadAttention(4, { heads: 1, dropout: 0.5 });
  const parameters = initialise(model, 1);
  const x = draw(9, [64, 8, 4]);
  const still = numbers(model.apply(parameters, x, context()));
  const dropped = numbers(model.apply(parameters, x, context({ mode: "train", key: key(1) })));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  assert.notDeepEqual(still, dropped);
  assert.ok(Math.abs(mean(still) - mean(dropped)) < 0.05);
});

test("sequences of different lengths give one loss, over what they have", () => {
  const logits = draw(1, [2, 3, 4]);
  const labels = tensor(Int32Array.of(1, 3, -100, 0, -100, -100), { shape: [2, 3] });
  const each = [slice(logits, 0, 0), slice(logits, 0, 1), slice(logits, 1, 0)].map((row, i) => tokenCrossEntropy(row, tensor(Int32Array.of([1, 3, 0][i]), { shape: [] }))); // biome-ignore format: one line
  close(
    tokenCrossEntropy(logits, labels),
    mul(
      each.reduce((a, b) => add(a, b)),
      1 / 3,
    ),
  );
  const none = tensor(new Int32Array(6).fill(-100), { shape: [2, 3] });
  close(tokenCrossEntropy(logits, none), tensor(0));
  assert.ok(numbers(grad((x: Tensor) => tokenCrossEntropy(x, none))(logits)).every((value) => value === 0));
});

test("a stack prints its parts", () => {
  const model = transformerEncoder(8, { heads: 2, layers: 2 });
  const text = summary(model as Layer, [5, 8]);
  for (const part of ["1 transformerEncoderLayer 8", "attention 8, 2 heads", "feedForward 8 → 32 → 8", "norm layerNorm 8"]) {
    assert.ok(text.includes(part), `${part} is not in\n${text}`);
  }
});

test("what does not fit is refused by the name of the layer", () => {
  const model = multiHeadAttention(4, { heads: 2 });
  const parameters = initialise(model, 1);
  const x = zeros([2, 3, 4]);
  const table = embedding(5, 2);
  const places = learnedPositions(3, 4);
  const decoder = transformerDecoder(4, { heads: 2, layers: 1 });
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => multiHeadAttention(5, { heads: 2 }), /multiHeadAttention: a width of 5 does not divide into 2 heads/],
    [() => multiHeadAttention(4, { heads: 0 }), /multiHeadAttention: the number of heads is not a size/],
    [() => model.attend(parameters, zeros([2, 3, 5])), /attention 4, 2 heads: the queries do not fit\n {2}expected {2}\(batch length 4\)/],
    [() => model.attend(parameters, x, { source: zeros([2, 3]) }), /attention 4, 2 heads: the source do not fit/],
    [() => model.attend(parameters, x, { mask: ones([3, 3]) }), /attention 4, 2 heads: the mask does not fit\n.*bool \(3 3\)/],
    [() => model.attend(parameters, x, { mask: causalMask(4) }), /attention 4, 2 heads: the mask does not fit/],
    [() => model.attend(parameters, x, { keyMask: causalMask(3) }), /attention 4, 2 heads: the keyMask does not fit/],
    [() => transformerEncoderLayer(4, { heads: 2, norm: "middle" as "pre" }), /transformer: the norm stands nowhere/],
    [() => decoder.apply(initialise(decoder, 1), x, context()), /transformerDecoder: it needs what an encoder says/],
    [() => table.apply(initialise(table, 1), tensor(Int32Array.of(5)), context()), /embedding 5 × 2: an index is outside of the table\n {2}expected {2}a whole number from 0 to 4\n {2}got {7}5/],
    [() => table.apply(initialise(table, 1), tensor([1, 2]), context()), /embedding 5 × 2: it takes positions in its table/],
    [() => embedding(5, 2, { padding: 5 }), /embedding 5 × 2: the padding is outside of the table/],
    [() => places.apply(initialise(places, 1), zeros([1, 4, 4]), context()), /learnedPositions 3 × 4: there are not enough positions/],
    [() => rotary(zeros([2, 3])), /rotary: columns turn in pairs/],
  ]; // biome-ignore format: one line each
  for (const [run, message] of wrong) assert.throws(run, message);
});
