import assert from "node:assert/strict";
import { after, test } from "node:test";
import { jvp, vjp } from "../../src/diff/index.js";
import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import { Fault } from "../../src/ir/fault.js";
import type { Shape } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import * as o from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { differences, dot, firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { direction, draw, randomFrom } from "../support/random.js";

const runtime = directRuntime();
after(() => runtime.close());

type Rows = number[][];

/** A call on a matrix, and the same computed row by row, in the plainest way. */
interface Case {
  readonly call: (x: Tensor) => Tensor;
  readonly expected: (rows: Rows) => number[];
  readonly range?: readonly [number, number];
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const times = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);
const average = (values: readonly number[]): number => total(values) / values.length;
const spread = (values: readonly number[], correction = 0): number =>
  total(values.map((x) => (x - average(values)) ** 2)) / (values.length - correction);
const columnsOf = (rows: Rows): Rows => rows[0].map((_, j) => rows.map((row) => row[j]));
const each = (f: (x: number) => number) => (rows: Rows) => rows.flat().map(f);
const byRow = (f: (row: number[]) => number) => (rows: Rows) => rows.map(f);
const byColumn = (f: (column: number[]) => number) => (rows: Rows) => columnsOf(rows).map(f);
const shares = (row: number[]): number[] => row.map((x) => Math.exp(x) / total(row.map(Math.exp)));
const ascending = (row: number[]): number[] => [...row].sort((a, b) => a - b);
const running = (row: number[]): number[] => row.map((_, i) => total(row.slice(0, i + 1)));

const cases: Record<string, Case> = {
  square: { call: (x) => o.square(x), expected: each((x) => x * x) },
  "pow to 0": { call: (x) => o.pow(x, 0), expected: each(() => 1) },
  "pow to 3": { call: (x) => o.pow(x, 3), expected: each((x) => x ** 3) },
  "pow to 7": { call: (x) => o.pow(x, 7), expected: each((x) => x ** 7) },
  "pow to −2": { call: (x) => o.pow(x, -2), expected: each((x) => x ** -2), range: [0.5, 2] },
  "pow to ½": { call: (x) => o.pow(x, 0.5), expected: each(Math.sqrt), range: [0.5, 2] },
  "pow to −½": { call: (x) => o.pow(x, -0.5), expected: each((x) => 1 / Math.sqrt(x)), range: [0.5, 2] },
  "pow to 2.3": { call: (x) => o.pow(x, 2.3), expected: each((x) => x ** 2.3), range: [0.5, 2] },
  "mod 0.7": { call: (x) => o.mod(x, 0.7), expected: each((x) => x - 0.7 * Math.floor(x / 0.7)) },
  "mod −0.7": { call: (x) => o.mod(x, -0.7), expected: each((x) => x + 0.7 * Math.floor(x / -0.7)) },
  logSigmoid: { call: (x) => o.logSigmoid(x), expected: each((x) => -Math.log(1 + Math.exp(-x))) },
  softplus: { call: (x) => o.softplus(x), expected: each((x) => Math.log(1 + Math.exp(x))) },
  "mean of all": { call: (x) => o.mean(x), expected: (rows) => [average(rows.flat())] },
  "mean over rows": { call: (x) => o.mean(x, { axes: 1 }), expected: byRow(average) },
  "mean over columns": { call: (x) => o.mean(x, { axes: 0, keepAxes: true }), expected: byColumn(average) },
  variance: { call: (x) => o.variance(x, { axes: 1 }), expected: byRow((row) => spread(row)) },
  "variance, corrected": {
    call: (x) => o.variance(x, { axes: 0, correction: 1 }),
    expected: byColumn((column) => spread(column, 1)),
  },
  logsumexp: { call: (x) => o.logsumexp(x, { axes: 1 }), expected: byRow((row) => Math.log(total(row.map(Math.exp)))) },
  softmax: { call: (x) => o.softmax(x), expected: (rows) => rows.flatMap(shares) },
  "softmax over columns": { call: (x) => o.softmax(x, 0), expected: (rows) => columnsOf(columnsOf(rows).map(shares)).flat() },
  logSoftmax: { call: (x) => o.logSoftmax(x), expected: (rows) => rows.flatMap((row) => shares(row).map(Math.log)) },
  product: { call: (x) => o.product(x, { axes: 1 }), expected: byRow(times) },
  "product of all": { call: (x) => o.product(x), expected: (rows) => [times(rows.flat())] },
  norm: { call: (x) => o.norm(x, { axes: 1 }), expected: byRow((row) => Math.hypot(...row)) },
  sinh: { call: (x) => o.sinh(x), expected: each(Math.sinh) },
  cosh: { call: (x) => o.cosh(x), expected: each(Math.cosh) },
  asin: { call: (x) => o.asin(x), expected: each(Math.asin), range: [-0.9, 0.9] },
  acos: { call: (x) => o.acos(x), expected: each(Math.acos), range: [-0.9, 0.9] },
  atanh: { call: (x) => o.atanh(x), expected: each(Math.atanh), range: [-0.9, 0.9] },
  sort: { call: (x) => o.sort(x), expected: (rows) => rows.flatMap(ascending) },
  "sort of columns, descending": {
    call: (x) => o.sort(x, 0, { descending: true }),
    expected: (rows) => columnsOf(columnsOf(rows).map((column) => ascending(column).reverse())).flat(),
  },
  "two largest": {
    call: (x) => o.topK(x, 2).values,
    expected: (rows) => rows.flatMap((row) => ascending(row).reverse().slice(0, 2)),
  },
  "two smallest of columns": {
    call: (x) => o.topK(x, 2, { axis: 0, largest: false }).values,
    expected: (rows) => columnsOf(columnsOf(rows).map((column) => ascending(column).slice(0, 2))).flat(),
  },
  "take columns": {
    call: (x) => o.take(x, o.tensor(Int32Array.of(2, 0, -1)), 1),
    expected: (rows) => rows.flatMap((row) => [row[2], row[0], row[3]]),
  },
  "second part of a split": {
    call: (x) => o.split(x, [1, 2, 1], 1)[1],
    expected: (rows) => rows.flatMap((row) => row.slice(1, 3)),
  },
  "last of equal parts": { call: (x) => o.split(x, 3)[2], expected: (rows) => rows[2] },
  stack: { call: (x) => o.stack([x, o.neg(x)], 1), expected: (rows) => rows.flatMap((row) => [...row, ...row.map((v) => -v)]) },
  "running sum": { call: (x) => o.cumulativeSum(x), expected: (rows) => rows.flatMap(running) },
  clip: { call: (x) => o.clip(x, -0.5, 0.75), expected: each((x) => Math.min(0.75, Math.max(-0.5, x))) },
};

const SHAPE: Shape = [3, 4];
const rowsOf = (data: ArrayLike<number>): Rows => [0, 1, 2].map((i) => Array.from({ length: 4 }, (_, j) => data[4 * i + j]));

for (const [name, { call, expected, range }] of Object.entries(cases)) {
  test(`${name} is what its definition says, in both precisions, and so are its derivatives`, async () => {
    const random = randomFrom(11);
    const x = parameter(SHAPE, "float32");
    const data = draw({ shape: SHAPE, dtype: "float32", ...(range && { range }) }, random);
    const feeds = new Map<Tensor, TypedArray>([[x, data]]);
    const output = call(x);
    assert.equal(firstFar(interpret([output], feeds)[0], expected(rowsOf(data)), 1e-12), null);
    assert.equal(firstFar((await computeOn(runtime, [output], feeds))[0], expected(rowsOf(data)), 2e-6), null);
    const [tangent, cotangent] = [parameter(SHAPE, "float32"), parameter(output.shape, "float32")];
    const known = new Map([...feeds, [tangent, direction(12, random)], [cotangent, direction(output.size, random)]]);
    const forward = jvp(call, [x], [tangent]).tangent;
    const [backward] = vjp(call, x).pullback(cotangent);
    const [pushed, pulled] = interpret([forward, backward], known);
    const limit = differences([output], feeds, new Map([[x, known.get(tangent) as TypedArray]]))[0];
    assert.equal(firstFar(pushed, limit, 1e-8), null);
    const [left, right] = [dot(pushed, known.get(cotangent) as TypedArray), dot(pulled, known.get(tangent) as TypedArray)];
    assert.equal(firstFar([left], [right], 1e-12), null);
  });
}

/** A call on given numbers in both precisions, which must agree to float32 rounding; the float64 values. */
async function both(call: (x: Tensor) => Tensor, values: o.NestedNumbers): Promise<number[]> {
  const source = o.tensor(values);
  const x = parameter(source.shape, source.dtype);
  const output = call(x);
  const feeds = new Map([[x, interpret([source])[0].map((value) => (isFloat(source.dtype) ? Math.fround(value) : value))]]);
  const [exact] = interpret([output], feeds);
  const [got] = await computeOn(runtime, [output], feeds);
  assert.equal(firstFar(got, exact.map(Math.fround), 2e-6), null);
  return [...exact];
}

const gradientOf = (call: (x: Tensor) => Tensor) => (x: Tensor) => vjp(call, x).pullback(o.ones(call(x).shape))[0];

test("logsumexp holds at its ends: all −∞, one ∞, 1e4, and so does its gradient", async () => {
  const { POSITIVE_INFINITY: inf } = Number;
  assert.deepEqual(await both((x) => o.logsumexp(x), [-inf, -inf, -inf]), [-inf]);
  assert.deepEqual(await both((x) => o.logsumexp(x), [1, inf, 2]), [inf]);
  assert.deepEqual(await both((x) => o.logsumexp(x), [-inf, 3, -inf]), [3]);
  assert.equal((await both((x) => o.logsumexp(x), [1e4, 1e4]))[0], 1e4 + Math.LN2);
  assert.equal((await both((x) => o.logsumexp(x), [-1e4, -1e4]))[0], -1e4 + Math.LN2);
  assert.deepEqual(
    await both(
      gradientOf((x) => o.logsumexp(x)),
      [1e4, 1e4, -1e4, -inf],
    ),
    [0.5, 0.5, 0, 0],
  );
});

test("logSoftmax keeps its digits at logits of ±1e4, and its gradient stays finite", async () => {
  const [near, far] = await both((x) => o.logSoftmax(x), [1e4, 1e4, -1e4]);
  assert.deepEqual([near, far], [-Math.LN2, -Math.LN2]);
  const slopes = await both(
    gradientOf((x) => o.slice(o.logSoftmax(x), 0)),
    [1e4, 1e4, -1e4],
  );
  assert.deepEqual(slopes, [0.5, -0.5, 0]);
});

test("softplus, logSigmoid and their slopes hold at ±1e4 and at infinity", async () => {
  const points = [-Number.POSITIVE_INFINITY, -1e4, -100, 0, 100, 1e4, Number.POSITIVE_INFINITY];
  const softplus = await both((x) => o.softplus(x), points);
  assert.deepEqual(softplus, [0, 0, Math.exp(-100), Math.LN2, 100, 1e4, Number.POSITIVE_INFINITY]);
  assert.deepEqual((await both((x) => o.logSigmoid(x), points)).map(Math.abs), softplus.toReversed());
  assert.deepEqual(
    await both(
      gradientOf((x) => o.softplus(x)),
      points.slice(1, -1),
    ),
    [0, Math.exp(-100), 0.5, 1, 1],
  );
  const slopes = await both(
    gradientOf((x) => o.logSigmoid(x)),
    points.slice(1, -1),
  );
  assert.equal(firstFar(slopes, [1, 1, 0.5, 0, 0], 1e-15), null);
});

test("the product has the right slopes where one factor is 0, and where two are", async () => {
  assert.deepEqual(await both((x) => o.product(x), [2, 0, 5, 3]), [0]);
  assert.deepEqual(
    await both(
      gradientOf((x) => o.product(x)),
      [2, 0, 5, 3],
    ),
    [0, 30, 0, 0],
  );
  assert.deepEqual(
    await both(
      gradientOf((x) => o.product(x)),
      [2, 0, 0, 3],
    ),
    [0, 0, 0, 0],
  );
  const mixed = await both(gradientOf(gradientOf((x) => o.product(x))), [2, 0, 0, 3]);
  assert.deepEqual(mixed, [0, 6, 6, 0]);
});

test("the norm of the origin is 0, with slope and curvature 0", async () => {
  assert.deepEqual(await both((x) => o.norm(x), [0, 0]), [0]);
  assert.deepEqual(
    await both(
      gradientOf((x) => o.norm(x)),
      [0, 0],
    ),
    [0, 0],
  );
  assert.deepEqual(await both(gradientOf(gradientOf((x) => o.norm(x))), [0, 0]), [0, 0]);
});

test("the norm keeps its digits where squares would overflow or vanish, and so do its slopes", async () => {
  for (const size of [1e-30, 1e-20, 1, 1e20, 1e30]) {
    const [length] = await both((x) => o.div(o.norm(x), size), [3 * size, -4 * size]);
    assert.ok(Math.abs(length - 5) < 1e-6);
    assert.equal(
      firstFar(
        await both(
          gradientOf((x) => o.norm(x)),
          [3 * size, -4 * size],
        ),
        [0.6, -0.8],
        1e-6,
      ),
      null,
    );
  }
  assert.deepEqual(await both((x) => o.norm(x), [Number.POSITIVE_INFINITY, 1]), [Number.POSITIVE_INFINITY]);
  assert.deepEqual(await both((x) => o.norm(x), [Number.NaN, 1]), [Number.NaN]);
});

test("the remainder of whole numbers has the sign of the divisor, and modulo 0 changes nothing", async () => {
  const [left, right] = [
    [-7, 7, -7, 7, -6, 6, 0, 5, -5],
    [3, -3, -3, 3, 3, -3, 4, 0, 0],
  ];
  const python = [2, -2, -1, 1, 0, 0, 0, 5, -5];
  const divisor = o.tensor(right, { dtype: "int32" });
  assert.deepEqual(await both((x) => o.mod(o.cast(x, "int32"), divisor), left), python);
});

test("any and all see every truth, and are false and true of nothing", async () => {
  const table = [
    [0, 0],
    [0, 0.5],
    [1, 1],
  ];
  assert.deepEqual(await both((x) => o.any(x, { axes: 1 }), table), [0, 1, 1]);
  assert.deepEqual(await both((x) => o.all(x, { axes: 1 }), table), [0, 0, 1]);
  assert.deepEqual([await both((x) => o.any(x), []), await both((x) => o.all(x), [])], [[0], [1]]);
});

test("a label outside the classes is a row of zeros", async () => {
  const labels = o.tensor(Int32Array.of(0, 2, -1, 3));
  assert.deepEqual([...interpret([o.oneHot(labels, 3)])[0]], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
});

test("sorting is stable, argsort says how, and NaN ranks with infinity", async () => {
  const values = [3, 1, 2, 1, Number.NaN, -1, Number.POSITIVE_INFINITY];
  assert.deepEqual(await both((x) => o.argsort(x), values), [5, 1, 3, 2, 0, 4, 6]);
  assert.deepEqual(await both((x) => o.argsort(x, -1, { descending: true }), values), [4, 6, 0, 2, 1, 3, 5]);
  assert.deepEqual(await both((x) => o.sort(x), values), [-1, 1, 1, 2, 3, Number.NaN, Number.POSITIVE_INFINITY]);
});

test("inverse functions hold at the ends of their domains and are NaN beyond", async () => {
  assert.deepEqual(await both((x) => o.asin(x), [-1, 0, 1, 1.5]), [-Math.PI / 2, 0, Math.PI / 2, Number.NaN]);
  assert.deepEqual(await both((x) => o.acos(x), [-1, 1, -1.5]), [Math.PI, 0, Number.NaN]);
  assert.deepEqual(
    await both(
      gradientOf((x) => o.asin(x)),
      [-1, 0, 1],
    ),
    [Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY],
  );
  assert.deepEqual(
    await both(
      gradientOf((x) => o.acos(x)),
      [-1, 0, 1],
    ),
    [-Infinity, -1, -Infinity],
  );
  assert.deepEqual(await both((x) => o.atanh(x), [-1, 0, 1, 2]), [-Infinity, 0, Number.POSITIVE_INFINITY, Number.NaN]);
  assert.deepEqual(await both((x) => o.sinh(x), [-1e-8, 1e4, -1e4]), [Math.sinh(Math.fround(-1e-8)), Infinity, -Infinity]);
  assert.deepEqual(await both((x) => o.cosh(x), [0, 1e4, -1e4]), [1, Infinity, Infinity]);
});

test("reductions of nothing that have no value say so", () => {
  const none = o.zeros([0, 2]);
  assert.throws(() => o.mean(none), Fault);
  assert.throws(() => o.max(none, { axes: 0 }), /max: axis 0 has no elements/);
  assert.throws(() => o.variance(o.ones([1]), { correction: 1 }), /variance: needs more than 1 elements/);
  assert.throws(() => o.clip(o.ones([1]), 1, -1), /clip: the bounds are not in order/);
});
