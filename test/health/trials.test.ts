import assert from "node:assert/strict";
import { test } from "node:test";
import { relu } from "../../src/activations/index.js";
import { askCounterfactually, swayedBy } from "../../src/health/counterfactual.js";
import { diagnose } from "../../src/health/diagnose.js";
import { describeSubject, runPlan } from "../../src/health/plan/index.js";
import {
  compareModes,
  curvatureAlongGradient,
  firstNonFinite,
  replayForNonFinite,
  shuffledLabels,
} from "../../src/health/trials/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { batchNorm, linear, mse, sequential } from "../../src/nn/index.js";
import { parameter } from "../../src/ops/create.js";
import { exp, log, mean, mul, neg, softmax, sqrt, sub, sum, tensor, where } from "../../src/ops/index.js";
import { sgd } from "../../src/optim/index.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { compile, type Trainer, type TrainingBatch } from "../../src/train/index.js";
import { denseBlock, planWith, samplesFor } from "./plan/plans.js";

const real = (data: readonly number[], ...shape: number[]) => ({
  data: Float32Array.from(data),
  shape,
  dtype: "float32" as const,
});
const sumOfSquares = (p: Tensor, t: Tensor): Tensor => sum(mul(sub(p, t), sub(p, t)));

test("the curvature along the gradient is that of a parabola computed by hand", async () => {
  // y = x² on x = 0 … 3 by a x² + b x + c from zero: the loss is 2·½ Σ (φ·w − y)², its Hessian 2 Σ φφᵀ, its gradient −2 Σ φ y.
  const rows = [0, 1, 2, 3].map((x) => [x * x, x, 1]);
  const targets = rows.map(([y]) => y);
  const gradient = [0, 1, 2].map((i) => -2 * rows.reduce((total, row, n) => total + row[i] * targets[n], 0));
  const bent = rows.reduce((total, row) => total + 2 * row.reduce((dot, phi, i) => dot + phi * gradient[i], 0) ** 2, 0);
  const expected = bent / gradient.reduce((total, g) => total + g * g, 0);

  const model = sequential(linear(3, 1, { bias: false, init: "zeros" }));
  const trainer = await compile({
    model,
    loss: sumOfSquares,
    optimizer: sgd({ learningRate: 0.01 }),
    runtime: interpreterRuntime(),
  });
  const batch: TrainingBatch = { inputs: real(rows.flat(), 4, 3), targets: real(targets, 4, 1) };
  const { value } = await curvatureAlongGradient({ trainer, batch });
  assert.ok(Math.abs(value - expected) < 1e-4 * expected, `${value}, not ${expected}`);
  // The largest eigenvalue is 226.86; rates above 2 over it diverge, and the gradient points almost its way.
  assert.ok(value < 226.87 && value > 0.97 * 226.86);
});

test("a model with batch norm has two losses before its statistics are gathered, one without has one", async () => {
  const batch: TrainingBatch = { inputs: real([5, -3, 8, 1, 9, 2, -7, 4], 4, 2), targets: real([1, 2, 3, 4], 4, 1) };
  const options = { loss: mse, optimizer: sgd({ learningRate: 0.01 }) };
  const normed = await compile({ ...options, model: sequential(linear(2, 6), batchNorm(6), relu, linear(6, 1)) });
  const plain = await compile({ ...options, model: sequential(linear(2, 6), relu, linear(6, 1)) });
  const before = await normed.parameters();
  const apart = await compareModes(normed as Trainer, [batch, batch]);
  const same = await compareModes(plain as Trainer, [batch]);
  assert.ok(Math.abs(apart.train - apart.evaluation) > 1e-3);
  assert.ok(Math.abs(same.train - same.evaluation) < 1e-6 * same.train);
  assert.deepEqual(JSON.stringify(await normed.parameters()), JSON.stringify(before), "nothing of the trainer changes");
});

test("the first operation that leaves the finite numbers is named, with its layer and what went in", async () => {
  const x = parameter([3], "float32");
  const h = exp(x);
  const y = log(sub(h, h));
  const found = firstNonFinite([mean(y)], new Map([[x, Float32Array.of(1, 2, 3)]]), [
    { path: "0", value: h },
    { path: "1", value: y },
  ]);
  assert.equal(found?.operation, "log");
  assert.equal(found?.layer, "1");
  assert.equal(found?.result, "−∞");
  assert.deepEqual(found?.inputs, [{ least: 0, greatest: 0 }]);
});

