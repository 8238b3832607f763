import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../src/data/index.js";
import type { Plan } from "../../src/health/plan/index.js";
import { startingActivations } from "../../src/health/starting-activations.js";

const plan: Plan = {
  title: "two layers",
  task: "numbers",
  input: [2],
  blocks: [
    { kind: "dense", units: 4, activation: "relu", init: "ones" },
    { kind: "dense", units: 3, activation: "exp", init: "ones" },
  ],
  head: { units: 1, activation: "none", init: "auto" },
  loss: "mse",
  optimizer: { name: "sgd", learningRate: 0.1 },
  data: { inputs: "none", targets: "none" },
  batchSize: 4,
  steps: 10,
};

test("the outputs of every hidden layer are counted, those that are not finite apart", async () => {
  const samples = fromArrays({ features: [[-3, 1], [0, 0], [1, 2], [10, 20]], targets: [[0], [0], [0], [0]] }); // biome-ignore format: one line
  const [relu, exp, ...more] = await startingActivations(plan, { train: samples, test: samples });
  assert.equal(more.length, 0);
  // relu of the sums −2, 0, 3 and 30 in four units; e to four times that, which float32 holds no longer at 120.
  assert.deepEqual([relu.low, relu.high, relu.lost], [0, 30, 0]);
  assert.deepEqual([relu.shares[0], relu.shares[3], relu.shares.at(-1)], [0.5, 0.25, 0.25]);
  assert.equal(exp.lost, 0.25);
  assert.equal(exp.low, 1);
  assert.ok(Math.abs(exp.high / Math.exp(12) - 1) < 1e-5);
});
