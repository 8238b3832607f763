import assert from "node:assert/strict";
import { after, test } from "node:test";
import { hardmax } from "../../src/activations/index.js";
import { grad, jacobian, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { argsort, cast, greater, max, mul, relu, softmax, square, sub, sum, tensor } from "../../src/ops/index.js";
import { key } from "../../src/random/index.js";
import { mollify } from "../../src/smooth/index.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import { estimatePerturbed, fenchelYoung, gaussianMaximum, gaussianNoise, gumbelNoise, logSumExp, type PerturbationOptions, perturbed, perturbedArgmax, perturbedMax, softOneHot } from "../../src/smooth/several/index.js"; // biome-ignore format: one list
import { computeOn, directRuntime } from "../support/engines.js";
import { elements, scalar } from "../support/values.js";

const runtime = directRuntime();
after(() => runtime.close());
const row = (values: readonly number[]): Tensor => tensor(Float64Array.from(values));
const sigma = 0.5;
/** Five standard errors: a fixed seed passes or does not, and a bias of the size of one would show in most of these numbers. */
const DEVIATIONS = 5;

/** Means over independent keys, each within the bound of its expected value. */
function assertMeans(run: (seed: number) => ArrayLike<number>, expected: ArrayLike<number>, what: string, runs = 24): void {
  const drawn = Array.from({ length: runs }, (_, seed) => run(seed));
  Array.from(expected, (value, i) => {
    const mean = drawn.reduce((total, one) => total + one[i], 0) / runs;
    const variance = drawn.reduce((total, one) => total + (one[i] - mean) ** 2, 0) / (runs - 1);
    const bound = DEVIATIONS * Math.sqrt(variance / runs) + 1e-12;
    assert.ok(Math.abs(mean - value) <= bound, `${what}[${i}]: ${mean} ± ${bound / DEVIATIONS}, not ${value}`);
  });
}
const noises = ["gaussian", "gumbel"] as const;
const settings: readonly Partial<PerturbationOptions>[] = [
  {},
  { antithetic: false },
  { controlVariate: false },
  { antithetic: false, controlVariate: false, mirrored: true },
];

test("noise has the mean 0 and the variance and score that its record says", () => {
  for (const noise of [gaussianNoise, gumbelNoise]) {
    for (const antithetic of [true, false]) {
      const moments = (seed: number): number[] => {
        const z = noise.draw(key(seed), 4000, [], antithetic);
        const scores = elements(noise.score(z));
        const draws = elements(z);
        const mean = (f: (z: number, score: number) => number): number => draws.reduce((total, one, i) => total + f(one, scores[i]), 0) / 4000; // biome-ignore format: one line
        return [mean((one) => one), mean((one) => one ** 2), mean((_, score) => score), mean((one, score) => one * score)];
      };
      assertMeans(moments, [0, noise.variance, 0, 1], `${noise.name}, ${antithetic}`);
    }
  }
});

test("values and slopes of a ramp and a step are those of the closed form, whatever lowers the variance", () => {
  const ramp = mollify((x: Tensor) => relu(x), { kernel: gaussian, width: sigma });
  const at = [-0.4, 0.05, 0.9];
  const expected = [...elements(ramp(row(at))), ...elements(grad((x: Tensor) => sum(ramp(x)))(row(at)))];
  const step = mollify((x: Tensor) => cast(greater(x, 0), "float32"), { kernel: gaussian, width: sigma });
  const stepped = [...elements(step(row(at))), ...elements(grad((x: Tensor) => sum(step(x)))(row(at)))];
  for (const setting of settings) {
    const both = (f: (x: Tensor) => Tensor) => (seed: number) => {
      // One number at a time: the noise of the others would only add variance.
      const smooth = at.map((_, i) => perturbed(f, { sigma, key: key(100 * seed + i), samples: 400, ...setting }));
      const values = smooth.map((one, i) => scalar(one(at[i])));
      return [...values, ...smooth.map((one, i) => scalar(grad((x: Tensor) => one(x))(tensor(at[i]))))];
    };
    assertMeans(both((x) => relu(x)), expected, `ramp, ${JSON.stringify(setting)}`); // biome-ignore format: one line
    assertMeans(both((x) => cast(greater(x, 0), "float32")), stepped, `step, ${JSON.stringify(setting)}`); // biome-ignore format: one line
  }
});

test("Gumbel noise does not move what it smooths, and is told apart from its mirror image", () => {
  const cubeMean = 2 * 1.2020569031595942 * sigma ** 3;
  for (const [mirrored, sign] of [
    [false, 1],
    [true, -1],
  ] as const) {
    // biome-ignore format: rows
    const options = { sigma, noise: "gumbel", samples: 400, mirrored } as const;
    assertMeans((seed) => elements(perturbed((x) => x, { ...options, key: key(seed) })(row([1.5, -2]))), [1.5, -2], `mirrored ${mirrored}`); // biome-ignore format: one line
    // The third moment of a Gumbel number is 2 ζ(3): the cube moves by it one way or the other.
    const cube = (x: Tensor): Tensor => mul(square(x), x);
    assertMeans((seed) => [scalar(perturbed(cube, { ...options, key: key(seed) })(0))], [sign * cubeMean], `cube, ${mirrored}`);
    const slope = (seed: number): number[] => [scalar(grad(perturbed(square, { ...options, key: key(seed) }))(tensor(0.7)))];
    assertMeans(slope, [1.4], `slope of the square, ${mirrored}`);
  }
});

const theta = [0.4, -0.1, 0.9, 0.2];

test("perturbed maxima of one-hot vectors are log-sum-exp and the Gaussian maximum, with softmax and probabilities as slopes", () => {
  const by = { gaussian: gaussianMaximum, gumbel: logSumExp };
  for (const noise of noises) {
    const exact = by[noise];
    for (const antithetic of [true, false]) {
      const run = (seed: number): number[] => {
        const options = { sigma, noise, key: key(seed), samples: 300, antithetic };
        const largest = perturbedMax(hardmax, options);
        const argmax = elements(perturbedArgmax(hardmax, options)(row(theta)));
        const slope = elements(grad((x: Tensor) => largest(x))(row(theta)));
        assert.deepEqual(slope, argmax);
        const inSigma = scalar(grad((s: Tensor) => perturbedMax(hardmax, { ...options, sigma: s })(row(theta)))(tensor(sigma)));
        return [scalar(largest(row(theta))), ...argmax, inSigma];
      };
      const weights = elements(softOneHot(row(theta), { width: sigma, by: exact }));
      const inWidth = scalar(grad((s: Tensor) => exact(row(theta), { width: s }))(tensor(sigma)));
      assertMeans(run, [scalar(exact(row(theta), { width: sigma })), ...weights, inWidth], `${noise}, ${antithetic}`);
    }
  }
});

test("the Jacobian of the expected choice is that of softmax under Gumbel noise, and so is the curvature of the maximum", () => {
  const p = elements(softmax(mul(row(theta), 1 / sigma)));
  const expected = p.flatMap((a, i) => p.map((b, j) => (a * Number(i === j) - a * b) / sigma));
  const options = (seed: number): PerturbationOptions => ({ sigma, noise: "gumbel", key: key(seed), samples: 500 });
  assertMeans((seed) => elements(jacobian(perturbedArgmax(hardmax, options(seed)) as (x: Tensor) => Tensor)(row(theta))), expected, "Jacobian"); // biome-ignore format: one line
  const curvature = (seed: number) => {
    const slope = grad((x: Tensor) => perturbedMax(hardmax, options(seed))(x));
    return elements(grad((x: Tensor) => sum(mul(slope(x), row([1, 0, 0, 0]))))(row(theta)));
  };
  assertMeans(curvature, expected.slice(0, 4), "curvature");
});

test("the Fenchel–Young loss has the gradient of what is expected less what is wanted, and learns scores from choices", () => {
  const options: PerturbationOptions = { sigma, key: key(5), samples: 200 };
  const wanted = row([0, 1, 0, 0]);
  const loss = fenchelYoung(hardmax, options);
  const expected = elements(sub(perturbedArgmax(hardmax, options)(row(theta)), wanted));
  const slope = grad((x: Tensor) => loss(x, wanted));
  assert.deepEqual(elements(slope(row(theta))), expected);
  let scores = row(theta);
  for (let step = 0; step < 40; step++) scores = row(elements(sub(scores, mul(slope(scores), 0.5))));
  assert.ok(scalar(loss(scores, wanted)) < scalar(loss(row(theta), wanted)) / 4);
  assert.deepEqual(elements(hardmax(scores)), [0, 1, 0, 0]);
});

test("ranks are a linear program too: its expected solution has slopes where the ranks have none", () => {
  const ranks = (x: Tensor): Tensor => cast(argsort(argsort(x)), "float32");
  const f = perturbedArgmax(ranks, { sigma, key: key(2), samples: 400 });
  const slopes = elements(jacobian((x: Tensor) => f(x))(row([0, 0.3, 1])));
  assert.ok(slopes[0] > 0 && slopes[1] < 0 && slopes[4] > 0 && slopes[8] > 0);
});

test("control variate and opposite pairs lower the spread of slopes far from a kink, where the plain estimate is useless", () => {
  const spread = (setting: Partial<PerturbationOptions>): number => {
    const slopes = Array.from({ length: 40 }, (_, seed) => scalar(grad(perturbed((x) => relu(x), { sigma: 0.1, key: key(seed), samples: 200, ...setting }))(tensor(5)))); // biome-ignore format: one line
    return Math.sqrt(slopes.reduce((total, slope) => total + (slope - 1) ** 2, 0) / slopes.length);
  };
  const plain = spread({ antithetic: false, controlVariate: false });
  assert.ok(
    spread({ antithetic: false }) < plain / 10 && spread({ controlVariate: false }) < plain / 10 && spread({}) < plain / 10,
  );
});

test("one key gives the same numbers, another others; in float32 they are those of float64", async () => {
  const f = (seed: number) => perturbed((x: Tensor) => max(x), { sigma, key: key(seed), noise: "gumbel", samples: 64 });
  assert.deepEqual(elements(f(1)(row(theta))), elements(f(1)(row(theta))));
  assert.notDeepEqual(elements(f(1)(row(theta))), elements(f(2)(row(theta))));
  const fed = parameter([4], "float32");
  const outputs = (x: Tensor): Tensor[] => [f(1)(x), grad((y: Tensor) => f(1)(y))(x)];
  const [value, slope] = await computeOn(runtime, outputs(fed), new Map([[fed, Float32Array.from(theta)]]));
  const [exact, exactSlope] = outputs(row(theta)).map(elements);
  assert.ok(Math.abs(value[0] - exact[0]) < 1e-5);
  assert.ok(exactSlope.every((one, i) => Math.abs(slope[i] - one) < 1e-4));
});

test("members of a batch are smoothed each by itself, with the same noise", () => {
  const f = perturbed((x: Tensor) => max(x), { sigma, key: key(3), samples: 50 });
  const batch = tensor([theta, theta.toReversed()]);
  const each = elements(vmap((x: Tensor) => f(x))(batch));
  assert.deepEqual(each, [scalar(f(tensor(theta))), scalar(f(tensor(theta.toReversed())))]);
  const slopes = elements(grad((x: Tensor) => sum(vmap((y: Tensor) => f(y))(x)))(batch));
  const first = elements(grad((x: Tensor) => f(x))(tensor(theta)));
  assert.ok(first.every((one, i) => Math.abs(one - slopes[i]) < 1e-12));
});

test("a function of plain numbers is estimated with its standard errors, and those are right", () => {
  const f = (x: Float64Array): number => Math.max(...x);
  const expected = scalar(gaussianMaximum(row(theta), { width: sigma }));
  const weights = elements(softOneHot(row(theta), { width: sigma, by: gaussianMaximum }));
  let beyond = 0;
  for (let seed = 0; seed < 40; seed++) {
    const one = estimatePerturbed(f, theta, { sigma, key: key(seed), samples: 200 });
    const misses = [(one.value - expected) / one.valueError, ...one.gradient.map((slope, i) => (slope - weights[i]) / one.gradientError[i])]; // biome-ignore format: one line
    assert.ok(misses.every((miss) => Math.abs(miss) < DEVIATIONS));
    beyond += misses.filter((miss) => Math.abs(miss) > 2).length;
  }
  // 4.6 % of normal numbers lie beyond two standard deviations: 9 of 200.
  assert.ok(beyond > 1 && beyond < 24, `${beyond}`);
});

test("NaN stays NaN, and wrong inputs are named, with what would fit", () => {
  const options = { sigma, key: key(1), samples: 10 };
  assert.ok(Number.isNaN(scalar(perturbed((x) => relu(x), options)(Number.NaN))));
  const second = (): Tensor => {
    const slope = grad((x: Tensor) => perturbed((y) => relu(y), options)(x));
    return grad((x: Tensor) => slope(x))(tensor(1));
  };
  assert.throws(second, /perturbed: second derivatives are not estimated\n {2}fix/);
  const wrong = (given: Partial<PerturbationOptions>) => () => perturbed((x) => x, { ...options, ...given })(1);
  assert.throws(wrong({ samples: 7 }), /perturbed: samples cannot be drawn so often\n {2}expected {2}an even number/);
  assert.throws(wrong({ samples: 0, antithetic: false }), /a whole number, 1 or more/);
  assert.throws(wrong({ sigma: -1 }), /perturbed: the width is not a positive number/);
  assert.throws(wrong({ noise: "cauchy" as "gumbel" }), /perturbed: no such noise\n {2}expected {2}gaussian or gumbel/);
  assert.throws(() => perturbedMax((x) => sum(x), options)(row(theta)), /perturbedMax: the solution has another shape than the scores\n {2}expected {2}\(4\)\n {2}got {7}\(\)/); // biome-ignore format: one line
  assert.throws(() => fenchelYoung(hardmax, options)(row(theta), row([1])), /fenchelYoung: the solution has another shape/);
  assert.throws(
    () => estimatePerturbed(() => 0, [1], { ...options, sigma: 0 }),
    /estimatePerturbed: sigma is not a positive number/,
  );
});
