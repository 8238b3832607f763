import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { TypedArray } from "../../src/ir/dtype.js";
import { parameter } from "../../src/ops/create.js";
import * as operations from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { differences, numbersOf, type Stored, type Tolerance, tensorOf } from "./golden.js";
import { type OperationCase, operationCases, outcomeOf } from "./operation.js";

/** Where the library differs from a tool on purpose: case, tool, reason. A difference that is gone fails too. */
const deliberate: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "relu: extremes": {
    torch: "lets a gradient through where the input is NaN; it is NaN",
    jax: "has a slope of 0 where the input is NaN; it is NaN",
  },
  "abs: extremes": { torch: "gives NaN the slope 0; it is NaN", jax: "has a slope of 1 at 0 and −1 at NaN; they are 0 and NaN" },
  "sign: extremes": { torch: "gives NaN the sign 0; NaN stays NaN, as in JAX" },
  "softplus: extremes": {
    torch: "has no curvature (NaN) where the input is far below 0; it is 0",
    jax: "has no curvature (NaN) where the input is far below 0; it is 0",
  },
  "maximum: extremes": { torch: "sends a gradient to both sides of a NaN; JAX and we to neither" },
  "minimum: extremes": { torch: "sends a gradient to both sides of a NaN; JAX and we to neither" },
  "power: special": {
    torch: "has second derivatives of NaN where the base is 0, and loses the mixed one where the exponent is 0",
    jax: "has a mixed second derivative of NaN at 0¹",
  },
  "clip: on the bounds": { jax: "halves the slope on a bound; it is 1 there, as in PyTorch" },
  "norm: origin": { torch: "has second derivatives of NaN at the origin", jax: "has a slope of NaN at the origin; it is 0" },
};

/** float64 rounding of a handful of operations; near 0, of terms of size 1 that cancel. */
const exact: Tolerance = { relative: 1e-12, absolute: 1e-15 };

for (const golden of operationCases) {
  test(`${golden.name} is what ${golden.results.flatMap(({ tools }) => tools).join(" and ")} compute, with two derivatives`, () => {
    const { value, gradients, second } = outcomeOf(golden, golden.inputs.map(tensorOf));
    const computed = interpret([value, ...gradients, ...second]);
    for (const result of golden.results) {
      assert.deepEqual(value.shape, result.value.shape);
      const wrong = wrongIn(computed, result, exact);
      const reason = result.tools.map((tool) => deliberate[golden.name]?.[tool]).find((text) => text !== undefined);
      if (reason === undefined) assert.deepEqual(wrong, [], result.tools.join());
      else assert.notDeepEqual(wrong, [], `${result.tools.join()} no longer ${reason}`);
    }
  });
}

function wrongIn(computed: readonly TypedArray[], result: OperationCase["results"][number], tolerance: Tolerance): string[] {
  const { value, gradients = [], second = [] } = result;
  const all: readonly (readonly Stored[])[] = [value.data, ...gradients, ...second];
  return all.flatMap((stored, i) =>
    differences(computed[i], numbersOf(stored), tolerance).map((line) => `${labelOf(i, gradients.length)} ${line}`),
  );
}

const labelOf = (i: number, inputs: number): string =>
  i === 0 ? "value" : i <= inputs ? `gradient ${i - 1}` : `second ${i - 1 - inputs}`;

/** The inputs themselves are rounded by 6e-8, which steep functions magnify; near 0, terms of size 10 cancel. */
const single: Tolerance = { relative: 1e-5, absolute: 1e-6 };

/** Cases whose numbers, and their squares and cubes, float32 can hold. */
const moderate = operationCases.filter(
  ({ name, inputs }) =>
    deliberate[name] === undefined &&
    inputs.every(({ data }) => data.map(Number).every((x) => x === 0 || (Math.abs(x) > 1e-4 && Math.abs(x) < 1e3))),
);

test(`${moderate.length} of the cases come out the same in float32 from ONNX Runtime`, async () => {
  const runtime = directRuntime();
  after(() => runtime.close());
  for (const golden of moderate) {
    const given = golden.inputs.map(({ shape, dtype }) => parameter(shape, dtype));
    const { value, gradients, second } = outcomeOf(golden, given);
    const feeds = new Map(given.map((node, i) => [node, numbersOf(golden.inputs[i].data)] as const));
    const computed = await computeOn(runtime, [value, ...gradients, ...second], feeds);
    for (const result of golden.results) assert.deepEqual(wrongIn(computed, result, single), [], golden.name);
  }
});

/** Exports that compute nothing to compare: they make and show tensors. */
const unaskable: readonly string[] = ["full", "isTensor", "ones", "print", "tensor", "zeros"];

test("every operation is among the cases", () => {
  const asked = new Set(operationCases.map(({ call }) => call));
  const missing = Object.keys(operations).filter((name) => !asked.has(name) && !unaskable.includes(name));
  assert.deepEqual(missing, []);
});
