import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as ort from "onnxruntime-node";
import { gelu, relu } from "../../src/activations/index.js";
import { cnn, resnet, visionTransformer } from "../../src/models/index.js";
import * as nn from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile } from "../../src/train/index.js";
import { assertClose } from "../golden/golden.js";
import { labels, real, values, whole } from "./network.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

const models: Readonly<Record<string, nn.Layer>> = {
  cnn: cnn({ image: [1, 12, 12], classes: 5, channels: [4, 6], hidden: [8], dropout: 0.2 }),
  resnet: resnet({ image: [1, 12, 12], classes: 5, channels: [3, 5], dropDepth: 0.2 }),
  "a vision Transformer with a token": visionTransformer({
    image: [1, 12, 12],
    classes: 5,
    patch: 4,
    width: 8,
    layers: 1,
    heads: 2,
  }),
  "a vision Transformer without": visionTransformer({
    image: [1, 12, 12],
    classes: 5,
    patch: 4,
    width: 8,
    layers: 1,
    reads: "mean",
  }),
  "a network of every layer for images": nn.sequential(
    nn.unflatten([1, 12, 12]),
    nn.conv2d(1, 6, 3, { padding: "same" }),
    nn.batchNorm(6),
    relu,
    nn.maxPool2d(3, { stride: 2, padding: 1 }),
    nn.residual(nn.sequential(nn.depthwiseConv2d(6, 3, { padding: 1 }), nn.groupNorm(2, 6), gelu, nn.instanceNorm(6))),
    nn.upsample({ scale: 2 }),
    nn.upsample({ size: [9, 7], mode: "linear" }),
    nn.averagePool2d(3, { stride: 2, padding: 1, countPadding: false }),
    nn.convTranspose2d(6, 4, 2, { stride: 2 }),
    nn.spatialDropout(0.2),
    nn.adaptiveAveragePool([3, 2]),
    nn.flatten(),
    nn.layerNorm(24),
    nn.linear(24, 5),
  ),
};

for (const [name, model] of Object.entries(models)) {
  test(`${name} exported to ONNX for any batch predicts, in onnxruntime alone, what the trainer predicts`, async () => {
    const inputs = (batch: number) => real(values(batch * 144, batch, 2), batch, 144);
    const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.05 }), runtime });
    for (let step = 0; step < 3; step++) await trainer.step({ inputs: inputs(4), targets: whole(labels(4, step, 5), 4) });
    const session = await ort.InferenceSession.create(await trainer.exportOnnx());
    for (const batch of [1, 3, 64]) {
      const { data, shape } = inputs(batch);
      const { output } = await session.run({ input: new ort.Tensor("float32", data as Float32Array, shape) });
      const expected = await trainer.predict(inputs(batch));
      assert.deepEqual([...output.dims], [...expected.shape]);
      // For kernels that it knows onnxruntime adds in another order.
      assertClose(output.data as Float32Array, expected.data, { relative: 1e-5, absolute: 1e-5 }, `batch of ${batch}`);
    }
    await Promise.all([session.release(), trainer.dispose()]);
  });
}
