import assert from "node:assert/strict";
import { test } from "node:test";
import { type Plan, planLossNames, runPlan } from "../../../src/health/plan/index.js";
import { Fault } from "../../../src/ir/fault.js";
import { blockPlans, denseBlock, planWith, samplesFor } from "./plans.js";

for (const [name, plan] of Object.entries(blockPlans)) {
  test(`a plan with ${name} is trained, and the same seed gives the same bits`, async () => {
    const data = samplesFor(plan);
    const [first, second, other] = await Promise.all([1, 1, 2].map((seed) => runPlan(plan, data, { seed })));
    assert.equal(first.history.steps.length, plan.steps);
    assert.ok(first.history.steps.every(({ loss }) => Number.isFinite(loss)));
    assert.ok(first.score >= 0 && first.score <= 1);
    assert.equal(second.fingerprint, first.fingerprint);
    assert.notEqual(other.fingerprint, first.fingerprint);
  });
}

const ofLoss = (loss: string): Plan => {
  const decisions = /inary/.test(loss);
  const activation = /OfProbabilities/.test(loss) ? (decisions ? "sigmoid" : "softmax") : "none";
  return planWith({ loss, task: decisions ? "binary" : "classes", head: { units: decisions ? 1 : 3, activation, init: "auto" } });
};

for (const loss of [...planLossNames, "sum(mse)", "minus(softmaxCrossEntropy)"]) {
  test(`${loss} trains`, async () => {
    const plan = ofLoss(loss);
    const { history, testLoss } = await runPlan(plan, samplesFor(plan), { seed: 3 });
    assert.ok(Number.isFinite(testLoss) && history.steps.length === plan.steps, String(testLoss));
  });
}

test("fewer steps are the beginning of the same training", async () => {
  const plan = planWith({ optimizer: { name: "sgd", learningRate: 0.1, warmup: 4 } });
  const data = samplesFor(plan);
  const [whole, start] = await Promise.all([runPlan(plan, data), runPlan(plan, data, { steps: 3 })]);
  assert.deepEqual(start.history.steps, whole.history.steps.slice(0, 3));
  assert.equal(start.history.budget, plan.steps);
});

test("a loss that is lost ends the training after a few steps, with an outcome", async () => {
  const head = { units: 1, activation: "softmax", init: "auto" };
  const plan = planWith({ head, loss: "binaryCrossEntropyOfProbabilities", steps: 60 });
  const { history, score } = await runPlan(plan, samplesFor(plan));
  assert.ok(history.steps.length >= 5 && history.steps.length < 20, String(history.steps.length));
  assert.ok(history.steps.every(({ loss }) => !Number.isFinite(loss)));
  assert.ok(score >= 0 && score <= 1);
});

test("numbers that overflow score 0, as much as the mean would", async () => {
  const plan = planWith({ task: "numbers", loss: "mse", optimizer: { name: "sgd", learningRate: 1e20 }, steps: 30 });
  const { score, history } = await runPlan(plan, samplesFor(plan));
  assert.equal(score, 0);
  assert.ok(history.steps.length < 30);
});

test("a run that is called off ends where it is", async () => {
  const plan = planWith({ steps: 1000 });
  const { history } = await runPlan(plan, samplesFor(plan), { signal: AbortSignal.abort() });
  assert.equal(history.steps.length, 0);
});

test("targets of another scale are learnt when the plan scales them", async () => {
  const data = { inputs: "standardise", targets: "standardise" } as const;
  const plan = planWith({ task: "numbers", loss: "mse", data, blocks: [denseBlock(8)], steps: 150, optimizer: { name: "adam", learningRate: 0.05 } }); // biome-ignore format: one row
  const { score } = await runPlan(plan, samplesFor(plan));
  assert.ok(score > 0.9, String(score));
});

test("data that does not fit the plan is told what it lacks", async () => {
  const plan = planWith();
  const data = samplesFor(plan);
  const wrong = [planWith({ task: "classes", loss: "mse" }), planWith({ input: [4] })];
  for (const one of wrong) await assert.rejects(runPlan(one, data), Fault);
});
