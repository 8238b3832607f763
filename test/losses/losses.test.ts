import assert from "node:assert/strict";
import { test } from "node:test";
import { grad, valueAndGrad, vmap } from "../../src/diff/index.js";
import { topologicalOrder } from "../../src/ir/order.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { simplify } from "../../src/lower/index.js";
import {
  binaryCrossEntropy,
  hinge,
  huber,
  klDivergence,
  type LossFunction,
  losses,
  mae,
  mse,
  softmaxCrossEntropy,
} from "../../src/nn/losses/index.js";
import { parameter } from "../../src/ops/create.js";
import { tensor, zeros } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

const labels = tensor(Int32Array.of(1, 0));
const logits = tensor([[0.5, -1, 2], [1, 1, -3]]); // biome-ignore format: rows
const single = (x: Tensor): number => interpret([x])[0][0];

/** Predictions and targets that a loss takes, of every kind that its record names. */
const targetsOf: Record<LossFunction["targets"][number], Tensor> = {
  values: tensor([[1, 2, 3], [4, 5, 6]]),
  probabilities: tensor([[0, 1, 0.5], [1, 0, 0.25]]),
  signs: tensor([[1, -1, 1], [-1, 1, -1]]),
  labels,
  distributions: tensor([[0.2, 0.3, 0.5], [0, 1, 0]]),
}; // biome-ignore format: rows

test("the catalogue names every loss once, and every loss describes itself", () => {
  assert.equal(new Set(losses.map(({ name }) => name)).size, losses.length);
  for (const { name, tex, doc, targets } of losses) {
    assert.ok(name.length > 0 && tex.length > 0 && doc.endsWith(".") && targets.length > 0, name);
  }
});

for (const loss of losses) {
  test(`${loss.name} takes every kind of targets it names, as one number, a sum, or a term each`, () => {
    for (const kind of loss.targets) {
      const terms = loss(logits, targetsOf[kind], { reduction: "none" });
      const [each] = interpret([terms]);
      const total = Array.from(each).reduce((sum, value) => sum + value, 0);
      assert.ok(
        Math.abs(single(loss(logits, targetsOf[kind], { reduction: "sum" })) - total) < 1e-12 * Math.max(1, Math.abs(total)),
      );
      assert.ok(Math.abs(single(loss(logits, targetsOf[kind])) - total / each.length) < 1e-12 * Math.max(1, Math.abs(total)));
    }
  });

  test(`${loss.name} leaves out samples of weight 0, and has a mean of 0 when all are`, () => {
    for (const kind of loss.targets) {
      const first = (sampleWeights: Tensor) => single(loss(logits, targetsOf[kind], { sampleWeights }));
      const [each] = interpret([loss(logits, targetsOf[kind], { reduction: "none" })]);
      const own = Array.from(each.subarray(0, each.length / 2)).reduce((sum, value) => sum + value, 0) / (each.length / 2);
      assert.ok(Math.abs(first(tensor([3, 0])) - own) < 1e-12 * Math.max(1, Math.abs(own)));
      assert.equal(first(tensor([0, 0])), 0);
      const slope = grad((x: Tensor) => loss(x, targetsOf[kind], { sampleWeights: tensor([0, 0]) }))(logits);
      assert.ok(interpret([slope])[0].every((value: number) => value === 0));
    }
  });

  test(`${loss.name} of a batch is the loss of each of its members`, () => {
    for (const kind of loss.targets) {
      const target = targetsOf[kind];
      const batched = vmap((x: Tensor, t: Tensor) => loss(x, t))(logits, target);
      const [each] = interpret([loss(logits, target, { reduction: "none" })]);
      const [members] = interpret([batched]);
      const width = each.length / 2;
      const means = [0, 1].map((i) => Array.from(each.subarray(i * width, (i + 1) * width)).reduce((a, b) => a + b, 0) / width);
      means.forEach((mean, i) => assert.ok(Math.abs(members[i] - mean) < 1e-12 * Math.max(1, Math.abs(mean)), `${kind} ${i}`));
    }
  });
}

/** Passes over buffers of the size of the predictions in a simplified graph. */
function passes(outputs: readonly Tensor[], parameters: readonly Tensor[], size: number): string[] {
  const graph = simplify({ parameters, outputs });
  return topologicalOrder(graph.outputs)
    .filter((node) => node.inputs.length > 0 && !node.primitive.broadcasts)
    .filter((node) => node.size === size || node.inputs.some((input) => input.size === size && !input.primitive.broadcasts))
    .map((node) => node.primitive.name);
}

test("the gradient of cross-entropy is softmax minus target: three passes more than the loss", () => {
  const x = parameter([64, 10], "float32");
  const t = parameter([64], "int32");
  const { value, gradient } = valueAndGrad((at: Tensor) => softmaxCrossEntropy(at, t))(x);
  assert.deepEqual(passes([value], [x, t], 640), ["max", "sub", "exp", "sum", "equal", "where", "sum"]);
  assert.deepEqual(passes([value, gradient], [x, t], 640).toSorted(), [
    ...["add", "equal", "exp", "max", "mul", "sub", "sum", "sum", "where", "where"],
  ]);
});

