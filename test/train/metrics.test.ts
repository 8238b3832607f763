import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import {
  accuracy,
  bestClass,
  binaryAccuracy,
  rootMeanSquare,
  runningMean,
  topK,
  type WeightedMetric,
} from "../../src/train/metrics.js";
import { classReport, confusion, confusionMatrix } from "../../src/train/metrics-confusion.js";
import { accuracyTensor, hits } from "../../src/train/metrics-graph.js";
import { assertClose, numbersOf, readGolden, type Stored } from "../golden/golden.js";

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly scores: readonly Stored[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly predicted: readonly number[];
  readonly accuracy: number;
  readonly weightedAccuracy: number;
  readonly top: readonly { readonly k: number; readonly share: number; readonly weighted: number }[];
  readonly confusion: readonly (readonly number[])[];
  readonly weightedConfusion: readonly (readonly number[])[];
  readonly byClass: readonly (readonly number[])[];
  readonly macro: readonly number[];
  readonly weighted: readonly number[];
  readonly rootMeanSquare: number;
  readonly weightedRootMeanSquare: number;
}

const { cases } = readGolden<{ cases: readonly Case[] }>("metrics");

/** Sums of numbers of size 1 in another order. */
const tolerance = { relative: 1e-12, absolute: 1e-15 };
const close = (actual: number, expected: number, what = ""): void => assertClose([actual], [expected], tolerance, what);

/** A metric over uneven batches, with or without weights. */
function gathered(metric: WeightedMetric, { classes, scores, labels, weights }: Case, weighted: boolean): number {
  const count = metric.start();
  for (let from = 0; from < labels.length; from += 7) {
    const to = Math.min(labels.length, from + 7);
    const data = Float64Array.from(numbersOf(scores).subarray(from * classes, to * classes));
    const batch = labels.slice(from, to);
    count.add(
      { data, shape: [to - from, classes] },
      { data: batch, shape: [to - from] },
      weighted ? weights.slice(from, to) : undefined,
    );
  }
  return count.result();
}

for (const golden of cases) {
  test(`accuracy, top-k, confusion and class scores are scikit-learn's: ${golden.name}`, () => {
    close(gathered(accuracy, golden, false), golden.accuracy);
    close(gathered(accuracy, golden, true), golden.weightedAccuracy);
    for (const { k, share, weighted } of golden.top) {
      close(gathered(topK(k), golden, false), share, `top ${k}`);
      close(gathered(topK(k), golden, true), weighted, `top ${k}, weighted`);
    }
    const { classes, labels, predicted, weights } = golden;
    const matrix = confusionMatrix(predicted, labels, classes);
    assert.deepEqual(matrix, golden.confusion);
    confusionMatrix(predicted, labels, classes, weights).forEach((row, k) =>
      assertClose(row, golden.weightedConfusion[k], tolerance, ""),
    );
    const report = classReport(matrix);
    report.classes.forEach(({ precision, recall, f1, support }, k) => {
      assertClose([precision, recall, f1, support], golden.byClass[k], tolerance, `class ${k}`);
    });
    for (const kind of ["macro", "weighted"] as const) {
      const { precision, recall, f1 } = report[kind];
      assertClose([precision, recall, f1], golden[kind], tolerance, kind);
    }
    close(report.accuracy, golden.accuracy);
  });

  test(`root mean square is scikit-learn's: ${golden.name}`, () => {
    const { predicted, labels, weights } = golden;
    const [data, shape] = [Float32Array.from(predicted), [predicted.length]];
    const plain = rootMeanSquare.start();
    plain.add({ data, shape }, { data: labels, shape });
    close(plain.result(), golden.rootMeanSquare);
    const weighed = rootMeanSquare.start();
    weighed.add({ data, shape }, { data: labels, shape }, weights);
    close(weighed.result(), golden.weightedRootMeanSquare);
  });

  test(`hits in a graph are those on the host: ${golden.name}`, () => {
    const { classes, scores, labels, predicted, top } = golden;
    const predictions = tensor(numbersOf(scores), { shape: [labels.length, classes] });
    const wanted = tensor(Int32Array.from(labels));
    const [right, share] = interpret([hits(predictions, wanted), accuracyTensor(predictions, wanted)]);
    assert.deepEqual([...right], predicted.map((value, i) => Number(value === labels[i]))); // biome-ignore format: one line
    close(share[0], golden.accuracy);
    for (const { k, share: expected } of top) {
      const [among] = interpret([hits(predictions, wanted, k)]);
      close(Array.from(among).reduce((sum, value) => sum + value, 0) / labels.length, expected);
    }
  });
}

