import assert from "node:assert/strict";
import { test } from "node:test";
import { mismatchesOf } from "../../src/health/mismatches.js";
import type { Subject } from "../../src/health/subject.js";
import { dataWith, evidence, regression } from "./evidence.js";

const of = (change: Partial<Subject>, made: Parameters<typeof evidence>[0] = {}): string[] =>
  mismatchesOf(evidence({ ...made, subject: change }).subject).map(({ kind, fatal }) => `${fatal ? "!" : ""}${kind}`);
const head = (activation: string, units = 1): Pick<Subject, "head"> => ({ head: { activation, units } });
const logits = { loss: { name: "softmaxCrossEntropy", predictions: "logits" } } as const;
const probabilities = { loss: { name: "crossEntropyOfProbabilitiesClamped", predictions: "probabilities" } } as const;

test("a bare head with a loss of logits, and a head of probabilities with a loss of them, fit", () => {
  assert.deepEqual(of({}), []);
  assert.deepEqual(of({ ...head("softmax", 3), ...probabilities }), []);
  assert.deepEqual(of({ ...head("hardSigmoid"), ...probabilities }), []);
});

test("a softmax over one unit", () => {
  assert.deepEqual(of({ ...head("softmax"), ...probabilities }), ["!softmax over one unit"]);
});

test("an activation before a loss of logits is fatal where it presses them to one side", () => {
  for (const name of ["softmax", "relu", "softplus"])
    assert.deepEqual(of({ ...head(name, 3), ...logits }), ["!activation before a loss of logits"]);
  assert.deepEqual(of({ ...head("sigmoid", 1), ...logits }), ["!activation before a loss of logits"]);
  for (const name of ["sigmoid", "tanh"])
    assert.deepEqual(of({ ...head(name, 3), ...logits }), ["activation before a loss of logits"]);
});

test("logarithms of what is no probability, and of probabilities that may round to 0", () => {
  assert.deepEqual(of({ ...head("none", 3), ...probabilities }), ["!logarithm of what is no probability"]);
  assert.deepEqual(of({ ...head("tanh", 3), ...probabilities }), ["!logarithm of what is no probability"]);
  assert.deepEqual(of({ ...head("softmax", 3), loss: { name: "crossEntropyOfProbabilities", predictions: "probabilities" } }), [
    "logarithm of an unguarded probability",
  ]);
});

test("targets that a head cannot say; a bare layer says everything, and a little slack is left", () => {
  assert.deepEqual(of({ ...regression(), ...head("tanh") }), ["!targets out of the head's reach"]);
  assert.deepEqual(of({ ...regression({ least: 0, greatest: 5 }), ...head("relu") }), []);
  assert.deepEqual(of({ ...regression({ least: -1.02, greatest: 1 }), ...head("tanh") }), []);
  assert.deepEqual(of({ ...regression() }), []);
});

test("squares for classes, classes for numbers, and a sign the wrong way round", () => {
  assert.deepEqual(of({ ...head("softmax", 3), loss: { name: "mse", predictions: "values" } }), ["squares for classes"]);
  assert.deepEqual(of({ ...regression(), loss: { name: "binaryCrossEntropy", predictions: "logits" } }), [
    "!classes for numbers",
  ]);
  assert.deepEqual(of({ ...dataWith({ constantLoss: -1 }), loss: { name: "minus(x)", predictions: "logits" } }), [
    "!loss that rewards mistakes",
  ]);
});

test("a softmax for several independent answers, and a sum over the batch", () => {
  const answers = regression({ least: 0, greatest: 1, whole: true, mean: 0.5, deviation: 0.5 });
  assert.deepEqual(of({ ...answers, ...head("softmax", 3) }), ["shares for independent decisions", "squares for classes"]);
  assert.deepEqual(of({ loss: { name: "sum(softmaxCrossEntropy)", predictions: "logits" } }), ["sum over the batch"]);
  assert.deepEqual(of({ loss: { name: "sum(softmaxCrossEntropy)", predictions: "logits" }, batchSize: 1 }), []);
});

test("a softmax inside the network, and a network of nothing but lines", () => {
  assert.deepEqual(of({}, { layer: (i) => (i === 1 ? { activation: { title: "softmax", path: "3" } } : {}) }), [
    "softmax inside the network",
  ]);
  assert.deepEqual(of({}, { layer: () => ({ activation: null }) }), ["nothing nonlinear"]);
  assert.deepEqual(of({}, { depth: 0 }), []);
});
