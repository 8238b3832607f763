import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { grad, jvp } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import "../../src/methods.js";
import { parameter } from "../../src/ops/create.js";
import { ones, sum, tensor, zeros } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { findKernel, kernels } from "../../src/smooth/kernels/catalogue.js";
import { differences, firstFar } from "../support/differences.js";
import { errorInUlp } from "../support/ulp.js";

type Tilt = (order: number, z: Tensor, rate: Tensor) => Tensor;

/** Values computed with mpmath by tools/golden/tilted.py, at pairs of places and rates. */
interface Case {
  readonly name: string;
  readonly places: readonly number[];
  readonly rates: readonly number[];
  /** For every order, at every pair. */
  readonly whole: readonly (readonly number[])[];
  readonly excess: readonly (readonly number[])[];
}

const cases: readonly Case[] = JSON.parse(readFileSync(new URL("../golden/tilted.json", import.meta.url), "utf8")).cases;

/** The operations of a kernel by name, with what they should give. */
const familiesOf = ({ name, whole, excess }: Case): [string, Tilt, readonly (readonly number[])[]][] => {
  const record = findKernel(name)?.record;
  assert.ok(record?.tilted && record.tiltedExcess, `${name} takes no exponentials`);
  return [
    ["L", record.tilted, whole],
    ["E", record.tiltedExcess, excess],
  ];
};

const LIMIT = 1e-13;

/** Below the normal numbers digits are lost by themselves. */
const relative = (got: number, expected: number): number =>
  Math.abs(got - expected) <= 2 ** -1022 ? 0 : Math.abs(got - expected) / Math.abs(expected);

for (const expected of cases) {
  const { name, places, rates } = expected;
  test(`exponentials under the ${name} kernel are right to the last digits, in both tails and at every rate`, () => {
    const [z, rate] = [tensor(Float64Array.from(places)), tensor(Float64Array.from(rates))];
    for (const [letter, operation, rows] of familiesOf(expected)) {
      rows.forEach((row, order) => {
        const [got] = interpret([operation(order, z, rate)]);
        row.forEach((should, i) => {
          const error = relative(got[i], should);
          assert.ok(error <= LIMIT, `${letter}${order}(${places[i]}, ${rates[i]}) is ${got[i]}, not ${should}: ${error}`);
        });
      });
    }
  });
}

