import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf } from "../../src/smooth/facts/error.js";
import { factsOf } from "../../src/smooth/facts/facts.js";
import { findKernel } from "../../src/smooth/kernels/catalogue.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import { equivalentWidth, widthFor } from "../../src/smooth/width.js";
import { bumpy, hardTanh, leaky, piecesOf, polynomial, ramp, step } from "./functions.js";

const named = (name: string): Kernel => {
  const found = findKernel(name);
  assert.ok(found, name);
  return found;
};
const close = (actual: number, expected: number, relative = 1e-10): void =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, not ${expected}`);

/** Widths that give a smoothed relu the height at 0 of a Gaussian of width 1, 1/√(2π), by mpmath: that over the kernel's E|U|/2. */
const EQUIVALENT: Readonly<Record<string, number>> = {
  gaussian: 1,
  logistic: 0.57555,
  laplace: 0.79788,
  hyperbolicSecant: 1.07466,
  box: 1.59577,
  triangular: 2.39365,
  epanechnikov: 2.12769,
  biweight: 2.55323,
  triweight: 2.91798,
  cosine: 2.19573,
  raisedCosine: 2.68325,
  algebraic: 0.79788,
  t3: 1.25331,
  t5: 1.87997,
};

for (const [name, expected] of Object.entries(EQUIVALENT)) {
  test(`a relu smoothed by ${name} is as high at 0 as a Gaussian makes it at ${expected} times the width`, () => {
    close(widthFor({ kinkValue: 1 / Math.sqrt(2 * Math.PI) }, ramp, named(name)), expected, 1e-5);
    close(equivalentWidth(2, named("gaussian"), named(name)), 2 * expected, 1e-5);
  });
}

test("a number is the width", () => assert.equal(widthFor(0.5, ramp, named("box")), 0.5));

test("the largest error comes out as wanted, for one kink and for several breaks", () => {
  close(widthFor({ maximumError: 0.1 }, leaky(0.5), named("box")), 0.8);
  for (const pieces of [hardTanh, piecesOf([0], [polynomial(0, 1), polynomial(0, 2, 3)])]) {
    const width = widthFor({ maximumError: 0.1 }, pieces, named("gaussian"));
    close(errorOf(pieces, named("gaussian"), width).sup, 0.1, 1e-8);
  }
  close(errorOf(bumpy, named("box"), widthFor({ maximumError: 1.9 }, bumpy, named("box"))).sup, 1.9, 1e-8);
});

test("the largest curvature comes out as wanted: of a relu, the highest density over it", () => {
  close(widthFor({ curvature: 2 }, ramp, named("gaussian")), 0.3989422804014327 / 2);
  const width = widthFor({ curvature: 3 }, hardTanh, named("logistic"));
  close(factsOf(hardTanh, named("logistic"), width).curvature, 3, 1e-9);
});

test("a gate has a width by its curvature too: SiLU has one half at width 1", () => {
  close(widthFor({ curvature: 0.5 }, ramp, named("logistic"), "gate"), 1, 1e-9);
});

test("the standard deviation is that of the kernel", () => {
  close(widthFor({ standardDeviation: 1 }, ramp, named("logistic")), Math.sqrt(3) / Math.PI, 1e-15);
  close(widthFor({ standardDeviation: 1 }, ramp, named("box")), Math.sqrt(3), 1e-15);
});

test("what no width can do is refused, with the reason", () => {
  assert.throws(() => widthFor({ maximumError: 0.5 }, step, named("gaussian")), /no width brings the largest error below half/);
  assert.throws(
    () => widthFor({ standardDeviation: 1 }, ramp, named("algebraic")),
    /the variance of the algebraic kernel is infinite/,
  );
  assert.throws(() => widthFor({ kinkValue: 0.1 }, step, named("gaussian")), /the function has no kink/);
  assert.throws(() => widthFor({ kinkValue: -1 }, ramp, named("gaussian")), /the wanted kinkValue is no size/);
  assert.throws(() => widthFor({ maximumError: 9 }, hardTanh, named("box")), /no width gives a maximumError of 9/);
  assert.throws(() => widthFor(0, ramp, named("gaussian")), /the width must be positive/);
  assert.throws(() => equivalentWidth(1, named("gaussian"), named("cauchy")), /the E\|U\| of the Cauchy kernel is infinite/);
});
