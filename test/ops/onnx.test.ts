import assert from "node:assert/strict";
import { after, test } from "node:test";
import { primitives } from "../../src/diff/catalogue.js";
import { isFloat } from "../../src/ir/dtype.js";
import type { Primitive } from "../../src/ir/primitive.js";
import { parameter } from "../../src/ops/create.js";
import { cumulativeSum, logsumexp, matmul, max, min, product, scatterAdd, sum } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { firstInaccurate } from "../support/accuracy.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { type Example, exampleOf, examplesOf, feedsOf } from "../support/samples.js";

const runtime = directRuntime();
after(() => runtime.close());

/** Runs all examples as one model; their complaints. */
async function complaints(examples: readonly Example[]): Promise<string[]> {
  const feeds = new Map(examples.flatMap((example) => [...feedsOf(example)]));
  const nodes = examples.map(({ node }) => node);
  const exact = interpret(nodes, feeds);
  const got = await computeOn(runtime, nodes, feeds);
  return examples.flatMap((example, i) => firstInaccurate(example, got[i], exact[i]) ?? []);
}

const testable = primitives.filter(({ samples }) => samples.length > 0);

test("float32 agrees with float64 within the stated accuracy on every sample", async (t) => {
  for (const primitive of testable) {
    await t.test(primitive.name, async () => {
      const examples = [1, 2, 3].flatMap((seed) => examplesOf(primitive, 100 * seed));
      assert.deepEqual(await complaints(examples), []);
    });
  }
});

const EXTREMES = [
  ...[0, 1e-30, 1e-38, 0.5, 1, 1.5, 2, 3, 20, 30, 88, 100, 1e4, 1e20, 3e38, Number.POSITIVE_INFINITY].flatMap((x) => [x, -x]),
  Number.NaN,
];

/** Numbers of every size and sign: a constant ratio from one to the next. */
function logarithmicGrid(ratio: number): number[] {
  const grid: number[] = [];
  for (let size = 1e-38; size < 3e38; size *= ratio) grid.push(size, -size);
  return grid;
}

/** The pointwise primitives that take floats only, with parameters to make them with. */
const onTheLine = (operands: number): { primitive: Primitive; params: unknown }[] =>
  testable.flatMap((primitive) => {
    const fits = primitive.samples.filter(
      ({ inputs }) => inputs.length === operands && inputs.every(({ dtype }) => isFloat(dtype)),
    );
    return primitive.batching.kind === "pointwise" && fits.length > 0 ? [{ primitive, params: fits[0].params }] : [];
  });

const columns = (primitive: Primitive, params: unknown, values: readonly (readonly number[])[]): Example =>
  exampleOf(
    primitive,
    values.map((extremes) => ({ shape: [extremes.length], dtype: "float32", extremes })),
    params,
    1,
  );

test("functions of one number agree on extremes and on a dense grid over the whole line, in every lane of the kernels", async (t) => {
  const linear = Array.from({ length: 8001 }, (_, i) => (i - 4000) / 137);
  // Extremes at the front and at the end: kernels treat the last few elements apart.
  const inputs = [...EXTREMES, ...logarithmicGrid(1.03), ...linear, ...EXTREMES];
  for (const { primitive, params } of onTheLine(1)) {
    await t.test(primitive.name, async () => assert.deepEqual(await complaints([columns(primitive, params, [inputs])]), []));
  }
});

test("functions of two numbers agree on every pair of extremes and on a grid of pairs", async (t) => {
  const sides = [...EXTREMES, ...logarithmicGrid(40)];
  const left = sides.flatMap((x) => sides.map(() => x));
  const right = sides.flatMap(() => sides);
  for (const { primitive, params } of onTheLine(2)) {
    await t.test(primitive.name, async () => assert.deepEqual(await complaints([columns(primitive, params, [left, right])]), []));
  }
});

