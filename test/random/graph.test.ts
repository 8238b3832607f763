import assert from "node:assert/strict";
import { after, test } from "node:test";
import { vmap } from "../../src/diff/index.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import type { Shape } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { stack, tensor } from "../../src/ops/index.js";
import { erfcExact, erfExact } from "../../src/ops/special.js";
import { fillBits, fold, type Key, key, split } from "../../src/random/counter.js";
import { bernoulli, categorical, foldIn, type KeyLike, keyTensor, normal, permutation, randomBits, splitKey, truncatedNormal, uniform } from "../../src/random/index.js"; // biome-ignore format: one list
import { inverseErf } from "../../src/random/inverse-erf.js";
import { interpret } from "../../src/run/interpret.js";
import { computeOn, directRuntime } from "../support/engines.js";

const valuesOf = (x: Tensor): TypedArray => interpret([x])[0];

/** The value of `f` of a key that the graph does not know, fed with `own`. */
function withFedKey(own: Key, f: (key: Tensor) => Tensor): TypedArray {
  const fed = parameter([2], "uint32");
  return interpret([f(fed)], new Map([[fed, Uint32Array.from(own)]]))[0];
}

test("random words are those of the host, for keys that are known, fed or computed", () => {
  for (const seed of [0, 7, -3, 2 ** 40]) {
    const own = key(seed);
    assert.deepEqual([...valuesOf(randomBits(own, [3, 5]))], [...fillBits(own, 15)]);
    assert.deepEqual([...withFedKey(own, (fed) => randomBits(fed, [15]))], [...fillBits(own, 15)]);
  }
  // Beyond 4096 counters are laid out in rows: cut off for a prime, fitting for the other.
  for (const shape of [[5003], [2, 4100], [3, 5003]]) {
    // biome-ignore format: one list
    const length = shape.reduce((product, size) => product * size, 1);
    assert.deepEqual([...valuesOf(randomBits(key(2), shape))], [...fillBits(key(2), length)]);
  }
  assert.equal(valuesOf(randomBits(key(1), [0, 3])).length, 0);
  assert.deepEqual([...valuesOf(randomBits(key(1), []))], [...fillBits(key(1), 1)]);
});

test("random words are the same by the arithmetic of the graph and over a batch of keys", () => {
  for (const shape of [[], [7], [3, 5003], [0, 3]]) {
    const words = randomBits(key(2), shape);
    const { meaning } = words.primitive;
    assert.ok(meaning.kind === "expand");
    assert.deepEqual(valuesOf(meaning.expand(words)), valuesOf(words));
  }
  const keys = stack([keyTensor(key(1)), keyTensor(key(2))]);
  const rows = [...valuesOf(vmap((one) => randomBits(one, [2, 3]))(keys))];
  assert.deepEqual(rows, [...fillBits(key(1), 6), ...fillBits(key(2), 6)]);
});

test("keys fold and split as on the host", () => {
  const own = key(5);
  for (const data of [0, 1, 77, 2 ** 32 - 1]) {
    assert.deepEqual([...valuesOf(foldIn(own, data))], [...fold(own, data)]);
    assert.deepEqual([...withFedKey(own, (fed) => foldIn(fed, data))], [...fold(own, data)]);
  }
  const step = tensor(41, { dtype: "int32" });
  assert.deepEqual([...valuesOf(foldIn(own, step))], [...fold(own, 41)]);
  const host = split(own, 3).map((child) => [...child]);
  assert.deepEqual(
    splitKey(own, 3).map((child) => [...valuesOf(child)]),
    host,
  );
  const fed = parameter([2], "uint32");
  const children = interpret(splitKey(fed, 3), new Map([[fed, Uint32Array.from(own)]]));
  assert.deepEqual(
    children.map((child) => [...child]),
    host,
  );
});

test("a key that is known is folded without leaving nodes", () => {
  assert.equal(foldIn(key(1), 2).primitive.meaning.kind, "stored");
  assert.equal(foldIn(foldIn(key(1), 2), 3).primitive.meaning.kind, "stored");
});

test("what is not a key is refused", () => {
  assert.throws(() => randomBits(tensor([1, 2]), [3]), /random key: a key is two uint32 words/);
  const seed = 7 as unknown as Key;
  assert.throws(() => randomBits(seed, [3]), /two uint32 words[\s\S]*got {7}7[\s\S]*key\(7\)/);
  assert.throws(() => fillBits(seed, 3), /two uint32 words/);
  assert.throws(() => foldIn(key(1), tensor([1, 2])), /foldIn: the number folded into a key is one number/);
});

