import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../src/data/index.js";
import type { Plan } from "../../src/health/plan/index.js";
import { treat } from "../../src/health/treat-plan.js";

const points = fromArrays({
  features: [0, 1, 2, 3].map((x) => [x * x, x]),
  targets: [0, 1, 2, 3].map((x) => [x * x]),
});

/** A line through x² and x by descent: the curvature along the steepest direction is 226.86, so that rates above 0.008816 diverge. */
const plan: Plan = {
  title: "a parabola through four points",
  task: "numbers",
  input: [2],
  blocks: [],
  head: { units: 1, activation: "none", init: "zeros" },
  loss: "sum(mse)",
  optimizer: { name: "sgd", learningRate: 0.01 },
  data: { inputs: "none", targets: "none" },
  batchSize: 4,
  steps: 60,
};

test("a descent that diverges is cured, and taking the cure out restores every bit", async () => {
  const { diagnosis, before, after, verified, recommended, cost } = await treat(
    plan,
    { train: points, test: points },
    { seeds: [3, 4] },
  );
  assert.equal(diagnosis.verdict, "ill");
  assert.ok(recommended !== null);
  const { proof } = verified[recommended];
  assert.equal(proof.reverted.identical, true);
  assert.equal(proof.better, 2);
  assert.deepEqual(proof.pairs.map(({ seed }) => seed), [3, 4]); // biome-ignore format: one line
  assert.ok((after?.score ?? 0) > 0.9 && before.score < 0.5, `${before.score} → ${after?.score}`);
  assert.ok(cost.search > 0 && cost.search <= 5 && cost.proof > 0);
});
