import assert from "node:assert/strict";
import {
  bertClassifier,
  bertForPretraining,
  bertLoss,
  cnn,
  languageModel,
  resnet,
  sequenceToSequence,
  skipGram,
  skipGramLoss,
  visionTransformer,
} from "../../src/models/index.js";
import { type Layer, mse, parametersOf, softmaxCrossEntropy, tokenCrossEntropy } from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { compile, type TrainingLoss } from "../../src/train/index.js";

// Started by webgpu.test.ts with a Vulkan driver that needs no graphics card.

const whole = (shape: readonly number[], below: number) => ({
  data: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7 + (i >> 2)) % below),
  shape,
  dtype: "int32" as const,
});
const pixels = {
  data: Float32Array.from({ length: 2 * 36 }, (_, i) => Math.sin(i)),
  shape: [2, 1, 6, 6],
  dtype: "float32" as const,
};
/** Five tokens, their segments and mask, and two places, twice. */
const read = {
  data: Int32Array.from([1, 4, 7, 2, 8, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 3, 5, 3, 6, 2, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 2, 1]),
  shape: [2, 17],
  dtype: "int32" as const,
};

interface Case {
  readonly model: Layer;
  readonly loss: TrainingLoss;
  readonly inputs: ReturnType<typeof whole> | typeof pixels;
  readonly targets: ReturnType<typeof whole> | { data: Float32Array; shape: readonly number[]; dtype: "float32" };
}

const cases: readonly Case[] = [
  ...(["rnn", "lstm", "gru", "transformer"] as const).map((kind) => ({
    model: languageModel({ kind, symbols: 5, width: 8, heads: 2 }) as Layer,
    loss: tokenCrossEntropy,
    inputs: whole([3, 4], 5),
    targets: whole([3, 4], 4),
  })),
  {
    model: sequenceToSequence({ symbols: 6, sourceLength: 3, targetLength: 3, width: 8, heads: 2, layers: 1 }) as Layer,
    loss: tokenCrossEntropy,
    inputs: whole([2, 6], 6),
    targets: whole([2, 3], 6),
  },
  {
    model: bertForPretraining({ vocabulary: 9, width: 8, layers: 1, heads: 2, positions: 6, dropout: 0.1, length: 5 }) as Layer,
    loss: bertLoss(9),
    inputs: read,
    targets: whole([2, 3], 2),
  },
  {
    model: bertClassifier({ vocabulary: 9, width: 8, layers: 1, heads: 2, positions: 5, dropout: 0 }, 3) as Layer,
    loss: softmaxCrossEntropy,
    inputs: {
      ...whole([2, 3, 4], 2),
      data: Int32Array.from([1, 4, 7, 2, 0, 0, 1, 1, 1, 1, 1, 0, 3, 5, 8, 6, 0, 1, 1, 1, 1, 1, 1, 1]),
    },
    targets: whole([2], 3),
  },
  {
    model: skipGram(6, 4) as Layer,
    loss: skipGramLoss,
    inputs: whole([3, 4], 6),
    targets: { data: Float32Array.from([1, 0, 0, 1, 0, 0, 1, 0, 0]), shape: [3, 3], dtype: "float32" },
  },
  {
    model: cnn({ image: [1, 6, 6], classes: 3, channels: [4], hidden: [5], dropout: 0.2 }),
    loss: softmaxCrossEntropy,
    inputs: pixels,
    targets: whole([2], 3),
  },
  {
    model: resnet({ image: [1, 6, 6], classes: 3, channels: [3, 4] }),
    loss: softmaxCrossEntropy,
    inputs: pixels,
    targets: whole([2], 3),
  },
  {
    model: visionTransformer({ image: [1, 6, 6], classes: 3, patch: 3, width: 8, heads: 2, layers: 1 }),
    loss: mse,
    inputs: pixels,
    targets: { data: new Float32Array(6), shape: [2, 3], dtype: "float32" },
  },
];

async function threeSteps({ model, loss, inputs, targets }: Case, runtime: Runtime): Promise<number[]> {
  const trainer = await compile({ model, loss, optimizer: sgd({ learningRate: 0.1 }), seed: 3, runtime });
  const values: number[] = [];
  for (let i = 0; i < 3; i++) values.push(await trainer.step({ inputs, targets }));
  const tree: unknown = await trainer.parameters();
  for (const { path } of parametersOf(model)) {
    const found = path.split(".").reduce((part, name) => (part as Readonly<Record<string, unknown>>)[name], tree);
    values.push(...interpret([found as never])[0]);
  }
  await trainer.dispose();
  return values;
}

const device = onnxRuntime({ provider: "webgpu", allowCpuFallback: false, worker: false });
const native = onnxRuntime({ worker: false });
for (const given of cases) {
  const [there, here] = [await threeSteps(given, device), await threeSteps(given, native)];
  // exp, tanh and erf of a shader are good to a few units in the last place, and sums come in another order.
  const apart = Math.max(...there.map((value, i) => Math.abs(value - here[i])));
  assert.ok(apart < 2e-5, `${given.model.title}: ${apart}`);
}
await device.close();
