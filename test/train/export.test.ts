import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as ort from "onnxruntime-node";
import { catalogue, gelu, tanh } from "../../src/activations/index.js";
import {
  dropout,
  embedding,
  flatten,
  type Layer,
  linear,
  mse,
  residual,
  type Stage,
  sequential,
  softmaxCrossEntropy,
} from "../../src/nn/index.js";
import { parameter } from "../../src/ops/create.js";
import { add, mean, mul, tensor } from "../../src/ops/index.js";
import { sgd } from "../../src/optim/index.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile, type TrainingBatch } from "../../src/train/index.js";
import { assertClose } from "../golden/golden.js";
import { labelledBatch, labels, network, real, values, whole } from "./network.js";

const runtime = onnxRuntime({ worker: false });
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "softgrad-export-"));
});
after(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

type Inputs = TrainingBatch["inputs"];

/** What onnxruntime makes of the file, by itself. */
async function runAlone(file: Uint8Array | string, { data, shape, dtype }: Inputs): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(file as string);
  const [name] = session.inputNames;
  const outputs = await session.run({ [name]: new ort.Tensor(dtype as "float32", data as Float32Array, shape) });
  const result = outputs[session.outputNames[0]].data as Float32Array;
  await session.release();
  return result;
}

/** A few roundings of sums near 1. */
const roundings = { relative: 2e-6, absolute: 2e-6 };

/** Trains a little, so that no parameter is what it started as; then compares file and trainer for several batch sizes. */
async function exportsAsItPredicts(model: Layer, inputsOf: (batch: number) => Inputs): Promise<void> {
  const trainer = await compile({ model, loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), runtime });
  for (let step = 0; step < 3; step++) await trainer.step({ inputs: inputsOf(4), targets: whole(labels(4, step, 5), 4) });
  const open = await trainer.exportOnnx();
  for (const batch of [1, 3, 64]) {
    const expected = await trainer.predict(inputsOf(batch));
    assert.ok(expected.data.some((value) => value !== 0));
    for (const [kind, file] of [
      ["any", open],
      ["fixed", await trainer.exportOnnx({ batchSize: batch })],
    ] as const) {
      const outputs = await runAlone(file, inputsOf(batch));
      // For a single row onnxruntime has two ways to multiply, and takes the one for weights that it knows.
      if (batch === 1) assertClose(outputs, expected.data, roundings, `${kind} batch of 1`);
      else assert.deepEqual(outputs, expected.data, `${kind} batch of ${batch}`);
    }
  }
  await trainer.dispose();
}

const vectors = (width: number) => (batch: number) => real(values(batch * width, batch, 2), batch, width);

for (const activation of catalogue) {
  test(`a network with ${activation.name} exported to ONNX predicts, in onnxruntime alone, what the trainer predicts`, async () => {
    // Gated units halve the axis.
    const [, width] = activation(parameter([1, 12], "float32")).shape;
    const linearOf = (inputs: number, outputs: number) => ({
      weight: tensor(values(inputs * outputs, inputs), { shape: [inputs, outputs] }),
      bias: tensor(values(outputs, 9)),
    });
    const trainer = await compile({
      model: sequential(linear(8, 12), activation, linear(width, 5)),
      parameters: [linearOf(8, 12), {}, linearOf(width, 5)],
      loss: softmaxCrossEntropy,
      optimizer: sgd(),
      runtime,
    });
    const inputs = vectors(8)(3);
    assert.deepEqual(await runAlone(await trainer.exportOnnx({ inputShape: [8] }), inputs), (await trainer.predict(inputs)).data);
    await trainer.dispose();
  });
}

const models: readonly (readonly [name: string, model: Layer, inputs: (batch: number) => Inputs])[] = [
  ["one linear layer", linear(8, 5), vectors(8)],
  ["a linear layer without bias", sequential(linear(8, 5, { bias: false })), vectors(8)],
  ["a wide network", network([64, 128, 128, 10], "gelu"), vectors(64)],
  [
    "a residual network",
    sequential(linear(8, 8), residual(sequential(linear(8, 8), gelu, linear(8, 8))), linear(8, 5)),
    vectors(8),
  ],
  ["a residual with a shortcut", residual(sequential(linear(8, 6), tanh, linear(6, 5)), { shortcut: linear(8, 5) }), vectors(8)],
  ["dropout, which is off", sequential(linear(8, 16), tanh, dropout(0.5), linear(16, 5)), vectors(8)],
  [
    "flattened pictures",
    sequential(flatten(), linear(12, 16), tanh, linear(16, 5)),
    (batch) => real(values(batch * 12, batch), batch, 3, 4),
  ],
  [
    "linear layers on sequences",
    sequential(linear(4, 6), tanh, (x) => mean(x, { axes: 1 }), linear(6, 5)),
    (batch) => real(values(batch * 12, batch), batch, 3, 4),
  ],
  [
    "an embedding of positions",
    sequential(embedding(20, 6), flatten(), linear(18, 5)),
    (batch) => whole(labels(batch * 3, batch, 20), batch, 3),
  ],
];

