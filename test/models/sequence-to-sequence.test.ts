import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Tensor } from "../../src/ir/tensor.js";
import { sequencePairs, sequenceToSequence, trainSequenceToSequence, translate } from "../../src/models/index.js";
import { context, initialise } from "../../src/nn/index.js";
import { logSoftmax, slice, tensor, zeros } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());
const numbers = (x: Tensor): number[] => Array.from(interpret([x])[0]);

const options = { symbols: 5, sourceLength: 3, targetLength: 3, width: 8, heads: 2, layers: 1 } as const;
const model = sequenceToSequence(options);
const parameters = initialise(model, 7);

/** Every target of up to two symbols and its end, with the mean logarithm of its likelihood, by whole sequences. */
function allTargets(source: readonly number[]): { symbols: number[]; score: number }[] {
  const inner = [3, 4];
  const targets = [[2], ...inner.map((a) => [a, 2]), ...inner.flatMap((a) => [2, 3, 4].map((c) => [a, c])).flatMap(([a, b]) => (b === 2 ? [] : [2, 3, 4].map((c) => [a, b, c])))]; // biome-ignore format: one line
  return targets.map((symbols) => {
    const row = Int32Array.from([...source, ...[1, ...symbols, 0, 0].slice(0, 3)]);
    const scores = numbers(logSoftmax(model.apply(parameters, tensor(row, { shape: [1, 6] }), context())));
    const total = symbols.reduce((sum, symbol, i) => sum + scores[i * 5 + symbol], 0);
    return { symbols: symbols.filter((symbol) => symbol !== 2), score: total / symbols.length };
  });
}

test("a beam that keeps everything finds the likeliest sequence of all", async () => {
  for (const source of [[3, 4, 3], [4, 4, 0], [3, 0, 0]]) {
    const [best] = allTargets(source).sort((a, b) => b.score - a.score);
    const given = Int32Array.from(source.filter((symbol) => symbol !== 0));
    const [found] = await translate(model, parameters, [given], { beam: 5, runtime });
    assert.deepEqual([...found.symbols], best.symbols);
    assert.ok(Math.abs(found.score - best.score) < 1e-5, `${found.score}, not ${best.score}`);
  }
}); // biome-ignore format: sources

test("greedy writing takes the likeliest symbol each time, and sources do not disturb each other", async () => {
  const sources = [Int32Array.of(3, 4, 3), Int32Array.of(4)];
  const together = await translate(model, parameters, sources, { runtime });
  const alone = (await Promise.all(sources.map((source) => translate(model, parameters, [source], { runtime })))).flat();
  assert.deepEqual(together.map(({ symbols }) => [...symbols]), alone.map(({ symbols }) => [...symbols])); // biome-ignore format: one line
  const row = tensor(Int32Array.of(3, 4, 3, 1, 0, 0), { shape: [1, 6] });
  const first = numbers(slice(model.apply(parameters, row, context()), 0, 0, [2, 5]));
  assert.equal(together[0].symbols[0] ?? 2, 2 + first.indexOf(Math.max(...first)));
  assert.deepEqual(await translate(model, parameters, [], { runtime }), []);
});

test("one call learns to reverse short strings, unseen ones too", async () => {
  const letters = "abcd";
  const random = (i: number, length: number): string => Array.from({ length }, (_, k) => letters[Math.floor(Math.abs(Math.sin(i * 37.1 + k * 17.7) * 1e4)) % 4]).join(""); // biome-ignore format: one line
  const words = [...new Set(Array.from({ length: 900 }, (_, i) => random(i, 3 + (i % 3))))];
  const reversed = (word: string): string => [...word].reverse().join("");
  const seen = words.slice(40).map((word) => [word, reversed(word)] as const);
  const learned = await trainSequenceToSequence(seen, { width: 32, heads: 4, layers: 1, epochs: 60, batchSize: 64, learningRate: 5e-3, runtime }); // biome-ignore format: one line
  const unseen = words.slice(0, 40);
  const right = (written: readonly string[]): number => written.filter((word, i) => word === reversed(unseen[i])).length / 40;
  const [greedy, searched] = [right(await learned.translate(unseen)), right(await learned.translate(unseen, { beam: 3 }))];
  assert.ok(greedy >= 0.9 && searched >= 0.9, `greedy ${greedy}, beam ${searched}`);
  await learned.trainer.dispose();
});

test("what does not fit is refused", async () => {
  assert.throws(
    () => model.apply(parameters, zeros([1, 5], "int32"), context()),
    /it takes source and target in one row\n.*\(batch 6\)/,
  );
  assert.throws(() => sequencePairs([[Int32Array.of(3), Int32Array.of(3, 3)]], 1, 2), /sequencePairs: pair 0 is too long/);
  const run = (source: Int32Array, told = {}) => translate(model, parameters, [source], { runtime, ...told });
  await assert.rejects(run(Int32Array.of(3, 5)), /symbol 1 of the source is not known\n.*from 3 to 4\n.*5/);
  await assert.rejects(run(Int32Array.of(3, 3, 3, 3)), /the source is too long/);
  await assert.rejects(run(Int32Array.of(3), { beam: 0 }), /there is no such beam/);
  await assert.rejects(trainSequenceToSequence([]), /there are no pairs to learn from/);
});
