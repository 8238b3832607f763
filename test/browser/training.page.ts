import assert from "node:assert/strict";
import { test } from "node:test";
import { data, nn, onnxRuntime, optim, random, train } from "softgrad";
import { gelu } from "softgrad/activations";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { distances, twentySteps } from "../train/compared.js";

test("a network learns to read digits in a page", async () => {
  const digits = await data.digits();
  const parts = digits.split({ train: 0.8, test: 0.2 }, { key: random.key(1), stratifyBy: "labels" });
  const trainer = await train.compile({
    model: nn.sequential(nn.linear(64, 48), gelu, nn.linear(48, 10)),
    loss: nn.softmaxCrossEntropy,
    optimizer: optim.adamW({ learningRate: 5e-3, clipNorm: 1 }),
    seed: 1,
  });
  const losses: number[] = [];
  for await (const report of trainer.fit(parts.train, { epochs: 8, batchSize: 64 })) losses.push(report.loss);
  assert.ok(losses[7] < losses[0] / 4, losses.join());
  const { accuracy } = await trainer.evaluate(parts.test, { metrics: [train.accuracy] });
  assert.ok(accuracy > 0.95, `accuracy ${accuracy}`);
  const restored = await trainer.restore(await trainer.checkpoint({ place: "page" }));
  assert.equal(restored.extra.place, "page");
  assert.ok((await trainer.exportOnnx()).length > 4 * (64 * 48 + 48 * 10));
});

test("twenty steps in WebAssembly agree with the float64 interpreter of the page", async () => {
  const apart = distances(await twentySteps(onnxRuntime()), await twentySteps(interpreterRuntime()));
  for (const [part, distance] of Object.entries(apart)) assert.ok(distance < 2e-6, `${part} differ by ${distance}`);
});

const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };
const adapter = await gpu?.requestAdapter();

test("twenty steps on WebGPU agree with WebAssembly", {
  skip: adapter ? false : "this browser has no WebGPU adapter",
}, async () => {
  const device = onnxRuntime({ provider: "webgpu", allowCpuFallback: false });
  const apart = distances(await twentySteps(device), await twentySteps(onnxRuntime()));
  for (const [part, distance] of Object.entries(apart)) assert.ok(distance < 1e-5, `${part} differ by ${distance}`);
});
