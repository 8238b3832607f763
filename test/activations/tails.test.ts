import assert from "node:assert/strict";
import { test } from "node:test";
import { families, findActivation } from "../../src/activations/index.js";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { golden } from "./golden.js";

/** The families of which every digit is asked, tails included. */
const exact = [
  "rectified",
  "shrinkage",
  "quadratic",
  "segmented",
  "exponential",
  "hard",
  "sigmoidal",
  "rationalSigmoidal",
  "growing",
  "bounded",
  "periodic",
];
const names = new Set(exact.flatMap((family) => families[family].map(({ record }) => record.name)));

const cases = golden.cases.filter(({ name, points }) => names.has(name) && points.length > 400);

test("every one of them has numbers at more than 400 points", () => {
  const known = new Set(cases.map(({ name }) => name));
  assert.deepEqual([...names].filter((name) => !known.has(name)), []); // biome-ignore format: one line
});

const LIMIT = 1e-14;

/** Where more is lost than that, how much, and why no formula in float64 does better. */
const exceptions: Readonly<Record<string, { readonly limit: number; readonly reason: string }>> = {
  complementaryLogLog: { limit: 2e-13, reason: "the rounding of eˣ is multiplied by eˣ in the right tail of its slope" },
  softClipping: { limit: 1e-12, reason: "its curvature passes through 0 at ½, where points lie within a thousandth" },
  scaledTanh: { limit: 2e-13, reason: "the rounding of ⅔x is multiplied by x in the tails of its slope" },
};

const orders = ["value", "first", "second"] as const;
const SMALLEST_NORMAL = 2 ** -1022;

function relativeError(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const error = Math.abs(got - expected);
  // Below the normal numbers digits are lost by themselves.
  return error <= SMALLEST_NORMAL ? 0 : error / Math.abs(expected);
}

for (const { name, parameters, points, ...expected } of cases) {
  test(`${name} ${JSON.stringify(parameters)}: every digit is right from 1e-30 to 1e30, with two derivatives`, () => {
    const found = findActivation(name);
    assert.ok(found !== null);
    const f = found.with(parameters);
    const one = (x: Tensor): Tensor => f(x);
    const x = tensor(Float64Array.from(points));
    const got = interpret([f(x), vmap(grad(one))(x), vmap(grad(grad(one)))(x)]);
    orders.forEach((order, k) => {
      const limit = exceptions[name]?.limit ?? LIMIT;
      points.forEach((at, i) => {
        const [is, should] = [got[k][i], expected[order][i]];
        const error = relativeError(is, should);
        assert.ok(error <= limit, `${order} at ${at}: ${is}, not ${should}: ${error.toPrecision(3)}`);
      });
    });
  });
}

test("what holds at 0 holds at −0", () => {
  for (const { record } of exact.flatMap((family) => families[family])) {
    const f = findActivation(record.name);
    assert.ok(f !== null);
    const one = (x: Tensor): Tensor => f(x);
    const x = tensor([0, -0]);
    for (const [plus, minus] of interpret([f(x), vmap(grad(one))(x), vmap(grad(grad(one)))(x)])) {
      assert.ok(plus === minus, `${record.name}: ${plus} and ${minus}`);
    }
  }
});
