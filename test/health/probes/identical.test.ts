import assert from "node:assert/strict";
import { test } from "node:test";
import { gelu, relu, tanh } from "../../../src/activations/index.js";
import { fromArrays } from "../../../src/data/index.js";
import { watch } from "../../../src/health/probes/watch.js";
import type { Tensor } from "../../../src/ir/tensor.js";
import * as nn from "../../../src/nn/index.js";
import { mean } from "../../../src/ops/index.js";
import { adam, sgd } from "../../../src/optim/index.js";
import { compile, type Monitor } from "../../../src/train/index.js";
import { labels, values } from "../../train/network.js";

const STEPS = 100;
const BATCH = 8;

/** A checkpoint after a hundred steps. */
async function trained(
  model: nn.Layer,
  sample: readonly number[],
  { accumulate = 1, monitor }: { accumulate?: number; monitor?: Monitor },
) {
  const samples = BATCH * 5;
  const size = sample.reduce((product, length) => product * length, 1);
  const data = fromArrays({ features: { data: values(samples * size, 3), shape: sample }, labels: labels(samples, 1, 3) });
  const optimizer = accumulate > 1 ? sgd({ learningRate: 0.05, momentum: 0.9 }) : adam({ clipNorm: 1 });
  const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer, seed: 9, accumulate });
  const told = { epochs: STEPS / 5, batchSize: BATCH, ...(monitor && { monitor }) };
  for await (const report of trainer.fit(data, told)) assert.ok(Number.isFinite(report.loss));
  const checkpoint = await trainer.checkpoint();
  await trainer.dispose();
  return checkpoint;
}

const deep = Array.from({ length: 10 }, () => [nn.linear(16, 16), relu]).flat();
const networks: Readonly<Record<string, { make(): nn.Layer; sample: readonly number[] }>> = {
  "linear layers": { make: () => nn.sequential(nn.linear(6, 16), relu, nn.linear(16, 16), gelu, nn.linear(16, 3)), sample: [6] },
  "a deep network": { make: () => nn.sequential(nn.linear(6, 16), tanh, nn.sequential(...deep), nn.linear(16, 3)), sample: [6] },
  "a convolutional network": {
    make: () =>
      nn.sequential(
        nn.conv2d(1, 4, 3),
        nn.batchNorm(4),
        relu,
        nn.maxPool2d(2),
        nn.conv2d(4, 4, 2),
        relu,
        nn.averagePool2d(2),
        nn.flatten(),
        nn.dropout(0.3),
        nn.linear(4, 3),
      ),
    sample: [1, 8, 8],
  },
  "an lstm": { make: () => nn.sequential(nn.lstm(3, 8, { returns: "last", layers: 2 }), nn.linear(8, 3)), sample: [6, 3] },
  "a gru in both directions": {
    make: () => nn.sequential(nn.gru(3, 6, { returns: "last", bidirectional: true }), nn.linear(12, 3)),
    sample: [6, 3],
  },
  "a transformer block": {
    make: () =>
      nn.sequential(
        nn.transformerEncoderLayer(8, { heads: 2, dropout: 0.1 }),
        (x: Tensor) => mean(x, { axes: 1 }),
        nn.linear(8, 3),
      ),
    sample: [5, 8],
  },
  "frozen and residual parts": {
    make: () => nn.sequential(nn.frozen(nn.linear(6, 8)), nn.residual(nn.sequential(nn.linear(8, 8), tanh)), nn.linear(8, 3)),
    sample: [6],
  },
};

for (const [name, { make, sample }] of Object.entries(networks)) {
  test(`${name}: parameters, moments and progress after ${STEPS} steps are the same to the bit, watched or not`, async () => {
    const monitor = watch({ every: 7, forOtherTools: true });
    const [alone, watched] = [await trained(make(), sample, {}), await trained(make(), sample, { monitor })];
    assert.equal(Buffer.compare(alone, watched), 0);
    const { steps, readings, layers } = monitor.history();
    assert.equal(steps.length, STEPS);
    assert.ok(readings.length > 25 && readings.every((reading) => reading.layers.length === layers.length));
    assert.ok(steps.every(({ loss, gradientNorm }) => Number.isFinite(loss) && gradientNorm > 0));
  });
}

test("so they are when steps are timed, and when gradients of several batches make one update", async () => {
  const { make, sample } = networks["linear layers"];
  for (const accumulate of [1, 2]) {
    const monitor = watch();
    const watched = await trained(make(), sample, { accumulate, monitor });
    assert.equal(Buffer.compare(await trained(make(), sample, { accumulate }), watched), 0);
    // Only batches that end in an update are looked into.
    assert.ok(monitor.history().readings.every(({ step }) => (step + 1) % accumulate === 0));
    assert.equal(monitor.schedule.overhead("look") === null, accumulate === 2);
  }
});

test("a watch is for one trainer", async () => {
  const monitor = watch();
  await trained(networks["linear layers"].make(), [6], { monitor });
  await assert.rejects(trained(networks["linear layers"].make(), [6], { monitor }), /another training/);
});
