import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findActivation } from "../../src/activations/index.js";
import { valueIfKnown } from "../../src/activations/measure/report.js";
import {
  bestFactor,
  correlationDepth,
  criticalStart,
  depthForTenfold,
  depthsOf,
  predictStart,
  type StartingLayer,
  theoryOf,
} from "../../src/health/theory/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { mul, sigmoid, sub, tanh } from "../../src/ops/index.js";
import { logistic, mollify } from "../../src/smooth/index.js";

interface Network {
  readonly activation: string;
  readonly spread: number;
  readonly depth: number;
  readonly deltaRatio: number;
  readonly activationRatio: number;
}
interface Golden {
  readonly moments: readonly { activation: string; q: number; power: number; mean: number; gate: number }[];
  readonly critical: readonly { activation: string; q: number; spread: number; biasSpread: number | null }[];
  readonly recursions: readonly (Network & { inputPower: number })[];
  readonly measured: readonly (Network & { norm: StartingLayer["norm"] })[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/health-theory.json", import.meta.url), "utf8"));

const named = (name: string) => findActivation(name) ?? assert.fail(name);
const near = (got: number | null, expected: number, tolerance: number, what: string) =>
  assert.ok(
    got !== null && Math.abs(got - expected) <= tolerance * Math.abs(expected) + 1e-300,
    `${what}: ${got}, not ${expected}`,
  );

/** `depth` layers of an activation and a linear head. */
function network({ activation, spread, depth }: Network, norm: StartingLayer["norm"] = "none"): StartingLayer[] {
  const theory = theoryOf(named(activation));
  const hidden = Array.from({ length: depth }, () => ({ spread, activation: theory, norm }));
  return [...hidden, { spread, activation: null, norm: "none" }];
}

test("moments are those of mpmath", () => {
  for (const { activation, q, power, mean, gate } of golden.moments) {
    const got = valueIfKnown(theoryOf(named(activation)).moments(q));
    near(got?.power ?? null, power, 1e-11, `${activation} power at ${q}`);
    near(got?.gate ?? null, gate, 1e-11, `${activation} gate at ${q}`);
    assert.ok(Math.abs((got?.mean ?? Number.NaN) - mean) < 1e-11 * Math.sqrt(power), `${activation} mean at ${q}`);
  }
});

test("functions that are not in the catalogue get the same numbers", () => {
  const own = theoryOf((x: Tensor) => sub(mul(2, sigmoid(mul(2, x))), 1));
  for (const { q, power, gate } of golden.moments.filter(({ activation }) => activation === "tanh")) {
    const got = valueIfKnown(own.moments(q));
    near(got?.power ?? null, power, 1e-10, "power");
    near(got?.gate ?? null, gate, 1e-10, "gate");
  }
  near(valueIfKnown(own.gain), named("tanh").gain, 1e-9, "gain");
});

test("a relu smoothed by the logistic kernel is a softplus to theory too", () => {
  const smooth = theoryOf(mollify(named("relu"), { kernel: logistic }));
  for (const { q, power, gate } of golden.moments.filter(({ activation }) => activation === "softplus")) {
    const got = valueIfKnown(smooth.moments(q));
    near(got?.power ?? null, power, 1e-10, "power");
    near(got?.gate ?? null, gate, 1e-10, "gate");
  }
});

test("the critical start is that of mpmath, and sigmoids have none", () => {
  for (const { activation, q, spread, biasSpread } of golden.critical) {
    const start = valueIfKnown(criticalStart(named(activation), { secondMoment: q }));
    if (start === null) assert.equal(biasSpread, null, `${activation} at ${q}`);
    else near(start.spread, spread, 1e-11, `${activation} spread at ${q}`);
    // Of relus nothing is left for the bias, but what rounding leaves.
    if (start !== null && biasSpread !== null) assert.ok(Math.abs(start.biasSpread - biasSpread) < 1e-7, `${activation} at ${q}`);
  }
  assert.equal(criticalStart(named("sigmoid")).established, false);
});

test("the recursion through six layers is that of mpmath", () => {
  for (const expected of golden.recursions) {
    const predicted = valueIfKnown(predictStart(network(expected), expected.inputPower));
    near(predicted?.deltaRatio ?? null, expected.deltaRatio, 1e-10, `${expected.activation} δ`);
    near(predicted?.activationRatio ?? null, expected.activationRatio, 1e-10, `${expected.activation} h`);
  }
});

test("predictions are within 5 % of what PyTorch measures in networks of width 512", () => {
  for (const expected of golden.measured) {
    const predicted = valueIfKnown(predictStart(network(expected, expected.norm), 1));
    const title = `${expected.activation} ${expected.spread} ${expected.norm}`;
    // Per layer: χ is the factor on ‖δ‖².
    const perLayer = (ratio: number): number => ratio ** (2 / expected.depth);
    near(perLayer(predicted?.deltaRatio ?? 0), perLayer(expected.deltaRatio), 0.05, `${title} δ`);
    near(perLayer(predicted?.activationRatio ?? 0), perLayer(expected.activationRatio), 0.05, `${title} h`);
  }
});

test("what activations do to gradients with their own gain", () => {
  // χ at the gain with which a second moment of 1 before the function stays: E φ′² ÷ E φ², by the published table.
  const table = { relu: 1, elu: 1.036, selu: 1.072, tanh: 1.178, sigmoid: 0.153, softplus: 0.319, softsign: 1.244 };
  for (const [name, expected] of Object.entries(table)) {
    const moments = valueIfKnown(theoryOf(named(name)).moments(1)) ?? assert.fail(name);
    near(moments.gate / moments.power, expected, 3e-3, name);
  }
  near(bestFactor(theoryOf(named("relu"))), 1, 1e-9, "relu");
  near(bestFactor(theoryOf(named("sigmoid"))), 0.153, 4e-3, "sigmoid");
  assert.equal(bestFactor(theoryOf(named("softmax"))), null);
});

test("depths for a factor of 10 are those of the published table", () => {
  const torchDefault = 1 / Math.sqrt(3);
  const table = { relu: 2.6, gelu: 1.9, tanh: 4.2, sigmoid: 1.2, selu: 12.9 };
  for (const [name, expected] of Object.entries(table)) {
    near(valueIfKnown(depthsOf(named(name), { spread: torchDefault }))?.tenfold ?? null, expected, 0.03, name);
  }
  assert.equal(valueIfKnown(depthsOf(named("relu"), { spread: Math.SQRT2 }))?.tenfold, Infinity);
  assert.equal(depthForTenfold(1), Infinity);
  assert.equal(depthForTenfold(0), 0);
  near(correlationDepth(Math.E), 1, 1e-12, "ξ");
});

test("nothing is claimed of functions of a row, of jumps, or of an input that is not finite", () => {
  assert.equal(theoryOf(named("softmax")).moments(1).established, false);
  assert.equal(theoryOf((x: Tensor) => tanh(x)).moments(Number.NaN).established, false);
  assert.equal(theoryOf(named("relu")).moments(Infinity).established, false);
  assert.deepEqual(theoryOf(named("tanh")).moments(0), { established: true, value: { power: 0, mean: 0, gate: 1 } });
  const still = valueIfKnown(predictStart([{ spread: 0, activation: theoryOf(named("tanh")), norm: "none" }], 1));
  assert.equal(still?.layers[0].power, 0);
});
