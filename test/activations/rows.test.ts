import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import * as activations from "../../src/activations/index.js";
import { type Activation, catalogue, entmax, entmax15, findActivation, glu, maxout, softmax, sparsemax } from "../../src/activations/index.js"; // biome-ignore format: one list
import { jacobian } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { add, permute, tensor } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";
import { computeOn, directRuntime } from "../support/engines.js";

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly parameters: Readonly<Record<string, number>>;
    readonly row: readonly number[];
    readonly value: readonly number[];
    readonly jacobian: readonly (readonly number[])[];
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/activation-rows.json", import.meta.url), "utf8"));
const runtime = directRuntime();
after(() => runtime.close());

const numbers = (x: Tensor): number[] => [...interpret([x])[0]];
const rowFunctions = catalogue.filter(({ facts }) => facts.kind === "vector");
const row = (values: readonly number[]): Tensor => tensor(Float64Array.from(values));

function assertNear(got: readonly number[], expected: readonly number[], tolerance: number, what: string): void {
  assert.equal(got.length, expected.length, what);
  expected.forEach((should, i) =>
    assert.ok(Math.abs(got[i] - should) <= tolerance * Math.max(1, Math.abs(should)), `${what}[${i}]: ${got[i]}, not ${should}`),
  );
}

for (const name of new Set(golden.cases.map((one) => one.name))) {
  test(`${name}: rows and their Jacobians are those of mpmath`, () => {
    for (const { parameters, row: x, value, jacobian: expected } of golden.cases.filter((one) => one.name === name)) {
      const f = findActivation(name)?.with(parameters) as Activation;
      const what = `${f.title} of ${x.join(", ")}`;
      // Large rows are rounded before they are compared with each other.
      assertNear(numbers(f(row(x))), value, 4e-15 * Math.max(1, ...x.map(Math.abs)), what);
      // The steepest of these functions has slopes of a few hundred.
      assertNear(numbers(jacobian((y: Tensor) => f(y))(row(x))), expected.flat(), 4e-14, `the Jacobian of ${what}`);
    }
  });
}

test("in float32 rows come out as in float64, to the rounding of 1 and of the sum of a row", async () => {
  for (const { name, parameters, row: x, value } of golden.cases) {
    const f = findActivation(name)?.with(parameters) as Activation;
    const fed = parameter([x.length], "float32");
    const data = Float32Array.from(x);
    const [got] = await computeOn(runtime, [f(fed)], new Map([[fed, data]]));
    const scale = Math.max(1, ...value.map(Math.abs), ...x.map(Math.abs));
    // Inputs that are no float32 are rounded before anything is computed.
    assertNear([...got].map((y) => y / scale), value.map((y) => y / scale), 2e-6, f.title); // biome-ignore format: one line
  }
});

const random = (width: number, seed: number, std: number): Tensor => normal(key(seed), [50, width], { std });
const SIZES = [0.01, 0.3, 1, 3, 30] as const;

test("rows add up to what the facts say, and are unchanged by a shift exactly where the facts say so", () => {
  for (const f of rowFunctions) {
    const { facts } = f;
    if (facts.kind !== "vector") continue;
    for (const std of SIZES) {
      const x = random(6, 1, std);
      const result = f(x);
      const width = result.shape[1];
      const values = numbers(result);
      const sums = Array.from({ length: 50 }, (_, i) => values.slice(i * width, (i + 1) * width).reduce((a, b) => a + b, 0));
      if (facts.rowSum !== null) assertNear(sums, sums.map(() => facts.rowSum as number), 1e-13, `${f.name}: sums`); // biome-ignore format: one line
      const strays: number[] = values.filter((y) => y < facts.range.low - 1e-15 || y > facts.range.high + 1e-15);
      assert.deepEqual(strays, [], f.name);
      const moved = numbers(f(add(x, 1.5)));
      const changed = values.some((y, i) => Math.abs(y - moved[i]) > 1e-11 * Math.max(1, Math.abs(y)));
      if (facts.shiftInvariant) assert.ok(!changed, f.name);
      else if (std === 1) assert.ok(changed, f.name);
    }
  }
});

test("no Jacobian stretches more than the facts say, and some come near", () => {
  for (const f of rowFunctions) {
    const { facts } = f;
    if (!Number.isFinite(facts.lipschitz)) continue;
    const rows = [...SIZES.flatMap((std) => [numbers(random(2, 5, std)), numbers(random(2, 6, std))])].flatMap((all) =>
      Array.from({ length: 25 }, (_, i) => all.slice(2 * i, 2 * i + 2)),
    );
    const special = [[1, 1], [0, 0], [0.001, 0.001], [0, 20], [1e-6, -1e-6], [0.01, 20]]; // biome-ignore format: one line
    const norms = [...rows, ...special].map((x) => norm(numbers(jacobian((y: Tensor) => f(y))(row(x))), 2));
    const largest = Math.max(...norms);
    assert.ok(largest <= facts.lipschitz * (1 + 1e-9), `${f.name}: ${largest}, not ${facts.lipschitz}`);
    // Two entries do not show all of what leaves a way out to nothing.
    assert.ok(largest >= facts.lipschitz * 0.7, `${f.name}: ${largest}, not ${facts.lipschitz}`);
  }
});

