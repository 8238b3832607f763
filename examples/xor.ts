/**
 * XOR: the smallest problem that no single layer solves, and that two layers do.
 *
 *     npx tsx examples/xor.ts
 */
import { data, nn, optim, train } from "softgrad";
import { tanh } from "softgrad/activations";

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const table = data.fromArrays({ features: inputs, targets: [[0], [1], [1], [0]] });

/** The probabilities that a network gives to "one of the two" after training, row by row. */
async function learn(model: nn.Layer): Promise<number[]> {
  const optimizer = optim.adam({ learningRate: 0.05 });
  const trainer = await train.compile({ model, loss: nn.binaryCrossEntropy, optimizer, seed: 1 });
  for await (const { epoch, loss } of trainer.fit(table, { epochs: 300, batchSize: 4 })) {
    if (epoch % 100 === 0) console.log(`  epoch ${epoch}  loss ${loss.toFixed(4)}`);
  }
  const logits = await trainer.predict(table.gather().features);
  return Array.from(logits.data, (logit) => 1 / (1 + Math.exp(-logit)));
}

const models = {
  "one layer": nn.sequential(nn.linear(2, 1)),
  "two layers": nn.sequential(nn.linear(2, 4), tanh, nn.linear(4, 1)),
};
for (const [name, model] of Object.entries(models)) {
  console.log(name);
  const probabilities = await learn(model);
  inputs.forEach(([a, b], row) => console.log(`  ${a} xor ${b}  ${probabilities[row].toFixed(3)}`));
}
