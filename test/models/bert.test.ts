import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { readSafetensors, writeSafetensors } from "../../src/interop/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { bert, bertClassifier, bertForPretraining, bertLoss, bertOptionsFrom, bertSpans, bertTagger, frequentPieces, huggingFaceName, loadBert, saveBert, spanLoss, wordPieces } from "../../src/models/index.js"; // biome-ignore format: one list
import {
  context,
  embedding,
  flatten,
  type Layer,
  linear,
  mse,
  parametersOf,
  sequential,
  tokenCrossEntropy,
} from "../../src/nn/index.js";
import { stack, tensor, zeros } from "../../src/ops/index.js";
import { adam } from "../../src/optim/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile as compileTrainer } from "../../src/train/index.js";
import { numbersOf, readGolden, type StoredTensor, tensorOf } from "../golden/golden.js";

interface Golden {
  readonly config: readonly Readonly<Record<string, unknown>>[];
  readonly scores: readonly Readonly<Record<string, StoredTensor>>[];
  readonly steps: readonly { readonly inputs: StoredTensor; readonly targets: StoredTensor; readonly loss: number }[];
  readonly vocabulary: readonly (readonly string[])[];
  readonly pieces: readonly { readonly text: string; readonly tokens: readonly string[]; readonly ids: readonly number[] }[];
}
const golden = readGolden<Golden>("bert");
const [config] = golden.config;
const [scores] = golden.scores;
const file = readFileSync(new URL("../golden/bert.safetensors", import.meta.url));
const options = bertOptionsFrom(config);
const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

const numbers = (x: Tensor): number[] => Array.from(interpret([x])[0]);
const inputs = { tokens: tensorOf(scores.tokens), segments: tensorOf(scores.segments), mask: tensorOf(scores.mask) };
const near = (got: Tensor, expected: StoredTensor, tolerance: number, what: string): void => {
  assert.deepEqual(got.shape, expected.shape, what);
  const wanted = numbersOf(expected.data);
  numbers(got).forEach((value, i) =>
    assert.ok(Math.abs(value - wanted[i]) <= tolerance, `${what}[${i}]: ${value}, not ${wanted[i]}`),
  );
};

test("a checkpoint of transformers gives its hidden states, word scores and sentence scores", async () => {
  const model = bertForPretraining({ ...options, length: 8 });
  const parameters = loadBert(model, file);
  const run = () => model.score(parameters, inputs);
  const exact = run();
  for (const name of ["hidden", "pooled", "wordScores", "nextScores"] as const) near(exact[name], scores[name], 1e-10, name);
  const single = await compile((tokens: Tensor) => ({ ...model.score(parameters, { ...inputs, tokens }) }), { runtime })(
    inputs.tokens,
  );
  for (const name of ["hidden", "pooled", "wordScores", "nextScores"] as const) near(single[name], scores[name], 1e-5, name);
});

for (const [name, where, tolerance] of [["float64", interpreterRuntime(), 1e-10], ["float32", runtime, 2e-4]] as const) {
  test(`twenty steps of pretraining are those of PyTorch, in ${name}`, async () => {
    const model = bertForPretraining({ ...options, length: 8 });
    const trainer = await compileTrainer({ model, parameters: loadBert(model, file), loss: bertLoss(29), optimizer: adam({ learningRate: 1e-3 }), runtime: where }); // biome-ignore format: one line
    for (const [i, step] of golden.steps.entries()) {
      const loss = await trainer.step({ inputs: tensorOf(step.inputs), targets: tensorOf(step.targets) });
      assert.ok(Math.abs(loss - step.loss) <= tolerance * step.loss, `step ${i}: ${loss}, not ${step.loss}`);
    }
    await trainer.dispose();
  });
} // biome-ignore format: the table above

test("names are those of transformers, there and back", () => {
  const model = bertForPretraining({ ...options, length: 8 });
  const names = parametersOf(model as Layer).map(({ path }) => huggingFaceName(path));
  assert.deepEqual(new Set(names), new Set(Object.keys(readSafetensors(file).tensors)));
  const parameters = loadBert(model, file);
  const values = new Map(
    parametersOf(model as Layer).map(({ path }) => [path, Float32Array.from(numbers(at(parameters, path)))]),
  );
  const again = readSafetensors(saveBert(model as Layer, values)).tensors;
  for (const [name, { shape, data }] of Object.entries(readSafetensors(file).tensors)) {
    assert.deepEqual([again[name].shape, again[name].data], [shape, data], name);
  }
});

const at = (tree: unknown, path: string): Tensor =>
  path.split(".").reduce((value, name) => (value as Readonly<Record<string, unknown>>)[name], tree) as Tensor;

