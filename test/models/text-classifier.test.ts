import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bertForPretraining,
  bigramBits,
  frameSentence,
  frequentPieces,
  loadParameters,
  parameterValues,
  saveParameters,
  trainTextClassifier,
  wordPieces,
} from "../../src/models/index.js";
import { linear, sequential } from "../../src/nn/index.js";
import { key } from "../../src/random/index.js";
import { evaluate } from "../../src/run/compile.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

const praise = ["good", "fine", "great", "sweet"];
const blame = ["bad", "poor", "awful", "sour"];
const said = (words: readonly string[], i: number): string => `the ${["ship", "sea", "sail"][i % 3]} is ${words[i % 4]}`;
const examples = Array.from({ length: 96 }, (_, i) => (i % 2 === 0 ? ["praise", said(praise, i >> 1)] : ["blame", said(blame, i >> 1)]) as [string, string]); // biome-ignore format: one line
const tokenizer = wordPieces(frequentPieces(examples.map(([, text]) => text), 80)); // biome-ignore format: one line
const sizes = { vocabulary: tokenizer.vocabulary.length, width: 16, layers: 1, heads: 2, positions: 8, dropout: 0 };

test("fine-tuning learns to tell texts apart, from a body or from nothing", async () => {
  const pretraining = bertForPretraining({ ...sizes, length: 8 });
  const { bert: body } = await evaluate(pretraining.initialise(key(4)), { runtime });
  for (const start of [{}, { body }]) {
    const told = { tokenizer, bert: sizes, ...start, epochs: 12, learningRate: 5e-3, heldOut: examples.slice(0, 12), runtime };
    const accuracies: number[] = [];
    const learned = await trainTextClassifier(examples.slice(12), {
      ...told,
      onEpoch: ({ validation }) => accuracies.push(validation?.accuracy ?? 0),
    });
    assert.deepEqual(learned.classNames, ["blame", "praise"]);
    assert.equal(accuracies.at(-1), 1);
    const scores = await learned.scores(["the sea is great", "the sail is awful"]);
    assert.ok(scores[1] > scores[0] && scores[2] > scores[3]);
    assert.equal((await learned.scores([])).length, 0);
    await learned.trainer.dispose();
  }
});

test("one class is nothing to tell apart", () =>
  assert.rejects(
    trainTextClassifier([["a", "b"]], { tokenizer, bert: sizes }),
    /trainTextClassifier: there are not two classes to tell apart\n.*got.*a/,
  ));

test("a text is framed and cut", () => {
  const { special } = tokenizer;
  const { tokens, mask } = frameSentence([9, 8, 7], tokenizer, 4);
  assert.deepEqual([...tokens], [special.start, 9, 8, special.end]);
  assert.deepEqual([...frameSentence([], tokenizer, 3).mask], [1, 1, 0]);
  assert.deepEqual([...mask], [1, 1, 1, 1]);
  assert.throws(() => frameSentence([1], tokenizer, 2), /a text does not fit/);
});

test("parameters are read back as they were written, and those of another model are refused", async () => {
  const model = sequential(linear(3, 2), linear(2, 1));
  const parameters = await evaluate(model.initialise(key(1)), { runtime });
  const bytes = saveParameters(model, parameters, { made: "here" });
  assert.deepEqual(parameterValues(model, loadParameters(model, bytes)), parameterValues(model, parameters));
  assert.throws(() => loadParameters(sequential(linear(3, 2)), bytes, "a.safetensors"), /a\.safetensors: the file is that of another model.*\n.*1\.weight/); // biome-ignore format: one line
  assert.throws(() => loadParameters(sequential(linear(3, 2), linear(2, 2)), bytes), /expected.*1\.weight, F32 \(2 2\)/);
  assert.throws(() => loadParameters(sequential(linear(3, 2), linear(2, 1), linear(1, 1)), bytes), /nothing of that name/);
});

test("the surprise of pairs is what counting says", () => {
  // After 0 came 1 twice and 0 never: (2 + 1) / (2 + 2); after 1 came 0 once: (1 + 1) / (1 + 2).
  const bits = bigramBits([0, 1, 0, 1], [0, 1, 0], 2);
  assert.ok(Math.abs(bits + (Math.log2(3 / 4) + Math.log2(2 / 3)) / 2) < 1e-12);
  assert.equal(bigramBits([0, 0], [0, 0], 1), 0);
});
