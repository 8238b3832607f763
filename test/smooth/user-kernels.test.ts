import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, jvp, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { abs, add, clip, div, exp, less, log, maximum, mul, neg, ones, sub, sum, tensor, where } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { bump } from "../../src/smooth/kernels/bump.js";
import { cauchy } from "../../src/smooth/kernels/cauchy.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import { fourthOrderGaussian } from "../../src/smooth/kernels/higher-order.js";
import { type Kernel, ORDERS } from "../../src/smooth/kernels/kernel.js";
import { triangular } from "../../src/smooth/kernels/splines.js";
import { userKernel } from "../../src/smooth/kernels/user.js";
import { mollify } from "../../src/smooth/mollify.js";
import { computeOn } from "../support/engines.js";
import { errorInUlp } from "../support/ulp.js";
import { goldens } from "./quadrature-golden.js";

const ROOT = Math.sqrt(2 * Math.PI);
const square = (u: Tensor): Tensor => mul(u, u);
const normal = (u: Tensor, mean: number, spread: number): Tensor =>
  mul(exp(mul(square(div(sub(u, mean), spread)), -0.5)), 1 / (ROOT * spread));

const densities: Record<string, (u: Tensor) => Tensor> = {
  gaussian: (u) => normal(u, 0, 1),
  gumbel: (u) => exp(sub(neg(u), exp(neg(u)))),
  mixture: (u) => mul(add(normal(u, -1, 0.25), mul(normal(u, 1, 1), 3)), 0.25),
  house: (u) => where(less(abs(u), 1), sub(0.625, mul(abs(u), 0.25)), 0),
  tent: (u) => maximum(sub(1, abs(u)), 0),
  t3: (u) => div(2 / Math.PI, square(add(square(u), 1))),
  cauchy: (u) => div(1 / Math.PI, add(square(u), 1)),
  exponential: (u) => where(less(u, 0), 0, exp(neg(maximum(u, 0)))),
};
const made: Record<string, Kernel> = Object.fromEntries(
  Object.entries(densities).map(([name, density]) => [name, userKernel({ name, density })]),
);

const relative = (got: number, expected: number): number =>
  got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);

test("tails of user kernels are right to 1e-12 of the value on both sides, however far out", () => {
  for (const { name, d, left, right } of goldens.tails) {
    const { tails, mirroredTails = tails } = made[name].record;
    const sides = [{ tails, values: left }, { tails: mirroredTails, values: right }] as const; // biome-ignore format: one line
    for (const { tails: side, values } of sides) {
      values.forEach((value, n) => {
        const got = side[n as 0 | 1 | 2 | 3].value(d);
        assert.ok(relative(got, value) <= 1e-12, `${name}, order ${n} at ${d}: ${got}, not ${value}`);
      });
    }
  }
});

test("moments of user kernels are right, and what does not exist is infinite", () => {
  for (const { name, mean, variance, third, fourth } of goldens.moments) {
    const { record } = made[name];
    assert.ok(Math.abs((record.mean ?? 0) - mean) < 1e-14, name);
    assert.ok(relative(record.variance, variance) < 1e-13, name);
    assert.ok(Math.abs((record.thirdMoment ?? 0) - third) < 1e-13, name);
    assert.ok(relative(record.fourthMoment, fourth) < 1e-13, name);
    assert.equal(record.momentsBelow, Infinity);
  }
  assert.deepEqual([made.t3.record.momentsBelow, made.cauchy.record.momentsBelow], [3, 1]);
  assert.deepEqual([made.t3.record.fourthMoment, made.cauchy.record.absoluteMoment], [Infinity, Infinity]);
});

test("a Gaussian by its density alone is the built-in Gaussian to 1e-12", () => {
  for (const order of ORDERS) {
    for (let d = 0; d <= 36; d += 0.0625) {
      const [got, expected] = [made.gaussian, gaussian].map(({ record }) => record.tails[order].value(d));
      assert.ok(relative(got, expected) <= 1e-12, `order ${order} at ${d}: ${got}, not ${expected}`);
    }
  }
  const z = tensor(Float64Array.of(-30, -8, -2, -0.1, 0, 0.3, 5, 40));
  for (const order of ORDERS) {
    const [got, expected] = interpret([made.gaussian.integral(order, z), gaussian.integral(order, z)]);
    got.forEach((value: number, i: number) => assert.ok(relative(value, expected[i]) <= 1e-12));
  }
  const frequencies = tensor(Float64Array.of(0, 0.5, 2, 6, 20, Infinity));
  const [got, expected] = interpret([
    made.gaussian.record.characteristic(frequencies),
    gaussian.record.characteristic(frequencies),
  ]);
  got.forEach((value: number, i: number) => assert.ok(Math.abs(value - expected[i]) <= 1e-14, `wave ${i}: ${value}`));
});

