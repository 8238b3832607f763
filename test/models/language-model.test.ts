import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Tensor } from "../../src/ir/tensor.js";
import { characters, languageModel, textWindows, trainLanguageModel, writeSymbols } from "../../src/models/index.js";
import { context, initialise } from "../../src/nn/index.js";
import { concat, slice, tensor, zeros } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());
const numbers = (x: Tensor): number[] => Array.from(interpret([x])[0]);
const kinds = ["rnn", "lstm", "gru", "transformer"] as const;

for (const kind of kinds) {
  test(`${kind}: symbol by symbol the scores are those of the whole text`, () => {
    const model = languageModel({ kind, symbols: 5, width: 8, layers: 2, heads: 2, memory: 6, tied: kind === "gru" });
    const parameters = initialise(model, 1);
    const text = tensor(Int32Array.of(1, 4, 0, 2, 3, 3, 1, 2), { shape: [2, 4] });
    const whole = numbers(model.apply(parameters, text, context()));
    let state = model.start(2);
    const parts = [[0, 2], [2, 3], [3, 4]].map((range) => {
      const result = model.advance(parameters, slice(text, null, range as [number, number]), state);
      state = result.state;
      return result.logits;
    }); // biome-ignore format: ranges
    numbers(concat(parts, 1)).forEach((value, i) => assert.ok(Math.abs(value - whole[i]) < 1e-9, `${i}`));
  });

  test(`${kind}: one call learns a text that repeats, and goes on with it`, async () => {
    const text = "the cat sat. ".repeat(60);
    const learned = await trainLanguageModel(text, { kind, width: 24, heads: 2, length: 26, epochs: 40, batchSize: 8, learningRate: 0.01, runtime }); // biome-ignore format: one line
    assert.ok(learned.bitsPerSymbol < 0.25, `${learned.bitsPerSymbol} bits`);
    assert.equal(await learned.write("the cat", { length: 30, temperature: 0 }), " sat. the cat sat. the cat sat");
    assert.equal(await learned.write("the cat", { length: 4, among: 1, seed: 3 }), " sat");
    const wild = (seed: number) => learned.write("the", { length: 20, temperature: 50, seed });
    assert.equal(await wild(1), await wild(1));
    assert.notEqual(await wild(1), await wild(2));
    await learned.trainer.dispose();
  });
}

test("a transformer whose memory is full goes on from the later half", async () => {
  const model = languageModel({ kind: "transformer", symbols: 4, width: 8, heads: 2, memory: 4 });
  const parameters = initialise(model, 2);
  const written = await writeSymbols(model, parameters, Int32Array.of(1, 2, 3, 0, 1, 2), { length: 12, runtime });
  assert.equal(written.length, 12);
  assert.ok(written.every((symbol) => symbol >= 0 && symbol < 4));
});

test("stretches of a text predict the symbol behind each", () => {
  const { symbols, encode, decode } = characters("abcab");
  assert.deepEqual(symbols, ["a", "b", "c"]);
  const windows = textWindows(encode("abcabca"), 3);
  assert.equal(windows.length, 2);
  assert.equal(decode(windows.columns.features.data), "abcabc");
  assert.equal(decode(windows.columns.labels.data), "bcabca");
});

test("what cannot be read or written is refused", async () => {
  const vocabulary = characters("ab");
  const model = languageModel({ kind: "gru", symbols: 2, width: 4 });
  const parameters = initialise(model, 1);
  assert.throws(
    () => vocabulary.encode("abc"),
    /vocabulary: the character "c" is not in it\n.*one of 2 characters\n.*"c" at place 2/,
  );
  assert.throws(() => textWindows(Int32Array.of(1, 0), 2), /textWindows: the text is shorter than one stretch/);
  assert.throws(() => languageModel({ kind: "bert" as "rnn", symbols: 2 }), /languageModel: no such kind/);
  assert.throws(() => model.apply(parameters, zeros([1, 2]), context()), /languageModel: it takes numbers of symbols/);
  const write = (prompt: Int32Array, options: object) =>
    writeSymbols(model, parameters, prompt, { length: 1, runtime, ...options });
  await assert.rejects(write(new Int32Array(0), {}), /there is no symbol to go on from/);
  await assert.rejects(write(Int32Array.of(0, 2), {}), /symbol 1 of the prompt is not known/);
  await assert.rejects(write(Int32Array.of(0), { among: 3 }), /there are not so many symbols to draw from/);
  await assert.rejects(write(Int32Array.of(0), { temperature: -1 }), /the temperature is below 0/);
});