/** The largest singular value of a matrix in rows of `columns`, by power iteration on AᵀA. */
function norm(matrix: readonly number[], columns: number): number {
  const lines = matrix.length / columns;
  let v = Array.from({ length: columns }, (_, j) => 1 + 0.37 * j);
  let size = 0;
  for (let step = 0; step < 200; step++) {
    const image = Array.from({ length: lines }, (_, i) => v.reduce((total, vj, j) => total + matrix[i * columns + j] * vj, 0));
    const back = v.map((_, j) => image.reduce((total, y, i) => total + matrix[i * columns + j] * y, 0));
    const length = Math.hypot(...back);
    if (length === 0) return 0;
    size = Math.hypot(...image) / Math.hypot(...v);
    v = back.map((y) => y / length);
  }
  return size;
}

test("sparsemax is the projection on the simplex: points of it stay, and no point of it is nearer", () => {
  assertNear(numbers(sparsemax(row([0.2, 0.5, 0.3, 0]))), [0.2, 0.5, 0.3, 0], 1e-15, "a point of the simplex");
  assert.deepEqual(numbers(sparsemax(row([3, 1, 1]))), [1, 0, 0]);
  const x = numbers(random(4, 2, 1));
  const others = numbers(softmax(random(4, 3, 2)));
  for (let i = 0; i < 50; i++) {
    const here = x.slice(4 * i, 4 * i + 4);
    const p = numbers(sparsemax(row(here)));
    // ⟨x − p, q − p⟩ ≤ 0 for every q of the simplex: what makes p the projection.
    const product = here.reduce((total, xj, j) => total + (xj - p[j]) * (others[4 * i + j] - p[j]), 0);
    assert.ok(product <= 1e-14, `${product}`);
  }
});

test("entmax leads from softmax to sparsemax, and what is 1.5 of it is the one by a sort", () => {
  const x = random(5, 4, 2);
  assertNear(numbers(entmax(x, { alpha: 2 })), numbers(sparsemax(x)), 1e-13, "α = 2");
  assertNear(numbers(entmax(x, { alpha: 1.5 })), numbers(entmax15(x)), 1e-13, "α = 1.5");
  const zeros = (f: (y: Tensor) => Tensor): number => numbers(f(x)).filter((p) => p === 0).length;
  assert.ok(zeros(softmax) < zeros(entmax15) && zeros(entmax15) < zeros(sparsemax));
});

test("functions of a row work along the axis that they are told, and large numbers stay numbers", () => {
  const x = random(6, 8, 1);
  for (const f of rowFunctions) {
    const turned = permute(f.with({ axis: 0 })(permute(x, [1, 0])), [1, 0]);
    assertNear(numbers(turned), numbers(f(x)), 1e-15, f.name);
    const large = [3e38, -3e38, 1, 3e38, 1e30, 0];
    if (f.facts.range.high < Infinity) assert.ok(numbers(f(row(large))).every(Number.isFinite), f.name);
  }
});

test("gated pairs multiply the first half of an axis by a function of the second", () => {
  const halves = { glu: "sigmoid", reGlu: "relu", geGlu: "gelu", geGluTanh: "geluTanh", swiGlu: "silu", bilinear: "identity" };
  const x = random(6, 9, 1.5);
  const all = numbers(x);
  for (const [pair, gate] of Object.entries(halves)) {
    const gates = numbers((findActivation(gate) as Activation)(x));
    const expected = Array.from({ length: 150 }, (_, i) => all[6 * Math.floor(i / 3) + (i % 3)] * gates[6 * Math.floor(i / 3) + 3 + (i % 3)]); // biome-ignore format: one line
    assertNear(numbers((findActivation(pair) as Activation)(x)), expected, 1e-15, pair);
  }
  assertNear(numbers(activations.gatedTanh(row([0.5, 0]))), [Math.tanh(0.5) / 2], 1e-15, "gatedTanh");
  assert.deepEqual(numbers(activations.dRelu(row([2, -1, 3, 5]))), [6, 0]);
});

test("concatenated and competing units keep or choose what they say", () => {
  assert.deepEqual(numbers(activations.cRelu(row([2, -3]))), [2, 0, 0, 3].map((y) => y)); // biome-ignore format: one line
  assert.deepEqual(numbers(maxout(row([1, 5, 4, 2]))), [4, 5]);
  assert.deepEqual(numbers(maxout(row([1, 5, 4, 2, 0, 6]), { pieces: 3 })), [4, 6]);
  assert.deepEqual(numbers(activations.maxMin(row([1, 5, 4, 2]))), [4, 5, 1, 2]);
  assertNear(numbers(activations.concatElu(row([1]))), [1, Math.expm1(-1)], 1e-15, "concatElu");
  assert.deepEqual(numbers(activations.hardmax(row([1, 3, 3, 0]))), [0, 1, 0, 0]);
  assert.deepEqual(numbers(activations.sphericalSoftmax(row([0, 0]))), [0.5, 0.5]);
});

test("an axis that cannot be cut is named, with what would fit", () => {
  assert.throws(
    () => glu(row([1, 2, 3])),
    /glu: axis 0 cannot be cut into 2 equal parts\n {2}expected {2}a multiple of 2\n {2}got {7}3 in \(3\)/,
  );
  assert.throws(() => maxout(row([1, 2]), { pieces: 3 }), /maxout: axis 0 cannot be cut into 3 equal parts/);
  assert.throws(() => sparsemax(tensor([1]), { axis: 2 }), /sparsemax: axis 2 does not exist/);
  assert.throws(() => entmax.with({ alpha: 1 }), /entmax: alpha is out of range/);
  assert.throws(() => sparsemax(tensor(new Float32Array(0))), /sparsemax: there is nothing on axis 0 to choose from/);
});