test("what is noticed about a density: its radius, how smooth it is, whether it is even and falls", () => {
  const seen = (name: string) => {
    const { record, even } = made[name];
    return [record.radius, record.smoothness, even, record.positive];
  };
  assert.deepEqual(seen("gaussian"), [Infinity, Infinity, true, true]);
  assert.deepEqual(seen("gumbel"), [Infinity, Infinity, false, true]);
  assert.deepEqual(seen("mixture"), [Infinity, Infinity, false, false]);
  assert.deepEqual(seen("house"), [1, -1, true, true]);
  assert.deepEqual(seen("tent"), [1, 0, true, true]);
});

test("a tent by its density alone is the built-in triangular kernel up to its edge", () => {
  for (const order of ORDERS) {
    for (const d of [0, 0.3, 0.9, 0.999, 1 - 1e-7, 1 - 1e-12, 1, 2]) {
      const [got, expected] = [made.tent, triangular].map(({ record }) => record.tails[order].value(d));
      // The density itself is coarse next to its edge: 1 − |u| has the digits that |u| has left.
      const limit = d < 1 ? 1e-12 + 4e-16 / (1 - d) : 0;
      assert.ok(relative(got, expected) <= limit, `order ${order} at ${d}: ${got}, not ${expected}`);
    }
  }
});

test("the antiderivatives of a heavy tail are those of the built-in Cauchy kernel, a constant aside", () => {
  for (const order of ORDERS) {
    const starts = [made.cauchy, cauchy].map(({ record }) => record.tails[order].value(0));
    for (const d of [0.01, 0.5, 3, 100, 1e8, 1e20]) {
      const [got, expected] = [made.cauchy, cauchy].map(({ record }, i) => record.tails[order].value(d) - starts[i]);
      assert.ok(relative(got, expected) <= 1e-10, `order ${order} at ${d}: ${got}, not ${expected}`);
    }
  }
});

test("the tails of the bump are right to the last digits up to its edge, and 0 beyond", () => {
  for (const { d, tails } of goldens.bump) {
    tails.forEach((value, n) => {
      const got = bump.record.tails[n as 0 | 1 | 2 | 3].value(d);
      assert.ok(relative(got, value) <= 2e-13, `order ${n} at ${d}: ${got}, not ${value}`);
    });
  }
  for (const { value } of bump.record.tails) assert.deepEqual([1, 1.5, Infinity].map(value), [0, 0, 0]);
  assert.ok(Number.isNaN(bump.record.tails[2].value(Number.NaN)));
});

test("the bump by its density alone is the bump, and its wave starts with its variance", () => {
  const other = userKernel({ name: "other", density: (u) => bump.density(u), radius: 1 });
  for (const order of ORDERS) {
    for (const d of [0, 0.2, 0.7, 0.95]) {
      const [got, expected] = [other, bump].map(({ record }) => record.tails[order].value(d));
      assert.ok(relative(got, expected) <= 1e-12, `order ${order} at ${d}: ${got}, not ${expected}`);
    }
  }
  const bend = grad(grad((w: Tensor) => bump.record.characteristic(w)));
  assert.ok(Math.abs(interpret([bend(tensor(0))])[0][0] + bump.record.variance) < 1e-14);
  assert.deepEqual([...interpret([bump.record.characteristic(tensor([0, Infinity]))])[0]].map((x) => Math.round(x * 1e12) / 1e12), [1, 0]); // biome-ignore format: one line
});

const signed = userKernel({
  name: "signed",
  density: (u) => mul(mul(sub(3, square(u)), 0.5), normal(u, 0, 1)),
  signed: true,
});

test("a kernel of the fourth order, by its density and in closed form, is one", () => {
  const closed = fourthOrderGaussian;
  assert.deepEqual([closed.record.positive, signed.record.positive], [false, false]);
  assert.ok(Math.abs(signed.record.variance) < 1e-14 && closed.record.variance === 0);
  for (const order of ORDERS) {
    for (const d of [0, 0.3, 1, 1.9, 3, 6, 12]) {
      const [got, expected] = [signed, closed].map(({ record }) => record.tails[order].value(d));
      assert.ok(Math.abs(got - expected) <= 1e-12 * Math.max(Math.abs(expected), 1e-3), `order ${order} at ${d}: ${got}, not ${expected}`); // biome-ignore format: one line
    }
  }
});

