import assert from "node:assert/strict";
import { test } from "node:test";
import { planLoss } from "../../../src/health/plan/index.js";
import { Fault } from "../../../src/ir/fault.js";
import { tensor } from "../../../src/ops/index.js";
import { interpret } from "../../../src/run/interpret.js";

const lossOf = (
  name: string,
  task: "classes" | "binary" | "numbers",
  predictions: number[][],
  targets: number[][] | Int32Array,
): number => {
  const given = targets instanceof Int32Array ? tensor(targets, { shape: [targets.length] }) : tensor(targets);
  return interpret([planLoss(name, task).loss(tensor(predictions), given)])[0][0];
};
const near = (got: number, expected: number) =>
  assert.ok(Math.abs(got - expected) < 1e-6 * Math.max(1, Math.abs(expected)), `${got}`);

const shares = [[0.7, 0.2, 0.1], [0.25, 0.5, 0.25]]; // biome-ignore format: two samples
const labels = Int32Array.of(0, 2);

test("cross-entropy of probabilities is the mean of −log p of the labels", () => {
  near(lossOf("crossEntropyOfProbabilities", "classes", shares, labels), -(Math.log(0.7) + Math.log(0.25)) / 2);
  near(lossOf("sum(crossEntropyOfProbabilities)", "classes", shares, labels), -Math.log(0.7) - Math.log(0.25));
  near(lossOf("minus(crossEntropyOfProbabilities)", "classes", shares, labels), (Math.log(0.7) + Math.log(0.25)) / 2);
});

test("a probability of 0 beside the label is 0 · log 0, which is NaN; held it costs nothing", () => {
  assert.ok(Number.isNaN(lossOf("crossEntropyOfProbabilities", "classes", [[1, 0]], Int32Array.of(0))));
  near(lossOf("crossEntropyOfProbabilitiesClamped", "classes", [[1, 0]], Int32Array.of(0)), 1e-7);
});

test("certain and wrong is infinite by the formula, and 16.1 where probabilities are held at 10⁻⁷", () => {
  assert.equal(lossOf("binaryCrossEntropyOfProbabilities", "binary", [[0.5], [1]], [[1], [0]]), Number.POSITIVE_INFINITY);
  near(lossOf("binaryCrossEntropyOfProbabilitiesClamped", "binary", [[1]], [[0]]), -Math.log(1e-7));
  near(lossOf("binaryCrossEntropyOfProbabilities", "binary", [[0.8], [0.4]], [[1], [0]]), -(Math.log(0.8) + Math.log(0.6)) / 2);
});

test("losses for numbers take labels as ones among zeros", () => {
  near(lossOf("mse", "classes", shares, labels), (0.09 + 0.04 + 0.01 + 0.0625 + 0.25 + 0.5625) / 6);
  near(lossOf("mae", "classes", shares, labels), (0.3 + 0.2 + 0.1 + 0.25 + 0.5 + 0.75) / 6);
});

test("a sum has as many terms as there are targets", () => {
  near(lossOf("sum(mse)", "numbers", [[1], [2], [5]], [[0], [0], [1]]), 1 + 4 + 16);
});

const counted = { kind: "classes", data: Int32Array.of(0, 0, 0, 1), width: 1, counts: [3, 1], classes: 2, perBatch: 4 } as const;
const numbers = { kind: "numbers", data: Float32Array.of(1, 1, 4, 6), width: 1, counts: [], classes: 1, perBatch: 2 } as const;
const decisions = { kind: "numbers", data: Float32Array.of(0, 0, 0, 1), width: 1, counts: [], classes: 1, perBatch: 4 } as const;

test("the constant loss is that of the best guess without input", () => {
  const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
  near(planLoss("softmaxCrossEntropy", "classes").constantLoss(counted) ?? 0, entropy);
  near(planLoss("binaryCrossEntropy", "binary").constantLoss(decisions) ?? 0, entropy);
  near(planLoss("sum(softmaxCrossEntropy)", "classes").constantLoss(counted) ?? 0, 4 * entropy);
  near(planLoss("minus(softmaxCrossEntropy)", "classes").constantLoss(counted) ?? 0, -entropy);
  // Mean 3, deviations 2, 2, 1 and 3; the best constant for distances is any number from 1 to 4.
  near(planLoss("mse").constantLoss(numbers) ?? 0, (4 + 4 + 1 + 9) / 4);
  near(planLoss("mae").constantLoss(numbers) ?? 0, (3 + 3 + 0 + 2) / 4);
  near(planLoss("mse", "classes").constantLoss(counted) ?? 0, 0.75 * 0.25);
  assert.equal(planLoss("huber").constantLoss(numbers), null);
});

test("an unknown loss is refused, wrapped or not", () => {
  for (const name of ["sorrow", "sum(sorrow)", "mean(mse)", "sum mse"]) assert.throws(() => planLoss(name), Fault);
});
