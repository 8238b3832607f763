import assert from "node:assert/strict";
import { after, test } from "node:test";
import { tanh } from "../../src/activations/index.js";
import { dropout, linear, sequential, softmaxCrossEntropy } from "../../src/nn/index.js";
import { add } from "../../src/ops/index.js";
import { adamW, cosine, sgd } from "../../src/optim/index.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile, type TrainingBatch } from "../../src/train/index.js";
import { assertClose } from "../golden/golden.js";
import { labelledBatch, network, parameterValues, real, whole } from "./network.js";

const native = onnxRuntime({ worker: false });
after(() => native.close());

/** Rows of a batch as parts of `size` rows. */
function parts({ inputs, targets }: TrainingBatch, size: number): TrainingBatch[] {
  const [rows, width] = inputs.shape;
  return Array.from({ length: rows / size }, (_, i) => ({
    inputs: real(inputs.data.slice(i * size * width, (i + 1) * size * width) as Float32Array, size, width),
    targets: whole(targets.data.slice(i * size, (i + 1) * size) as Int32Array, size),
  }));
}

for (const [runtime, tolerance, name] of [
  [interpreterRuntime(), { relative: 1e-11, absolute: 1e-13 }, "the float64 interpreter"],
  [native, { relative: 1e-5, absolute: 1e-5 }, "ONNX Runtime"],
] as const) {
  test(`four small batches to an update are one batch of four times the size, in ${name}`, async () => {
    const options = {
      model: network([6, 9, 4]),
      loss: softmaxCrossEntropy,
      optimizer: adamW({ learningRate: cosine({ rate: 0.02, steps: 8 }), weightDecay: 0.1, clipNorm: 0.5 }),
      runtime,
    };
    const small = await compile({ ...options, accumulate: 4 });
    const large = await compile(options);
    for (let update = 0; update < 5; update++) {
      const batch = labelledBatch(12, 6, 4, update);
      const losses: number[] = [];
      for (const part of parts(batch, 3)) losses.push(await small.step(part));
      assertClose([losses.reduce((sum, loss) => sum + loss) / 4], [await large.step(batch)], tolerance, "loss");
      const expected = await parameterValues(large);
      (await parameterValues(small)).forEach((actual, i) => assertClose(actual, expected[i], tolerance, `parameter ${i}`));
    }
  });
}

test("parameters change with the last batch of an update alone", async () => {
  const trainer = await compile({
    model: network([6, 4]),
    loss: softmaxCrossEntropy,
    optimizer: sgd({ learningRate: 0.1 }),
    accumulate: 3,
    runtime: native,
  });
  const changed: boolean[] = [];
  for (let step = 0; step < 6; step++) {
    const before = await parameterValues(trainer);
    await trainer.step(labelledBatch(4, 6, 4, step));
    changed.push((await parameterValues(trainer))[0].some((value, i) => value !== before[0][i]));
  }
  assert.deepEqual(changed, [false, false, true, false, false, true]);
});

test("a schedule counts updates, not batches", async () => {
  const trainer = await compile({
    model: network([6, 4]),
    loss: softmaxCrossEntropy,
    optimizer: sgd({ learningRate: cosine({ rate: 1, steps: 4 }) }),
    accumulate: 2,
    runtime: native,
  });
  const rates: number[] = [];
  for (let step = 0; step < 6; step++) {
    rates.push(trainer.learningRate());
    await trainer.step(labelledBatch(4, 6, 4, step));
  }
  // ½ (1 + cos(π u / 4)) for updates 0, 0, 1, 1, 2, 2.
  assertClose(rates, [1, 1, 0.8535533905932737, 0.8535533905932737, 0.5, 0.5], { relative: 1e-15, absolute: 0 }, "rates");
});

test("every batch of an update, and every step, draws dropout of its own; the same seed draws the same", async () => {
  const lossesOf = async (seed: number, accumulate: number): Promise<number[]> => {
    // A rate of 0 in effect: what differs between steps is the dropout.
    const trainer = await compile({
      model: sequential(linear(6, 32), tanh, dropout(0.5), linear(32, 4)),
      loss: softmaxCrossEntropy,
      optimizer: sgd({ learningRate: 1e-30 }),
      seed,
      accumulate,
      runtime: native,
    });
    const losses: number[] = [];
    for (let step = 0; step < 8; step++) losses.push(await trainer.step(labelledBatch(8, 6, 4, 0)));
    return losses;
  };
  const losses = await lossesOf(3, 1);
  assert.equal(new Set(losses).size, 8);
  assert.deepEqual(await lossesOf(3, 1), losses);
  assert.deepEqual(await lossesOf(3, 4), losses, "the keys are those of the steps");
  assert.notDeepEqual(await lossesOf(4, 1), losses);
});

test("a loss that is a plain function is trained on as it is", async () => {
  const trainer = await compile({
    model: network([6, 4]),
    loss: (predictions, targets) => add(softmaxCrossEntropy(predictions, targets), 1),
    optimizer: sgd(),
    runtime: native,
  });
  const own = await compile({ model: network([6, 4]), loss: softmaxCrossEntropy, optimizer: sgd(), runtime: native });
  const batch = labelledBatch(4, 6, 4, 0);
  assertClose([await trainer.step(batch)], [1 + (await own.step(batch))], { relative: 1e-6, absolute: 0 }, "loss");
});