const COUNT = 200_001;

/** Largest distance between the share of samples up to a point and the law's. */
function kolmogorovSmirnov(samples: TypedArray, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(samples).sort();
  let distance = 0;
  for (let i = 0; i < sorted.length; i++) {
    const share = cdf(sorted[i]);
    distance = Math.max(distance, Math.abs(share - i / sorted.length), Math.abs(share - (i + 1) / sorted.length));
  }
  return distance;
}

const normalCdf = (x: number): number => erfcExact(-x * Math.SQRT1_2) / 2;
const share = normalCdf(2) - normalCdf(-2);

interface Law {
  readonly name: string;
  draw(key: KeyLike, shape: Shape): Tensor;
  cdf(x: number): number;
  readonly mean: number;
  readonly variance: number;
  readonly bounds: readonly [number, number];
}

const laws: readonly Law[] = [
  {
    name: "uniform",
    draw: uniform,
    cdf: (x) => x,
    mean: 1 / 2,
    variance: 1 / 12,
    bounds: [0, 1 - 2 ** -24],
  },
  {
    name: "uniform from -3 to 1",
    draw: (own, shape) => uniform(own, shape, { low: -3, high: 1 }),
    cdf: (x) => (x + 3) / 4,
    mean: -1,
    variance: 16 / 12,
    bounds: [-3, 1],
  },
  { name: "normal", draw: normal, cdf: normalCdf, mean: 0, variance: 1, bounds: [-5.77, 5.77] },
  {
    name: "normal with mean 2 and deviation 3",
    draw: (own, shape) => normal(own, shape, { mean: 2, std: 3 }),
    cdf: (x) => normalCdf((x - 2) / 3),
    mean: 2,
    variance: 9,
    bounds: [2 - 3 * 5.77, 2 + 3 * 5.77],
  },
  {
    name: "normal cut at two deviations",
    draw: truncatedNormal,
    cdf: (x) => (normalCdf(x) - normalCdf(-2)) / share,
    mean: 0,
    // 1 − 2·2φ(2)/(Φ(2) − Φ(−2))
    variance: 0.7737413035,
    bounds: [-2, 2],
  },
  {
    name: "normal cut at four deviations",
    draw: (own, shape) => truncatedNormal(own, shape, { low: -4, high: 4 }),
    cdf: (x) => (normalCdf(x) - normalCdf(-4)) / (normalCdf(4) - normalCdf(-4)),
    mean: 0,
    variance: 0.99892929,
    bounds: [-4, 4],
  },
];

for (const law of laws) {
  test(`${law.name}: mean, variance, distribution and bounds are those of the law, and one key gives one sample`, () => {
    const samples = valuesOf(law.draw(key(20), [COUNT]));
    let [sum, squares] = [0, 0];
    for (const value of samples) {
      sum += value;
      squares += (value - law.mean) ** 2;
      assert.ok(value >= law.bounds[0] && value <= law.bounds[1], `${value}`);
    }
    const mean = sum / COUNT;
    const variance = squares / COUNT;
    // Five standard errors of the mean, and of the variance (kurtosis at most 3).
    assert.ok(Math.abs(mean - law.mean) < 5 * Math.sqrt(law.variance / COUNT), `mean ${mean}`);
    assert.ok(Math.abs(variance / law.variance - 1) < 5 * Math.sqrt(2 / COUNT), `variance ${variance}`);
    // A distance beyond 1.95/√n comes by chance once in a thousand times (Kolmogorov); 24 bits add 2⁻²⁴.
    const distance = kolmogorovSmirnov(samples, law.cdf);
    assert.ok(distance < 1.95 / Math.sqrt(COUNT), `distance ${distance}`);
    assert.deepEqual(valuesOf(law.draw(key(20), [50])), valuesOf(law.draw(key(20), [50])));
    assert.notDeepEqual(valuesOf(law.draw(key(21), [50])), valuesOf(law.draw(key(20), [50])));
    assert.deepEqual(law.draw(key(1), [2, 0]).shape, [2, 0]);
  });
}

test("neighbours in a normal sample are unrelated, and so are its two halves", () => {
  const samples = valuesOf(normal(key(3), [COUNT]));
  for (const lag of [1, 2, (COUNT + 1) / 2]) {
    let sum = 0;
    for (let i = 0; i + lag < COUNT; i++) sum += samples[i] * samples[i + lag];
    assert.ok(Math.abs(sum / (COUNT - lag)) < 5 / Math.sqrt(COUNT - lag), `lag ${lag}`);
  }
});

