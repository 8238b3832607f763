import assert from "node:assert/strict";
import { test } from "node:test";
import { type Float64Exception, float64Exceptions } from "../../bench/accuracy/exceptions.js";
import { type Activation, catalogue } from "../../src/activations/index.js";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { type GoldenCase, golden } from "./golden.js";

const scalar = catalogue.filter(({ facts }) => facts.kind === "pointwise");
const cases = golden.cases.filter(({ points }) => points.length > 400);

const orders = ["value", "first", "second"] as const;
const next = { value: "first", first: "second", second: "third" } as const;

const LIMIT = 1e-14;
const SMALLEST_NORMAL = 2 ** -1022;
/** Elementary functions may differ in a last digit from one JavaScript engine to the next. */
const MARGIN = 1.5;

test("every function of one number has numbers at more than 400 points", () => {
  const known = new Set(cases.map(({ name }) => name));
  assert.deepEqual(scalar.map(({ record }) => record.name).filter((name) => !known.has(name)), []); // biome-ignore format: one line
});

test("exceptions are those of functions that exist", () => {
  const names = new Set(scalar.flatMap(({ record }) => orders.map((order) => `${record.name} ${order}`)));
  assert.deepEqual(Object.keys(float64Exceptions).filter((name) => !names.has(name)), []); // biome-ignore format: one line
});

for (const f of scalar) {
  const own = cases.filter(({ name }) => name === f.record.name);
  test(`${f.record.name}: every digit is right from 1e-30 to 1e30, with two derivatives`, () => {
    const measured = own.map((expected) => ({ expected, got: derivatives(f.with(expected.parameters), expected.points) }));
    orders.forEach((order, k) => {
      const exception = float64Exceptions[`${f.record.name} ${order}`] ?? null;
      const errors = measured.map(({ expected, got }) => worst(expected, order, got[k], exception));
      // An exception that nothing needs any more is to be taken away.
      const largest = Math.max(...errors);
      if (exception !== null) assert.ok(largest > LIMIT / MARGIN, `${order}: ${largest.toPrecision(3)} is within the rule`);
    });
  });
}

function derivatives(f: Activation, points: readonly number[]): Float64Array[] {
  const one = (x: Tensor): Tensor => f(x);
  const x = tensor(Float64Array.from(points));
  return interpret([f(x), vmap(grad(one))(x), vmap(grad(grad(one)))(x)]) as Float64Array[];
}

/** The largest relative error, all of them being within the rule or within the exception. */
function worst(
  expected: GoldenCase,
  order: (typeof orders)[number],
  got: Float64Array,
  exception: Float64Exception | null,
): number {
  let largest = 0;
  expected.points.forEach((at, i) => {
    const [is, should, slope] = [got[i], expected[order][i], expected[next[order]][i]];
    const difference = is === should ? 0 : Math.abs(is - should);
    // Below the normal numbers digits are lost by themselves.
    if (difference <= SMALLEST_NORMAL) return;
    const relative = difference / Math.abs(should);
    largest = Math.max(largest, relative);
    if (relative <= LIMIT) return;
    const said = `${order} at ${at}, ${JSON.stringify(expected.parameters)}: ${is}, not ${should}: ${relative.toPrecision(3)}`;
    assert.ok(exception !== null && relative <= MARGIN * exception.relative, said);
    const roundings = difference / (2 ** -53 * Math.abs(at * slope));
    assert.ok(roundings <= exception.roundings, `${said}, ${roundings.toPrecision(3)} roundings of x`);
  });
  return largest;
}

test("what holds at 0 holds at −0", () => {
  for (const f of scalar) {
    const [value, first, second] = derivatives(f, [0, -0]);
    for (const [plus, minus] of [value, first, second]) assert.ok(plus === minus, `${f.record.name}: ${plus} and ${minus}`);
  }
});
