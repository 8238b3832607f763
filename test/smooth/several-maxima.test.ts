import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, hessian, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { add, exp, max, mul, neg, permute, sin, softmax, sub, sum, tensor } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { algebraic } from "../../src/smooth/kernels/algebraic.js";
import { kernels } from "../../src/smooth/kernels/catalogue.js";
import { cauchy } from "../../src/smooth/kernels/cauchy.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import { fourthOrderGaussian } from "../../src/smooth/kernels/higher-order.js";
import { logistic } from "../../src/smooth/kernels/logistic.js";
import { userKernel } from "../../src/smooth/kernels/user.js";
import { boltzmann, gaussianMaximum, logSumExp, moreau, pairwiseMaximum, pNorm, type SmoothMaximum, smoothMaxima, smu, softArgmax, softOneHot, tsallis } from "../../src/smooth/several/index.js"; // biome-ignore format: one list
import { readGolden } from "../golden/golden.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { elements, scalar } from "../support/values.js";

interface Golden {
  readonly width: number;
  /** The expected largest of n standard normal numbers. */
  readonly largest: Readonly<Record<string, number>>;
  readonly maxima: readonly { name: string; row: readonly number[]; value: number; gradient?: readonly number[] }[];
  readonly torch: readonly { name: string; row: readonly number[]; value: number; gradient: readonly number[]; second: readonly number[] }[]; // biome-ignore format: one line
}
const golden = readGolden<Golden>("smooth-several");
const runtime = directRuntime();
after(() => runtime.close());