test("of equal predictions the first counts, for the best class and for the top k alike", () => {
  const predictions = { data: Float32Array.of(1, 1, 1), shape: [1, 3] };
  assert.equal(bestClass(predictions, 0), 0);
  const shares = [0, 1, 2].map((label) => {
    const count = topK(2).start();
    count.add(predictions, { data: [label], shape: [1] });
    return count.result();
  });
  assert.deepEqual(shares, [1, 1, 0]);
});

test("a sample with a NaN among its predictions is wrong, and stands in no cell of the confusion matrix", () => {
  const predictions = { data: Float32Array.of(Number.NaN, 0, 2, 1), shape: [2, 2] };
  const targets = { data: [0, 0], shape: [2] };
  for (const metric of [accuracy, topK(2)]) {
    const count = metric.start();
    count.add(predictions, targets);
    assert.equal(count.result(), 0.5);
  }
  const count = confusion(2);
  count.add(predictions, targets);
  assert.deepEqual(count.result(), { counts: [[1, 0], [0, 0]], undecided: 1 }); // biome-ignore format: a matrix
});

test("one logit per sample decides between two classes, at 0", () => {
  for (const shape of [[4], [4, 1]]) {
    const count = accuracy.start();
    count.add({ data: Float32Array.of(2, -1, 0, 3), shape }, { data: [1, 0, 1, 0], shape: [4] });
    assert.equal(count.result(), 0.5);
  }
  const several = binaryAccuracy.start();
  several.add({ data: Float32Array.of(2, -1, Number.NaN, 3), shape: [2, 2] }, { data: [1, 1, 0, 1], shape: [2, 2] }, [3, 1]);
  assert.equal(several.result(), (0.5 * 3 + 0.5 * 1) / 4);
});

test("distributions stand for their largest class, and sequences count position by position", () => {
  const count = accuracy.start();
  count.add({ data: Float32Array.of(1, 2, 3, 0, 5, 1), shape: [2, 3] }, { data: [0.1, 0.2, 0.7, 0.8, 0.1, 0.1], shape: [2, 3] });
  assert.equal(count.result(), 0.5);
  const sequence = accuracy.start();
  sequence.add({ data: Float32Array.of(1, 2, 3, 0, 5, 1, 0, 9), shape: [2, 2, 2] }, { data: [1, 0, 0, 0], shape: [2, 2] });
  assert.equal(sequence.result(), 0.75);
});

test("a mean of weighted numbers forgets those of weight 0, NaN included", () => {
  const mean = runningMean();
  assert.ok(Number.isNaN(mean.result()));
  mean.add(2, 3);
  mean.add(Number.NaN, 0);
  mean.add(4);
  assert.equal(mean.result(), 2.5);
});

test("labels that are no class, and counts that do not fit, are named", () => {
  const predictions = { data: Float32Array.of(1, 2), shape: [1, 2] };
  const add = (data: number[], weights?: number[]) => () =>
    accuracy.start().add(predictions, { data, shape: [data.length] }, weights);
  assert.throws(add([2]), /accuracy: sample 0 has a label that is no class\n {2}expected {2}0 to 1\n {2}got {7}2/);
  assert.throws(add([-1]), /label that is no class/);
  assert.throws(add([0, 1, 1]), /there is not one prediction for each target/);
  assert.throws(add([0], [1, 2]), /its weights/);
  assert.throws(() => topK(0), /k is not a count/);
  assert.throws(() => confusionMatrix([3], [0], 2), /sample 0 has a class that does not exist/);
  assert.throws(() => hits(tensor([[1, 2]]), tensor(Int32Array.of(1, 2))), /hits: there is not one label for each sample/);
});
