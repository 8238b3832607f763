import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readWordVectors, skipGram, word2vec, wordVectors, writeWordVectors } from "../../src/models/index.js";
import { context, initialise } from "../../src/nn/index.js";
import { tensor, zeros } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

/** Sentences in which a word is the crossing of a kind and a rank: what stands around it tells both. */
function planted(): string[][] {
  const kinds = ["he", "she", "it"];
  const ranks = ["royal", "common", "holy", "rich"];
  let state = 12345;
  const below = (count: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return Array.from({ length: 4000 }, () => {
    const [kind, rank] = [below(3), below(4)];
    const around = below(2) === 0 ? kinds[kind] : ranks[rank];
    return [`f${below(20)}`, around, `w${kind}${rank}`, around, `f${below(20)}`];
  });
}

test("skip-gram with random words against finds the analogies that were planted", async () => {
  const vectors = await word2vec(planted(), { width: 16, window: 1, epochs: 8, subsample: 0, learningRate: 0.01, runtime });
  let right = 0;
  let asked = 0;
  for (const [a, b] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ]) {
    // biome-ignore format: pairs
    for (const [r, s] of [[0, 1], [1, 2], [2, 3], [3, 0]]) { // biome-ignore format: pairs
      asked++;
      const [first] = vectors.analogy(`w${a}${r}`, `w${a}${s}`, `w${b}${r}`, 1);
      if (first.word === `w${b}${s}`) right++;
    }
  }
  assert.ok(right >= 0.9 * asked, `${right} of ${asked}`);
});

test("one seed gives the same vectors", async () => {
  const sentences = planted().slice(0, 200);
  const learn = () => word2vec(sentences, { width: 4, epochs: 1, minCount: 1, seed: 5, runtime });
  const [one, other] = [await learn(), await learn()];
  assert.deepEqual([...one.of("royal")], [...other.of("royal")]);
});

test("a score is the product of two vectors", () => {
  const model = skipGram(3, 2);
  const parameters = { words: { weight: tensor([[1, 2], [3, 4], [5, 6]]) }, contexts: { weight: tensor([[1, 0], [0, 1], [1, 1]]) } }; // biome-ignore format: one line
  const scores = model.apply(parameters, tensor(Int32Array.of(0, 1, 2, 2, 0, 0), { shape: [2, 3] }), context());
  assert.deepEqual([...interpret([scores])[0]], [2, 3, 5, 5]);
});

test("vectors are read from both text formats, and written as they were", () => {
  const glove = "the 1 0\nking 0.5 -0.25\nnew york 0 1e-3\n";
  assert.throws(
    () => readWordVectors(glove.replace("1 0", "1 x")),
    /line 1 is not a word and its vector\n.*a word and 2 numbers/,
  );
  const vectors = readWordVectors(glove);
  assert.deepEqual(vectors.words, ["the", "king", "new york"]);
  assert.deepEqual([...vectors.of("king")], [0.5, -0.25]);
  assert.equal(
    writeWordVectors(readWordVectors(`3 2\n${glove}`)),
    `3 2\n${"the 1 0\nking 0.5 -0.25\nnew york 0 0.0010000000474974513\n"}`,
  );
  assert.throws(() => readWordVectors(`4 2\n${glove}`), /the file ends early\n.*4 words\n.*3/);
  assert.throws(() => readWordVectors(""), /there are no vectors/);
});

test("neighbours come by the angle alone, and unknown words are refused", () => {
  const vectors = wordVectors(["a", "b", "c", "zero"], Float32Array.of(1, 0, 10, 1, -1, 0, 0, 0), 2);
  assert.deepEqual(vectors.nearest("a", 3).map(({ word }) => word), ["b", "zero", "c"]); // biome-ignore format: one line
  assert.equal(vectors.nearest(Float32Array.of(-2, 0), 1)[0].word, "c");
  assert.ok(vectors.has("a") && !vectors.has("d"));
  assert.throws(() => vectors.of("d"), /there is no vector for "d"/);
  assert.throws(() => wordVectors(["a"], new Float32Array(3), 2), /the vectors are not as many as the words/);
  assert.throws(
    () => skipGram(3, 2).apply(initialise(skipGram(3, 2), 1), zeros([2, 1], "int32"), context()),
    /skipGram: it takes a word/,
  );
});

test("words that come too seldom leave nothing to learn", () =>
  assert.rejects(word2vec([["a", "b"]], { runtime }), /word2vec: there are not two words to learn of/));