test("a truncated normal with bounds out of order, or too far out, is refused", () => {
  assert.throws(() => truncatedNormal(key(1), [3], { low: 2, high: -2 }), /truncatedNormal: the bounds leave too little/);
  assert.throws(() => truncatedNormal(key(1), [3], { low: 6, high: 7 }), /truncatedNormal/);
  assert.throws(() => uniform(key(1), [3], { low: 1, high: 0 }), /uniform: the bounds are not in order/);
});

test("a Bernoulli sample is true as often as its probability says, never at 0 and always at 1", () => {
  const rate = (p: number): number => Array.from(valuesOf(bernoulli(key(4), p, [COUNT]))).reduce((sum, x) => sum + x, 0) / COUNT;
  assert.equal(rate(0), 0);
  assert.equal(rate(1), 1);
  for (const p of [0.1, 0.5, 0.93]) assert.ok(Math.abs(rate(p) - p) < 5 * Math.sqrt((p * (1 - p)) / COUNT), `p ${p}`);
  assert.equal(bernoulli(key(4), tensor([[0.2], [0.8]]), [2, 3]).dtype, "bool");
  assert.throws(() => bernoulli(key(4), 1.5, [3]), /bernoulli: p is not a probability/);
});

test("a permutation holds every number once, and every position is as likely", () => {
  for (const n of [0, 1, 2, 1000]) {
    const order = Array.from(valuesOf(permutation(key(9), n)));
    assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i)); // biome-ignore format: one line
  }
  const counts = new Array<number>(24).fill(0);
  const trials = 4800;
  for (let trial = 0; trial < trials; trial++) {
    const [a, b, c] = valuesOf(permutation(fold(key(6), trial), 4));
    counts[a * 6 + (b - Number(b > a)) * 2 + Number(c > [0, 1, 2, 3].find((i) => i !== a && i !== b)!)] += 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - trials / 24) ** 2 / (trials / 24), 0);
  // 23 degrees of freedom: above 49.7 once in a thousand times.
  assert.ok(chiSquare < 49.7, `χ² ${chiSquare}`);
});

test("a categorical sample follows the softmax of its logits", () => {
  const probabilities = [0.1, 0.2, 0.7];
  const row = probabilities.map((p) => Math.log(p) + 3);
  const rows = 20_000;
  const logits = tensor(
    Float64Array.from({ length: 3 * rows }, (_, i) => row[i % 3]),
    { shape: [rows, 3] },
  );
  const drawn = Array.from(valuesOf(categorical(key(8), logits)));
  probabilities.forEach((p, i) => {
    const rate = drawn.reduce((sum, value) => sum + Number(value === i), 0) / rows;
    assert.ok(Math.abs(rate - p) < 5 * Math.sqrt((p * (1 - p)) / rows), `${rate} of class ${i}`);
  });
});

test("the inverse error function is right to 5e-7 on both sides of its border", () => {
  const expected = Array.from({ length: 681 }, (_, i) => (i - 340) / 100);
  const found = valuesOf(inverseErf(tensor(Float64Array.from(expected, erfExact))));
  expected.forEach((y, i) => assert.ok(Math.abs(found[i] - y) <= 5e-7 * Math.abs(y) + 1e-15, `${found[i]} for ${y}`));
});

const runtime = directRuntime();
after(() => runtime.close());

test("ONNX Runtime draws the same bits, and the same numbers to the rounding of float32, from a key it is fed", async () => {
  const own = key(31);
  const fed = parameter([2], "uint32");
  const child = foldIn(fed, 5);
  const outputs = [randomBits(fed, [1001]), child, uniform(child, [1001]), bernoulli(child, 0.3, [1001]), permutation(child, 257), normal(child, [1001]), truncatedNormal(child, [1001])]; // biome-ignore format: one list
  const feeds = new Map([[fed, Uint32Array.from(own)]]);
  const exact = interpret(outputs, feeds);
  const got = await computeOn(runtime, outputs, feeds);
  for (const i of [0, 1, 2, 3, 4]) assert.deepEqual(Array.from(got[i]), Array.from(exact[i]), `output ${i}`);
  for (const i of [5, 6]) exact[i].forEach((x: number, at: number) => assert.ok(Math.abs(got[i][at] - x) < 1e-5, `${got[i][at]}, not ${x}`)); // biome-ignore format: one line
});
