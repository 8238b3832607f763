import assert from "node:assert/strict";
import { test } from "node:test";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add, exp, mul, neg, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { convolvePieces } from "../../src/smooth/convolve-pieces.js";
import { kernelRules, tailRule } from "../../src/smooth/formula/kernel-rules.js";
import { languages } from "../../src/smooth/formula/languages.js";
import { sourceOf } from "../../src/smooth/formula/source.js";
import { gatePieces } from "../../src/smooth/gate-pieces.js";
import { box, bump, gaussian, kernels, laplace, userKernel } from "../../src/smooth/index.js";
import { numbersOf, readGolden, type Stored } from "../golden/golden.js";
import { elu, hardTanh, leaky, piecesOf, polynomial, ramp, term } from "./functions.js";
import { type SourceCase, sourceCases } from "./source-cases.js";

interface Golden {
  readonly points: readonly (readonly Stored[])[];
  readonly cases: readonly { readonly label: string; readonly value: readonly Stored[]; readonly slope: readonly Stored[] }[];
}

const golden = readGolden<Golden>("smooth-source");
const points = numbersOf(golden.points[0]);

const ours =
  ({ pieces, kernel, width, form }: SourceCase) =>
  (x: Tensor): Tensor =>
    (form === "gate" ? gatePieces : convolvePieces)(pieces, kernel, x, width);

const at = (f: (x: Tensor) => Tensor, xs: Float64Array): Float64Array => Float64Array.from(interpret([f(tensor(xs))])[0]);

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  const off = Array.from(expected, (value, i) => Math.abs(actual[i] - value) / Math.max(1, Math.abs(value)));
  const worst = off.indexOf(Math.max(...off));
  assert.ok(off.every((one) => one <= tolerance), `${what}: ${actual[worst]}, not ${expected[worst]}, at ${points[worst]}`); // biome-ignore format: one line
}

/** The function that emitted TypeScript defines, its types taken away. */
function evaluated(code: string): (x: number) => number {
  const plain = code.replaceAll(": number", "").replace("export ", "");
  return new Function(`${plain}\nreturn smoothed;`)();
}

const cases = sourceCases();

test("what PyTorch and JAX computed is still what the cases are", () => {
  assert.deepEqual(
    golden.cases.map(({ label }) => label),
    cases.map(({ label }) => label),
  );
});

for (const [i, one] of cases.entries()) {
  test(`the code of ${one.label} is the function, in PyTorch, JAX and TypeScript`, () => {
    const { value, slope } = golden.cases[i];
    // Antiderivatives of tails that diverge cancel far out.
    const heavy = one.form === "mollify" && one.kernel.record.momentsBelow < 4 ? 1e-8 : 0;
    assertNear(at(ours(one), points), numbersOf(value), 1e-12 + heavy, "value");
    assertNear(at(vmap(grad(ours(one))), points), numbersOf(slope), 1e-9 + heavy, "slope");
    const f = evaluated(sourceOf(one.pieces, one.kernel, one.width, "typescript", one.form));
    assertNear(points.map(f), at(ours(one), points), 1e-12 + heavy, "TypeScript");
  });
}

test("tails keep their digits far out", () => {
  const f = evaluated(sourceOf(ramp, gaussian, 1, "typescript"));
  // ∫ (z − u)₊φ at z = −10, by mpmath.
  assert.ok(Math.abs(f(-10) / 7.474560254594599e-25 - 1) < 1e-10, `${f(-10)}`);
  assert.ok(evaluated(sourceOf(ramp, laplace, 1, "typescript"))(-700) > 0);
});

test("every kernel of the catalogue has a rule, or a series that is as good", () => {
  for (const kernel of kernels) {
    for (const language of Object.values(languages)) {
      for (const order of [0, 1, 2, 3]) {
        const rule = tailRule(kernel, -1, order, language, "series");
        assert.ok(rule.result.length > 0);
        assert.ok((rule.table?.length ?? 0) <= 400, `${kernel.name} ${order} in ${language.name}: ${rule.table?.length} terms`);
      }
    }
  }
  const names = kernels.map(({ name }) => name);
  assert.deepEqual(Object.keys(kernelRules).filter((name) => !names.includes(name)), []); // biome-ignore format: one line
  assert.ok(names.includes(bump.name) && kernelRules[bump.name] === undefined);
});

test("a kernel of the user, uneven too, is written as a series", () => {
  const even = userKernel({ name: "bell", density: (u) => mul(exp(neg(mul(u, u))), 1 / Math.sqrt(Math.PI)) });
  // Gumbel's density, e^(−u − e^(−u)), under a name that the catalogue has too.
  const skew = userKernel({ name: "laplace", density: (u) => exp(neg(add(u, exp(neg(u))))) });
  for (const kernel of [even, skew]) {
    const one: SourceCase = { label: "", pieces: hardTanh, kernel, width: 0.7, form: "mollify" };
    const f = evaluated(sourceOf(hardTanh, kernel, 0.7, "typescript"));
    assertNear(points.map(f), at(ours(one), points), 1e-10, kernel.name);
  }
});

test("a function without breaks, and one that is 0, are written too", () => {
  const square = evaluated(sourceOf(piecesOf([], [polynomial(0, 0, 1)]), gaussian, 2, "typescript"));
  assert.equal(square(3), 13);
  assert.equal(evaluated(sourceOf(piecesOf([], [[]]), gaussian, 2, "typescript"))(3), 0);
});

test("exponentials between breaks, falling and growing, and on the whole line are written too", () => {
  const hat = piecesOf([-1, 0.5], [polynomial(0.2), [term(1.5, 0, 0.7)], [term(2, 0, -1.2)]]);
  const growing = piecesOf([0], [[term(1, 0, -0.5)], [term(1, 0, 0.3)]]);
  const whole = piecesOf([], [[term(2, 0, 0.5)]]);
  for (const kernel of [gaussian, box, laplace]) {
    for (const pieces of [hat, growing, whole]) {
      const one: SourceCase = { label: "", pieces, kernel, width: 0.5, form: "mollify" };
      const near = points.filter((x) => Math.abs(x) < 40);
      const f = evaluated(sourceOf(pieces, kernel, 0.5, "typescript"));
      assertNear(near.map(f), at(ours(one), near), 1e-11, kernel.name);
    }
  }
});

test("what cannot be written is refused", () => {
  assert.throws(() => sourceOf(elu, gaussian, 1, "jax", "gate"), /a piece with an exponential has no gated form/);
  const product = piecesOf([0], [[term(1, 1, 1)], []]);
  assert.throws(() => sourceOf(product, gaussian, 1, "jax"), /a power times an exponential cannot be written out/);
  assert.throws(() => sourceOf(ramp, gaussian, 1, "fortran" as "jax"), /there is no code in fortran/);
  assert.throws(() => sourceOf(leaky(0.1), gaussian, Number.NaN, "jax"), /the width must be positive/);
});
