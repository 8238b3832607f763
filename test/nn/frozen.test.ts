import assert from "node:assert/strict";
import { test } from "node:test";
import { relu } from "../../src/activations/index.js";
import { interpret, mean, square, sub, tensor } from "../../src/index.js";
import { frozen, linear, parametersOf, sequential, summary } from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { compile } from "../../src/train/compile.js";

const model = sequential(frozen(linear(2, 3)), relu, linear(3, 1));

test("a frozen layer keeps names, shapes and the gain of what follows, and is not trained", () => {
  const plain = parametersOf(sequential(linear(2, 3), relu, linear(3, 1)));
  const [first, ...others] = parametersOf(model);
  assert.equal(first.trained, false);
  assert.ok(others.slice(1).every(({ trained }) => trained));
  assert.deepEqual(
    parametersOf(model).map(({ path, shape, gain }) => ({ path, shape, gain })),
    plain.map(({ path, shape, gain }) => ({ path, shape, gain })),
  );
  assert.match(summary(model, [4, 2]), /linear 2 → 3/);
});

test("training leaves frozen weights as they were, to the bit, and moves the others", async () => {
  const trainer = await compile({
    model,
    loss: (p, t) => mean(square(sub(p, t))),
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 4,
  });
  const weights = async (): Promise<readonly string[]> => {
    const [first, , last] = await trainer.parameters();
    return [first, last].map(({ weight }) => interpret([weight])[0].join());
  };
  const before = await weights();
  for (let step = 0; step < 3; step++) await trainer.step({ inputs: tensor([[1, 2], [3, -1]]), targets: tensor([[5], [-5]]) }); // biome-ignore format: two samples
  const after = await weights();
  assert.equal(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
  await trainer.dispose();
});
