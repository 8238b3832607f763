import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalInitialisation, elu, findActivation, gelu, leakyRelu, type Measured, meanField, relu, selu, sigmoid, tanh } from "../../src/activations/index.js"; // biome-ignore format: one list
import type { Tensor } from "../../src/ir/tensor.js";
import { erf, exp, mul, square } from "../../src/ops/index.js";
import { close, functions, known, meanFieldGolden } from "./measured-functions.js";

/** The function that the golden values know by this name. */
function named(name: string): (x: Tensor) => Tensor {
  const f = findActivation(name);
  return f === null ? erf : (x) => f(x);
}

test("fixed points, gradients and depth scales are those of mpmath, on both sides of the edge of chaos", () => {
  for (const expected of meanFieldGolden.fields) {
    const { name, weightVariance, biasVariance } = expected;
    const field = meanField(named(name), { weightVariance, biasVariance });
    const pairs: readonly (readonly [what: string, fact: Measured<number>, value: number, tolerance: number])[] = [
      ["fixed point", field.fixedPoint, expected.fixedPoint, 1e-12],
      ["χ₁", field.chi1, expected.chi1, 1e-12],
      ["ξ_q", field.depthScales.variance, expected.varianceDepth, 1e-10],
      ["c*", field.correlation, expected.correlation, 1e-10],
      // −1/log χ₁ loses digits as χ₁ nears 1.
      ["ξ_c", field.depthScales.correlation, expected.correlationDepth, 1e-9],
    ];
    for (const [what, fact, value, tolerance] of pairs) {
      assert.ok(
        close(known(fact), value, tolerance),
        `${name} ${weightVariance} ${biasVariance}: ${what} ${known(fact)}, not ${value}`,
      );
    }
    assert.equal(known(field.phase), expected.chi1 < 1 ? "ordered" : "chaotic", name);
  }
});

test("critical initialisations at several sizes of signal are those of mpmath", () => {
  for (const { name, fixedPoint, weightVariance, biasVariance } of meanFieldGolden.critical) {
    const found = known(criticalInitialisation(named(name), { fixedPoint }));
    assert.ok(close(found.weightVariance, weightVariance, 1e-12), `${name} at ${fixedPoint}: ${found.weightVariance}`);
    assert.ok(close(found.biasVariance, biasVariance, 1e-12), `${name} at ${fixedPoint}: ${found.biasVariance}`);
  }
});

test("weights and biases of the critical initialisation make a critical network with the fixed point asked for", () => {
  for (const f of [tanh, gelu, selu, relu, elu]) {
    for (const fixedPoint of [0.3, 1]) {
      const { weightVariance, biasVariance } = known(criticalInitialisation(f, { fixedPoint }));
      const field = meanField(f, { weightVariance, biasVariance, start: fixedPoint });
      assert.ok(close(known(field.fixedPoint), fixedPoint, 1e-9), `${f.name}: ${known(field.fixedPoint)}`);
      assert.ok(close(known(field.chi1), 1, 1e-9), `${f.name}: ${known(field.chi1)}`);
    }
  }
});

test("tanh is critical at weight variance 1 without biases, where signals die out slowly (Poole et al. 2016)", () => {
  const field = meanField(tanh, { weightVariance: 1 });
  assert.deepEqual([known(field.fixedPoint), known(field.phase)], [0, "critical"]);
  assert.ok(close(known(field.chi1), 1, 1e-12));
  assert.equal(known(meanField(tanh, { weightVariance: 0.9 }).phase), "ordered");
  assert.equal(known(meanField(tanh, { weightVariance: 1.1 }).phase), "chaotic");
});

test("with bias variance 0.05, tanh is critical at weight variance 1.76, as published (Schoenholz et al. 2017)", () => {
  const chi = (weightVariance: number): number => known(meanField(tanh, { weightVariance, biasVariance: 0.05 }).chi1);
  assert.ok(chi(1.75) < 1 && chi(1.77) > 1, `${chi(1.75)} … ${chi(1.77)}`);
});

