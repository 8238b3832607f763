import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "../../src/health/diagnose.js";
import type { Evidence } from "../../src/health/diagnosis.js";
import { dataWith, evidence, flat } from "./evidence.js";

const healthy = (made: Evidence): void => {
  const { verdict, findings } = diagnose(made);
  assert.equal(verdict, "healthy", JSON.stringify(findings));
};
const names = (made: Evidence): string[] => diagnose(made).findings.map(({ symptom }) => symptom);

test("a head that starts at 0 holds gradients back for a step, and is no vanishing gradient", () => {
  const made = evidence({
    steps: 40,
    budget: 400,
    layer: (i) => (i === 4 ? { spread: 0, alike: true } : {}),
    reading: (i, step) => (i === 4 ? { weight: step === 0 ? 0 : 0.1 } : step === 0 ? { delta: 0, gradient: 0, update: 0 } : {}),
  });
  healthy(made);
  assert.deepEqual(names(made), []);
});

test("a residual branch that starts at 0 is not a start that is too small or symmetric", () => {
  const made = evidence({
    loss: flat,
    steps: 30,
    budget: 400,
    subject: { residual: "plain" },
    layer: (i) => (i === 2 ? { spread: 0, alike: true } : {}),
  });
  assert.deepEqual(names(made), []);
});

test("frozen layers get no gradient, and need none", () => {
  const made = evidence({
    layer: (i) => (i < 2 ? { weight: { name: "w", shape: [32, 32], fanIn: 32, trained: false }, spread: 0.1 } : {}),
    reading: (i) => (i < 2 ? { gradient: 0, update: 0 } : {}),
  });
  assert.deepEqual(names(made), []);
});

test("rows of a table that no sample used have gradient 0, and nothing is dead", () => {
  healthy(evidence({ reading: (i) => (i === 0 ? { zeroGradient: 0.97 } : {}) }));
});

test("half of a relu's outputs are 0 in every batch, and no unit is dead", () => {
  const made = evidence({ reading: () => ({ notPositive: 0.55, saturated: 0.55, gate: 0.45 }) });
  assert.deepEqual(names(made), []);
});

test("a sigmoid head that is sure at the end has not saturated: it has learnt", () => {
  const made = evidence({
    layer: (i) => (i === 4 ? { activation: { title: "sigmoid", path: "9" } } : {}),
    reading: (i) => (i === 4 ? { saturated: 0.95, gate: 1e-4, dead: 0.9 } : {}),
  });
  assert.deepEqual(names(made), []);
});

test("tiny gradients near the end are no vanishing gradient, which is a ratio", () => {
  const made = evidence({
    gradientNorm: (step) => Math.exp(-step / 20),
    reading: (_, step) => ({ delta: 1e-9 * Math.exp(-step / 20), gradient: 1e-9 }),
  });
  assert.ok(!names(made).includes("vanishing gradient"));
});

test("a floor of wrong labels leaves the loss high, and the training is healthy", () => {
  healthy(evidence({ loss: (step) => 0.6 + 0.1 * Math.exp(-step / 60) }));
});

test("where shuffled labels are learnt as well as the given ones there is nothing to be learnt", () => {
  const made = evidence({ loss: () => 0.69 });
  assert.equal(diagnose(made).verdict, "ill");
  assert.equal(diagnose({ ...made, probes: { shuffledLabels: 0.9 } }).verdict, "healthy");
});

test("biases, norms and weights that start at 0 do not count for the size of updates", () => {
  const made = evidence({
    layer: (i) => (i === 1 ? { spread: 0, neededSpread: null } : {}),
    reading: (i, step) => (i === 1 ? { weight: 1e-6 * step, update: 1e-3 } : {}),
  });
  assert.ok(!names(made).includes("update size"));
});

test("a learning rate that is let down to 0 leaves small updates, which say nothing", () => {
  const made = evidence({ reading: (_, step) => ({ update: step > 300 ? 1e-9 : 5e-3 }) });
  assert.ok(!names(made).includes("update size"));
});

test("a batch of one has no variance, and is no collapse", () => {
  assert.deepEqual(names(evidence({ subject: { batchSize: 1 }, reading: () => ({ signal: 0 }) })), []);
});

test("inputs that hardly differ are not the network's collapse", () => {
  const made = evidence({
    loss: flat,
    subject: dataWith({ features: [{ mean: 3, deviation: 0.1 }] }),
    reading: () => ({ signal: 0.03 }),
  });
  assert.ok(!names(made).includes("signal collapse"));
});

test("constant pixels and inputs between 0 and 1 need no scaling", () => {
  const pixels = Array.from({ length: 64 }, (_, i) => ({ mean: i % 8 === 0 ? 0 : 0.4, deviation: i % 8 === 0 ? 0 : 0.3 }));
  assert.deepEqual(names(evidence({ subject: dataWith({ features: pixels }) })), []);
});

test("losses of small batches that scatter while they fall are no oscillation", () => {
  const noise = (step: number): number => Math.sin(12.9898 * step) * Math.sin(78.233 * step);
  healthy(evidence({ loss: (step) => (0.1 + 0.6 * Math.exp(-step / 100)) * (1 + 0.3 * noise(step)) }));
});