const LINE = [0, -0, 1e-30, 1, -1, 30, -30, 1e4, -1e4, Infinity, -Infinity, Number.NaN];
const runtimes = (["default", "precise"] as const).map((precision) => onnxRuntime({ worker: false, threads: 1, precision }));
after(() => Promise.all(runtimes.map((runtime) => runtime.close())));

/** Deviations of a kernel in float32 and in float64, over the line. */
async function compared(kernel: Kernel, precise: boolean) {
  const points = Float32Array.from([...LINE, ...Array.from({ length: 1201 }, (_, i) => (i - 600) / 97)]);
  const z = parameter([points.length], "float32");
  const outputs = ORDERS.map((order) => kernel.deviation(order, z));
  const feeds = new Map([[z, points]]);
  const got = await computeOn(runtimes[precise ? 1 : 0], outputs, feeds);
  return { points, got, exact: interpret(outputs, feeds) };
}

for (const kernel of [...Object.values(made), bump, signed, fourthOrderGaussian]) {
  test(`the ${kernel.name} kernel looks up its tails in float32 to 8 ulp of max(|value|, 1), and of the value when precise`, async () => {
    const alive = ORDERS.filter((order) => order < kernel.record.momentsBelow);
    for (const precise of [false, true]) {
      const { points, got, exact } = await compared(kernel, precise);
      for (const order of alive) {
        got[order].forEach((value: number, i: number) => {
          const scale = Math.max(Math.abs(exact[order][i]), precise && kernel.record.positive ? 0 : 1);
          const ulp = errorInUlp(value, exact[order][i], scale);
          assert.ok(
            ulp <= 8,
            `order ${order} at ${points[i]}: ${value}, not ${exact[order][i]}: ${ulp} ulp, precise: ${precise}`,
          );
        });
      }
    }
  });
}

test("a tail is looked up in tensors of every shape", async () => {
  for (const shape of [[], [1], [2, 3], [2, 1, 2], [0, 3]]) {
    const z = parameter(shape, "float32");
    const output = bump.deviation(1, z);
    const feeds = new Map([[z, Float32Array.from({ length: z.size }, (_, i) => i / 7 - 0.3)]]);
    const [exact] = interpret([output], feeds);
    for (const runtime of runtimes) {
      const [got] = await computeOn(runtime, [output], feeds);
      assert.equal(got.length, exact.length);
      got.forEach((value: number, i: number) => assert.ok(errorInUlp(value, exact[i], 1) <= 8));
    }
  }
});

test("what grows like a broken power of the distance is looked up to 8 ulp too", async () => {
  // Student's law with 2.5 degrees of freedom: order 3 grows like the root of the distance.
  const density = (u: Tensor): Tensor => exp(mul(log(add(mul(square(u), 0.4), 1)), -1.75));
  const kernel = userKernel({ name: "broken", density, normalise: true });
  assert.equal(kernel.record.momentsBelow, 2.5);
  const z = parameter([61], "float32");
  const output = kernel.deviation(3, z);
  const feeds = new Map([[z, Float32Array.from({ length: 61 }, (_, i) => Math.sinh((i - 30) / 4))]]);
  const [exact] = interpret([output], feeds);
  for (const runtime of runtimes) {
    const [got] = await computeOn(runtime, [output], feeds);
    got.forEach((value: number, i: number) => {
      const ulp = errorInUlp(value, exact[i], Math.max(1, Math.abs(exact[i])));
      assert.ok(ulp <= 8, `${value}, not ${exact[i]}: ${ulp}`);
    });
  }
  // Its slope is 3 times the order below, which exists.
  const { tangent } = jvp((x: Tensor) => kernel.integral(3, x), [tensor([-2.5])], [ones([1])]);
  const beside = interpret([-1, 1].map((step) => kernel.integral(3, tensor(Float64Array.of(-2.5 + step * 1e-5)))));
  assert.ok(relative(interpret([tangent])[0][0], (beside[1][0] - beside[0][0]) / 2e-5) < 1e-8);
});

test("the slope of every smoothed power is the order times the one below", () => {
  for (const kernel of [made.gumbel, made.tent, bump]) {
    const z = tensor(Float64Array.of(-1.3, -0.4, 0.2, 0.9, 1.7));
    for (const order of [1, 2, 3]) {
      const { tangent } = jvp((x: Tensor) => kernel.integral(order, x), [z], [ones([5])]);
      const [slope, below] = interpret([tangent, kernel.integral(order - 1, z)]);
      slope.forEach((value: number, i: number) => assert.ok(relative(value, order * below[i]) < 1e-13));
    }
    const [slope, density] = interpret([vmap(grad((x: Tensor) => kernel.integral(0, x)))(z), kernel.density(z)]);
    assert.deepEqual([...slope], [...density]);
  }
});

