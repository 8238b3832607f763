import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { accuracyLoss, aucLoss, fScoreLoss, type LossFunction, type LossOptions, losses, ndcgLoss, precisionLoss } from "../../src/nn/losses/index.js"; // biome-ignore format: one list
import { parameter } from "../../src/ops/create.js";
import { cos, mul, sum, tensor } from "../../src/ops/index.js";
import { findKernel } from "../../src/smooth/index.js";
import { readGolden } from "../golden/golden.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { elements } from "../support/values.js";

interface Golden {
  readonly width: number;
  readonly cases: readonly {
    readonly loss: string;
    readonly kernel: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly predictions: readonly (readonly number[])[];
    readonly targets: readonly number[] | readonly (readonly number[])[];
    readonly labels: boolean;
    readonly terms: readonly number[];
    readonly gradient: readonly number[];
    readonly second: readonly number[];
    readonly sharp: readonly number[];
  }[];
}
const golden = readGolden<Golden>("smooth-metrics");
const runtime = directRuntime();
after(() => runtime.close());

const near = (got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void =>
  assert.equal(firstFar(got, expected, tolerance), null, what);
/** Rows in float64, which a list of lists would round. */
const rows = (values: readonly (readonly number[])[]): Tensor =>
  tensor(Float64Array.from(values.flat()), { shape: [values.length, values[0].length] });

interface Prepared {
  readonly label: string;
  readonly x: Tensor;
  readonly terms: (x: Tensor, sharp: boolean) => Tensor;
}

const prepared = (one: Golden["cases"][number]): Prepared => {
  const loss = losses.find(({ name }) => name === one.loss) as LossFunction;
  const targets = one.labels ? tensor(Int32Array.from(one.targets as readonly number[])) : rows(one.targets as readonly (readonly number[])[]); // biome-ignore format: one line
  const options = { ...one.options, width: golden.width, kernel: findKernel(one.kernel) };
  return {
    label: `${one.loss}, ${one.kernel}, ${JSON.stringify(one.options)}`,
    x: rows(one.predictions),
    terms: (x, sharp) => loss(x, targets, { ...options, sharp, reduction: "none" } as LossOptions),
  };
};

test("smooth metrics and two derivatives are those of PyTorch, sharp ones those of scikit-learn with the same slopes", () => {
  for (const one of golden.cases) {
    const { label, x, terms } = prepared(one);
    near(elements(terms(x, false)), one.terms, 1e-12, label);
    near(elements(terms(x, true)), one.sharp, 1e-14, `${label}, sharp`);
    const weights = cos(
      mul(
        tensor(
          Float64Array.from({ length: x.size }, (_, i) => i),
          { shape: x.shape },
        ),
        1.3,
      ),
    );
    for (const sharp of [false, true]) {
      const slope = grad((at: Tensor) => sum(terms(at, sharp)));
      near(elements(slope(x)), one.gradient, 1e-11, `slope of ${label}, sharp ${sharp}`);
      near(elements(grad((at: Tensor) => sum(mul(slope(at), weights)))(x)), one.second, 1e-9, `second slope of ${label}`);
    }
  }
});

test("in float32 metrics and slopes are those of float64 to its rounding", async () => {
  for (const one of golden.cases) {
    const { label, x, terms } = prepared(one);
    const fed = parameter(x.shape, "float32");
    const outputs = [terms(fed, false), grad((at: Tensor) => sum(terms(at, true)))(fed)];
    const [value, slope] = await computeOn(runtime, outputs, new Map([[fed, Float32Array.from(elements(x))]]));
    near(value, one.terms, 2e-6, label);
    near(slope, one.gradient, 2e-5, `slope of ${label}`);
  }
});

test("narrow widths give the sharp metric, hopeless samples have no slope, and ties count half", () => {
  const x = tensor([[3, 1, -2], [0, 40, 2]]); // biome-ignore format: rows
  const labels = tensor(Int32Array.of(0, 2));
  near(elements(accuracyLoss(x, labels, { width: 1e-2, reduction: "none" })), [0, 1], 1e-15, "accuracy");
  assert.ok(elements(grad((at: Tensor) => accuracyLoss(at, labels, { width: 0.05 }))(x)).every((slope) => Math.abs(slope) < 1e-15)); // biome-ignore format: one line
  const tie = tensor([[1, 1]]);
  for (const sharp of [false, true]) {
    assert.deepEqual(elements(accuracyLoss(tie, tensor(Int32Array.of(1)), { sharp })), [0.5]);
    assert.deepEqual(elements(aucLoss(tie, tensor([[1, 0]]), { sharp })), [0.5]);
  }
});

test("where nothing is wanted nothing is lost, and slopes stay finite", () => {
  const x = tensor([0.5, -1, 2]);
  const none = tensor([0, 0, 0]);
  for (const sharp of [false, true]) {
    for (const loss of [aucLoss, ndcgLoss]) {
      assert.deepEqual(elements(loss(x, none, { sharp })), [0], loss.name);
      assert.ok(
        elements(grad((at: Tensor) => loss(at, none, { sharp }))(x)).every((slope) => slope === 0),
        loss.name,
      );
    }
    assert.deepEqual(elements(fScoreLoss(tensor([-9e4, -9e4]), tensor([0, 0]), { sharp, width: 1 })), [0]);
  }
  assert.deepEqual(elements(aucLoss(x, tensor([1, 1, 1]))), [0]);
});

test("NaN stays NaN, also where values are sharp; infinite scores are ordinary", () => {
  const wanted = tensor([1, 0, 0]);
  for (const sharp of [false, true]) {
    for (const loss of [fScoreLoss, aucLoss, ndcgLoss, precisionLoss]) {
      assert.ok(elements(loss(tensor([1, Number.NaN, 2]), wanted, { sharp })).every(Number.isNaN), `${loss.name}, ${sharp}`);
      assert.deepEqual(elements(loss(tensor([Number.POSITIVE_INFINITY, -1e30, -3e29]), wanted, { sharp })), [0], loss.name);
    }
    const accuracy = (row: number[]): number[] => elements(accuracyLoss(tensor([row]), tensor(Int32Array.of(0)), { sharp }));
    assert.ok(accuracy([1, Number.NaN]).every(Number.isNaN));
    assert.deepEqual(accuracy([1, Number.NEGATIVE_INFINITY]), [0]);
  }
});

test("sharp values keep their slopes under vmap", () => {
  const x = tensor([[0.5, -1, 2], [1, 0.2, -0.3]]); // biome-ignore format: rows
  const wanted = tensor([[1, 0, 0], [0, 1, 0]]); // biome-ignore format: rows
  for (const loss of [fScoreLoss, aucLoss, ndcgLoss, precisionLoss]) {
    const slopes = grad((at: Tensor) => sum(vmap((row: Tensor, t: Tensor) => loss(row, t, { sharp: true }))(at, wanted)));
    near(elements(slopes(x)), elements(grad((at: Tensor) => loss(at, wanted, { reduction: "sum" }))(x)), 1e-13, loss.name);
  }
});

test("wrong options and shapes are named, with what would fit", () => {
  const x = tensor([[1, 2, 3]]);
  const labels = tensor(Int32Array.of(0));
  assert.throws(() => accuracyLoss(x, labels, { width: 0 }), /accuracyLoss: width is out of range\n {2}expected {2}a number greater than 0/); // biome-ignore format: one line
  assert.throws(() => accuracyLoss(x, labels, { k: 3 }), /accuracyLoss: every label is among the k largest\n {2}expected {2}k below 3/); // biome-ignore format: one line
  assert.throws(() => accuracyLoss(x, labels, { k: 1.5 }), /accuracyLoss: k is out of range/);
  assert.throws(() => accuracyLoss(x, x), /accuracyLoss: takes no distributions/);
  assert.throws(() => fScoreLoss(x, x, { beta: -1 }), /fScoreLoss: beta is out of range/);
  assert.throws(() => precisionLoss(x, x, { k: 4 }), /precisionLoss: there are fewer than k entries\n {2}expected {2}k up to 3/);
  assert.throws(
    () => ndcgLoss(x, x, { gain: "cubic" as "linear" }),
    /ndcgLoss: no such gain\n {2}expected {2}exponential or linear/,
  );
  assert.throws(() => aucLoss(tensor(1), tensor(1)), /aucLoss: the predictions have no axis of scores/);
});
