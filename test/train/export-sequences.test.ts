import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as ort from "onnxruntime-node";
import { languageModel, sequenceToSequence } from "../../src/models/index.js";
import * as nn from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile } from "../../src/train/index.js";
import { assertClose } from "../golden/golden.js";
import { real, values } from "./network.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

const LENGTH = 6;
const recurrent: Readonly<Record<string, nn.Layer>> = {
  "an lstm in both directions": nn.lstm(3, 4, { bidirectional: true }),
  "a gru of two layers, its last step": nn.gru(3, 4, { layers: 2, returns: "last" }),
  "an rnn": nn.rnn(3, 4),
  "a Transformer": nn.sequential(nn.linear(3, 8), nn.transformerEncoder(8, { heads: 2, layers: 1, causal: true })),
};

for (const [name, body] of Object.entries(recurrent)) {
  test(`${name} exported to ONNX for any batch predicts, in onnxruntime alone, what the trainer predicts`, async () => {
    const inputs = (batch: number) => real(values(batch * LENGTH * 3, batch, 2), batch, LENGTH, 3);
    const trainer = await compile({ model: body, loss: nn.mse, optimizer: sgd({ learningRate: 0.1 }), runtime });
    const session = await ort.InferenceSession.create(await trainer.exportOnnx({ inputShape: [LENGTH, 3] }));
    for (const batch of [1, 3, 17]) {
      const { data, shape } = inputs(batch);
      const { output } = await session.run({ input: new ort.Tensor("float32", data as Float32Array, shape) });
      const expected = await trainer.predict(inputs(batch));
      assert.deepEqual([...output.dims], [...expected.shape]);
      assertClose(output.data as Float32Array, expected.data, { relative: 1e-5, absolute: 1e-5 }, `batch of ${batch}`);
    }
    await Promise.all([session.release(), trainer.dispose()]);
  });
}

const written: Readonly<Record<string, nn.Layer>> = {
  rnn: languageModel({ kind: "rnn", symbols: 5, width: 8 }) as nn.Layer,
  gru: languageModel({ kind: "gru", symbols: 5, width: 8, layers: 2 }) as nn.Layer,
  transformer: languageModel({ kind: "transformer", symbols: 5, width: 8, heads: 2 }) as nn.Layer,
  "sequence to sequence": sequenceToSequence({ symbols: 5, sourceLength: 3, targetLength: 3, width: 8, heads: 2 }) as nn.Layer,
};

for (const [name, model] of Object.entries(written)) {
  test(`a model of symbols (${name}) is exported for any batch too`, async () => {
    const trainer = await compile({ model, loss: nn.tokenCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), runtime });
    const session = await ort.InferenceSession.create(await trainer.exportOnnx({ inputShape: [LENGTH], inputDtype: "int32" }));
    for (const batch of [1, 4]) {
      const data = Int32Array.from({ length: batch * LENGTH }, (_, i) => (i * 3 + batch) % 5);
      const { output } = await session.run({ input: new ort.Tensor("int32", data, [batch, LENGTH]) });
      const expected = await trainer.predict({ data, shape: [batch, LENGTH], dtype: "int32" });
      assertClose(output.data as Float32Array, expected.data, { relative: 1e-5, absolute: 1e-5 }, `batch of ${batch}`);
    }
    await Promise.all([session.release(), trainer.dispose()]);
  });
}
