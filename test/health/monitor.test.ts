import assert from "node:assert/strict";
import { test } from "node:test";
import { relu, sigmoid } from "../../src/activations/index.js";
import { fromArrays } from "../../src/data/index.js";
import type { Finding } from "../../src/health/diagnosis.js";
import { monitor } from "../../src/health/monitor.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as nn from "../../src/nn/index.js";
import { mul } from "../../src/ops/index.js";
import { adam, sgd } from "../../src/optim/index.js";
import { compile } from "../../src/train/index.js";
import { labels, values } from "../train/network.js";

/** Two classes that a line through 0 parts. */
const features = values(256 * 4, 3);
const halves = fromArrays({
  features: { data: features, shape: [4] },
  labels: Int32Array.from({ length: 256 }, (_, i) => (features[4 * i] + features[4 * i + 1] > 0 ? 1 : 0)),
});

async function watched(model: nn.Layer, epochs: number) {
  const found: Finding[] = [];
  const watching = monitor({ every: 20, onFinding: (finding) => void found.push(finding) });
  const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer: adam({ learningRate: 3e-3 }), seed: 1 });
  for await (const _ of trainer.fit(halves, { epochs, batchSize: 32, monitor: watching }));
  await trainer.dispose();
  return { found, watching };
}

test("a deep network of sigmoids is found ill while it trains, once, with the layer", async () => {
  const hidden = Array.from({ length: 8 }, () => [nn.linear(8, 8), sigmoid]).flat();
  const { found, watching } = await watched(nn.sequential(nn.linear(4, 8), sigmoid, ...hidden, nn.linear(8, 2)), 9);
  const vanishing = found.filter(({ symptom }) => symptom === "vanishing gradient");
  assert.ok(vanishing.length >= 1 && vanishing.length <= 2, "once as a risk, and once when it is confirmed");
  assert.notEqual(vanishing[0].layer, null);
  assert.equal(watching.diagnosis().verdict, "ill");
});

test("a small healthy network gives no alarm, and what is known of the training is told from trainer and data", async () => {
  const { found, watching } = await watched(nn.sequential(nn.linear(4, 16), relu, nn.linear(16, 2)), 25);
  assert.deepEqual(found.filter(({ severity }) => severity === "confirmed"), []); // biome-ignore format: one line
  assert.equal(watching.diagnosis().verdict, "healthy");
  const { data, head, loss, optimizer, batchSize, layers } = watching.subject();
  assert.deepEqual(
    [data.samples, data.targets.kind, head, loss, optimizer.name, optimizer.learningRate, batchSize],
    [256, "classes", { activation: "none", units: 2 }, { name: "softmaxCrossEntropy", predictions: "logits" }, "adam", 3e-3, 32],
  );
  assert.ok(Math.abs((data.constantLoss as number) - Math.LN2) < 0.05);
  assert.ok(layers.every(({ spread }) => spread > 0.3 && spread < 3));
});

test("without data at hand, and in a loop of one's own, the layers are judged all the same", async () => {
  const model = nn.sequential(nn.linear(4, 8), relu, nn.linear(8, 3));
  const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer: adam() });
  const watching = monitor();
  assert.throws(() => watching.diagnosis(), /nothing was trained/);
  await watching.start(trainer, { steps: 30 });
  for (let step = 0; step < 30; step++) {
    const inputs = { data: values(32, step), shape: [8, 4], dtype: "float32" } as const;
    await watching.step(trainer, { inputs, targets: { data: labels(8, step, 3), shape: [8], dtype: "int32" } });
  }
  await trainer.dispose();
  assert.equal(watching.history().steps.length, 30);
  assert.equal(watching.diagnosis().findings.filter(({ severity }) => severity === "confirmed").length, 0);
});

test("a loss that is no longer a number is found before fit ends with it", async () => {
  const found: string[] = [];
  const watching = monitor({ every: 50, onFinding: ({ symptom }) => void found.push(symptom) });
  const square = (x: Tensor): Tensor => mul(x, x);
  const model = nn.sequential(nn.linear(4, 8), square, nn.linear(8, 8), square, nn.linear(8, 2));
  const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer: sgd({ learningRate: 1e4 }), seed: 1 });
  const training = trainer.fit(halves, { epochs: 30, batchSize: 32, monitor: watching });
  await assert.rejects(async () => {
    for await (const _ of training);
  }, /the loss is/);
  await trainer.dispose();
  assert.ok(found.includes("non-finite numbers"), found.join());
  assert.equal(watching.diagnosis().verdict, "ill");
});