test("the gradient of binary cross-entropy is sigmoid minus target", () => {
  const [x, t] = [parameter([64, 10], "float32"), parameter([64, 10], "float32")];
  const gradient = grad((at: Tensor) => binaryCrossEntropy(at, t))(x);
  assert.deepEqual(passes([gradient], [x, t], 640), ["sigmoid", "sub", "mul"]);
});

test("the curvature of binary cross-entropy at 0 is a quarter", () => {
  const slope = grad((x: Tensor) => binaryCrossEntropy(x, 1));
  assert.equal(single(grad(slope)(tensor(0))), 0.25);
});

test("gradients with respect to targets exist where targets are real numbers", () => {
  const slope = (loss: LossFunction, kind: keyof typeof targetsOf) =>
    Array.from(interpret([grad((t: Tensor) => loss(logits, t, { reduction: "sum" }))(targetsOf[kind])])[0]);
  assert.deepEqual(slope(mse, "values"), [1, 6, 2, 6, 8, 18]);
  assert.deepEqual(slope(binaryCrossEntropy, "probabilities"), [-0.5, 1, -2, -1, -1, 3]);
  assert.ok(slope(softmaxCrossEntropy, "distributions").every(Number.isFinite));
  assert.ok(slope(klDivergence, "distributions").every(Number.isFinite));
});

test("with() gives a loss other defaults, which a call can still change", () => {
  const narrow = huber.with({ delta: 0.5, reduction: "sum" });
  assert.equal(narrow.name, "huber");
  assert.equal(single(narrow(tensor([3]), tensor([0]))), 0.5 * (3 - 0.25));
  assert.equal(single(narrow(tensor([3, 3]), tensor([0, 0]), { delta: 1, reduction: "mean" })), 2.5);
  assert.equal(single(huber(tensor([3]), tensor([0]))), 2.5);
  assert.throws(() => huber.with({ delta: 0 }), /huber: delta is out of range/);
});

test("the divergence from a distribution to itself is 0, and infinite where the prediction rules out what happens", () => {
  const same = tensor([[0.25, 0.75, 0]]);
  assert.equal(single(klDivergence(same, same, { predictions: "probabilities" })), 0);
  assert.equal(single(klDivergence(tensor([[1, 0]]), tensor([[0.5, 0.5]]), { predictions: "probabilities" })), Infinity);
});

test("labels may be uint32, targets of yes-or-no decisions bool, signs whole numbers, one number for all", () => {
  assert.equal(single(softmaxCrossEntropy(logits, tensor(Uint32Array.of(1, 0)))), single(softmaxCrossEntropy(logits, labels)));
  const yes = tensor([[true, false, true], [false, false, true]]); // biome-ignore format: rows
  const same = tensor([[1, 0, 1], [0, 0, 1]]); // biome-ignore format: rows
  assert.equal(single(binaryCrossEntropy(logits, yes)), single(binaryCrossEntropy(logits, same)));
  const signs = tensor(Int32Array.of(1, -1, 1, -1, 1, -1), { shape: [2, 3] });
  assert.equal(single(hinge(logits, signs)), single(hinge(logits, targetsOf.signs)));
  assert.equal(single(mae(tensor([1, 3]), 2)), 1);
});

test("what does not fit is named, with what was expected and what to do", () => {
  const refused: readonly [() => Tensor, RegExp][] = [
    [
      () => mse(tensor([1, 2]), tensor([1, 2, 3])),
      /mse: the targets are not shaped like the predictions\n {2}expected {2}\(2\)\n {2}got {7}\(3\)/,
    ],
    [() => mse(zeros([2, 3]), tensor(Int32Array.of(0, 1))), /fix {7}for classes use softmaxCrossEntropy, or targets oneHot/],
    [() => mse(tensor([[1], [2]]), tensor([1, 2])), /fix {7}reshape\(predictions, \[2\]\)/],
    [
      () => softmaxCrossEntropy(logits, tensor([1, 0])),
      /expected {2}int32 \(2\) or float32 \(2 3\)\n.*\n {2}fix {7}cast\(labels, "int32"\)/,
    ],
    [() => softmaxCrossEntropy(logits, tensor(Int32Array.of(1))), /fit neither as labels nor as distributions/],
    [() => softmaxCrossEntropy(tensor(1), tensor(1)), /no class axis/],
    [() => softmaxCrossEntropy(logits, labels, { labelSmoothing: 1 }), /labelSmoothing is out of range/],
    [() => softmaxCrossEntropy(labels, labels), /the predictions are not real numbers/],
    [() => hinge(logits, labels, { margin: Number.NaN }), /margin is out of range/],
    [() => hinge(logits, labels, { rivals: "some" as "all" }), /no such way to count rivals/],
    [() => klDivergence(logits, logits, { targets: "logits" as "probabilities" }), /targets: no such kind/],
    [() => mse(logits, logits, { reduction: "average" as "mean" }), /no such reduction/],
    [() => mse(logits, logits, { sampleWeights: tensor([1, 2, 3]) }), /the sample weights do not fit/],
    [() => mse(tensor([]), tensor([])), /there are no samples to average/],
  ];
  for (const [call, message] of refused) assert.throws(call, message);
  assert.equal(single(mse(tensor([]), tensor([]), { reduction: "sum" })), 0);
});
