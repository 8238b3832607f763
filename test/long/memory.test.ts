import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gelu } from "../../src/activations/index.js";
import { dropout, linear, sequential, softmaxCrossEntropy } from "../../src/nn/index.js";
import { adamW, cosine } from "../../src/optim/index.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { compile } from "../../src/train/index.js";
import { labelledBatch } from "../train/network.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MEGABYTE = 2 ** 20;
const STEPS_AHEAD = 4;

async function measure(): Promise<{ heap: number; resident: number }> {
  // Twice, with a turn of the event loop between: array buffers are freed after the objects that held them.
  for (let round = 0; round < 2; round++) {
    collectGarbage();
    await new Promise((turn) => setImmediate(turn));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / MEGABYTE, resident: rss / MEGABYTE };
}

/** Trains with several steps under way, as `fit` does, and predicts and saves now and then. */
async function growth(runtime: Runtime): Promise<{ heap: number; resident: number; steps: number }> {
  const trainer = await compile({
    model: sequential(linear(64, 96), gelu, dropout(0.1), linear(96, 96), gelu, linear(96, 10)),
    loss: softmaxCrossEntropy,
    optimizer: adamW({ learningRate: cosine({ rate: 1e-3, steps: 12_000 }), clipNorm: 1 }),
    runtime,
  });
  const batches = [0, 1, 2, 3].map((seed) => labelledBatch(32, 64, 10, seed));
  const train = async (steps: number): Promise<void> => {
    const underWay: Promise<number>[] = [];
    for (let step = 0; step < steps; step++) {
      underWay.push(trainer.step(batches[step % batches.length]));
      if (underWay.length >= STEPS_AHEAD) await underWay.shift();
      if (step % 500 === 0) await Promise.all([trainer.predict(batches[0].inputs), trainer.checkpoint()]);
    }
    await Promise.all(underWay);
  };
  await train(2000); // Until code is compiled and the arenas have found their size.
  const before = await measure();
  await train(10_000);
  const after = await measure();
  const { steps } = trainer.progress;
  await runtime.close();
  return { heap: after.heap - before.heap, resident: after.resident - before.resident, steps };
}

for (const [name, options] of [
  ["in the calling thread", { worker: false }],
  ["in a worker thread", {}],
] as const) {
  test(`10,000 steps ${name} leave heap and resident memory where they were`, async () => {
    const { heap, resident, steps } = await growth(onnxRuntime(options));
    assert.equal(steps, 12_000);
    // 200 bytes kept per step would be 2 MB; a state kept per step, 200 kB, would be 2 GB.
    assert.ok(heap < 2, `the heap grew by ${heap.toFixed(2)} MB`);
    assert.ok(resident < 64, `resident memory grew by ${resident.toFixed(1)} MB`);
  });
}
