import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { cos, exp, mul, neg, permute, sort, sub, sum, tensor } from "../../src/ops/index.js";
import { key, normal, uniform } from "../../src/random/index.js";
import { findKernel, kernels } from "../../src/smooth/kernels/catalogue.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import { fourthOrderGaussian } from "../../src/smooth/kernels/higher-order.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import { laplace } from "../../src/smooth/kernels/laplace.js";
import { logistic } from "../../src/smooth/kernels/logistic.js";
import { box } from "../../src/smooth/kernels/splines.js";
import { userKernel } from "../../src/smooth/kernels/user.js";
import { type OrderOptions, softMedian, softQuantile, softRank, softSort, softTopK } from "../../src/smooth/several/index.js";
import { readGolden } from "../golden/golden.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { elements, scalar } from "../support/values.js";

type What = "ranks" | "sorted" | "mask";
interface Golden {
  readonly width: number;
  readonly order: readonly (Readonly<Record<What, readonly number[]>> &
    Readonly<Partial<Record<`${What}Gradient`, readonly number[]>>> & { readonly kernel: string; readonly row: readonly number[]; readonly k: number })[]; // biome-ignore format: one line
  readonly torch: readonly { name: string; row: readonly number[]; value: number; gradient: readonly number[]; second: readonly number[] }[]; // biome-ignore format: one line
}
const golden = readGolden<Golden>("smooth-several");
const { width } = golden;
const runtime = directRuntime();
after(() => runtime.close());

