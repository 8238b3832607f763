import assert from "node:assert/strict";
import { after, test } from "node:test";
import { jvp } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { abs, add, clip, div, exp, full, log, maximum, mul, ones, sum, tanh, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import { box } from "../../src/smooth/kernels/splines.js";
import { convolveByQuadrature } from "../../src/smooth/quadrature/convolve.js";
import { certifiedTable } from "../../src/smooth/quadrature/table.js";
import { computeOn } from "../support/engines.js";
import { errorInUlp } from "../support/ulp.js";
import { goldens } from "./quadrature-golden.js";

const WIDTH = 0.5;
const smoothed = convolveByQuadrature((t) => tanh(t), [], gaussian, WIDTH);
const golden = goldens.convolutions.find(({ f, width }) => f === "tanh" && width === WIDTH) ?? goldens.convolutions[0];
const table = certifiedTable(smoothed.apply, {
  from: -22,
  to: 22,
  left: (x) => full(x.shape, -1),
  right: (x) => full(x.shape, 1),
  scale: WIDTH,
});

const along = (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [ones(x.shape)]).tangent;

test("a table of a smoothed function is right to 1e-12, and so are tables of its derivatives", () => {
  const x = tensor(Float64Array.from(golden.x));
  const got = interpret([table.apply(x), along(table.apply)(x), along(along(table.apply))(x)]);
  [golden.value, golden.slope, golden.curvature].forEach((expected, order) => {
    expected.forEach((value, i) => {
      assert.ok(Math.abs(got[order][i] - value) <= 1e-12 * Math.max(Math.abs(value), 0.05), `order ${order} at ${golden.x[i]}: ${got[order][i]}, not ${value}`); // biome-ignore format: one line
    });
  });
});

test("a table says which way was taken, how exact it is, and what it covers", () => {
  assert.equal(table.way.kind, "table");
  assert.ok(table.way.error < 1e-13, String(table.way.error));
  assert.ok(table.interval[0] <= -22 && table.interval[1] >= 22);
});

test("the error of a table is no less than it is: at the nodes, between them and beyond the ends", () => {
  const f = (x: Tensor): Tensor => log(add(exp(mul(x, -3)), exp(mul(x, 2))));
  for (const tolerance of [1e-4, 1e-9, 1e-14]) {
    const rough = certifiedTable(f, { from: -3, to: 4, tolerance, scale: 1 });
    const x = tensor(Float64Array.from({ length: 4001 }, (_, i) => (i - 2000) / 200));
    const [got, exact] = interpret([rough.apply(x), f(x)]);
    const worst = Math.max(...Array.from(exact, (value, i) => Math.abs(got[i] - value) / Math.max(1, Math.abs(value))));
    assert.ok(worst <= rough.way.error, `${worst} and ${rough.way.error}`);
  }
});

test("without asymptotes a table goes on straight, and beyond its ends slopes are those of what goes on", () => {
  const straight = certifiedTable((x) => maximum(mul(x, 3), mul(x, -1)), { from: -1, to: 2, breaks: [0] });
  const x = tensor(Float64Array.of(-50, -1e6, 70, 1e6));
  const [values, slopes] = interpret([straight.apply(x), along(straight.apply)(x)]);
  assert.deepEqual([...values].map(Math.round), [50, 1e6, 210, 3e6]);
  assert.deepEqual([...slopes].map((slope) => Math.round(slope * 1e9) / 1e9), [-1, -1, 3, 3]); // biome-ignore format: one line
  assert.ok(straight.way.error < 1e-13);
});

test("outside, what would overflow on the other side does no harm, and NaN and infinities stay themselves", () => {
  const bent = certifiedTable((x) => log(add(exp(x), 1)), { from: -30, to: 30, left: (x) => exp(x), right: (x) => x });
  const x = tensor(Float64Array.of(-Infinity, -700, 700, Infinity, Number.NaN));
  const [values, slopes] = interpret([bent.apply(x), along(bent.apply)(x)]);
  assert.deepEqual([...values], [0, Math.exp(-700), 700, Infinity, Number.NaN]);
  assert.deepEqual([...slopes].slice(0, 4), [0, Math.exp(-700), 1, 1]);
});

test("the edges of a compact kernel are named as breaks", () => {
  const smooth = (x: Tensor): Tensor => mul(box.integral(1, div(x, WIDTH)), WIDTH);
  const named = certifiedTable(smooth, { from: -2, to: 2, breaks: [-WIDTH, WIDTH], scale: WIDTH });
  assert.ok(named.way.error < 1e-13 && named.panels <= 4, `${named.way.error}, ${named.panels}`);
  const slopes = certifiedTable(along(smooth), { from: -2, to: 2, breaks: [-WIDTH, WIDTH], scale: 1 });
  assert.ok(slopes.way.error < 1e-13);
});

test("what is no table is refused", () => {
  for (const [from, to] of [[1, 1], [2, 1], [0, Infinity], [Number.NaN, 1]] as const) // biome-ignore format: one line
    assert.throws(() => certifiedTable(tanh, { from, to }), /certifiedTable: there is no such interval/);
  assert.throws(() => certifiedTable((x) => sum(x), { from: 0, to: 1 }), /not a function of one number/);
  assert.throws(() => certifiedTable((x) => log(x), { from: -1, to: 1 }), /not a number everywhere/);
});

const runtimes = (["default", "precise"] as const).map((precision) => onnxRuntime({ worker: false, threads: 1, precision }));
after(() => Promise.all(runtimes.map((runtime) => runtime.close())));

test("in float32 a table and its slope are within 8 ulp of max(|value|, width, min(1, |x|))", async () => {
  const points = Float32Array.from([0, -0, 1e-30, 1e-3, -1e-3, 40, -40, 3e38, -3e38, Infinity, -Infinity, Number.NaN, ...Array.from({ length: 999 }, (_, i) => (i - 499) / 21.3)]); // biome-ignore format: one line
  const x = parameter([points.length], "float32");
  const held = (y: Tensor): Tensor => clip(abs(y), 0, 1e30);
  const outputs = [table.apply(x), along(table.apply)(x), table.apply(held(x))];
  const feeds = new Map([[x, points]]);
  const exact = interpret(outputs, feeds);
  for (const runtime of runtimes) {
    const got = await computeOn(runtime, outputs, feeds);
    exact.forEach((values, k) => {
      values.forEach((value: number, i: number) => {
        const scale = Math.max(Math.abs(value), WIDTH, Math.min(1, Math.abs(points[i])));
        const ulp = errorInUlp(got[k][i], value, Number.isNaN(scale) ? 1 : scale);
        assert.ok(ulp <= 8, `output ${k} at ${points[i]}: ${got[k][i]}, not ${value}: ${ulp}`);
      });
    });
  }
});
