import assert from "node:assert/strict";
import { test } from "node:test";
import { add, exp, neg } from "../../src/ops/index.js";
import { errorOf } from "../../src/smooth/facts/error.js";
import { fourthOrderGaussian, userKernel } from "../../src/smooth/index.js";
import { findKernel, kernels } from "../../src/smooth/kernels/catalogue.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import { numbersOf, pieceAt, pieceValue } from "../../src/smooth/numeric/pieces.js";
import { type FormKind, numericSmooth } from "../../src/smooth/numeric/smooth.js";
import type { Pieces } from "../../src/smooth/pieces/pieces.js";
import { bumpy, elu, generator, hardTanh, piecesOf, polynomial, ramp, randomPieces, step } from "./functions.js";

/** E|U| and E U² of kernels, by mpmath: the integrals of |u|φ and u²φ. */
const MOMENTS: Readonly<Record<string, readonly [absolute: number, second: number]>> = {
  gaussian: [0.7978845608028654, 1],
  logistic: [1.3862943611198906, 3.289868133696453],
  laplace: [1, 2],
  box: [0.5, 1 / 3],
  triangular: [1 / 3, 1 / 6],
  epanechnikov: [0.375, 0.2],
};

const close = (actual: number, expected: number, what: string, relative = 1e-9): void =>
  assert.ok(actual === expected || Math.abs(actual - expected) <= relative * Math.abs(expected), `${what}: ${actual}, not ${expected}`); // biome-ignore format: one line

const kernelNamed = (name: string): Kernel => {
  const found = findKernel(name);
  assert.ok(found, name);
  return found;
};

for (const [name, [absolute, second]] of Object.entries(MOMENTS)) {
  test(`the error of a kink smoothed by ${name} is κwE|U|/2 at the kink, and κw²EU²/2 in all`, () => {
    const kink = piecesOf([0.7], [polynomial(0.25), polynomial(0.25 - 0.7 * 3, 3)]);
    const error = errorOf(kink, kernelNamed(name), 0.4);
    close(error.sup, (3 * 0.4 * absolute) / 2, "sup", 1e-14);
    assert.equal(error.at, 0.7);
    close(error.l1, (3 * 0.4 ** 2 * second) / 2, "L1", 1e-12);
    assert.equal(error.kind, "bound");
  });

  test(`the error of a jump smoothed by ${name} is half of it at any width, and JwE|U| in all`, () => {
    for (const width of [1e-3, 2]) {
      const error = errorOf(piecesOf([-0.3], [polynomial(1), polynomial(-2)]), kernelNamed(name), width);
      assert.equal(error.sup, 1.5);
      assert.equal(error.at, -0.3);
      close(error.l1, 3 * width * absolute, "L1", 1e-12);
    }
  });
}

test("a parabola is lifted by half its curvature times the variance everywhere, so that its integral is infinite", () => {
  const error = errorOf(piecesOf([], [polynomial(1, 2, 3)]), kernelNamed("gaussian"), 0.5);
  assert.deepEqual([error.sup, error.l1], [0.75, Infinity]);
});

test("a line is kept, and a cubic moves further the further out", () => {
  assert.deepEqual(errorOf(piecesOf([], [polynomial(1, 2)]), kernelNamed("box"), 0.5), { sup: 0, at: 0, l1: 0, kind: "bound" });
  assert.equal(errorOf(piecesOf([], [polynomial(0, 0, 0, 1)]), kernelNamed("box"), 0.5).sup, Infinity);
});

test("heavy tails have a largest error where the function is bounded, and an infinite integral", () => {
  const error = errorOf(hardTanh, kernelNamed("cauchy"), 0.5);
  // At −1, in w = ½: w(G(4) − G(0)) with G(z) = z(½ + atan(z)/π) − log(1 + z²)/(2π), less what is sharp; by mpmath.
  const found = dense(hardTanh, kernelNamed("cauchy"), 0.5, "mollify");
  assert.ok(error.sup >= found.sup * (1 - 1e-12) && error.sup <= found.sup * (1 + 1e-6), `${error.sup} ${found.sup}`);
  assert.equal(error.l1, Infinity);
});

test("a tent smoothed by the Cauchy kernel has an integral: its error falls as the square of the distance", () => {
  const tent = piecesOf([-1, 0, 1], [[], polynomial(1, 1), polynomial(1, -1), []]);
  const error = errorOf(tent, kernelNamed("cauchy"), 0.25);
  assert.ok(Number.isFinite(error.l1) && error.l1 < 1, `${error.l1}`);
});

test("the error of a piece with an exponential is found by a search", () => {
  const error = errorOf(elu, kernelNamed("laplace"), 0.5);
  assert.equal(error.kind, "measured");
  // For x > 0 the error of ELU is w²/(2(1 + w))·e^(−x/w), and its largest is at −log(3/2) where it is 1/9; by sympy.
  close(error.sup, 1 / 9, "sup");
  close(error.at, -Math.log(1.5), "at", 1e-6);
  close(error.l1, 0.25, "L1", 1e-8);
});