test("relu keeps signals and gradients at weight variance 2 without biases, whatever their size (He et al. 2015)", () => {
  for (const start of [0.01, 1, 50]) {
    const field = meanField(relu, { weightVariance: 2, start });
    assert.ok(close(known(field.fixedPoint), start, 1e-9), `${known(field.fixedPoint)} from ${start}`);
    assert.equal(known(field.phase), "critical");
    assert.deepEqual([known(field.depthScales.variance), known(field.depthScales.correlation)], [Infinity, Infinity]);
  }
  const exact = known(criticalInitialisation(relu));
  assert.ok(close(exact.weightVariance, 2, 1e-13));
  assert.equal(exact.biasVariance, 0);
  // A slope a for negative inputs: 2 / (1 + a²).
  assert.ok(close(known(criticalInitialisation((x) => leakyRelu(x, { alpha: 0.2 }))).weightVariance, 2 / 1.04, 1e-13));
});

test("relu with smaller weights leads to 2σ_b² / (2 − σ_w²), with larger ones nowhere", () => {
  const settled = meanField(relu, { weightVariance: 1.5, biasVariance: 0.5 });
  assert.ok(close(known(settled.fixedPoint), 2, 1e-11));
  assert.ok(close(known(settled.chi1), 0.75, 1e-12));
  assert.ok(close(known(settled.depthScales.correlation), -1 / Math.log(0.75), 1e-10));
  const growing = meanField(relu, { weightVariance: 2.5 });
  assert.deepEqual([known(growing.fixedPoint), known(growing.phase)], [Infinity, "chaotic"]);
  assert.ok(close(known(growing.chi1), 1.25, 1e-12));
  assert.equal(growing.correlation.established, false);
});

test("erf follows the closed forms of Williams 1997", () => {
  // E erf(√q z)² = (2/π) asin(2q / (1 + 2q)); E erf′(√q z)² = (4/π) / √(1 + 4q).
  for (const q of [0.1, 1, 7]) {
    const { weightVariance, biasVariance } = known(criticalInitialisation(erf, { fixedPoint: q }));
    const expected = (Math.PI / 4) * Math.sqrt(1 + 4 * q);
    assert.ok(close(weightVariance, expected, 1e-12), `${weightVariance}, not ${expected}`);
    assert.ok(close(biasVariance, q - expected * (2 / Math.PI) * Math.asin((2 * q) / (1 + 2 * q)), 1e-12), `${biasVariance}`);
  }
});

test("in the chaotic phase two inputs of erf meet where the closed form says", () => {
  const [weightVariance, biasVariance] = [3, 0.1];
  const field = meanField(erf, { weightVariance, biasVariance });
  const [q, c] = [known(field.fixedPoint), known(field.correlation)];
  // E erf(u) erf(v) = (2/π) asin(2qc / (1 + 2q)); its slope in c is q E erf′(u) erf′(v).
  const overlap = (2 / Math.PI) * Math.asin((2 * q * c) / (1 + 2 * q));
  assert.ok(c > 0 && c < 1 && close((weightVariance * overlap + biasVariance) / q, c, 1e-12), `${c}`);
  const slope = (weightVariance * 4) / Math.PI / Math.sqrt((1 + 2 * q) ** 2 - (2 * q * c) ** 2);
  assert.ok(close(known(field.depthScales.correlation), -1 / Math.log(slope), 1e-9));
});

test("selu has the fixed point of mean 0 and variance 1 for which it was made (Klambauer et al. 2017)", () => {
  const field = meanField(selu, { weightVariance: 1 });
  assert.ok(close(known(field.fixedPoint), 1, 1e-12));
  assert.ok(known(field.depthScales.variance) < 5);
});

test("sigmoid has no critical initialisation: weights that keep gradients make signals grow", () => {
  const found = criticalInitialisation(sigmoid);
  assert.ok(!found.established && /more than 1, before any bias/.test(found.reason));
  assert.equal(known(meanField(sigmoid, { weightVariance: 4 }).phase), "ordered");
});

test("where theory says nothing, nothing is established", () => {
  const jumping = meanField(functions.gatedStep, { weightVariance: 1, biasVariance: 0.5 });
  assert.ok(jumping.fixedPoint.established && !jumping.chi1.established && !jumping.phase.established);
  const wild = meanField((x) => exp(square(x)), { weightVariance: 1 });
  assert.ok(!wild.fixedPoint.established && !wild.chi1.established);
  const chance = meanField((x) => mul(x, Math.random()), { weightVariance: 1 });
  assert.ok(!chance.fixedPoint.established && /same point/.test(chance.fixedPoint.reason));
  const growing = meanField((x) => square(relu(x)), { weightVariance: 2 });
  assert.deepEqual([known(growing.fixedPoint), known(growing.chi1)], [Infinity, Infinity]);
  assert.throws(() => meanField(relu, { weightVariance: -1 }), /meanField: a variance is out of range/);
});