const row = (values: readonly number[]): Tensor => tensor(Float64Array.from(values));
const width = golden.width;
const near = (got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void =>
  assert.equal(firstFar(got, expected, tolerance), null, what);
const named = (name: string): SmoothMaximum => {
  const found = smoothMaxima.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};
const kernelMaxima = kernels
  .filter(({ record }) => record.momentsBelow > 1 && record.positive)
  .map((one) => pairwiseMaximum(one));
/** A kernel that is not even, with a mean. */
const gumbel = userKernel({ name: "gumbel", density: (u) => exp(sub(neg(u), exp(neg(u)))) });
const every = [...smoothMaxima, ...kernelMaxima, pairwiseMaximum(gumbel)];
/** Rows that a smooth maximum is made for: the p-norm takes sizes. */
const suited = (f: SmoothMaximum, values: readonly number[]): number[] => (f.facts.weightSum === null ? values.map(Math.abs) : [...values]); // biome-ignore format: one line

test("every smooth maximum has a name of its own and says what it is", () => {
  assert.equal(new Set(smoothMaxima.map(({ name }) => name)).size, smoothMaxima.length);
  for (const { tex, source, doc, title } of every) assert.ok(tex && source && title && doc.endsWith("."));
});

for (const f of smoothMaxima) {
  test(`${f.title}: values and weights are those of mpmath`, () => {
    const cases = golden.maxima.filter(({ name }) => name === f.name);
    assert.ok(cases.length > 0);
    for (const { row: x, value, gradient } of cases) {
      near(elements(f(row(x), { width })), [value], 1e-13, x.join());
      if (gradient === undefined) continue;
      near(elements(grad((y: Tensor) => f(y, { width }))(row(x))), gradient, 1e-12, `slope at ${x.join()}`);
      near(elements(f.weights(row(x), { width })), gradient, 1e-12, `weights at ${x.join()}`);
    }
  });
}

test("log-sum-exp, the Boltzmann maximum, the p-norm and soft argmax agree with PyTorch, with two derivatives", () => {
  const direction = sin(add(mul(tensor(Float64Array.from({ length: 8 }, (_, i) => i)), 1), 1));
  for (const { name, row: x, value, gradient, second } of golden.torch.filter((one) => one.name !== "softRank")) {
    const f = (y: Tensor): Tensor => (name === "softArgmax" ? softArgmax(y, { width }) : named(name)(y, { width }));
    near(elements(f(row(x))), [value], 1e-13, `${name} of ${x.join()}`);
    const slope = grad(f);
    near(elements(slope(row(x))), gradient, 1e-12, `${name} at ${x.join()}`);
    // The p-norm takes an entry of 0 for a constant: p = 2 alone has a curvature there.
    if (name === "pNorm" && x.includes(0)) continue;
    const along = tensor(Float64Array.from(elements(direction).slice(0, x.length)));
    near(elements(grad((y: Tensor) => sum(mul(slope(y), along)))(row(x))), second, 1e-11, `${name}, twice, at ${x.join()}`);
  }
});

const drawn = (count: number, seed: number, std: number): number[] => elements(normal(key(seed), [count], { std }));

test("no smooth maximum leaves its bounds, and of two entries each comes near the lower", () => {
  for (const f of every) {
    for (const count of [1, 2, 3, 7, 10]) {
      let lowest = Infinity;
      const ties = Array.from({ length: count }, () => 1.25);
      const lone = ties.map((value, i) => (i === 0 ? value : value - 60));
      const apart = Array.from({ length: 60 }, (_, i) => ties.map((value, k) => (k === 0 ? value : value - i * 0.06)));
      const random = [0.01, 0.3, 1, 5].flatMap((std, i) => Array.from({ length: 8 }, (_, j) => drawn(count, 100 * i + j, std)));
      const rows = [ties, lone, ...apart, ...random].map((one) => suited(f, one));
      const all = tensor(Float64Array.from(rows.flat()), { shape: [rows.length, count] });
      elements(f(all, { width, axes: -1 })).forEach((value, i) => {
        const largest = Math.max(...rows[i]);
        const bounds = f.bounds(count, width, largest);
        const miss = value - largest;
        const slack = 1e-13 * Math.max(1, largest);
        assert.ok(miss >= -bounds.below - slack && miss <= bounds.above + slack, `${f.name} of ${rows[i].join()}: ${miss}`);
        lowest = Math.min(lowest, miss + bounds.below);
      });
      if (count === 2) assert.ok(lowest < 0.01, `${f.name}: never within ${lowest} of its lower bound`);
    }
  }
});

test("what the facts say of weights, order and grouping holds, and what they deny does not", () => {
  for (const f of every) {
    const found = { monotone: true, symmetric: true, associative: true, convex: true, sparse: false };
    for (let i = 0; i < 16; i++) {
      // Chords from a row to another, and short ones far from ties, where gates are concave.
      const x = suited(f, i < 8 ? drawn(5, i, 0.7) : drawn(5, i, 0.7).map((value, k) => (k === 0 ? value + 3 : value)));
      const y = suited(f, i < 8 ? drawn(5, 50 + i, 0.7) : x.map((value, k) => (k === 0 ? value + 1.6 : value)));
      const weights = elements(f.weights(row(x), { width }));
      if (f.facts.weightSum !== null) near([weights.reduce((a, b) => a + b, 0)], [f.facts.weightSum], 1e-12, f.name);
      const value = (values: readonly number[]): number => scalar(f(row(values), { width }));
      const [a, b, c] = x;
      const differs = (u: number, v: number): boolean => Math.abs(u - v) > 1e-11;
      if (weights.some((weight) => weight < -1e-12)) found.monotone = false;
      if (differs(value(x), value([x[2], x[0], x[4], x[1], x[3]]))) found.symmetric = false;
      if (differs(value([value([a, b]), c]), value([a, b, c])) || differs(value([a, value([b, c])]), value([a, b, c]))) found.associative = false; // biome-ignore format: one line
      const middle = value(x.map((one, k) => (one + y[k]) / 2));
      if (middle > (value(x) + value(y)) / 2 + 1e-11) found.convex = false;
      const far = elements(f.weights(row([x[0], x[0] + 0.2, x[0] - 9, x[0] - 4]), { width }));
      if (far.some((weight) => weight === 0)) found.sparse = true;
    }
    const { monotone, symmetric, associative, convex, sparse } = f.facts;
    assert.deepEqual(found, { convex, monotone, symmetric, associative, sparse }, f.name);
  }
});

test("minima mirror maxima, and stay within the mirrored bounds", () => {
  for (const f of every) {
    const x = suited(f, [0.4, -1.1, 0.9]);
    const smallest = Math.min(...x);
    const found = scalar(f.minimum(row(x), { width }));
    if (f.facts.weightSum === null) {
      near([found], [1 / scalar(f(row(x.map((v) => 1 / v)), { width }))], 1e-13, f.name);
      continue;
    }
    near([found], [-scalar(f(neg(row(x)), { width }))], 1e-15, f.name);
    const bounds = f.bounds(3, width, smallest);
    assert.ok(found <= smallest + bounds.below + 1e-13 && found >= smallest - bounds.above - 1e-13, f.name);
  }
});

test("all go to the maximum with the width, and their slope in the width is that of differences", () => {
  for (const f of every) {
    const x = suited(f, [0.4, -1.1, 0.9, 0.8]);
    near([scalar(f(row(x), { width: 1e-3 }))], [Math.max(...x)], 3e-3, f.name);
    const at = (w: number): number => scalar(f(row(x), { width: w }));
    const slope = scalar(grad((w: Tensor) => f(row(x), { width: w }))(tensor(0.47)));
    near([slope], [(8 * (at(0.471) - at(0.469)) - (at(0.472) - at(0.468))) / 0.012], 1e-8, f.name);
  }
});

test("large numbers, ties, infinities and NaN are ordinary inputs", () => {
  for (const f of every) {
    const value = (values: readonly number[]): number => scalar(f(row(values), { width }));
    const slope = (values: readonly number[]): number[] => elements(grad((y: Tensor) => f(y, { width }))(row(values)));
    assert.ok(Number.isNaN(value([1, Number.NaN, 2])), f.name);
    assert.equal(value([Infinity, 1]), Infinity, f.name);
    for (const values of [[3e38, 0, 2e38], [0, 0, 0], [1e30, 1e30], [2]]) {
      // biome-ignore format: one line
      assert.ok(Number.isFinite(value(values)) && slope(values).every(Number.isFinite), `${f.name} of ${values.join()}`);
    }
    if (f.facts.weightSum === null) continue;
    assert.equal(value([3e38, -3e38, 3e37]), 3e38 - f.bounds(1, width, 0).below * Number(f.facts.sparse), f.name);
    assert.equal(value([-Infinity, -Infinity]), -Infinity, f.name);
    assert.ok(Math.abs(value([-Infinity, 1, -Infinity, 0.5]) - 1) < 2 && slope([-Infinity, 1, -Infinity, 0.5]).every(Number.isFinite), f.name); // biome-ignore format: one line
    assert.deepEqual(elements(f.weights(row([Infinity, 1, Infinity]), { width })), [0.5, 0, 0.5], f.name);
    const [first] = slope([1, 1]);
    near([first], [f.name.startsWith("gumbel") ? Math.exp(-1) : 0.5], 1e-12, `${f.name} at a tie`);
  }
});

test("in float32 values and slopes are those of float64, to the rounding of the largest entry", async () => {
  for (const f of every) {
    for (const { row: plain } of golden.maxima.filter(({ name }) => name === "logSumExp")) {
      const x = suited(f, plain).map(Math.fround);
      const fed = parameter([x.length], "float32");
      const outputs = (at: Tensor): Tensor[] => [f(at, { width }), grad((y: Tensor) => f(y, { width }))(at)];
      const [value, slope] = await computeOn(runtime, outputs(fed), new Map([[fed, Float32Array.from(x)]]));
      const [expected, exact] = outputs(row(x)).map(elements);
      near(value, expected, 2e-6, `${f.name} of ${x.join()}`);
      near(slope, exact, 6e-6, `the slope of ${f.name} at ${x.join()}`);
    }
  }
});

test("axes are reduced as by max, one or several, and rows of a batch do not see each other", () => {
  const x = normal(key(3), [2, 3, 4]);
  for (const f of smoothMaxima) {
    const each = elements(f(x, { width, axes: -1 }));
    assert.deepEqual(f(x, { width, axes: [0, 2] }).shape, max(x, { axes: [0, 2] }).shape);
    assert.deepEqual(f(x, { width, axes: 1, keepAxes: true }).shape, [2, 1, 4]);
    assert.equal(f(x, { width }).rank, 0);
    near(elements(permute(f(permute(x, [2, 0, 1]), { width, axes: 0 }), [0, 1])), each, 1e-15, f.name);
    near(elements(vmap(vmap((y: Tensor) => f(y, { width })))(x)), each, 1e-15, `${f.name}, mapped`);
    const weights = f.weights(x, { width, axes: [0, 2] });
    assert.deepEqual(weights.shape, x.shape);
    near(elements(weights), elements(grad((y: Tensor) => sum(f(y, { width, axes: [0, 2] })))(x)), 1e-13, `${f.name}: weights`);
    const slopes = vmap(grad((y: Tensor) => f(y, { width })))(permute(x, [0, 1, 2]).rank === 3 ? normal(key(4), [3, 4]) : x);
    near(elements(slopes), elements(grad((y: Tensor) => sum(f(y, { width, axes: -1 })))(normal(key(4), [3, 4]))), 1e-13, f.name);
  }
});

test("known identities hold: log-sum-exp of pairs, Clark's formula, SMU-1, projections", () => {
  const x = [0.3, 1.2];
  near([scalar(pairwiseMaximum(logistic)(row([...x, 0.1, -2]), { width }))], [scalar(logSumExp(row([...x, 0.1, -2]), { width }))], 1e-14, "logistic"); // biome-ignore format: one line
  const clark = pairwiseMaximum(gaussian)(row(x), { width: width * Math.SQRT2 });
  near([scalar(clark)], [scalar(gaussianMaximum(row(x), { width }))], 1e-14, "Clark");
  const root = (x[0] + x[1] + Math.hypot(x[0] - x[1], width)) / 2;
  near([scalar(pairwiseMaximum(algebraic)(row(x), { width }))], [root], 1e-14, "SMU-1");
  near(elements(softOneHot(row(x), { width: 1 })), elements(softmax(row(x))), 1e-15, "softmax");
  near(elements(softOneHot(row([0.2, 0.5, 0.3]), { width: 1, by: moreau })), [0.2, 0.5, 0.3], 1e-15, "sparsemax");
  const probabilities = elements(softOneHot(row([0.2, 0.5, 0.3, 0]), { width: 0.4, by: gaussianMaximum }));
  near([probabilities.reduce((a, b) => a + b, 0)], [1], 1e-14, "probabilities of being the largest");
});

test("the curvature of log-sum-exp is that of its formula, and never above 1 / (2τ)", () => {
  const x = row([0.3, 1.2, -0.4]);
  const p = elements(softmax(mul(x, 1 / width)));
  const expected = p.flatMap((a, i) => p.map((b, j) => (a * Number(i === j) - a * b) / width));
  near(elements(hessian((y: Tensor) => logSumExp(y, { width }))(x)), expected, 1e-14, "Hessian");
});

test("Gaussian maxima of many entries are known to 1e-9 widths: tied ones against the expected largest of n normal numbers", () => {
  for (const [count, value] of Object.entries(golden.largest)) {
    near([scalar(gaussianMaximum(row(Array(Number(count)).fill(0)), { width: 1 }))], [value], 1e-10, count);
  }
});

test("soft argmax is a position: the middle of ties, the place of a clear winner", () => {
  assert.equal(scalar(softArgmax(row([1, 1, 1, 1]), { width })), 1.5);
  for (const by of [logSumExp, moreau, tsallis, gaussianMaximum, boltzmann, smu]) {
    near([scalar(softArgmax(row([0, 90, -5]), { width, by }))], [1], 1e-14, by.name);
    assert.deepEqual(softArgmax(normal(key(1), [2, 3, 4]), { width, by, axis: 1 }).shape, [2, 4]);
  }
  assert.throws(() => softArgmax(row([1, 2]), { width, by: pNorm }), /softArgmax: the weights of p-norm do not add up to 1/);
});

test("wrong inputs are named, with what would fit", () => {
  assert.throws(() => logSumExp(tensor(new Float32Array(0)), { width }), /logSumExp: there is nothing to choose from/);
  assert.throws(() => moreau(row([1]), { width: 0 }), /moreau: the width is not a positive number\n {2}expected {2}a number greater than 0\n {2}got {7}0/); // biome-ignore format: one line
  assert.throws(() => smu(row([1]), { width: Number.NaN }), /smu: the width is not a positive number/);
  assert.throws(() => smu(row([1]), { width: row([1, 2]) }), /smu: the width is not one number\n {2}expected {2}\(\)\n {2}got {7}\(2\)/); // biome-ignore format: one line
  assert.throws(() => boltzmann(tensor([1, 2], { dtype: "int32" }), { width }), /boltzmann: takes no int32/);
  assert.throws(() => boltzmann(row([1]), { width, axes: 1 }), /boltzmann: axis 1 does not exist/);
  assert.throws(() => pairwiseMaximum(cauchy), /pairwiseMaximum: the Cauchy kernel has no mean/);
  assert.throws(() => pairwiseMaximum(fourthOrderGaussian), /pairwiseMaximum: the .* kernel is no density with one peak/);
});