const runtimes = {
  default: onnxRuntime({ worker: false, threads: 1 }),
  precise: onnxRuntime({ worker: false, threads: 1, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

for (const [precision, runtime] of Object.entries(runtimes)) {
  for (const expected of cases) {
    test(`${precision} float32 of exponentials under the ${expected.name} kernel is within its promise`, async () => {
      const { places, rates } = expected;
      const [z, rate] = [tensor(Float32Array.from(places)), tensor(Float32Array.from(rates))];
      const families = familiesOf(expected);
      const every = (x: Tensor, s: Tensor) => families.flatMap(([, operation, rows]) => rows.map((_, order) => operation(order, x, s))); // biome-ignore format: one line
      const got = await Promise.all((await compile(every, { runtime })(z, rate)).map((result) => result.data()));
      const expectations = families.flatMap(([letter, , rows]) => rows.map((row, order) => ({ what: `${letter}${order}`, row })));
      expectations.forEach(({ what, row }, k) => {
        row.forEach((should, i) => {
          // An exponential that grows is as right as its exponent, of which it multiplies the rounding.
          const exponent = Math.max(1, (-rates[i] * Math.abs(places[i])) / 4);
          // The excess is as right as the width is small: rates are in proportion to it.
          const unit = what.startsWith("E") ? Math.min(Math.abs(rates[i]), 1) : 1;
          const scale = precision === "precise" ? should : Math.max(Math.abs(should), unit) * exponent;
          const error = errorInUlp(got[k][i], should, scale);
          const where = `${what}(${places[i]}, ${rates[i]}) is ${got[k][i]}, not ${should}: ${error} ulp`;
          assert.ok(error <= (precision === "precise" ? 4 : 8), where);
        });
      });
    });
  }
}

const withExponentials = kernels.filter(({ record }) => record.tilted !== undefined);

test("every derivative in the place and in the rate is what differences say", () => {
  for (const { name, record } of withExponentials) {
    const [z, rate] = [parameter([5], "float32"), parameter([5], "float32")];
    const feeds = new Map([
      [z, Float64Array.of(-2.3, -0.61, 0.17, 0.43, 1.9)],
      [rate, Float64Array.of(0.3, 1, 2.5, 0.2, 1.3)],
    ]);
    const { tilted, tiltedExcess } = record as { tilted: Tilt; tiltedExcess: Tilt };
    const functions = [
      (x: Tensor, s: Tensor) => tilted(0, x, s),
      (x: Tensor, s: Tensor) => tilted(1, x, s),
      (x: Tensor, s: Tensor) => tiltedExcess(0, x, s),
      (x: Tensor, s: Tensor) => tiltedExcess(record.momentsBelow > 2 ? 2 : 0, x, s),
      (x: Tensor, s: Tensor) => jvp((y: Tensor) => tilted(0, y, s), [x], [ones([5])]).tangent,
    ];
    const outputs = functions.map((f) => f(z, rate));
    for (const moved of [z, rate]) {
      const [alongZ, alongRate] = moved === z ? [ones([5]), zeros([5])] : [zeros([5]), ones([5])];
      const derivatives = functions.map((f) => jvp(f, [z, rate], [alongZ, alongRate]).tangent);
      const should = differences(outputs, feeds, new Map([[moved, new Float64Array(5).fill(1)]]));
      interpret(derivatives, feeds).forEach((got, i) => {
        assert.equal(firstFar(got, should[i], 1e-8), null, `${name}, function ${i} by ${moved === z ? "z" : "s"}`);
      });
    }
  }
});

test("NaN stays NaN, nothing is left of ∞, and left of everything an exponential has died out", async () => {
  const z = tensor(Float32Array.of(Number.NaN, 1, Infinity, -Infinity));
  const rate = tensor(Float32Array.of(1, Number.NaN, 2, 2));
  const expected = [
    [Number.NaN, Number.NaN, 0, 0],
    [Number.NaN, Number.NaN, 0, -1],
  ];
  for (const { name, record } of withExponentials) {
    const { tilted, tiltedExcess } = record as { tilted: Tilt; tiltedExcess: Tilt };
    const both = (x: Tensor, s: Tensor) => [tilted(0, x, s), tiltedExcess(0, x, s)];
    interpret(both(z, rate)).forEach((values, k) =>
      assert.deepEqual(
        [...values].map((value) => value + 0),
        expected[k],
        name,
      ),
    );
    const got = await Promise.all((await compile(both, { runtime: runtimes.default })(z, rate)).map((result) => result.data()));
    got.forEach((values, k) => {
      [...values].forEach((value, i) => assert.ok(errorInUlp(value, expected[k][i], 1) <= 8, `${name}: ${value}`));
    });
  }
});

test("a rate that outweighs the tails of a kernel is told where it is known, and gives NaN where it is not", () => {
  const logistic = findKernel("logistic")?.record.tilted as Tilt;
  assert.throws(() => logistic(0, tensor(0), tensor(-1)), /outweighs the kernel's tail: the convolution diverges/);
  const rate = parameter([], "float32");
  assert.ok(Number.isNaN(interpret([logistic(0, tensor(0), rate)], new Map([[rate, Float64Array.of(-1)]]))[0][0]));
  const gaussian = findKernel("gaussian")?.record.tilted as Tilt;
  const cauchy = findKernel("cauchy")?.record.tiltedExcess as Tilt;
  assert.throws(() => cauchy(1, tensor(0), tensor(1)), /degree 1 that goes on to the left has no convolution: it diverges/);
  assert.ok(Number.isFinite(interpret([gaussian(0, tensor(0), tensor(-3))])[0][0]));
});

test("places and rates broadcast, and gradients come back in their own shapes", () => {
  const tilted = findKernel("gaussian")?.record.tilted as Tilt;
  const z = tensor([
    [0.1, -2, 3],
    [1, 0, -1],
  ]);
  const loss = (x: Tensor, s: Tensor): Tensor => sum(tilted(0, x, s));
  const slope = grad((s: Tensor) => loss(z, s))(tensor(0.5));
  assert.deepEqual(slope.shape, []);
  assert.deepEqual(tilted(0, z, tensor([1, 2, 3])).shape, [2, 3]);
});
