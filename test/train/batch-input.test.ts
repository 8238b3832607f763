import assert from "node:assert/strict";
import { test } from "node:test";
import { mul, nn, optim, type Tensor, tensor, train } from "../../src/index.js";

const trainerOf = () =>
  train.compile({ model: nn.sequential(nn.linear(2, 1)), loss: nn.mse, optimizer: optim.sgd({ learningRate: 0.1 }), seed: 3 });

test("nested arrays, tensors and columns of a data set are the same batch", async () => {
  const column = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2], dtype: "float32" as const };
  const [first, ...others] = await Promise.all(
    [column, tensor([[1, 2], [3, 4]]), [[1, 2], [3, 4]]].map(async (inputs) => {
      const trainer = await trainerOf();
      const loss = await trainer.step({ inputs, targets: [[1], [0]] });
      return [loss, ...(await trainer.predict(inputs)).data];
    }),
  ); // biome-ignore format: a matrix on a line
  for (const other of others) assert.deepEqual(other, first);
});

test("labels come as a tensor of whole numbers", async () => {
  const model = nn.sequential(nn.linear(1, 2));
  const trainer = await train.compile({ model, loss: nn.softmaxCrossEntropy, optimizer: optim.sgd() });
  assert.ok((await trainer.step({ inputs: [[0.5], [2]], targets: tensor(Int32Array.of(0, 1)) })) > 0);
});

test("what is no batch is told with what to do", async () => {
  const trainer = await trainerOf();
  await assert.rejects(
    trainer.predict(Float32Array.of(1, 2) as unknown as Tensor),
    /predict: this is no batch[\s\S]*without a shape/,
  );
  await assert.rejects(trainer.predict(mul(tensor([[1, 2]]), 2)), /not computed yet[\s\S]*await evaluate/);
  await assert.rejects(trainer.predict(null as unknown as Tensor), /this is no batch[\s\S]*null/);
});
