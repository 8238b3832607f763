import assert from "node:assert/strict";
import { after, test } from "node:test";
import { frequentPieces, joinSentences, maskWords, pretrainBert, sentencePairs, wordPieces } from "../../src/models/index.js";
import { key } from "../../src/random/index.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

/** Documents that each speak of one thing, in sentences that say the same word three times. */
const subjects = ["whale", "ship", "sea", "harpoon", "captain", "sail"];
const documents = Array.from({ length: 120 }, (_, i) => {
  const subject = subjects[i % 6];
  return [`the ${subject} met the ${subject} and the ${subject}`, `no ${subject} saw the ${subject} or a ${subject}`, `a ${subject} is a ${subject} , is a ${subject}`]; // biome-ignore format: one line
});
const tokenizer = wordPieces(frequentPieces(documents.flat(), 80));

test("of the chosen tokens 80 % are hidden, 10 % are others, 10 % stay; special ones are never chosen", () => {
  const { special, vocabulary } = tokenizer;
  const tokens = [
    special.start,
    ...Array.from({ length: 60 }, (_, i) => 10 + (i % 30)),
    special.end,
    special.padding,
    special.padding,
  ];
  const seen = { hidden: 0, other: 0, same: 0 };
  for (let i = 0; i < 300; i++) {
    const masked = maskWords(tokens, tokenizer, { places: 12 }, key(i));
    const used = [...masked.labels].filter((label) => label >= 0);
    assert.equal(used.length, 9);
    used.forEach((label, k) => {
      const at = masked.places[k];
      assert.equal(label, tokens[at]);
      assert.ok(at > 0 && at <= 60);
      const now = masked.tokens[at];
      assert.ok(now === special.mask || (now >= 5 && now < vocabulary.length));
      seen[now === special.mask ? "hidden" : now === label ? "same" : "other"]++;
    });
    const changed = tokens.filter((token, at) => token !== masked.tokens[at]).length;
    assert.ok(changed <= 9);
  }
  const total = 2700;
  // Four standard deviations of such a count.
  assert.ok(Math.abs(seen.hidden / total - 0.8) < 0.031, `${seen.hidden}`);
  assert.ok(Math.abs(seen.other / total - 0.1) < 0.025, `${seen.other}`);
});

test("two sentences are joined, and the longer one is cut", () => {
  const { special } = tokenizer;
  const { tokens, segments, mask } = joinSentences([7, 8, 9, 10], [11, 12], tokenizer, 8);
  assert.deepEqual([...tokens], [special.start, 7, 8, 9, special.end, 11, 12, special.end]);
  assert.deepEqual([...segments], [0, 0, 0, 0, 0, 1, 1, 1]);
  assert.deepEqual([...joinSentences([7], [8], tokenizer, 8).mask], [1, 1, 1, 1, 1, 0, 0, 0]);
  assert.deepEqual([...mask], [1, 1, 1, 1, 1, 1, 1, 1]);
});

test("every epoch hides other words, and one key always the same", async () => {
  const data = sentencePairs(documents.slice(0, 6), { tokenizer, length: 24, maskRate: 0.15 });
  const epoch = async (number: number): Promise<string> => {
    for await (const { features } of data.batches({ size: 12, key: key(3), epoch: number })) return [...features.data].join();
    return "";
  };
  assert.equal(await epoch(0), await epoch(0));
  assert.notEqual(await epoch(0), await epoch(1));
});

test("one call learns hidden words and next sentences", async () => {
  const learned = await pretrainBert(documents, { tokenizer, width: 32, heads: 2, layers: 2, dropout: 0, length: 22, epochs: 20, batchSize: 16, learningRate: 5e-3, runtime }); // biome-ignore format: one line
  const { words, next } = await learned.test(documents.slice(0, 60));
  assert.ok(words > 0.85, `${words} of the hidden words`);
  // A sentence of another document fits now and then.
  assert.ok(next > 0.65, `${next} of the next sentences`);
  await learned.trainer.dispose();
});

test("what cannot be learned from is refused", () => {
  assert.throws(
    () => sentencePairs([["the sea"]], { tokenizer, length: 12, maskRate: 0.15 }),
    /sentencePairs: there are no pairs of sentences/,
  );
  assert.throws(() => maskWords([7], tokenizer, { rate: 0, places: 1 }, key(1)), /maskWords: nothing would be hidden/);
  assert.throws(() => joinSentences([7], [8], tokenizer, 4), /joinSentences: two sentences do not fit/);
});