test("functions are smoothed by a user kernel as by the built-in one, and what diverges is refused as there", () => {
  const x = tensor(Float64Array.from({ length: 121 }, (_, i) => i / 10 - 6));
  const pairs = [
    [made.gaussian, gaussian],
    [made.tent, triangular],
    [made.cauchy, cauchy],
  ] as const;
  for (const [ours, builtIn] of pairs) {
    const [got, expected] = interpret(
      [ours, builtIn].map((kernel) => mollify((y) => clip(y, -1, 0.5), { kernel, width: 0.7 })(x)),
    );
    expected.forEach((value: number, i: number) => assert.ok(Math.abs(got[i] - value) < 1e-13, `${ours.name}: ${got[i]}, not ${value}`)); // biome-ignore format: one line
  }
  for (const kernel of [made.cauchy, cauchy]) assert.throws(() => mollify((y) => maximum(y, 0), { kernel })(x), /diverges/);
});

test("densities on one side of 0, and of any width, have the tails of their closed forms", () => {
  const factorial = [1, 1, 2, 6];
  const close = (what: string, got: number, expected: number): void =>
    assert.ok(relative(got, expected) <= 1e-12, `${what}: ${got}, not ${expected}`);
  const right = made.exponential;
  const box = userKernel({ name: "box", density: (u) => where(less(abs(sub(u, 0.5)), 0.5), 1, 0) });
  for (const order of ORDERS) {
    for (const { record } of [right, box]) assert.equal(record.tails[order].value(0.2), 0);
    for (const d of [0, 1, 10])
      close(`order ${order} at ${d}`, right.record.mirroredTails?.[order].value(d) ?? 0, factorial[order] * Math.exp(-d));
    for (const d of [0, 0.3, 0.9, 0.999])
      close(`order ${order} at ${d}`, box.record.mirroredTails?.[order].value(d) ?? 0, (1 - d) ** (order + 1) / (order + 1));
    for (const width of [1e-4, 1e6]) {
      const wide = userKernel({ name: "wide", density: (u) => mul(exp(neg(div(abs(u), width))), 0.5 / width) });
      for (const d of [0, 0.1, 30, 600])
        close(
          `width ${width} at ${d}`,
          wide.record.tails[order].value(d * width),
          0.5 * factorial[order] * width ** order * Math.exp(-d),
        );
    }
  }
});

test("kernels of one name and another density keep apart in one graph", () => {
  const other = userKernel({ name: "tent", density: (u) => mul(maximum(sub(2, abs(u)), 0), 0.25) });
  assert.notEqual(other.record.name, made.tent.record.name);
  assert.equal(other.name, made.tent.name);
  assert.equal(userKernel({ name: "tent", density: densities.tent }).record.name, made.tent.record.name);
});

test("a density that is given up to a factor is normalised when asked to be", () => {
  const kernel = userKernel({ name: "free", density: (u) => exp(mul(square(u), -0.5)), normalise: true });
  assert.ok(relative(kernel.record.tails[1].value(2), gaussian.record.tails[1].value(2)) < 1e-13);
  assert.ok(relative(interpret([kernel.density(tensor(0.5))])[0][0], interpret([gaussian.density(tensor(0.5))])[0][0]) < 1e-14);
});

test("what is no density is refused, with the figure", () => {
  const refused = (density: (u: Tensor) => Tensor, message: RegExp, more = {}): void =>
    assert.throws(() => userKernel({ name: "bad", density, ...more }), message);
  refused((u) => mul(normal(u, 0, 1), 1.5), /does not integrate to 1\n {2}got {7}1\.5/);
  refused((u) => mul(u, 0), /does not integrate to 1\n {2}got {7}0/);
  refused((u) => mul(mul(sub(3, square(u)), 0.5), normal(u, 0, 1)), /negative in places[\s\S]*signed: true/);
  refused((u) => log(u), /not a finite number everywhere\n {2}got {7}NaN at u = -/);
  refused((u) => div(1, abs(u)), /not a finite number everywhere|does not settle/);
  refused((u) => sum(normal(u, 0, 1)), /not a function of one number: it turns shape/);
  refused((u) => normal(u, 0, 1), /a radius is a finite length above 0/, { radius: 0 });
  refused((u) => normal(u, 0, 1), /a radius is a finite length above 0\n {2}got {7}NaN/, { radius: Number.NaN });
  assert.throws(() => userKernel({ name: "a b", density: densities.tent }), /the name is not one/);
});
