import assert from "node:assert/strict";
import { test } from "node:test";
import { type Activation, catalogue } from "../../src/activations/index.js";
import { grad, vmap } from "../../src/diff/index.js";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { golden } from "./golden.js";

const orders = ["value", "first", "second"] as const;
const next = { value: "first", first: "second", second: "third" } as const;
const pointwise = catalogue.filter(({ facts }) => facts.kind === "pointwise");

/** Value, first and second derivative at points, in float64. */
function derivatives(f: Activation, points: readonly number[]): { value: number[]; first: number[]; second: number[] } {
  const one = (x: Parameters<typeof f>[0]) => f(x);
  const x = tensor(Float64Array.from(points));
  const [value, first, second] = interpret([f(x), vmap(grad(one))(x), vmap(grad(grad(one)))(x)]);
  return { value: [...value], first: [...first], second: [...second] };
}

/**
 * Rounding x alone moves f by ε·x·f′: no more can be asked where f passes through 0. Besides, e^(−x²/2) multiplies the rounding
 * of its exponent by x²/2.
 */
function allowed(x: number, expected: number, slope: number): number {
  const roundings = 16 + Math.min(x * x, 1500);
  return 2 ** -52 * roundings * (Math.abs(expected) + Math.abs(x * slope)) + SMALLEST_NORMAL;
}

/** What is less exact, by how much, and why. */
const exceptions: Readonly<Record<string, { readonly absolute: number; readonly reason: string }>> = {
  opau: { absolute: 1e-15, reason: "its curvature passes through 0 as a sum of terms of size 1 that cancel" },
  pau: { absolute: 1e-14, reason: "it and its curvature pass through 0 as sums of terms of size 1 to 10 that cancel" },
};

/** Below it numbers lose digits by themselves. */
const SMALLEST_NORMAL = 2 ** -1022;

test("every activation of the catalogue has numbers to be compared with", () => {
  const named = new Set(golden.cases.map(({ name }) => name));
  assert.deepEqual(
    pointwise.filter(({ record }) => !named.has(record.name)).map(({ record }) => record.name),
    [],
  );
});

for (const { name, parameters, points, ...expected } of golden.cases) {
  test(`${name} ${JSON.stringify(parameters)}: value and two derivatives are right on the whole line`, () => {
    const found = catalogue.find(({ record }) => record.name === name);
    assert.ok(found !== undefined);
    const got = derivatives(found.with(parameters), points);
    for (const order of orders) {
      points.forEach((x, i) => {
        const [is, should, slope] = [got[order][i], expected[order][i], expected[next[order]][i]];
        const tolerance = allowed(x, should, slope) + (exceptions[name]?.absolute ?? 0);
        assert.ok(is === should || Math.abs(is - should) <= tolerance, `${order} at ${x}: ${is}, not ${should}`);
      });
    }
  });
}

test("nothing is NaN at any finite number, and NaN stays NaN", () => {
  const points = [0, -0, 5e-324, 1e-45, 1e-30, 0.5, 1, 30, 88.8, 100, 710, 1e4, 1e38, 3.4e38, 1e100, 1.7e308].flatMap((x) => [
    x,
    -x,
  ]);
  for (const f of pointwise) {
    const got = derivatives(f, points);
    for (const order of orders) {
      points.forEach((x, i) => assert.ok(!Number.isNaN(got[order][i]), `${f.record.name}: ${order} at ${x}`));
    }
    assert.ok(Number.isNaN(derivatives(f, [Number.NaN]).value[0]), f.record.name);
  }
});
