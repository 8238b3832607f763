import assert from "node:assert/strict";
import { test } from "node:test";
import { plainFormula } from "../../src/plot/index.js";
import { texOf } from "../../src/smooth/formula/tex.js";
import { findKernel, kernels } from "../../src/smooth/kernels/catalogue.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import { numbersOf } from "../../src/smooth/numeric/pieces.js";
import { type FormKind, numericSmooth } from "../../src/smooth/numeric/smooth.js";
import type { Pieces } from "../../src/smooth/pieces/pieces.js";
import { elu, leaky, piecesOf, polynomial, ramp, step } from "./functions.js";
import { sourceCases } from "./source-cases.js";
import { texFunction } from "./tex-value.js";

const named = (name: string): Kernel => findKernel(name) as Kernel;
const points = [-3.1, -1.27, -0.9, -0.31, -0.04, 0.07, 0.22, 0.61, 0.93, 1.18, 2.4];

/** Numbers are written with six digits. */
const DIGITS = 2e-5;

function assertIs(pieces: Pieces, kernel: Kernel, width: number, form: FormKind, tex: string): void {
  const f = texFunction(tex);
  const expected = numericSmooth(numbersOf(pieces), kernel, width, form).at(points, 0);
  points.forEach((x, i) => {
    assert.ok(Math.abs(f(x) - expected[i]) <= DIGITS * Math.max(1, Math.abs(expected[i])), `${f(x)}, not ${expected[i]}, at ${x}: ${tex}`); // biome-ignore format: one line
  });
}

for (const { label, pieces, kernel, form } of sourceCases()) {
  test(`the formula of ${label} is the function, and can be shown as text`, () => {
    for (const width of [0.5, 0.3, 1]) {
      const tex = texOf(pieces, kernel, width, form);
      // The TeX of the density itself may have commands that plain text has not.
      const own = tex.split(",\\quad \\varphi(u)")[0];
      assert.doesNotMatch(plainFormula(own), /\\|undefined|NaN|frac|left|right|operator/, tex);
      if (!/\\int|I_\d'/.test(tex)) assertIs(pieces, kernel, width, form, tex);
    }
  });
}

const written: readonly (readonly [plain: string, Pieces, kernel: string, width: number, FormKind])[] = [
  ["log(1 + eˣ)", ramp, "logistic", 1, "mollify"],
  ["½ log(1 + e²ˣ)", ramp, "logistic", 0.5, "mollify"],
  ["x Φ(x) + φ(x)", ramp, "gaussian", 1, "mollify"],
  ["x Φ(2x)", ramp, "gaussian", 0.5, "gate"],
  ["x σ(x)", ramp, "logistic", 1, "gate"],
  ["Φ(2x)", step, "gaussian", 0.5, "mollify"],
  ["½(x + √(x² + 1))", ramp, "algebraic", 1, "mollify"],
  ["0.1x + 0.9 max(x, 0) + 0.135e^(−|x|/0.3)", leaky(0.1), "laplace", 0.3, "mollify"],
  ["½ + (1/π) arctan(2x)", step, "cauchy", 0.5, "mollify"],
  ["x² + ¼", piecesOf([], [polynomial(0, 0, 1)]), "gaussian", 0.5, "mollify"],
  ["0", piecesOf([], [[]]), "gaussian", 0.5, "mollify"],
];

for (const [plain, pieces, kernel, width, form] of written) {
  test(`${form} by ${kernel} of width ${width} reads ${plain}`, () => {
    assert.equal(plainFormula(texOf(pieces, named(kernel), width, form)), plain);
  });
}

test("pieces with an exponential are shown as the convolution, and gated as they are", () => {
  assert.match(
    plainFormula(texOf(elu, named("gaussian"), 1)),
    /^∫f\(x − u\) φ\(u\) du, f\(x\) = \{eˣ − 1 for x ≤ 0; x for x > 0\}/,
  );
  assert.match(plainFormula(texOf(elu, named("logistic"), 1, "gate")), /^eˣ − 1 \+ \(−eˣ \+ x \+ 1\) σ\(x\)$/);
});

test("every kernel whose moments exist has a formula for a cubic", () => {
  for (const kernel of kernels.filter(({ record }) => record.momentsBelow > 3)) {
    const cubic = piecesOf([0.1], [[], polynomial(1, -2, 0.5, 3)]);
    assert.ok(texOf(cubic, kernel, 0.7).length > 0, kernel.name);
  }
});
