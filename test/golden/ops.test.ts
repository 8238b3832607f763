import assert from "node:assert/strict";
import { test } from "node:test";
import { vjp } from "../../src/diff/index.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import { isFloat } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as ops from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { differences, numbersOf, readGolden, type Stored, type StoredTensor, tensorOf } from "./golden.js";

interface Result {
  readonly tools: readonly string[];
  readonly value: StoredTensor;
  readonly gradients?: readonly (readonly Stored[])[];
  readonly second?: readonly (readonly Stored[])[];
}

interface Case {
  readonly name: string;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly pick?: string | number;
  readonly inputs: readonly StoredTensor[];
  readonly results: readonly Result[];
}

const file = readGolden<{ cases: readonly Case[] }>("ops");

/** Where the library differs from a tool on purpose: case, tool, reason. A difference that is gone fails too. */
const deliberate: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "relu: extremes": { torch: "lets a gradient through where the input is NaN; JAX and we stop it" },
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

/** Results of one case: the value, its gradient in a fixed direction, and the gradient of that in another. */
interface Outcome {
  readonly value: Tensor;
  readonly gradients: readonly Tensor[];
  readonly second: readonly Tensor[];
}

const spread = (shape: readonly number[], offset: number): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  const weights = Float64Array.from({ length: count }, (_, i) => Math.round(Math.sin(i * 1.7 + offset) * 150) / 100);
  return ops.tensor(weights, { shape });
};

function outcomeOf({ call, args, pick, inputs }: Case): Outcome {
  const given = inputs.map(tensorOf);
  const f = (...tensors: Tensor[]): Tensor => {
    const at = (arg: unknown): unknown => {
      if (Array.isArray(arg)) return arg.map(at);
      return arg !== null && typeof arg === "object" && "input" in arg ? tensors[arg.input as number] : arg;
    };
    const operation = (ops as unknown as Record<string, (...all: unknown[]) => unknown>)[call];
    const result = operation(...args.map(at));
    return (pick === undefined ? result : (result as Record<string | number, unknown>)[pick]) as Tensor;
  };
  const wrt = given.flatMap((input, i) => (isFloat(input.dtype) ? [i] : []));
  const ofFloats = (...floats: Tensor[]): Tensor =>
    f(...given.map((input, i) => (wrt.includes(i) ? floats[wrt.indexOf(i)] : input)));
  const floats = wrt.map((i) => given[i]);
  const value = f(...given);
  if (!isFloat(value.dtype) || floats.length === 0) return { value, gradients: [], second: [] };
  const first = (...at: Tensor[]): Tensor[] => vjp(ofFloats, ...at).pullback(spread(value.shape, 0.3));
  const total = (...at: Tensor[]): Tensor =>
    first(...at)
      .map((gradient) => ops.sum(ops.mul(gradient, spread(gradient.shape, 0.9))))
      .reduce(ops.add);
  return { value, gradients: first(...floats), second: vjp(total, ...floats).pullback(ops.tensor(1)) };
}

/** float64 rounding of a handful of operations; near 0, of terms of size 1 that cancel. */
const tolerance = { relative: 1e-12, absolute: 1e-15 };

for (const golden of file.cases) {
  test(`${golden.name} is what ${golden.results.flatMap((result) => result.tools).join(" and ")} compute, with two derivatives`, () => {
    const { value, gradients, second } = outcomeOf(golden);
    const computed = interpret([value, ...gradients, ...second]);
    for (const { tools, value: expectedValue, gradients: expectedFirst = [], second: expectedSecond = [] } of golden.results) {
      assert.deepEqual(value.shape, expectedValue.shape);
      const wrong = [
        ...within(computed, 0, "value", [expectedValue.data]),
        ...within(computed, 1, "gradient", expectedFirst),
        ...within(computed, 1 + gradients.length, "second", expectedSecond),
      ];
      const reason = tools.map((tool) => deliberate[golden.name]?.[tool]).find((text) => text !== undefined);
      if (reason === undefined) assert.deepEqual(wrong, [], tools.join());
      else assert.notDeepEqual(wrong, [], `${tools.join()} no longer ${reason}`);
    }
  });
}

/** Differences between the computed arrays from one position on and the expected ones. */
function within(
  computed: readonly TypedArray[],
  from: number,
  label: string,
  expected: readonly (readonly Stored[])[],
): string[] {
  return expected.flatMap((stored, i) =>
    differences(computed[from + i] as TypedArray, numbersOf(stored), tolerance).map((line) => `${label} ${i} ${line}`),
  );
}
