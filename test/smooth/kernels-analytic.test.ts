import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { gelu, silu, softplus } from "../../src/activations/index.js";
import { grad, jvp, vmap } from "../../src/diff/index.js";

import type { Tensor } from "../../src/ir/tensor.js";
import "../../src/methods.js";
import { parameter } from "../../src/ops/create.js";
import { normalCdf, ones, sigmoid, tensor } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { findKernel } from "../../src/smooth/kernels/catalogue.js";
import { type Kernel, ORDERS } from "../../src/smooth/kernels/kernel.js";
import { differences, firstFar } from "../support/differences.js";
import { errorInUlp } from "../support/ulp.js";

/** Values computed with mpmath by tools/golden/kernels_analytic.py. */
interface Case {
  readonly name: string;
  readonly points: readonly number[];
  /** For every order, at every point. */
  readonly deviations: readonly (readonly number[])[];
  readonly integrals: readonly (readonly number[])[];
  readonly density: readonly number[];
  /** Null where it was not computed. */
  readonly slope: readonly (number | null)[];
  readonly frequencies: readonly number[];
  readonly characteristic: readonly number[];
  readonly absoluteMoment: number;
  readonly variance: number;
  readonly fourthMoment: number;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("../golden/kernels-analytic.json", import.meta.url), "utf8"),
).cases;

const kernelOf = (name: string): Kernel => {
  const found = findKernel(name);
  assert.ok(found !== null, `there is no kernel ${name}`);
  return found;
};

/** Everything a kernel computes at points, beside what it should be. */
const quantities = (kernel: Kernel, expected: Case): [string, (z: Tensor) => Tensor, readonly number[]][] => [
  ...ORDERS.map((n): [string, (z: Tensor) => Tensor, readonly number[]] => [`D${n}`, (z) => kernel.deviation(n, z), expected.deviations[n]]), // biome-ignore format: one row
  ...ORDERS.map((n): [string, (z: Tensor) => Tensor, readonly number[]] => [`I${n}`, (z) => kernel.integral(n, z), expected.integrals[n]]), // biome-ignore format: one row
  ["density", (z) => kernel.density(z), expected.density],
];

/** Relative; below the normal numbers digits are lost by themselves. */
function worst(got: ArrayLike<number>, expected: readonly (number | null)[], points: readonly number[]): string {
  let error = 0;
  let at = Number.NaN;
  expected.forEach((value, i) => {
    if (value === null || Math.abs(got[i] - value) <= 2 ** -1022) return;
    const relative = Math.abs(got[i] - value) / Math.abs(value);
    if (relative <= error) return;
    error = relative;
    at = points[i];
  });
  return `${error.toPrecision(3)} at ${at}`;
}

const LIMIT = 1e-14;

const assertClose = (
  what: string,
  got: ArrayLike<number>,
  expected: readonly (number | null)[],
  points: readonly number[],
): void => {
  const error = worst(got, expected, points);
  assert.ok(Number.parseFloat(error) <= LIMIT, `${what}: ${error}`);
};

