import assert from "node:assert/strict";
import { test } from "node:test";
import { fitStandardiser, fromArrays, iris, standardise, unstandardise } from "../../src/data/index.js";

/** numpy 2.4.6, float64 arithmetic on the float32 values of data/iris.csv: X.mean(0), X.std(0), rows 0 and 149 of (X − mean) / std. */
const numpy = {
  mean: [5.843333326975505, 3.0573333358764647, 3.7579999883969624, 1.1993333247800668],
  deviation: [0.825301276711685, 0.4344109666680823, 1.7594040604844157, 0.7596926181199842],
  first: [-0.9006812945990588, 1.0190043486212466, -1.3402265376093274, -1.31544429676425],
  last: [0.06866191776378788, -0.1319794855001233, 0.7627582238647977, 0.7906706123098716],
};

const near = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number) => {
  assert.equal(actual.length, expected.length);
  for (const [at, value] of expected.entries()) {
    assert.ok(Math.abs(actual[at] - value) <= tolerance * Math.max(1, Math.abs(value)), `${actual[at]} for ${value}`);
  }
};

test("the irises are standardised as numpy does it", async () => {
  const data = await iris();
  const measured = fitStandardiser(data);
  near(measured.mean, numpy.mean, 1e-14);
  near(measured.deviation, numpy.deviation, 1e-14);
  const { features, labels } = standardise(data, measured).columns;
  // Half an ulp of float32 is 6e-8 near 1.
  near(features.data.subarray(0, 4), numpy.first, 1e-7);
  near(features.data.subarray(-4), numpy.last, 1e-7);
  assert.equal(labels, data.columns.labels);
});

test("what was measured on training rows changes test rows, and can be stored as JSON", () => {
  const train = fromArrays({ features: [[0], [2]] });
  const measured = JSON.parse(JSON.stringify(fitStandardiser(train)));
  assert.deepEqual(measured, { column: "features", mean: [1], deviation: [1] });
  const test = standardise(fromArrays({ features: [[5], [1]] }), measured);
  assert.deepEqual([...test.columns.features.data], [4, 0]);
});

test("going back gives the original values to rounding", async () => {
  const data = await iris();
  const measured = fitStandardiser(data);
  const back = unstandardise(standardise(data, measured), measured).columns.features.data;
  // One rounding to float32 of each value, of size up to 2.5 deviations.
  near(back, [...data.columns.features.data], 3e-7);
});

test("a feature that never changes becomes 0, and comes back exactly", () => {
  // The mean of many equal numbers is rounded: a spread of 1e-17 must not be divided by.
  const data = fromArrays({ features: Array.from({ length: 1797 }, (_, row) => [0.1, row, -1e30]) });
  const measured = fitStandardiser(data);
  assert.deepEqual([measured.deviation[0], measured.deviation[2]], [1, 1]);
  const { features } = standardise(data, measured).columns;
  assert.ok(features.data.every((value, at) => at % 3 === 1 || value === 0));
  const back = unstandardise(standardise(data, measured), measured).columns.features.data;
  assert.ok(back.every((value, at) => at % 3 === 1 || value === data.columns.features.data[at]));
});

test("a large mean costs no digits", () => {
  const data = fromArrays({ features: [[16777214], [16777216]] });
  assert.deepEqual(fitStandardiser(data), { column: "features", mean: [16777215], deviation: [1] });
});

test("columns of single numbers and of any other name can be standardised", () => {
  const data = fromArrays({ price: [1, 3], features: [[1], [1]] });
  const measured = fitStandardiser(data, "price");
  assert.deepEqual([...standardise(data, measured).columns.price.data], [-1, 1]);
});

test("a column that cannot be standardised is a fault", () => {
  const data = fromArrays({ features: [[1, 2]], labels: Int32Array.of(1) });
  assert.throws(() => fitStandardiser(data, "labels"), /column "labels" does not hold float32\n.*features, labels/);
  assert.throws(() => fitStandardiser(data, "colour" as "labels"), /no such column/);
  assert.throws(() => fitStandardiser(data.take(0)), /there are no rows to measure/);
  const other = fitStandardiser(fromArrays({ features: [[1]] }));
  assert.throws(() => standardise(data, other), /does not have the features that were measured\n.*1 features\n.*2 features/);
});
