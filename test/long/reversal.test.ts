import assert from "node:assert/strict";
import { after, test } from "node:test";
import { trainSequenceToSequence } from "../../src/models/index.js";
import { oneCycle } from "../../src/optim/index.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

test("a Transformer reverses every one of a hundred unseen strings of length 16", async () => {
  let state = 11;
  const below = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const word = (): string => Array.from({ length: 16 }, () => "abcdefgh"[below(8)]).join("");
  const reversed = (text: string): string => [...text].reverse().join("");
  const seen = Array.from({ length: 8000 }, word).map((text) => [text, reversed(text)] as const);
  const unseen = Array.from({ length: 100 }, word);
  const learned = await trainSequenceToSequence(seen, {
    width: 64,
    heads: 4,
    layers: 2,
    epochs: 4,
    batchSize: 64,
    learningRate: oneCycle({ rate: 3e-3, steps: 500 }),
    runtime,
  });
  assert.deepEqual(await learned.translate(unseen), unseen.map(reversed));
  await learned.trainer.dispose();
});