/** The error on a dense grid, and its integral by the trapezium rule between points beside the breaks. */
function dense(pieces: Pieces, kernel: Kernel, width: number, form: FormKind) {
  const numeric = numbersOf(pieces);
  const reach = 6 + 20 * width;
  const even = Array.from({ length: 801 }, (_, i) => -reach + (2 * reach * i) / 800);
  const beside = numeric.breaks.flatMap((a) => [0, 1e-12, 0.01, 0.1].flatMap((offset) => [a - offset * width - 1e-13, a + offset * width])); // biome-ignore format: one line
  const xs = Float64Array.from([...even, ...beside]).sort();
  const values = numericSmooth(numeric, kernel, width, form).at(xs, 0);
  const errors = values.map((value, i) => Math.abs(value - pieceValue(numeric.pieces[pieceAt(numeric.breaks, xs[i])], xs[i])));
  let l1 = 0;
  for (let i = 1; i < xs.length; i++) l1 += ((errors[i - 1] + errors[i]) / 2) * (xs[i] - xs[i - 1]);
  return { sup: Math.max(...errors), l1 };
}

for (const form of ["mollify", "gate"] as const) {
  test(`of 150 random functions no error is above the bound, and none below half of it (${form})`, () => {
    const seed = form === "gate" ? 11 : 7;
    const random = generator(seed);
    const usable = kernels.filter(({ record }) => record.momentsBelow > 3);
    for (let i = 0; i < 150; i++) {
      const pieces = randomPieces(random);
      const kernel = usable[i % usable.length];
      const width = 10 ** (1.5 * random() - 1.2);
      const error = errorOf(pieces, kernel, width, form);
      const found = dense(pieces, kernel, width, form);
      const what = `seed ${seed}, function ${i}, ${kernel.name}, width ${width}`;
      assert.ok(error.sup >= found.sup * (1 - 1e-11) && error.sup <= found.sup * 1.25, `${what}: ${error.sup} for ${found.sup}`);
      assert.ok(error.l1 >= found.l1 * 0.9 && error.l1 <= found.l1 * 1.2, `${what}: L1 ${error.l1} for ${found.l1}`);
    }
  });
}

test("a function that outgrows the tails is refused, and so is one of too high a degree", () => {
  assert.throws(() => errorOf(ramp, kernelNamed("cauchy"), 1), /the convolution diverges/);
  assert.throws(() => errorOf(piecesOf([0], [[], polynomial(0, 0, 1)]), kernelNamed("algebraic"), 1), /the convolution diverges/);
  assert.throws(() => errorOf(piecesOf([0], [[], polynomial(0, 0, 0, 0, 1)]), kernelNamed("box"), 1), /too high a degree/);
  assert.equal(errorOf(ramp, kernelNamed("cauchy"), 1, "gate").l1, Infinity);
});

test("a gate by a kernel without a mean leaves a constant far out, and a signed kernel is searched", () => {
  // x·(½ + atan(x/w)/π) − x₊ tends to −w/π.
  const error = errorOf(ramp, kernelNamed("cauchy"), 0.5, "gate");
  close(error.sup, 0.5 / Math.PI, "sup");
  assert.equal(Math.abs(error.at), Infinity);
  // ½w·φ(0): half of what the Gaussian kernel does to a kink.
  const signed = errorOf(ramp, fourthOrderGaussian, 0.5);
  close(signed.sup, 0.25 / Math.sqrt(2 * Math.PI), "sup");
  assert.equal(signed.kind, "measured");
});

test("a kernel with a mean moves lines: the error of a ramp by Gumbel's density is the mean, far out", () => {
  const gumbel = userKernel({ name: "gumbel", density: (u) => exp(neg(add(u, exp(neg(u))))) });
  const error = errorOf(ramp, gumbel, 0.5);
  // Euler's constant.
  close(error.sup, 0.5 * 0.5772156649015329, "sup");
  assert.equal(error.at, Infinity);
});

test("a width that is no size is refused", () => {
  for (const width of [0, -1, Number.NaN, Infinity]) {
    assert.throws(() => errorOf(step, kernelNamed("box"), width), /errorOf: the width must be positive/);
  }
});

test("the sharper the kernel the smaller the error", () => {
  const sups = [1, 0.5, 0.25].map((width) => errorOf(bumpy, kernelNamed("gaussian"), width).l1);
  assert.ok(sups[0] > sups[1] && sups[1] > sups[2]);
  assert.ok(errorOf(ramp, kernelNamed("gaussian"), 1e-6).sup < 1e-6);
});