test("what overflows in float32 alone is found, though float64 would hold it", () => {
  const x = parameter([2], "float32");
  const found = firstNonFinite([exp(x)], new Map([[x, Float32Array.of(1, 89)]]));
  assert.deepEqual([found?.operation, found?.result, found?.layer], ["exp", "∞", null]);
  assert.equal(firstNonFinite([exp(x)], new Map([[x, Float32Array.of(1, 88)]])), null);
});

test("a mask of −∞ is nobody's fault, and a row that is masked to the end is", () => {
  const x = parameter([2, 2], "float32");
  const mask = parameter([2, 2], "bool");
  const masked = softmax(where(mask, x, tensor(Number.NEGATIVE_INFINITY)));
  const values = Float32Array.of(1, 2, 3, 4);
  const feeds = (bits: number[]) => new Map<Tensor, Float32Array | Uint8Array>([[x, values], [mask, Uint8Array.from(bits)]]); // biome-ignore format: one line
  assert.equal(firstNonFinite([masked], feeds([1, 0, 1, 1])), null);
  assert.equal(firstNonFinite([masked], feeds([1, 1, 0, 0]))?.result, "NaN");
});

test("a root at 0 is found on the way back, and a healthy batch has no such place", async () => {
  const model = sequential(linear(2, 2, { bias: false, init: "zeros" }));
  const rooted = (p: Tensor): Tensor => mean(sqrt(sum(mul(p, p))));
  const options = { model, optimizer: sgd({ learningRate: 0.1 }), runtime: interpreterRuntime() };
  const batch: TrainingBatch = { inputs: real([1, 2], 1, 2), targets: real([0, 0], 1, 2) };
  const trial = { trainer: await compile({ ...options, loss: rooted }), batch };
  const found = await replayForNonFinite(trial);
  assert.notEqual(found, null);
  assert.ok(["∞", "NaN"].includes(found?.result ?? ""), found?.operation);
  assert.equal(await replayForNonFinite({ trainer: await compile({ ...options, loss: (p) => mean(neg(p)) }), batch }), null);
});

test("a network that overflows on its way forward names the layer", async () => {
  const model = sequential(linear(1, 1, { init: "ones", bias: false }), exp, linear(1, 1, { init: "ones", bias: false }), exp);
  const trainer = await compile({ model, loss: mse, optimizer: sgd({ learningRate: 0.1 }), runtime: interpreterRuntime() });
  const found = await replayForNonFinite({ trainer, batch: { inputs: real([6], 1, 1), targets: real([0], 1, 1) } });
  assert.equal(found?.operation, "exp");
  assert.equal(found?.layer, "3");
});

test("labels in random order are learnt less than those that follow from the inputs", async () => {
  const plan = planWith({ steps: 150, blocks: [denseBlock(4)] });
  const data = samplesFor(plan, 200);
  const given = await runPlan(plan, data, { seed: 2, monitor: false });
  const { constantLoss } = describeSubject(plan, data, { seed: 2 }).data;
  const rho = (given.history.steps.at(-1)?.loss ?? Number.NaN) / (constantLoss ?? Number.NaN);
  const shuffled = await shuffledLabels(plan, data, { seed: 2 });
  assert.ok(rho < 0.6 && shuffled > 0.8, `${rho} and ${shuffled}`);
  assert.equal(await shuffledLabels(plan, data, { seed: 2 }), shuffled);
});

test("the cause is the one whose removal removes the alarms", async () => {
  const plan = planWith({
    blocks: [1, 2, 3].map(() => denseBlock(32, { activation: "relu", init: "uniform(0.01)" })),
    steps: 400,
  });
  const data = samplesFor(plan);
  const { history } = await runPlan(plan, data, { seed: 1, steps: 20 });
  const { causes, verdict } = diagnose({ subject: describeSubject(plan, data, { seed: 1 }), history });
  assert.equal(verdict, "risk");
  const suspects = [
    { cause: "highLearningRate", weight: 0.6, layer: null, argument: "A guess." },
    { cause: "smallStart", weight: 0.5, layer: null, argument: "Another." },
  ];
  assert.equal(causes[0]?.cause, "smallStart");
  const results = await askCounterfactually(plan, data, { causes: suspects }, { seed: 1 });
  assert.deepEqual(results.map(({ cause }) => cause), ["highLearningRate", "smallStart"]); // biome-ignore format: one line
  assert.equal(results[1].left.length, 0);
  assert.ok(results[1].gone.length > 0 && results[0].left.length > 0);
  const [first] = swayedBy(suspects, results);
  assert.equal(first.cause, "smallStart");
  assert.match(first.argument, /Without it/);
});
