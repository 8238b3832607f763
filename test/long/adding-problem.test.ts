import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gru, linear, lstm, mse, rnn, sequential } from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile } from "../../src/train/index.js";

const [LENGTH, BATCH] = [100, 64];
const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

/** Numbers, two of which are marked, one in either half: their sum is asked for at the end. Hochreiter & Schmidhuber 1997. */
function batches(): () => { inputs: Column; targets: Column } {
  let state = 7;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    const inputs = new Float32Array(BATCH * LENGTH * 2);
    const targets = new Float32Array(BATCH);
    for (let row = 0; row < BATCH; row++) {
      const at = (step: number): number => 2 * (row * LENGTH + step);
      for (let step = 0; step < LENGTH; step++) inputs[at(step)] = draw();
      for (const half of [0, 1]) {
        const marked = Math.floor(((draw() + half) * LENGTH) / 2);
        inputs[at(marked) + 1] = 1;
        targets[row] += inputs[at(marked)];
      }
    }
    return {
      inputs: { data: inputs, shape: [BATCH, LENGTH, 2], dtype: "float32" },
      targets: { data: targets, shape: [BATCH, 1], dtype: "float32" },
    };
  };
}

interface Column {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly dtype: "float32";
}

/** The running mean of the error after training until it is below `goal`, or for so many steps. */
async function errorOf(cell: ReturnType<typeof lstm>, steps: number, goal: number): Promise<number> {
  const model = sequential(cell, linear(32, 1));
  const trainer = await compile({ model, loss: mse, optimizer: adam({ learningRate: 5e-3, clipNorm: 1 }), seed: 1, runtime });
  const next = batches();
  let error = 1;
  for (let step = 0; step < steps && error >= goal; step++) error = 0.97 * error + 0.03 * (await trainer.step(next()));
  await trainer.dispose();
  return error;
}

test("lstm and gru add two numbers that are a hundred steps apart; a plain recurrence does not", async (t) => {
  const goal = 0.01;
  const [long, gated] = [await errorOf(lstm(2, 32, { returns: "last" }), 2000, goal), await errorOf(gru(2, 32, { returns: "last" }), 2000, goal)]; // biome-ignore format: one line
  const plain = await errorOf(rnn(2, 32, { returns: "last" }), 1000, goal);
  t.diagnostic(`mean squared error: lstm ${long}, gru ${gated}, rnn ${plain}`);
  assert.ok(long < goal && gated < goal);
  // To always say 1 has an error of 1/6.
  assert.ok(plain > 0.14, `${plain}`);
});
