import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSubject, type Plan } from "../../../src/health/plan/index.js";
import { denseBlock, planWith, samplesFor } from "./plans.js";

const described = (plan: Plan) => describeSubject(plan, samplesFor(plan), { seed: 1 });
const near = (got: number | null, expected: number, share: number) =>
  assert.ok(got !== null && Math.abs(got / expected - 1) < share, `${got}, expected ${expected}`);

/** Wide, so that chance is small: 300 × 300 weights. */
const wide = (activation: string, init: string): Plan =>
  planWith({ blocks: [denseBlock(300, { activation, init }), denseBlock(300, { activation, init })] });

test("the spread of weights is that of their law", () => {
  near(described(wide("relu", "heNormal")).layers[1].spread, Math.SQRT2, 0.02);
  near(described(wide("relu", "uniform(0.05)")).layers[1].spread, (0.05 / Math.sqrt(3)) * Math.sqrt(300), 0.02);
  // PyTorch's start, U(±1/√fan-in), has variance 1/(3 fan-in).
  near(described(wide("relu", "lecunUniform(0.57735)")).layers[1].spread, 1 / Math.sqrt(3), 0.02);
  near(described(wide("tanh", "normal(0, 1)")).layers[1].spread, Math.sqrt(300), 0.02);
});

test("a relu needs √2, and then hands gradients back as they come", () => {
  const [, second, head] = described(wide("relu", "heNormal")).layers;
  near(second.neededSpread, Math.SQRT2, 1e-3);
  near(second.expectedFactor, 1, 0.04);
  near(second.bestFactor ?? null, 1, 1e-3);
  assert.deepEqual([head.head, head.neededSpread], [true, null]);
});

test("a sigmoid shrinks gradients whatever its weights", () => {
  const [, second] = described(wide("sigmoid", "glorotNormal")).layers;
  assert.ok((second.expectedFactor ?? 1) < 0.1, String(second.expectedFactor));
});

test("units that start alike are noticed, kernels too", () => {
  assert.deepEqual(described(wide("relu", "ones")).layers.map(({ alike }) => alike), [true, true, false]); // biome-ignore format: one line
  const image = planWith({
    input: [1, 4, 4],
    blocks: [
      { kind: "conv", channels: 3, size: 3, activation: "relu", init: "constant(0.1)" },
      { kind: "conv", channels: 3, size: 3, activation: "relu", init: "auto" },
      { kind: "flatten" },
    ],
  });
  assert.deepEqual(described(image).layers.map(({ alike }) => alike), [true, false, false]); // biome-ignore format: one line
});

test("data is summed up: features, decisions and their entropy", () => {
  const { data, head, loss, batchSize, residual } = described(planWith({ batchSize: 500 }));
  assert.equal(data.samples, 24);
  assert.equal(data.features.length, 3);
  assert.equal(data.targets.kind, "classes");
  assert.equal(data.targets.counts[0] + data.targets.counts[1], 24);
  assert.ok((data.constantLoss ?? 0) > 0.6 && (data.constantLoss ?? 0) <= Math.LN2);
  assert.deepEqual([head, loss.predictions, batchSize, residual], [{ activation: "none", units: 1 }, "logits", 24, "none"]);
});

test("ways past blocks and norms behind them are told apart", () => {
  const of = (norm: "pre" | "post"): Plan =>
    planWith({ input: [4, 8], blocks: [{ kind: "transformer", width: 8, heads: 2, hidden: 8, norm }, { kind: "flatten" }] });
  assert.equal(described(of("pre")).residual, "plain");
  assert.equal(described(of("post")).residual, "normBehind");
});
