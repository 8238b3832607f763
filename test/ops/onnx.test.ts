import assert from "node:assert/strict";
import { after, test } from "node:test";
import { isFloat } from "../../src/ir/dtype.js";
import { parameter } from "../../src/ops/create.js";
import {
  argsort,
  cumulativeSum,
  flip,
  logSoftmax,
  logsumexp,
  matmul,
  max,
  mean,
  min,
  norm,
  product,
  scatterAdd,
  softmax,
  sort,
  sum,
} from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { columns, complaints, onTheLine, testAgreement } from "../support/agreement.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { exampleOf, feedsOf } from "../support/samples.js";

const runtime = directRuntime();
after(() => runtime.close());

testAgreement({ runtime });

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
  assert.deepEqual(await complaints({ runtime }, examples), []);
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

test("operations on rows agree on rows of infinities, of huge and of tiny numbers, and of NaN", async () => {
  const { POSITIVE_INFINITY: inf, NaN: nan } = Number;
  const rows = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    [inf, 1, 2, 3, 4, 5, 6, 7, 8],
    [-inf, -inf, -inf, -inf, -inf, -inf, -inf, -inf, -inf],
    [1, nan, 2, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4, 5, 6, 7, 8, nan],
    [1e4, -1e4, 0, -inf, 1, 2, 3, 1e4, -inf],
    [inf, -inf, 0, 0, 0, 0, 0, 0, 0],
    [3e38, 1, 1, 1, 1, 1, 1, 1, -3e38],
    [1e-30, -1e-30, 1e-38, 0, -0, 0, 0, 0, 0],
    [-100, -200, -3e38, -1e4, 0, 0, 0, 0, 0],
  ];
  const x = parameter([rows.length, 9], "float32");
  const feeds = new Map([[x, Float64Array.from(rows.flat(), Math.fround)]]);
  const alongRows = { softmax, logSoftmax, cumulativeSum, sort, argsort, flip };
  const reducing = { sum, mean, max, min, logsumexp, norm };
  const named = [
    ...Object.entries(alongRows).map(([name, call]) => ({ name, output: call(x, 1) })),
    ...Object.entries(reducing).map(([name, call]) => ({ name, output: call(x, { axes: 1 }) })),
  ];
  const outputs = named.map(({ output }) => output);
  const exact = interpret(outputs, feeds);
  const got = await computeOn(runtime, outputs, feeds);
  got.forEach((values, i) => assert.equal(firstFar(values, exact[i].map(Math.fround), 2e-6), null, named[i].name));
});
