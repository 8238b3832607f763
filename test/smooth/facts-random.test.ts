import assert from "node:assert/strict";
import { test } from "node:test";
import { probe } from "../../src/activations/measure/probe.js";
import { convolvePieces } from "../../src/smooth/convolve-pieces.js";
import { factsOf } from "../../src/smooth/facts/facts.js";
import { gatePieces } from "../../src/smooth/gate-pieces.js";
import { kernels } from "../../src/smooth/kernels/catalogue.js";
import { numbersOf } from "../../src/smooth/numeric/pieces.js";
import { numericSmooth } from "../../src/smooth/numeric/smooth.js";
import { elu, generator, randomPieces } from "./functions.js";

const SEED = 23;

/** As many random functions as kernels whose moments exist, each with a width. */
function drawn() {
  const random = generator(SEED);
  const usable = kernels.filter(({ record }) => record.momentsBelow > 3);
  return usable.flatMap((kernel) =>
    [0, 1].map(() => ({ kernel, pieces: randomPieces(random), width: 10 ** (1.2 * random() - 0.9) })),
  );
}

/** Away from breaks and from the edges of kernels, where one-sided derivatives are another matter. */
const grid = Float64Array.from({ length: 128 }, (_, i) => -7 + (14 * (i + 0.317)) / 128);

for (const form of ["mollify", "gate"] as const) {
  test(`values, slopes and second derivatives that facts are read from are those of the traced function (${form})`, () => {
    const apply = form === "gate" ? gatePieces : convolvePieces;
    for (const [i, { kernel, pieces, width }] of drawn().entries()) {
      const traced = probe((x) => apply(pieces, kernel, x, width)).at(grid, 2);
      const smooth = numericSmooth(numbersOf(pieces), kernel, width, form);
      for (const order of [0, 1, 2]) {
        const read = smooth.at(grid, order);
        const size = Math.max(...traced[order].map(Math.abs));
        const off = read.map((value, j) => Math.abs(value - traced[order][j]) / size);
        assert.ok(Math.max(...off) < 1e-9, `seed ${SEED}, function ${i}, ${kernel.name}, order ${order}: ${Math.max(...off)}`);
      }
    }
  });

  test(`no value leaves the range, and no slope and curvature are above what the facts say (${form})`, () => {
    for (const [i, { kernel, pieces, width }] of drawn().entries()) {
      const facts = factsOf(pieces, kernel, width, form);
      const smooth = numericSmooth(numbersOf(pieces), kernel, width, form);
      const [values, slopes, bends] = [0, 1, 2].map((order) => smooth.at(grid, order));
      const what = `seed ${SEED}, function ${i}, ${kernel.name}, width ${width}`;
      const slack = 1e-9 * Math.max(...values.map(Math.abs));
      assert.ok(
        values.every((value) => value >= facts.range.low - slack && value <= facts.range.high + slack),
        what,
      );
      assert.ok(
        slopes.every((slope) => Math.abs(slope) <= facts.lipschitz * (1 + 1e-9)),
        what,
      );
      assert.ok(
        bends.every((bend) => Math.abs(bend) <= facts.curvature * (1 + 1e-6)),
        what,
      );
      if (facts.monotone === "increasing")
        assert.ok(
          slopes.every((slope) => slope >= -1e-9),
          what,
        );
      if (facts.monotone === "decreasing")
        assert.ok(
          slopes.every((slope) => slope <= 1e-9),
          what,
        );
      if (facts.convexity === "convex")
        assert.ok(
          bends.every((bend) => bend >= -1e-9),
          what,
        );
      if (facts.convexity === "concave")
        assert.ok(
          bends.every((bend) => bend <= 1e-9),
          what,
        );
    }
  });
}

test("pieces with exponentials are read by quadrature as they are traced", () => {
  for (const kernel of kernels.filter(({ record }) => record.tilted !== undefined && record.momentsBelow > 1)) {
    const traced = probe((x) => convolvePieces(elu, kernel, x, 0.5)).at(grid, 1);
    const smooth = numericSmooth(numbersOf(elu), kernel, 0.5, "mollify");
    for (const order of [0, 1]) {
      const read = smooth.at(grid, order);
      const off = Math.max(...read.map((value, j) => Math.abs(value - traced[order][j])));
      assert.ok(off < 1e-9, `${kernel.name}, order ${order}: ${off}`);
    }
  }
});