for (const [name, model, inputs] of models) {
  test(`${name} exported to ONNX predicts, in onnxruntime alone, what the trainer predicts`, () =>
    exportsAsItPredicts(model, inputs));
}

test("the file has one input and one output with names, an axis called batch, and the metadata it was given", async () => {
  const trainer = await compile({ model: network([8, 5]), loss: softmaxCrossEntropy, optimizer: sgd(), runtime });
  const path = join(folder, "new", "model.onnx");
  const bytes = await trainer.exportOnnx({ path, inputShape: [8], metadata: { classes: "a b c d e", scale: "1/16" } });
  assert.deepEqual(new Uint8Array(await readFile(path)), bytes);
  const session = await ort.InferenceSession.create(path);
  assert.deepEqual(describeInputs(session.inputMetadata), [{ name: "input", type: "float32", shape: ["batch", 8] }]);
  assert.deepEqual(describeInputs(session.outputMetadata), [{ name: "output", type: "float32", shape: ["batch", 5] }]);
  // The node package shows no metadata; in the file it stands as it was given.
  const text = new TextDecoder("latin1").decode(bytes);
  for (const part of ["classes", "a b c d e", "scale", "1/16"]) assert.ok(text.includes(part), part);
});

const describeInputs = (metadata: readonly ort.InferenceSession.ValueMetadata[]) =>
  metadata.map((value) => (value.isTensor ? { name: value.name, type: value.type, shape: value.shape } : { name: value.name }));

test("exporting to a path alone takes the shape of the samples that were trained on", async () => {
  const trainer = await compile({ model: network([6, 4]), loss: softmaxCrossEntropy, optimizer: sgd(), runtime });
  await assert.rejects(trainer.exportOnnx(), /^Fault: exportOnnx: the shape of a sample is not known yet/);
  await trainer.step(labelledBatch(8, 6, 4, 0));
  const path = join(folder, "model.onnx");
  await trainer.exportOnnx(path);
  assert.deepEqual(await runAlone(path, vectors(6)(3)), (await trainer.predict(vectors(6)(3))).data);
});

test("a float64 training exports a float32 file of the same function", async () => {
  const trainer = await compile({
    model: network([6, 9, 4]),
    loss: softmaxCrossEntropy,
    optimizer: sgd({ learningRate: 0.3 }),
    runtime: interpreterRuntime(),
  });
  await trainer.step(labelledBatch(8, 6, 4, 0));
  const inputs = vectors(6)(5);
  // float32 rounding of parameters and sums near 1.
  const tolerance = { relative: 1e-5, absolute: 1e-6 };
  assertClose(await runAlone(await trainer.exportOnnx(), inputs), (await trainer.predict(inputs)).data, tolerance, "outputs");
});

test("a model that mixes the samples of a batch is refused for any batch size, and exported for one", async () => {
  const centred = (x: Parameters<typeof mean>[0]) => add(x, mul(mean(x, { axes: 0, keepAxes: true }), -1));
  const stages: Stage[] = [linear(6, 4), centred as Stage];
  const trainer = await compile({ model: sequential(...stages), loss: mse, optimizer: sgd(), runtime });
  await assert.rejects(
    trainer.exportOnnx({ inputShape: [6] }),
    /^Fault: exportOnnx: the graph of this model depends on the batch size\n {2}fix {7}export it for one: \{ batchSize: 32 \}/,
  );
  const file = await trainer.exportOnnx({ inputShape: [6], batchSize: 3 });
  assert.deepEqual(await runAlone(file, vectors(6)(3)), (await trainer.predict(vectors(6)(3))).data);
});

test("a layer that cannot be applied to the shape given for the export says which", async () => {
  const trainer = await compile({ model: network([6, 4]), loss: softmaxCrossEntropy, optimizer: sgd(), runtime });
  await assert.rejects(trainer.exportOnnx({ inputShape: [7] }), /linear 6 → 4/);
});
