import assert from "node:assert/strict";
import { test } from "node:test";
import { type Activation, findActivation, type PointwiseFacts, type Tail } from "../../src/activations/index.js";
import { factsOf } from "../../src/smooth/facts/facts.js";
import { findKernel } from "../../src/smooth/kernels/catalogue.js";
import type { FormKind } from "../../src/smooth/numeric/smooth.js";
import type { Pieces } from "../../src/smooth/pieces/pieces.js";
import { bumpy, elu, hardTanh, leaky, piecesOf, polynomial, ramp, step } from "./functions.js";

const close = (actual: number | null, expected: number | null, what: string, tolerance = 1e-9): void => {
  if (actual === null || expected === null) return assert.equal(actual, expected, what);
  const same = actual === expected || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  assert.ok(same, `${what}: ${actual}, not ${expected}`);
};

function closeTail(actual: Tail, expected: Tail, what: string): void {
  assert.equal(actual.kind, expected.kind, what);
  if (actual.kind !== "line" || expected.kind !== "line") return;
  close(actual.slope, expected.slope, `${what} slope`);
  close(actual.intercept, expected.intercept, `${what} intercept`);
}

/** Smoothed functions that stand in the catalogue of activations, whose facts are checked against the functions there. */
const known: readonly (readonly [
  name: string,
  parameters: Record<string, number>,
  Pieces,
  kernel: string,
  width: number,
  FormKind,
])[] = [
  ["softplus", { beta: 2 }, ramp, "logistic", 0.5, "mollify"],
  ["sigmoid", {}, step, "logistic", 1, "mollify"],
  ["silu", {}, ramp, "logistic", 1, "gate"],
  ["swish", { beta: 2 }, ramp, "logistic", 0.5, "gate"],
  ["gelu", {}, ramp, "gaussian", 1, "gate"],
  ["probit", {}, step, "gaussian", 1, "mollify"],
  ["sau", { alpha: 0.15, width: 0.7 }, leaky(0.15), "gaussian", 0.7, "mollify"],
  ["squareplus", { b: 4 }, ramp, "algebraic", 2, "mollify"],
  ["smelu", { beta: 1.5 }, ramp, "box", 1.5, "mollify"],
  ["sparsePlus", {}, ramp, "box", 1, "mollify"],
  ["sparseSigmoid", {}, step, "box", 1, "mollify"],
  ["hardSwish", {}, ramp, "box", 3, "gate"],
  ["lalu", {}, ramp, "laplace", 1, "gate"],
  ["atlu", {}, ramp, "cauchy", 1, "gate"],
  ["relu6", {}, piecesOf([0, 6], [[], polynomial(0, 1), polynomial(6)]), "box", 1e-9, "mollify"],
];

for (const [name, parameters, pieces, kernelName, width, form] of known) {
  test(`the facts of ${name} come out of ${form} by the ${kernelName} kernel`, () => {
    const activation = findActivation(name) as Activation;
    const wanted = activation.with(parameters).facts as PointwiseFacts;
    const kernel = findKernel(kernelName);
    assert.ok(kernel);
    const facts = factsOf(pieces, kernel, width, form);
    close(facts.range.low, wanted.range.low, "low");
    close(facts.range.high, wanted.range.high, "high");
    assert.deepEqual(
      [facts.range.lowAttained, facts.range.highAttained],
      [wanted.range.lowAttained, wanted.range.highAttained],
      "attained",
    );
    close(facts.minimumAt, wanted.minimumAt, "minimum", 1e-6);
    closeTail(facts.left, wanted.left, "left");
    closeTail(facts.right, wanted.right, "right");
    close(facts.lipschitz, wanted.lipschitz, "Lipschitz");
    assert.deepEqual([facts.monotone, facts.parity, facts.zeroCentred], [wanted.monotone, wanted.parity, wanted.zeroCentred]);
    if (width < 1e-6) return;
    close(facts.curvature, wanted.curvature, "curvature", 1e-8);
    assert.deepEqual([facts.smoothness, facts.kinks], [wanted.smoothness, wanted.kinks]);
  });
}

const gaussian = findKernel("gaussian");
const laplace = findKernel("laplace");
const triweight = findKernel("triweight");
assert.ok(gaussian && laplace && triweight);

test("a density keeps convex functions convex and a gate does not", () => {
  assert.equal(factsOf(ramp, gaussian, 0.5).convexity, "convex");
  assert.equal(factsOf(piecesOf([0], [polynomial(0, 1), []]), gaussian, 0.5).convexity, "concave");
  assert.equal(factsOf(hardTanh, gaussian, 0.5).convexity, "neither");
  assert.equal(factsOf(ramp, gaussian, 0.5, "gate").convexity, "neither");
  assert.equal(factsOf(piecesOf([], [polynomial(0, 0, 1)]), gaussian, 0.5).convexity, "convex");
});

test("a function that falls a little is monotone once the kernel is wide enough", () => {
  const dent = piecesOf([0, 1], [polynomial(0, 1), polynomial(0, -0.1), polynomial(-1.1, 1)]);
  assert.equal(factsOf(dent, gaussian, 0.01).monotone, "neither");
  assert.equal(factsOf(dent, gaussian, 1).monotone, "increasing");
});

test("each kernel adds to the smoothness of a break what its density has", () => {
  assert.equal(factsOf(ramp, triweight, 1).smoothness, "C3");
  assert.equal(factsOf(elu, laplace, 1).smoothness, "C3");
  assert.equal(factsOf(hardTanh, gaussian, 1).smoothness, "analytic");
  assert.deepEqual(factsOf(ramp, laplace, 0.5).kinks, [{ at: 0, order: 3 }]);
});

test("a hard tanh has the steepest slope of the noise that stays inside: Φ(2) − Φ(−2) at width one half", () => {
  const facts = factsOf(hardTanh, gaussian, 0.5);
  close(facts.lipschitz, 0.9544997361036416, "Lipschitz", 1e-12);
  assert.equal(facts.parity, "odd");
  assert.ok(facts.zeroCentred);
  closeTail(facts.left, { kind: "line", slope: 0, intercept: -1 }, "left");
});

test("pieces of degree 2 and 3 and a jump have facts", () => {
  const facts = factsOf(bumpy, gaussian, 0.5);
  assert.deepEqual([facts.monotone, facts.convexity, facts.parity], ["neither", "neither", "neither"]);
  assert.ok(facts.range.lowAttained && facts.range.high === Infinity);
  assert.equal(facts.error.kind, "bound");
});

test("a square grows as a square, and is lifted by the variance", () => {
  const facts = factsOf(piecesOf([], [polynomial(0, 0, 1)]), gaussian, 0.5);
  assert.equal(facts.left.kind, "grows");
  assert.deepEqual([facts.range.low, facts.minimumAt, facts.lipschitz, facts.curvature], [0.25, 0, Infinity, 2]);
});
