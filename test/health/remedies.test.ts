import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis } from "../../src/health/diagnosis.js";
import { causeNames } from "../../src/health/names.js";
import type { Plan } from "../../src/health/plan/plan.js";
import { remedies } from "../../src/health/remedies/index.js";
import { changeSizes } from "../../src/health/treatment.js";
import { historyOf, sigmoidPlan } from "./fakes.js";

const diagnosis: Diagnosis = { verdict: "ill", findings: [], causes: [], decidedAt: 0 };
const history = historyOf({ score: 0.5, loss: 1, ratio: 1e-4 }, 20, 400);

test("every remedy says what it is for, why it works and who says so, under a name of its own", () => {
  assert.equal(new Set(remedies.map(({ name }) => name)).size, remedies.length);
  assert.ok(remedies.length >= 35, `${remedies.length}`);
  for (const { name, title, why, source, against, size } of remedies) {
    assert.ok(title.length > 2 && why.length > 20 && source.length > 5, name);
    assert.ok(against.length > 0 && new Set(against).size === against.length, name);
    assert.ok(changeSizes.includes(size), name);
  }
});

test("there is a remedy for every cause but those that lie in the samples themselves", () => {
  const treated = new Set<string>(remedies.flatMap(({ against }) => against));
  assert.deepEqual(causeNames.filter((name) => !treated.has(name)), ["badLabels", "imbalance"]); // biome-ignore format: one line
});

test("remedies are listed with the smallest change first", () => {
  const ranks = remedies.map(({ size }) => changeSizes.indexOf(size));
  assert.deepEqual(
    ranks,
    [...ranks].sort((a, b) => a - b),
  );
});

const plans: readonly Plan[] = [
  sigmoidPlan,
  {
    ...sigmoidPlan,
    title: "a recurrent network that is trained by descent",
    task: "numbers",
    input: [50, 2],
    blocks: [{ kind: "recurrent", cell: "rnn", activation: "tanh", units: 16, returns: "last" }],
    loss: "mse",
    optimizer: { name: "sgd", learningRate: 0.1, momentum: 0.9 },
  },
  {
    ...sigmoidPlan,
    title: "a convolution on small normalised batches",
    task: "classes",
    input: [1, 8, 8],
    blocks: [
      { kind: "conv", channels: 4, size: 3, activation: "relu", init: "uniform(0.05)", norm: "batch" },
      { kind: "flatten" },
      { kind: "dense", units: 20, activation: "relu", init: "ones", dropout: 0.9, frozen: true },
    ],
    head: { units: 3, activation: "softmax", init: "ones" },
    optimizer: { name: "adam", learningRate: 0.01, epsilon: 1e-16 },
    batchSize: 2,
  },
  { ...sigmoidPlan, task: "tokens", blocks: [{ kind: "transformer", width: 8, heads: 2, hidden: 16, norm: "post" }] },
];

test("a remedy changes the plan, leaves the one that it was given as it was, and has nothing to do twice", () => {
  for (const plan of plans) {
    const text = JSON.stringify(plan);
    for (const { name, apply } of remedies) {
      const changed = apply(plan, diagnosis, history);
      assert.equal(JSON.stringify(plan), text, name);
      if (changed === null) continue;
      assert.notEqual(JSON.stringify(changed), text, name);
      assert.equal(changed.title, plan.title, name);
    }
  }
});

test("every remedy has something to do in one of four ordinary plans", () => {
  const curvature = { symptom: "curvature", measured: { name: "η·λ", value: 40, limit: 2 } } as Diagnosis["findings"][number];
  const told = { ...diagnosis, findings: [curvature] };
  const spiky = { ...history, steps: history.steps.map((step) => ({ ...step, gradientNorm: 7 })) };
  const still = { ...spiky, readings: spiky.readings.map((reading) => ({ ...reading, layers: reading.layers.map((layer) => ({ ...layer, update: 1e-9 })) })) }; // biome-ignore format: one line
  const deep = { ...sigmoidPlan, blocks: sigmoidPlan.blocks.slice(0, 2) };
  const idle = remedies.filter(({ apply, name }) => {
    // Scaling to what was measured needs as many blocks as measured layers.
    const all = name === "initMeasured" ? [deep] : plans;
    return all.every((plan) => apply(plan, told, still) === null);
  });
  assert.deepEqual(idle.map(({ name }) => name), []); // biome-ignore format: one line
});

test("the parts of a bundle together are the bundle", () => {
  for (const { name, apply, parts = [] } of remedies) {
    const whole = apply(sigmoidPlan, diagnosis, history);
    if (parts.length === 0 || whole === null) continue;
    const joined = parts.reduce<Plan>((plan, part) => part.apply(plan, diagnosis, history) ?? plan, sigmoidPlan);
    assert.deepEqual(joined, whole, name);
  }
});

test("scaling to what was measured gives every layer the deviation that keeps the power", () => {
  const plan = { ...sigmoidPlan, blocks: sigmoidPlan.blocks.slice(0, 2) };
  const layers = history.readings[0].layers.map((layer, i) => ({ ...layer, power: i === 1 ? 0.01 : 1, weight: 0.5 }));
  const measured = { ...history, readings: [{ step: 0, layers, momentRatio: null }] };
  const scaled = remedies.find(({ name }) => name === "initMeasured")?.apply(plan, diagnosis, measured);
  // 25 weights of length 0.5 together deviate by 0.1; the second layer let a hundredth of the power through.
  assert.deepEqual(scaled?.blocks.map((block) => "init" in block && block.init), ["normal(0.1)", "normal(1)"]); // biome-ignore format: one line
});

test("the curvature that was measured gives the rate that it allows", () => {
  const descent = { ...sigmoidPlan, optimizer: { name: "sgd", learningRate: 0.01 } };
  const measured = { name: "η·λ", value: 2.2686, limit: 2 };
  const told = { ...diagnosis, findings: [{ symptom: "curvature", measured } as Diagnosis["findings"][number]] };
  const changed = remedies.find(({ name }) => name === "rateByCurvature")?.apply(descent, told, history);
  // λ = 226.86: descent converges below 2 ÷ λ = 0.008816, and 1.5 ÷ λ = 0.0066 is on the safe side.
  assert.equal(changed?.optimizer.learningRate, 0.0066);
});