for (const expected of cases) {
  const kernel = kernelOf(expected.name);
  const z = tensor(Float64Array.from(expected.points));
  test(`integrals, deviations and density of the ${kernel.title} kernel are right to the last digits, tails included`, () => {
    for (const [what, of, values] of quantities(kernel, expected))
      assertClose(what, interpret([of(z)])[0], values, expected.points);
  });

  test(`the slope of the ${kernel.title} density, its characteristic function and its moments are right`, () => {
    const [slope] = interpret([vmap(grad((u: Tensor) => kernel.density(u)))(z)]);
    assertClose("slope", slope, expected.slope, expected.points);
    const [damping] = interpret([kernel.record.characteristic(tensor(Float64Array.from(expected.frequencies)))]);
    assertClose("characteristic", damping, expected.characteristic, expected.frequencies);
    const { absoluteMoment, variance, fourthMoment } = kernel.record;
    const moments = [expected.absoluteMoment, expected.variance, expected.fourthMoment];
    assertClose("moments", [absoluteMoment, variance, fourthMoment], moments, [1, 2, 4]);
  });

  test(`every derivative of the ${kernel.title} kernel is what differences say`, () => {
    const u = parameter([6], "float32");
    const feeds = new Map([[u, Float64Array.of(-3.1, -1.2, -0.3, 0.2, 0.9, 2.7)]]);
    const tangent = ones([6]);
    const functions = [
      ...ORDERS.flatMap((n) => [(x: Tensor) => kernel.deviation(n, x), (x: Tensor) => kernel.integral(n, x)]),
      (x: Tensor) => kernel.density(x),
      (x: Tensor) => jvp((y: Tensor) => kernel.density(y), [x], [tangent]).tangent,
      (x: Tensor) => kernel.record.characteristic(x),
    ];
    const outputs = functions.map((f) => f(u));
    const derivatives = functions.map((f) => jvp(f, [u], [tangent]).tangent);
    const should = differences(outputs, feeds, new Map([[u, new Float64Array(6).fill(1)]]));
    interpret(derivatives, feeds).forEach((got, i) => assert.equal(firstFar(got, should[i], 1e-9), null, `function ${i}`));
  });

  test(`the ${kernel.title} kernel takes NaN, infinities and both zeros`, () => {
    const ends = tensor([Number.NaN, -Infinity, Infinity, 0, -0]);
    for (const order of ORDERS) {
      const [values] = interpret([kernel.deviation(order, ends)]);
      const centre = expected.deviations[order][expected.points.indexOf(0)];
      assert.deepEqual([...values.slice(0, 3)].map(Math.abs), [Number.NaN, 0, 0]);
      for (const value of values.slice(3)) assert.ok(Math.abs(value / centre - 1) < LIMIT);
    }
  });
}

const runtimes = {
  default: onnxRuntime({ worker: false, threads: 1 }),
  precise: onnxRuntime({ worker: false, threads: 1, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

for (const expected of cases) {
  const kernel = kernelOf(expected.name);
  const points = Float32Array.from([...expected.points, Number.NaN, Infinity, -Infinity]);
  const line = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 133);
  for (const [precision, runtime] of Object.entries(runtimes)) {
    test(`${precision} float32 of the ${kernel.title} kernel is within its promise`, async () => {
      for (const [what, of, values] of quantities(kernel, expected)) {
        const f = compile(of, { runtime });
        const got = await (await f(tensor(points))).data();
        const along = await (await f(tensor(line))).data();
        const exact = interpret([of(tensor(line))])[0];
        const check = (is: number, should: number, at: number): void => {
          // Integrals are as right as the zᵒ they are near, and are made of an operation of the library where there is one.
          const scale = precision === "precise" ? should : Math.max(Math.abs(should), 1);
          const error = errorInUlp(is, should, scale);
          assert.ok(error <= (precision === "precise" ? 4 : 8), `${what} at ${at}: ${is} is not ${should}: ${error} ulp`);
        };
        values.forEach((value, i) => check(got[i], value, points[i]));
        line.forEach((at, i) => check(along[i], exact[i], at));
        if (what.startsWith("I")) continue;
        assert.deepEqual([...got.slice(values.length)].map(Math.abs), [Number.NaN, 0, 0], what);
      }
    });
  }
}

test("where the library has the operation, the kernel is that operation to the last bit", () => {
  const z = tensor(Float64Array.from(cases[0].points));
  const pairs = [
    [kernelOf("logistic").integral(1, z), softplus(z)],
    [kernelOf("logistic").integral(0, z), sigmoid(z)],
    [kernelOf("logistic").gate(z), silu(z)],
    [kernelOf("gaussian").integral(0, z), normalCdf(z)],
    [kernelOf("gaussian").gate(z), gelu(z)],
  ];
  for (const pair of pairs) {
    const [is, should] = interpret(pair);
    assert.deepEqual(is, should);
  }
});