test("whole numbers agree at the ends of their range and by zero", async (t) => {
  const edges = {
    int32: [0, 1, -1, 2, -2, 7, -7, 46341, 65536, 2 ** 30, 2 ** 31 - 1, 1 - 2 ** 31, -(2 ** 31)],
    uint32: [0, 1, 2, 7, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
    bool: [0, 1],
  };
  for (const primitive of testable) {
    if (primitive.batching.kind !== "pointwise") continue;
    const whole = primitive.samples.filter(({ inputs }) => inputs.length > 0 && inputs.every(({ dtype }) => dtype !== "float32"));
    if (whole.length === 0) continue;
    await t.test(primitive.name, async () => {
      const examples = whole.map(({ inputs, params }) => {
        const pairs = inputs.reduce<number[][]>(
          (rows, { dtype }) => rows.flatMap((row) => edges[dtype as keyof typeof edges].map((edge) => [...row, edge])),
          [[]],
        );
        const shape = [pairs.length];
        const specs = inputs.map(({ dtype }) => ({ shape, dtype }));
        const example = exampleOf(primitive, specs, params, 1);
        return { ...example, data: example.data.map((column, i) => column.map((_, row) => pairs[row][i])) };
      });
      assert.deepEqual(await complaints(examples), []);
    });
  }
});

test("NaN in gives NaN out of every function of floats", () => {
  for (const { primitive, params } of [...onTheLine(1), ...onTheLine(2)]) {
    if (!isFloat(exampleOf(primitive, primitive.samples[0].inputs, params, 1).node.dtype)) continue;
    const operands = primitive.samples[0].inputs.length;
    const example = columns(primitive, params, new Array<number[]>(operands).fill([Number.NaN]));
    assert.deepEqual([...interpret([example.node], feedsOf(example))[0]], [Number.NaN], primitive.name);
  }
});

test("sums of a thousand terms of every size stay within the stated accuracy", async () => {
  const wide = { dtype: "float32", range: [-100, 100] } as const;
  const rows = { shape: [1000], dtype: "int32", range: [0, 2] } as const;
  const params = { transposeA: false, transposeB: false };
  const examples = [1, 2, 3].flatMap((seed) => [
    exampleOf(sum.primitive, [{ ...wide, shape: [3, 1000] }], { axes: [1] }, seed),
    exampleOf(sum.primitive, [{ ...wide, shape: [1000, 3] }], { axes: [0] }, seed),
    exampleOf(cumulativeSum.primitive, [{ ...wide, shape: [1000, 2] }], { axis: 0, reverse: false, exclusive: false }, seed),
    exampleOf(scatterAdd.primitive, [rows, { ...wide, shape: [1000, 2] }], { rows: 3 }, seed),
    exampleOf(
      matmul.primitive,
      [
        { ...wide, shape: [5, 1000] },
        { ...wide, shape: [1000, 4] },
      ],
      params,
      seed,
    ),
    exampleOf(
      matmul.primitive,
      [
        { ...wide, shape: [1000, 5] },
        { ...wide, shape: [4, 1000] },
      ],
      { transposeA: true, transposeB: true },
      seed,
    ),
  ]);
  assert.deepEqual(await complaints(examples), []);
});

test("a NaN anywhere in a row reaches every reduction of that row, and no other", async () => {
  const length = 37;
  const data = Float64Array.from({ length: length * length }, (_, i) => (i % (length + 1) === 0 ? Number.NaN : (i % 11) - 5));
  const x = parameter([length + 1, length], "float32");
  const feeds = new Map([[x, Float64Array.of(...data, ...new Array<number>(length).fill(1))]]);
  for (const axes of [0, 1]) {
    const outputs = [sum(x, { axes }), max(x, { axes }), min(x, { axes }), product(x, { axes }), logsumexp(x, { axes })];
    const exact = interpret(outputs, feeds);
    const got = await computeOn(runtime, outputs, feeds);
    got.forEach((values, i) => {
      const where = `${outputs[i].primitive.name} over axis ${axes}`;
      assert.deepEqual([...values].map(Number.isNaN), [...exact[i]].map(Number.isNaN), where);
      assert.equal([...values].filter(Number.isNaN).length, length, where);
    });
  }
});