test("a body without its heads loads, whatever the prefix and the age of its names", () => {
  const model = bert(options);
  const { tensors } = readSafetensors(file);
  const body = Object.entries(tensors).filter(([name]) => name.startsWith("bert."));
  const old = body.map(([name, value]) => [name.replace(/^bert\./, "").replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"), value]); // biome-ignore format: one line
  for (const bytes of [writeSafetensors(Object.fromEntries(body)), writeSafetensors(Object.fromEntries(old))]) {
    near(model.read(loadBert(model, bytes), inputs).hidden, scores.hidden, 1e-10, "hidden");
  }
});

test("fine-tuning starts from a pretrained body and a fresh head, and learns", async () => {
  const x = tensor(Int32Array.from(numbers(stack([inputs.tokens, inputs.segments, inputs.mask], 1))), { shape: [3, 3, 8] });
  const heads = [
    { model: bertClassifier(options, 3), loss: tokenCrossEntropy, targets: tensor(Int32Array.of(0, 2, 1)), shape: [3, 3] },
    { model: bertTagger(options, 4), loss: tokenCrossEntropy, targets: tensor(Int32Array.from({ length: 24 }, (_, i) => i % 4), { shape: [3, 8] }), shape: [3, 8, 4] },
    { model: bertSpans(options), loss: spanLoss, targets: tensor(Int32Array.of(1, 2, 0, 3, 4, 7), { shape: [3, 2] }), shape: [3, 8, 2] },
  ]; // biome-ignore format: one line each
  for (const { model, loss, targets, shape } of heads) {
    const parameters = loadBert(model, file, { fresh: ["head"], seed: 1, ignoreExtra: true });
    assert.deepEqual(model.apply(parameters, x, context()).shape, shape);
    const trainer = await compileTrainer({ model, parameters, loss, optimizer: adam({ learningRate: 1e-2 }), runtime });
    const losses: number[] = [];
    for (let i = 0; i < 80; i++) losses.push(await trainer.step({ inputs: x, targets }));
    assert.ok(losses[79] < 0.5 * losses[0], `${model.name}: ${losses[0]} to ${losses[79]}`);
    await trainer.dispose();
  }
});

test("texts are cut into the word pieces of transformers", () => {
  const tokenizer = wordPieces(golden.vocabulary[0]);
  for (const { text, tokens, ids } of golden.pieces) {
    assert.deepEqual(tokenizer.split(text), tokens, JSON.stringify(text));
    assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text));
  }
  assert.equal(tokenizer.decode(tokenizer.encode("The whale swims.")), "the whale swims.");
});

test("a vocabulary of a text can say all of it", () => {
  const texts = ["the whale swims", "the sea, the sea"];
  const vocabulary = frequentPieces(texts, 40);
  assert.equal(vocabulary.length, 40 > vocabulary.length ? vocabulary.length : 40);
  const tokenizer = wordPieces(vocabulary);
  assert.ok(texts.every((text) => !tokenizer.encode(text).includes(tokenizer.special.unknown)));
  assert.ok(tokenizer.split("the").length === 1);
});

test("numbers that no table has are refused before a step, with the layer's name", async () => {
  const pretraining = bertForPretraining({ ...options, length: 8 });
  const trainer = await compileTrainer({ model: pretraining, parameters: loadBert(pretraining, file), loss: bertLoss(29), optimizer: adam({ learningRate: 1e-3 }), runtime }); // biome-ignore format: one line
  const [step] = golden.steps;
  const changed = (at: number, value: number) => {
    const data = Int32Array.from(numbersOf(step.inputs.data));
    data[at] = value;
    return trainer.step({ inputs: tensor(data, { shape: step.inputs.shape }), targets: tensorOf(step.targets) });
  };
  await assert.rejects(changed(26, 29), /bert: the token 29 of example 1 is not known\n.*from 0 to 28/);
  await assert.rejects(changed(8, 2), /bert: the segment 2 of example 0 is not known/);
  await assert.rejects(changed(25, 8), /bert: the place 8 of example 0 is not known/);
  const plain = sequential(embedding(4, 3), flatten(), linear(6, 1));
  const other = await compileTrainer({ model: plain, loss: mse, optimizer: adam({ learningRate: 1e-3 }), runtime });
  const rows = tensor(Int32Array.of(1, 4), { shape: [1, 2] });
  await assert.rejects(other.predict(rows), /embedding 4 × 3: an index is outside of the table\n.*from 0 to 3\n.*got {7}4/);
  await Promise.all([trainer.dispose(), other.dispose()]);
});

test("what does not fit is refused by name", () => {
  const model = bertForPretraining({ ...options, length: 8 });
  const { tensors } = readSafetensors(file);
  const { "bert.pooler.dense.bias": bias, ...without } = tensors;
  const parameters = loadBert(model, file);
  const long = zeros([1, 11], "int32");
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => loadBert(model, writeSafetensors(without)), /bertForPretraining of 2 layers, width 16: the checkpoint is that of another model\n {2}expected {2}bert\.pooler\.dense\.bias/],
    [() => loadBert(model, writeSafetensors({ ...tensors, extra: bias })), /got {7}besides, extra/],
    [() => loadBert(bertForPretraining({ ...options, vocabulary: 30, length: 8 }), file), /bert\.embeddings\.word_embeddings\.weight: the tensor does not fit\n.*F32 \(30 16\)\n.*F32 \(29 16\)/],
    [() => loadBert(bertClassifier(options, 2), file, { ignoreExtra: true }), /expected {2}classifier\.weight, classifier\.bias/],
    [() => model.score(parameters, { tokens: long, segments: long, mask: long }), /bert: the sequences are longer than it has positions/],
    [() => model.score(parameters, { ...inputs, mask: long }), /bert: the mask do not fit/],
    [() => model.score(parameters, { ...inputs, tokens: tensor(new Int32Array(24).fill(29), { shape: [3, 8] }) }), /embedding 29 × 16: an index is outside of the table/],
    [() => model.apply(parameters, zeros([1, 24], "int32"), context()), /bertForPretraining: it takes tokens, segments, mask and places in one row/],
    [() => bertOptionsFrom({}), /bertOptionsFrom: the configuration has no vocab_size/],
    [() => bertOptionsFrom({ ...config, hidden_act: "swish2" }), /an activation that is not known/],
    [() => wordPieces(["the"]), /wordPieces: the vocabulary has no pieces of special meaning/],
    [() => frequentPieces(["abc"], 3), /frequentPieces: the characters alone are more/],
  ]; // biome-ignore format: one line each
  for (const [run, message] of wrong) assert.throws(run, message);
});
