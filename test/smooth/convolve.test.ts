import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, jvp } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { abs, add, div, exp, log, mul, neg, ones, reshape, sign, sin, sub, sum, tanh, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { bump } from "../../src/smooth/kernels/bump.js";
import { cauchy } from "../../src/smooth/kernels/cauchy.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import { laplace } from "../../src/smooth/kernels/laplace.js";
import { logistic } from "../../src/smooth/kernels/logistic.js";
import { t3 } from "../../src/smooth/kernels/student.js";
import { scalar } from "../../src/smooth/pieces/scalar.js";
import { type Convolved, convolveByQuadrature } from "../../src/smooth/quadrature/convolve.js";
import { computeOn } from "../support/engines.js";
import { errorInUlp } from "../support/ulp.js";
import { type Convolution, goldens } from "./quadrature-golden.js";

const kernels: Record<string, Kernel> = { gaussian, logistic, t3, laplace, bump };
const square = (t: Tensor): Tensor => mul(t, t);
const functions: Record<string, { f: (t: Tensor) => Tensor; breaks: readonly number[] }> = {
  tanh: { f: (t) => tanh(t), breaks: [] },
  sin: { f: (t) => sin(t), breaks: [] },
  absSin: { f: (t) => abs(sin(t)), breaks: Array.from({ length: 9 }, (_, i) => (i - 4) * Math.PI) },
  softsign: { f: (t) => div(t, add(abs(t), 1)), breaks: [0] },
  squareBell: { f: (t) => exp(neg(square(t))), breaks: [] },
  logSquare: { f: (t) => log(add(square(t), 1)), breaks: [] },
};

const convolved = ({ f, kernel, width, x }: Convolution, spread: Tensor | null = null): Convolved => {
  const given = spread === null ? width : scalar(width, spread);
  return convolveByQuadrature(functions[f].f, functions[f].breaks, kernels[kernel], given, { points: x });
};

/** Values, two derivatives in x, and that in the width, of a smoothed function at points. */
function everything(golden: Convolution): ArrayLike<number>[] {
  const x = tensor(Float64Array.from(golden.x));
  const width = tensor(golden.width);
  const apply = (at: Tensor, spread: Tensor): Tensor => convolved(golden, spread).apply(at);
  const along = (at: Tensor): Tensor => jvp((y: Tensor) => apply(y, width), [at], [ones(at.shape)]).tangent;
  return interpret([
    apply(x, width),
    along(x),
    jvp(along, [x], [ones(x.shape)]).tangent,
    jvp((spread: Tensor) => apply(x, spread), [width], [ones([])]).tangent,
  ]);
}

for (const golden of goldens.convolutions) {
  test(`${golden.f} * ${golden.kernel} at width ${golden.width} is right to 1e-12, and so are its slopes`, () => {
    const got = everything(golden);
    const orders = [golden.value, golden.slope, golden.curvature, golden.widthSlope];
    orders.forEach((expected, order) => {
      const size = Math.max(...expected.map(Math.abs));
      expected.forEach((value, i) => {
        // Where waves cancel, the figure is right at the scale of the waves.
        const limit = 1e-12 * Math.max(Math.abs(value), 1e-2 * size);
        assert.ok(Math.abs(got[order][i] - value) <= limit, `order ${order} at ${golden.x[i]}: ${got[order][i]}, not ${value}`);
      });
    });
    const { way } = convolved(golden);
    assert.ok(way.kind === "quadrature" && way.error < 1e-13, String(way.error));
  });
}

test("the place of a break is learned through it, also where x meets it exactly", () => {
  const x = tensor(Float64Array.of(-0.4, 0.3, 0.31, 1));
  const step = (at: Tensor): Tensor =>
    convolveByQuadrature((t) => sign(sub(t, at)), [scalar(0.3, at)], gaussian, 0.5, { valued: (t) => sign(sub(t, 0.3)) }).apply(
      x,
    );
  const { tangent } = jvp(step, [tensor(0.3)], [ones([])]);
  const z = div(sub(x, 0.3), 0.5);
  const [got, expected] = interpret([tangent, mul(gaussian.density(z), -4)]);
  got.forEach((value: number, i: number) => assert.ok(Math.abs(value - expected[i]) < 1e-13, `${value}, not ${expected[i]}`));
});

test("a kink that meets the kink of the kernel has the value and the slopes of the closed form", () => {
  const x = tensor(Float64Array.of(-0.7, 0, 0.2, 3));
  const byNodes = convolveByQuadrature((t) => abs(t), [0], laplace, 0.5);
  const closed = (y: Tensor): Tensor => sub(laplace.integral(1, div(y, 0.5)), y);
  const slopeOf = (f: (y: Tensor) => Tensor) => (y: Tensor) => jvp(f, [y], [ones(y.shape)]).tangent;
  const pairs = [
    [byNodes.apply(x), closed(x)],
    [slopeOf(byNodes.apply)(x), slopeOf(closed)(x)],
    [slopeOf(slopeOf(byNodes.apply))(x), slopeOf(slopeOf(closed))(x)],
  ] as const;
  for (const [a, b] of pairs) {
    const [got, expected] = interpret([a, b]);
    got.forEach((value: number, i: number) => assert.ok(Math.abs(value - expected[i]) < 1e-13, `${value}, not ${expected[i]}`));
  }
});

test("what f closes over is learned through it", () => {
  const rate = tensor(1.3);
  const smooth = (a: Tensor): Tensor =>
    convolveByQuadrature((t) => tanh(mul(t, a)), [], gaussian, 0.5, { valued: (t) => tanh(mul(t, 1.3)) }).apply(tensor(0.4));
  const slope = (k: number): Tensor => smooth(tensor(1.3 + k * 1e-4));
  const [got, ...beside] = interpret([grad(smooth)(rate), slope(-1), slope(1)]);
  assert.ok(Math.abs(got[0] - (beside[1][0] - beside[0][0]) / 2e-4) < 1e-8);
});

test("any shape goes in and comes out, NaN stays NaN, and far out it is f", () => {
  const { apply } = convolveByQuadrature((t) => tanh(abs(t)), [0], logistic, 0.5);
  const run = (data: number[], shape: number[]): number[] => [...interpret([apply(reshape(tensor(data), shape))])[0]];
  assert.equal(run([0.3], [])[0], run([0.3, 1], [2, 1])[0]);
  assert.deepEqual(apply(reshape(tensor([1, 2, 3, 4, 5, 6]), [2, 3])).shape, [2, 3]);
  assert.deepEqual(run([], [0, 2]), []);
  const [nan, left, right] = run([Number.NaN, -Infinity, Infinity], [3]);
  assert.ok(Number.isNaN(nan));
  assert.ok(Math.abs(left - 1) < 1e-14 && Math.abs(right - 1) < 1e-14);
});

test("a break that is not named shows in the error, and a named one does not", () => {
  const kinked = (t: Tensor): Tensor => abs(sub(t, 0.2));
  assert.ok(convolveByQuadrature(kinked, [], gaussian, 0.5).way.error > 1e-6);
  assert.ok(convolveByQuadrature(kinked, [0.2], gaussian, 0.5).way.error < 1e-13);
});

test("integrals that diverge, widths that are none and functions of more than one number are refused", () => {
  const refused = (f: (t: Tensor) => Tensor, kernel: Kernel, width: number, message: RegExp): void =>
    assert.throws(() => convolveByQuadrature(f, [], kernel, width), message);
  for (const width of [0, -1, Number.NaN, Infinity]) refused(tanh, gaussian, width, /the width must be positive/);
  refused((t) => square(t), cauchy, 1, /against the Cauchy kernel does not settle[\s\S]*lighter tails/);
  refused((t) => exp(t), logistic, 1.5, /against the logistic kernel does not settle/);
  refused((t) => log(sub(t, 100)), gaussian, 1, /does not settle\n {2}got {7}a value that is not a number/);
  refused((t) => sum(t), gaussian, 1, /not a function of one number: it turns shape/);
});

const runtimes = (["default", "precise"] as const).map((precision) => onnxRuntime({ worker: false, threads: 1, precision }));
after(() => Promise.all(runtimes.map((runtime) => runtime.close())));

test("in float32 they are within 8 ulp of max(|value|, width, min(1, |x|)), and no worse when precise", async () => {
  for (const golden of goldens.convolutions) {
    const x = parameter([golden.x.length], "float32");
    const output = convolved(golden).apply(x);
    const points = Float32Array.from(golden.x);
    const feeds = new Map([[x, points]]);
    const [exact] = interpret([output], feeds);
    for (const runtime of runtimes) {
      const [got] = await computeOn(runtime, [output], feeds);
      got.forEach((value: number, i: number) => {
        const scale = Math.max(Math.abs(exact[i]), golden.width, Math.min(1, Math.abs(points[i])));
        const ulp = errorInUlp(value, exact[i], scale);
        assert.ok(ulp <= 8, `${golden.f} * ${golden.kernel} at ${points[i]}: ${value}, not ${exact[i]}: ${ulp}`);
      });
    }
  }
});