const row = (values: readonly number[]): Tensor => tensor(Float64Array.from(values));
const near = (got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void =>
  assert.equal(firstFar(got, expected, tolerance), null, what);
/** The kernel as if it had no faster way. */
const slowly = (kernel: Kernel): Kernel => ({ ...kernel });
const weights = (count: number): Tensor => cos(tensor(Float64Array.from({ length: count }, (_, i) => 1.7 * i + 0.3)));
const weighted =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    sum(mul(f(x), weights(x.size)));
const ways = (k: number, options: OrderOptions): Readonly<Record<What, (x: Tensor) => Tensor>> => ({
  ranks: (x) => softRank(x, options),
  sorted: (x) => softSort(x, options),
  mask: (x) => softTopK(x, k, options).mask,
});
const kinds: readonly What[] = ["ranks", "sorted", "mask"];

test("soft ranks, sorted values and top-k masks are those of mpmath, with their slopes", () => {
  for (const one of golden.order) {
    const known = findKernel(one.kernel) as Kernel;
    for (const kernel of new Set([known, slowly(known)])) {
      const f = ways(one.k, { width, kernel });
      for (const what of kinds) {
        const label = `${what} of ${one.row.join()} with ${one.kernel}`;
        near(elements(f[what](row(one.row))), one[what], 2e-13, label);
        const slope = one[`${what}Gradient`];
        if (slope !== undefined) near(elements(grad(weighted(f[what]))(row(one.row))), slope, 2e-11, `slope: ${label}`);
      }
    }
  }
});

test("soft ranks with the logistic kernel are those of PyTorch, with two derivatives", () => {
  const f = weighted((x) => softRank(x, { width, kernel: logistic }));
  for (const { row: x, value, gradient, second } of golden.torch.filter(({ name }) => name === "softRank")) {
    near(elements(f(row(x))), [value], 1e-13, x.join());
    near(elements(grad(f)(row(x))), gradient, 1e-12, `slope at ${x.join()}`);
    const along = tensor(Float64Array.from(x, (_, i) => Math.sin(1 + i)));
    near(elements(grad((y: Tensor) => sum(mul(grad(f)(y), along)))(row(x))), second, 1e-11, `second slope at ${x.join()}`);
  }
});

test("the fast way of the Laplace kernel is the slow one, also among ties, crowds and far groups, with two derivatives", () => {
  const groups: readonly number[][] = [
    elements(normal(key(1), [17])),
    elements(normal(key(2), [33], { std: 30 })),
    [...elements(normal(key(3), [5])), ...elements(normal(key(4), [6], { mean: 900 })), 1e4, 1e4],
    [2, 2, 2, 2, -1, -1, 7],
    elements(uniform(key(5), [40], { low: 0, high: 1e-3 })),
  ];
  for (const values of groups) {
    for (const k of [0.3, 1.5, values.length / 2 + 0.1, values.length - 0.7]) {
      const [fast, slow] = [laplace, slowly(laplace)].map((kernel) => ways(k, { width, kernel }));
      for (const what of kinds) {
        const x = row(values);
        near(elements(fast[what](x)), elements(slow[what](x)), 1e-11, `${what}, ${values.length}, ${k}`);
        const [first, second] = [fast, slow].map((f) => grad(weighted(f[what])));
        near(elements(first(x)), elements(second(x)), 1e-9, `slope of ${what}, ${values.length}, ${k}`);
        if (what !== "mask" || new Set(values).size < values.length) continue;
        const again = [first, second].map((slope) => elements(grad((y: Tensor) => sum(mul(slope(y), mul(y, y))))(x)));
        near(again[0], again[1], 1e-7, `second slope of ${what}, ${values.length}, ${k}`);
      }
    }
  }
});

test("masks add up to k for every kernel, and slopes of their sum are 0", () => {
  const x = normal(key(7), [2, 12], { std: 2 });
  for (const kernel of kernels) {
    for (const k of [1, 4.5, 11]) {
      const total = (y: Tensor): Tensor => sum(softTopK(y, k, { width, kernel }).mask, { axes: -1 });
      near(elements(total(x)), [k, k], 1e-12, `${kernel.name}, ${k}`);
      near(elements(grad((y: Tensor) => sum(total(y)))(x)), Array(24).fill(0), 1e-12, `${kernel.name}, ${k}`);
    }
  }
});

test("ranks of even kernels add up to n(n + 1)/2 and turn round with the order; sorted values ascend and move with the row", () => {
  const x = normal(key(8), [9]);
  for (const kernel of kernels.filter(({ even }) => even)) {
    const up = elements(softRank(x, { width, kernel }));
    near([up.reduce((a, b) => a + b, 0)], [45], 1e-13, kernel.name);
    near(elements(softRank(x, { width, kernel, descending: true })), up.map((rank) => 10 - rank), 1e-13, kernel.name); // biome-ignore format: one line
    const sorted = elements(softSort(x, { width, kernel }));
    assert.ok(
      sorted.every((value, i) => i === 0 || value >= sorted[i - 1]),
      kernel.name,
    );
    near(elements(softSort(x, { width, kernel, descending: true })), sorted.toReversed(), 0, kernel.name);
    const moved = row(elements(x).map((value) => 3 * value + 5));
    near(elements(softSort(moved, { width: 3 * width, kernel })), sorted.map((value) => 3 * value + 5), 1e-12, kernel.name); // biome-ignore format: one line
  }
});

test("all go to the sharp order with the width", () => {
  const x = row([0.7, -1.2, 3.4, 0.1]);
  for (const kernel of [laplace, gaussian, box, logistic]) {
    const options = { width: 1e-3, kernel };
    near(elements(softRank(x, options)), [3, 1, 4, 2], 1e-12, kernel.name);
    near(elements(softSort(x, options)), elements(sort(x)), 1e-12, kernel.name);
    near(elements(softTopK(x, 2, options).mask), [1, 0, 1, 0], 1e-12, kernel.name);
    // As far from the second as from the third: half-way, whatever the kernel, where rounding lets it be felt.
    near(elements(softTopK(x, 2, options).threshold), [0.4], 1e-3, kernel.name);
    near([scalar(softMedian(x, options))], [0.4], 1e-3, kernel.name);
    near(elements(softQuantile(x, [0, 1 / 3, 1], options)), [-1.2, 0.1, 3.4], 1e-2, kernel.name);
  }
});

test("the slope in the width is that of differences, for both ways", () => {
  const x = row([0.3, 1, 0.9, 0.2, 0.35]);
  const gumbel = userKernel({ name: "gumbel", density: (u) => exp(sub(neg(u), exp(neg(u)))) });
  for (const kernel of [laplace, slowly(laplace), gaussian, gumbel]) {
    for (const what of kinds) {
      const f = (w: Tensor | number): Tensor => weighted(ways(2.25, { width: w, kernel })[what])(x);
      const at = (w: number): number => scalar(f(w));
      const differences = (8 * (at(0.5005) - at(0.4995)) - (at(0.501) - at(0.499))) / 0.006;
      near([scalar(grad((w: Tensor) => f(w))(tensor(0.5)))], [differences], 1e-9, `${kernel.name}, ${what}`);
    }
  }
});

test("one entry, equal entries, numbers far apart, infinities and NaN are ordinary inputs", () => {
  for (const kernel of [laplace, gaussian, box]) {
    const options = { width, kernel };
    assert.deepEqual(elements(softRank(row([7]), options)), [1]);
    assert.deepEqual(elements(softTopK(row([7]), 1, options).mask), [1]);
    assert.deepEqual(elements(softTopK(row([7, 2]), 0, options).mask), [0, 0]);
    near(elements(softSort(row([7]), options)), [7], 1e-15, kernel.name);
    assert.deepEqual(elements(softRank(row([4, 4, 4]), options)), [2, 2, 2]);
    near([scalar(softMedian(row([4, 4, 4]), options))], [4], 1e-14, kernel.name);
    const wide = [1e29, -1e29, 0, 5e28];
    near(elements(softRank(row(wide), options)), [4, 1, 2, 3], 1e-12, kernel.name);
    near(elements(softSort(row(wide), options)), [-1e29, 0, 5e28, 1e29], 1e-12, kernel.name);
    near(elements(softTopK(row(wide), 2, options).mask), [1, 0, 0, 1], 1e-12, kernel.name);
    assert.deepEqual(elements(softRank(row([Infinity, -Infinity, 0]), options)), [3, 1, 2]);
    for (const what of kinds) {
      const f = ways(1.5, options)[what];
      assert.ok(elements(f(row([1, Number.NaN, 2]))).every(Number.isNaN), `${kernel.name}: ${what}`);
      assert.ok(elements(grad(weighted(f))(row(wide))).every(Number.isFinite), `${kernel.name}: slope of ${what}`);
      assert.ok(elements(grad(weighted(f))(row([1, 1, 1]))).every(Number.isFinite), `${kernel.name}: slope of ${what} at ties`);
    }
  }
});

test("rows of a batch are ordered each by itself, along any axis and under vmap", () => {
  const x = normal(key(9), [3, 2, 5]);
  for (const kernel of [laplace, logistic]) {
    const options = { width, kernel };
    for (const what of kinds) {
      const f = (axis: number) => ways(2.25, { ...options, axis })[what];
      const each = elements(f(-1)(x));
      near(elements(permute(f(0)(permute(x, [2, 0, 1])), [1, 2, 0])), each, 1e-15, what);
      near(elements(vmap(vmap(f(-1)))(x)), each, 1e-15, `${what}, mapped`);
      near(elements(vmap(vmap(grad(weighted(f(-1)))))(x)), elements(grad((y: Tensor) => sum(mul(f(-1)(y), weights(5))))(x)), 1e-13, `slope of ${what}, mapped`); // biome-ignore format: one line
      near(elements(grad((y: Tensor) => sum(mul(vmap(vmap(f(-1)))(y), weights(5))))(x)), elements(grad((y: Tensor) => sum(mul(f(-1)(y), weights(5))))(x)), 1e-13, `slope of mapped ${what}`); // biome-ignore format: one line
    }
    assert.deepEqual(softQuantile(x, [0.1, 0.9], { ...options, axis: 1 }).shape, [3, 5, 2]);
    assert.deepEqual(softMedian(x, { ...options, axis: 1 }).shape, [3, 5]);
    assert.deepEqual(softTopK(x, 1, { ...options, axis: 0 }).threshold.shape, [2, 5]);
  }
});

test("in float32 values and slopes are those of float64 to its rounding", async () => {
  for (const one of golden.order.filter(({ kernel }) => kernel === "laplace" || kernel === "gaussian")) {
    const x = one.row.map(Math.fround);
    const f = ways(one.k, { width, kernel: findKernel(one.kernel) as Kernel });
    for (const what of kinds) {
      const fed = parameter([x.length], "float32");
      const outputs = (at: Tensor): Tensor[] => [f[what](at), grad(weighted(f[what]))(at)];
      const [value, slope] = await computeOn(runtime, outputs(fed), new Map([[fed, Float32Array.from(x)]]));
      const [expected, exact] = outputs(row(x)).map(elements);
      near(value, expected, 2e-5, `${what} of ${x.join()} with ${one.kernel}`);
      near(slope, exact, 1e-4, `slope of ${what} at ${x.join()} with ${one.kernel}`);
    }
  }
});

test("ten thousand numbers that spread over a million widths are ranked and chosen without overflow in float32", async () => {
  const x = normal(key(10), [10_000], { std: 5e5 });
  const data = Float32Array.from(elements(x));
  const fed = parameter([data.length], "float32");
  const { mask } = softTopK(fed, 100, { width: 1 });
  const [ranks, chosen, slope] = await computeOn(
    runtime,
    [softRank(fed, { width: 1 }), mask, grad((y: Tensor) => sum(mul(softTopK(y, 100, { width: 1 }).mask, y)))(fed)],
    new Map([[fed, data]]),
  );
  const order = [...data.keys()].sort((a, b) => data[a] - data[b]);
  assert.ok(order.every((at, place) => Math.abs(ranks[at] - place - 1) < 6));
  assert.ok(Math.abs(Array.from(chosen).reduce((a, b) => a + b, 0) - 100) < 1e-3);
  assert.ok(slope.every(Number.isFinite));
});

test("wrong inputs are named, with what would fit", () => {
  const x = row([1, 2, 3]);
  assert.throws(() => softTopK(x, 4, { width }), /softTopK: k is not a number of entries\n {2}expected {2}0 to 3\n {2}got {7}4/);
  assert.throws(() => softTopK(x, Number.NaN, { width }), /softTopK: k is not a number of entries/);
  assert.throws(() => softQuantile(x, 1.1, { width }), /softQuantile: a quantile is not a share\n {2}expected {2}numbers from 0 to 1/); // biome-ignore format: one line
  assert.throws(() => softQuantile(x, [], { width }), /softQuantile: a quantile is not a share/);
  assert.throws(() => softRank(x, { width: -1 }), /softRank: the width is not a positive number/);
  assert.throws(() => softSort(tensor(new Float32Array(0)), { width }), /softSort: there is nothing to choose from/);
  assert.throws(() => softMedian(x, { width, kernel: fourthOrderGaussian }), /soft order: the .* kernel is no density with one peak/); // biome-ignore format: one line
  assert.throws(() => softRank(x, { width, axis: 1 }), /softRank: axis 1 does not exist/);
  assert.throws(() => softRank(tensor([1, 2], { dtype: "int32" }), { width }), /softRank: takes no int32/);
});
