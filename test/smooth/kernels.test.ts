import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { smelu, squareplus } from "../../src/activations/index.js";
import { grad, jvp, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { div, ones, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { findKernel } from "../../src/smooth/kernels/catalogue.js";
import { type Kernel, kernel as makeKernel, ORDERS } from "../../src/smooth/kernels/kernel.js";
import { bSpline } from "../../src/smooth/kernels/splines.js";
import { differences, firstFar } from "../support/differences.js";
import { errorInUlp } from "../support/ulp.js";

/** Values computed with mpmath by tools/golden/kernels.py; null for what diverges, and for slopes where there is none. */
interface Case {
  readonly name: string;
  readonly points: readonly number[];
  readonly deviations: readonly (readonly number[] | null)[];
  readonly integrals: readonly (readonly number[] | null)[];
  /** Of integrals that diverge: what the antiderivative gains from 0 to −|z|. */
  readonly rises: readonly (readonly number[] | null)[];
  readonly density: readonly (number | null)[];
  readonly slope: readonly (number | null)[];
  readonly frequencies: readonly number[];
  readonly characteristic: readonly (number | null)[];
  readonly absoluteMoment: number | null;
  readonly variance: number | null;
  readonly fourthMoment: number | null;
}

const cases: readonly Case[] = JSON.parse(readFileSync(new URL("../golden/kernels.json", import.meta.url), "utf8")).cases;

const kernelOf = (name: string): Kernel => {
  const found = findKernel(name);
  assert.ok(found !== null, `there is no kernel ${name}`);
  return found;
};

type Quantity = readonly [what: string, of: (z: Tensor) => Tensor, values: readonly (number | null)[]];

/** Everything a kernel computes at points, beside what it should be. */
const quantities = (kernel: Kernel, expected: Case): Quantity[] => [
  ...ORDERS.flatMap((n): Quantity[] => {
    const [deviations, integrals] = [expected.deviations[n], expected.integrals[n]];
    if (deviations === null || integrals === null) return [];
    return [
      [`D${n}`, (z) => kernel.deviation(n, z), deviations],
      [`I${n}`, (z) => kernel.integral(n, z), integrals],
    ];
  }),
  ["density", (z) => kernel.density(z), expected.density],
];

/** Relative error, for numbers that are not too small to keep their digits. */
const LIMIT = 1e-13;

function assertClose(what: string, got: ArrayLike<number>, expected: readonly (number | null)[], at: readonly number[]): void {
  expected.forEach((value, i) => {
    if (value === null || Math.abs(got[i] - value) <= 2 ** -1022) return;
    const error = Math.abs(got[i] - value) / Math.abs(value);
    assert.ok(error <= LIMIT, `${what} at ${at[i]}: ${got[i]}, not ${value}: ${error.toPrecision(3)}`);
  });
}

/** The integrals, the density and what diverges of a kernel, against what they should be. */
function checkValues(kernel: Kernel, expected: Case): void {
  const z = tensor(Float64Array.from(expected.points));
  for (const [what, of, values] of quantities(kernel, expected)) {
    assertClose(what, interpret([of(z)])[0], values, expected.points);
  }
  for (const order of ORDERS) {
    const rises = expected.rises[order];
    if (rises === null) continue;
    const tail = kernel.record.tails[order];
    const start = tail.value(0);
    expected.points.forEach((at, i) => {
      const is = tail.value(Math.abs(at));
      const error = Math.abs(is - start - rises[i]) / Math.max(Math.abs(is), Math.abs(start));
      assert.ok(at === 0 || error <= LIMIT, `G${order} at ${at}: ${is}, not ${start + rises[i]}`);
    });
  }
}

for (const expected of cases) {
  const kernel = kernelOf(expected.name);
  const z = tensor(Float64Array.from(expected.points));

  test(`integrals, deviations and density of the ${kernel.title} kernel are right to the last digits, tails included`, () => {
    checkValues(kernel, expected);
  });

  test(`the slope of the ${kernel.title} density, its characteristic function and its moments are right`, () => {
    const [slope] = interpret([vmap(grad((u: Tensor) => kernel.density(u)))(z)]);
    expected.slope.forEach((value, i) => {
      // About the peak it is a difference, right at the scale of 1.
      const allowed = Math.abs(expected.points[i]) < 0.5 ? 1e-15 : 2 ** -1022;
      if (value === null || Math.abs(slope[i] - value) <= allowed) return;
      assertClose("slope", [slope[i]], [value], [expected.points[i]]);
    });
    const [damping] = interpret([kernel.record.characteristic(tensor(Float64Array.from(expected.frequencies)))]);
    // Waves cancel in it: right at the scale of 1.
    damping.forEach((value, i) => {
      if (expected.characteristic[i] === null) return;
      assert.ok(Math.abs(value - Number(expected.characteristic[i])) <= 1e-14, `at ${expected.frequencies[i]}: ${value}`);
    });
    assert.deepEqual([...interpret([kernel.record.characteristic(tensor([0, Infinity]))])[0]].map(Math.round), [1, 0]);
    const moments = [expected.absoluteMoment, expected.variance, expected.fourthMoment].map((m) => m ?? Infinity);
    const { absoluteMoment, variance, fourthMoment } = kernel.record;
    assertClose(
      "moments",
      [absoluteMoment, variance, fourthMoment].map((m) => 1 / m),
      moments.map((m) => 1 / m),
      [1, 2, 4],
    );
  });

  test(`every derivative of the ${kernel.title} kernel is what differences say`, () => {
    const u = parameter([6], "float32");
    const feeds = new Map([[u, Float64Array.of(-1.41, -0.93, -0.31, 0.22, 0.87, 1.72)]]);
    const tangent = ones([6]);
    const slopeOf = (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [tangent]).tangent;
    const density = (x: Tensor): Tensor => kernel.density(x);
    const functions = [
      ...ORDERS.flatMap((n) => [(x: Tensor) => kernel.deviation(n, x), (x: Tensor) => kernel.integral(n, x)]),
      density,
      slopeOf(density),
      slopeOf(slopeOf(density)),
      (x: Tensor) => kernel.record.characteristic(x),
      slopeOf((x) => kernel.record.characteristic(x)),
    ];
    const should = differences(
      functions.map((f) => f(u)),
      feeds,
      new Map([[u, new Float64Array(6).fill(1)]]),
    );
    interpret(
      functions.map((f) => slopeOf(f)(u)),
      feeds,
    ).forEach((got, i) => assert.equal(firstFar(got, should[i], 1e-8), null, `function ${i}`));
  });

  test(`the ${kernel.title} kernel takes NaN, infinities, both zeros and its own edges`, () => {
    const { radius } = kernel.record;
    const edge = radius === Infinity ? 1e30 : radius;
    const ends = tensor([Number.NaN, -Infinity, Infinity, 0, -0, edge, -edge]);
    for (const order of ORDERS) {
      if (expected.deviations[order] === null) continue;
      const [values] = interpret([kernel.deviation(order, ends)]);
      assert.deepEqual([...values.slice(0, 3)].map(Math.abs), [Number.NaN, 0, 0]);
      assert.equal(values[3], values[4]);
      assert.ok(Math.abs(values[5]) < 1e-12 && Math.abs(values[6]) < 1e-12);
    }
    const second = (u: Tensor) => jvp((v: Tensor) => jvp((w: Tensor) => kernel.density(w), [v], [ones([7])]).tangent, [u], [ones([7])]).tangent; // biome-ignore format: one line
    const [slopes] = interpret([second(ends)]);
    slopes.slice(1).forEach((value, i) => assert.ok(Number.isFinite(value), `the second slope at end ${i + 1} is ${value}`));
  });

  test(`antiderivatives of the ${kernel.title} kernel make up the powers from both sides`, () => {
    const z = tensor([-2.3, -0.7, -0.1, 0.1, 0.7, 2.3]);
    for (const order of ORDERS) {
      const sign = order % 2 === 0 ? -1 : 1;
      const [left, right, power] = interpret([kernel.deviation(order, z), kernel.deviation(order, div(z, -1)), kernel.power(order, z)]); // biome-ignore format: one line
      // D(z) + M(z)[z > 0] − (−1)ⁿ⁺¹(D(−z) + M(−z)[z < 0]) = M(z), of which the parts with a bracket are M(z) already.
      power.forEach((_, i) => assert.ok(Math.abs(left[i] - sign * right[i]) <= 1e-15 * Math.abs(left[i])));
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
  const line = Array.from({ length: 2001 }, (_, i) => Math.fround((i - 1000) / 133));
  const points = Float32Array.from([...expected.points, ...line, Number.NaN, Infinity, -Infinity]);
  for (const [precision, runtime] of Object.entries(runtimes)) {
    test(`${precision} float32 of the ${kernel.title} kernel is within its promise`, async () => {
      const z = parameter([points.length], "float32");
      const asked: [string, (x: Tensor) => Tensor][] = [
        ...ORDERS.map((n): [string, (x: Tensor) => Tensor] => [`D${n}`, (x) => kernel.deviation(n, x)]),
        ...ORDERS.map((n): [string, (x: Tensor) => Tensor] => [`I${n}`, (x) => kernel.integral(n, x)]),
        ["density", (x) => kernel.density(x)],
        ["characteristic", (x) => kernel.record.characteristic(x)],
      ];
      const outputs = asked.map(([, of]) => of(z));
      const got = await (await runtime.load({ parameters: [z], outputs })).run([points]);
      const exact = interpret(outputs, new Map([[z, Float64Array.from(points)]]));
      asked.forEach(([what], k) => {
        const finite = expected.deviations[Number(what.slice(1))] !== null;
        points.forEach((at, i) => {
          if (!Number.isFinite(at) && !finite) return;
          // Waves cancel in the characteristic function, and terms of both signs in what diverges.
          const relative = precision === "precise" && what !== "characteristic" && finite;
          const scale = relative ? exact[k][i] : Math.max(Math.abs(exact[k][i]), 1);
          const error = errorInUlp(got[k][i], exact[k][i], scale);
          assert.ok(error <= (precision === "precise" ? 4 : 8), `${what} at ${at}: ${got[k][i]}, not ${exact[k][i]}: ${error}`);
        });
      });
    });
  }
}

test("where the library has the operation, the kernel is that operation to the last bit", () => {
  const z = tensor(Float64Array.from(cases[0].points));
  for (const [is, should] of [
    [kernelOf("box").integral(1, z), smelu.with({ beta: 1 })(z)],
    [kernelOf("algebraic").integral(1, z), squareplus.with({ b: 1 })(z)],
  ]) {
    assert.deepEqual(...(interpret([is, should]) as [unknown, unknown]));
  }
});

test("a B-spline of order 2 is the triangular kernel, one of order 4 the cubic spline", () => {
  const z = tensor([-2.5, -1.7, -0.4, 0, 0.3, 0.99, 1.2, 3]);
  for (const [order, name] of [
    [2, "triangular"],
    [4, "cubicSpline"],
  ] as const) {
    const [is, should] = interpret([bSpline(order).integral(1, z), kernelOf(name).integral(1, z)]);
    assert.deepEqual(is, should);
  }
  assert.throws(() => bSpline(0), /bSpline: there is no spline of this order/);
  assert.throws(() => bSpline(2.5), /a whole number from 1 to 8/);
});

test("a planted wrong tail is found out", () => {
  const expected = cases.find(({ name }) => name === "epanechnikov") as Case;
  const { record } = kernelOf("epanechnikov");
  const [step, ramp, parabola, cubic] = record.tails;
  const wrong = { ...ramp, value: (d: number) => ramp.value(d) * (1 + 1e-11) };
  checkValues(makeKernel(record), expected);
  assert.throws(() => checkValues(makeKernel({ ...record, tails: [step, wrong, parabola, cubic] }), expected), /D1 at/);
});
