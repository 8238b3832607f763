import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { findKernel } from "../../src/smooth/kernels/catalogue.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import { knownAs } from "../../src/smooth/known.js";
import { knownRecords } from "../../src/smooth/known-records.js";
import { numbersOf } from "../../src/smooth/numeric/pieces.js";
import { type FormKind, numericSmooth } from "../../src/smooth/numeric/smooth.js";
import type { Pieces } from "../../src/smooth/pieces/pieces.js";
import { bumpy, elu, hardTanh, leaky, piecesOf, polynomial, ramp, step } from "./functions.js";

const points = Float64Array.from({ length: 50 }, (_, i) => -8 + 0.3271 * i);
const levels = (height: number): Pieces => piecesOf([0], [polynomial(-height), polynomial(height)]);
const named = (name: string): Kernel => findKernel(name) as Kernel;

const cases: readonly (readonly [text: string, Pieces, kernel: string, width: number, FormKind])[] = [
  ["softplus with beta = 2", ramp, "logistic", 0.5, "mollify"],
  ["sparse plus", ramp, "box", 1, "mollify"],
  ["SmeLU with beta = 0.7", ramp, "box", 0.7, "mollify"],
  ["squareplus with b = 4", ramp, "algebraic", 2, "mollify"],
  ["SMU-1 with alpha = 0.25 and mu = 0.75", leaky(0.25), "algebraic", 1, "mollify"],
  ["SAU with alpha = 0.15 and width = 0.5", leaky(0.15), "gaussian", 0.5, "mollify"],
  ["SAU with alpha = 0 and width = 1", ramp, "gaussian", 1, "mollify"],
  ["SiLU", ramp, "logistic", 1, "gate"],
  ["quick GELU", ramp, "logistic", 1 / 1.702, "gate"],
  ["Swish with beta = 2", ramp, "logistic", 0.5, "gate"],
  ["GELU", ramp, "gaussian", 1, "gate"],
  ["SMU with alpha = 0.25 and mu = 0.942809", leaky(0.25), "gaussian", 1, "gate"],
  ["hard swish", ramp, "box", 3, "gate"],
  ["LaLU", ramp, "laplace", 1, "gate"],
  ["ATLU", ramp, "cauchy", 1, "gate"],
  ["E-swish with beta = 1.5", piecesOf([0], [[], polynomial(0, 1.5)]), "logistic", 1, "gate"],
  [
    "ACON-C with p1 = 1.5 and p2 = 0.25 and beta = 1.6",
    piecesOf([0], [polynomial(0, 0.25), polynomial(0, 1.5)]),
    "logistic",
    0.5,
    "gate",
  ],
  ["hard Mish", piecesOf([-1], [[], polynomial(0, 1)]), "box", 1, "gate"],
  ["log-sigmoid", piecesOf([0], [polynomial(0, 1), []]), "logistic", 1, "mollify"],
  ["bent identity", piecesOf([0], [polynomial(-0.5, 0.5), polynomial(-0.5, 1.5)]), "algebraic", 1, "mollify"],
  ["soft clipping with sharpness = 4", piecesOf([0, 1], [[], polynomial(0, 1), polynomial(1)]), "logistic", 0.25, "mollify"],
  ["sigmoid", step, "logistic", 1, "mollify"],
  ["sigmoid", step, "logistic", 1, "gate"],
  ["probit", step, "gaussian", 1, "mollify"],
  ["sparse sigmoid", step, "box", 1, "mollify"],
  ["hard sigmoid with slope = 0.166667 and offset = 0.5", step, "box", 3, "mollify"],
  ["tanh", levels(1), "logistic", 0.5, "mollify"],
  ["scaled tanh with height = 1.7159 and steepness = 0.666667", levels(1.7159), "logistic", 0.75, "mollify"],
  ["hard tanh with low = -2 and high = 2", levels(2), "box", 2, "mollify"],
  ["ISRU with alpha = 0.25", levels(2), "algebraic", 2, "mollify"],
  ["arctan", levels(Math.PI / 2), "cauchy", 1, "mollify"],
  ["Gudermannian", levels(Math.PI / 2), "hyperbolicSecant", Math.PI / 2, "mollify"],
];

for (const [text, pieces, kernel, width, form] of cases) {
  test(`${form} by ${kernel} of width ${Number(width.toFixed(3))} is known as ${text}, and is that function`, () => {
    const found = knownAs(pieces, named(kernel), width, form);
    assert.equal(found?.text.toLowerCase(), text.toLowerCase());
    const theirs = interpret([found?.activation(tensor(points)) ?? tensor([0])])[0];
    const ours = numericSmooth(numbersOf(pieces), named(kernel), width, form).at(points, 0);
    points.forEach((x, i) => {
      assert.ok(Math.abs(theirs[i] - ours[i]) <= 1e-12 * Math.max(1, Math.abs(ours[i])), `${theirs[i]}, not ${ours[i]}, at ${x}`);
    });
  });
}

test("every record has a case", () => {
  const met = new Set(
    cases.map(([, pieces, kernel, width, form]) => knownAs(pieces, named(kernel), width, form)?.activation.name),
  );
  assert.deepEqual(
    knownRecords.map(({ activation }) => activation.name).filter((name) => !met.has(name)),
    [],
  );
});

test("other functions have no name", () => {
  assert.equal(knownAs(hardTanh, named("gaussian"), 1), null);
  assert.equal(knownAs(ramp, named("gaussian"), 0.5, "gate")?.text, "SMU with alpha = 0 and mu = 1.41421");
  assert.equal(knownAs(ramp, named("epanechnikov"), 1), null);
  assert.equal(knownAs(ramp, named("laplace"), 2, "gate"), null);
  assert.equal(knownAs(bumpy, named("logistic"), 1), null);
  assert.equal(knownAs(elu, named("logistic"), 1), null);
  // A mixing weight above what SAU allows.
  assert.equal(knownAs(leaky(-0.5), named("gaussian"), 1), null);
});
