import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, jvp } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as o from "../../src/ops/index.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { scalar } from "../support/values.js";

const runtime = directRuntime();
after(() => runtime.close());

type Scalar = (x: Tensor) => Tensor;
const reverse = (f: Scalar): Scalar => grad(f);
const forward =
  (f: Scalar): Scalar =>
  (x) =>
    jvp(f, [x], [o.ones([])]).tangent;

const root = 2 / Math.sqrt(Math.PI);

/** Functions with f, f′, … f⁽⁵⁾ at a point, from their textbook Taylor series or closed forms. */
const SERIES: readonly { name: string; f: Scalar; at: number; derivatives: readonly number[] }[] = [
  { name: "exp", f: o.exp, at: 0.5, derivatives: new Array<number>(6).fill(Math.exp(0.5)) },
  { name: "expm1", f: o.expm1, at: 0, derivatives: [0, 1, 1, 1, 1, 1] },
  { name: "log", f: o.log, at: 2, derivatives: [Math.log(2), 1 / 2, -1 / 4, 2 / 8, -6 / 16, 24 / 32] },
  { name: "log1p", f: o.log1p, at: 0, derivatives: [0, 1, -1, 2, -6, 24] },
  { name: "sin", f: o.sin, at: 0.7, derivatives: [0, 1, 2, 3, 4, 5].map((n) => Math.sin(0.7 + (n * Math.PI) / 2)) },
  { name: "cos", f: o.cos, at: 0.7, derivatives: [0, 1, 2, 3, 4, 5].map((n) => Math.cos(0.7 + (n * Math.PI) / 2)) },
  { name: "tan", f: o.tan, at: 0, derivatives: [0, 1, 0, 2, 0, 16] },
  { name: "tanh", f: o.tanh, at: 0, derivatives: [0, 1, 0, -2, 0, 16] },
  { name: "atan", f: o.atan, at: 0, derivatives: [0, 1, 0, -2, 0, 24] },
  { name: "asin", f: o.asin, at: 0, derivatives: [0, 1, 0, 1, 0, 9] },
  { name: "atanh", f: o.atanh, at: 0, derivatives: [0, 1, 0, 2, 0, 24] },
  { name: "sigmoid", f: o.sigmoid, at: 0, derivatives: [1 / 2, 1 / 4, 0, -1 / 8, 0, 1 / 4] },
  { name: "softplus", f: o.softplus, at: 0, derivatives: [Math.LN2, 1 / 2, 1 / 4, 0, -1 / 8, 0] },
  { name: "erf", f: o.erf, at: 0, derivatives: [0, root, 0, -2 * root, 0, 12 * root] },
  { name: "erfc", f: o.erfc, at: 0, derivatives: [1, -root, 0, 2 * root, 0, -12 * root] },
  { name: "sqrt(1 + x)", f: (x) => o.sqrt(o.add(x, 1)), at: 0, derivatives: [1, 1 / 2, -1 / 4, 3 / 8, -15 / 16, 105 / 32] },
  { name: "rsqrt(1 + x)", f: (x) => o.rsqrt(o.add(x, 1)), at: 0, derivatives: [1, -1 / 2, 3 / 4, -15 / 8, 105 / 16, -945 / 32] },
  { name: "1 / (1 − x)", f: (x) => o.reciprocal(o.sub(1, x)), at: 0, derivatives: [1, 1, 2, 6, 24, 120] },
  { name: "x⁵", f: (x) => o.pow(x, 5), at: 1, derivatives: [1, 5, 20, 60, 120, 120] },
  { name: "x^2.5", f: (x) => o.pow(x, 2.5), at: 1, derivatives: [1, 2.5, 3.75, 1.875, -0.9375, 1.40625] },
  { name: "2ˣ", f: (x) => o.power(2, x), at: 0, derivatives: [0, 1, 2, 3, 4, 5].map((n) => Math.LN2 ** n) },
  { name: "e^(−x²)", f: (x) => o.exp(o.neg(o.square(x))), at: 0, derivatives: [1, 0, -2, 0, 12, 0] },
  { name: "sinh", f: o.sinh, at: 1, derivatives: [0, 1, 2, 3, 4, 5].map((n) => (n % 2 === 0 ? Math.sinh(1) : Math.cosh(1))) },
];

/** The function and its first five derivatives, each made from the one before by the mode that `modes` names for it. */
function tower(f: Scalar, modes: readonly ((f: Scalar) => Scalar)[]): Scalar[] {
  const all = [f];
  for (const mode of modes) all.push(mode(all[all.length - 1]));
  return all;
}

const TOWERS = {
  "reverse mode five times": [reverse, reverse, reverse, reverse, reverse],
  "forward mode five times": [forward, forward, forward, forward, forward],
  "the modes in turn": [reverse, forward, reverse, forward, reverse],
};

for (const { name, f, at, derivatives } of SERIES) {
  for (const [way, modes] of Object.entries(TOWERS)) {
    test(`${name} has its first five derivatives by ${way}`, () => {
      const got = tower(f, modes).map((derivative) => scalar(derivative(o.tensor(at))));
      assert.equal(firstFar(got, derivatives, 1e-10), null);
    });
  }
}

test("fifth derivatives survive simplification, lowering and float32", async () => {
  const outputs = SERIES.map(({ f, at }) => tower(f, TOWERS["the modes in turn"])[5](o.tensor(at)));
  const got = await computeOn(runtime, outputs, new Map());
  const expected = SERIES.map(({ derivatives }) => derivatives[5]);
  assert.equal(
    firstFar(
      got.map(([value]) => value),
      expected,
      2e-5,
    ),
    null,
  );
});
