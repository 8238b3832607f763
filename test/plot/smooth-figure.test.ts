import assert from "node:assert/strict";
import { test } from "node:test";
import { hardTanh, relu } from "../../src/activations/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add, mul, sign, sub } from "../../src/ops/index.js";
import { piecesFormula, sampleSmoothed, smoothFigure } from "../../src/plot/index.js";
import { box, gate, gaussian, logistic, mollify } from "../../src/smooth/index.js";
import { numbersOf } from "../../src/smooth/numeric/pieces.js";

test("the samples have a version for each width, from narrow to wide, around the breaks", () => {
  const { interval, versions, kinks } = sampleSmoothed(mollify(relu, { kernel: gaussian, width: 0.5 }));
  assert.deepEqual(interval, [-2, 2]);
  assert.deepEqual(
    versions.map(({ width }) => width),
    [0.125, 0.25, 0.5, 1],
  );
  assert.equal(kinks.length, 1);
  assert.ok(kinks[0].at === 0 && kinks[0].order === 1);
});

test("the error that is drawn is that of the theory: w/√(2π) at the kink of a relu", () => {
  const { versions } = sampleSmoothed(mollify(relu, { kernel: gaussian, width: 0.5 }), { interval: [-1, 1] });
  for (const { width, error } of versions) {
    const highest = Math.max(...error.flat().map(({ y }) => y));
    assert.ok(Math.abs(highest - width / Math.sqrt(2 * Math.PI)) < 0.02 * width, `${width}: ${highest}`);
  }
});

test("a jump of the sharp function breaks its line, and that of the error", () => {
  const step = mollify(sign, { kernel: logistic, width: 0.1 });
  const { sharp, kinks, versions } = sampleSmoothed(step);
  assert.equal(sharp[0].length, 2);
  assert.deepEqual([kinks[0].order, kinks[0].left, kinks[0].right], [0, -1, 1]);
  assert.equal(versions[0].error.length, 2);
});

test("widths and interval can be chosen", () => {
  const samples = sampleSmoothed(mollify(hardTanh, { kernel: box }), { widths: [0.5, 0.1, 0.5], interval: [-3, 2] });
  assert.deepEqual(
    samples.versions.map(({ width }) => width),
    [0.1, 0.5],
  );
  assert.deepEqual(samples.interval, [-3, 2]);
});

test("the figure is one SVG with title, legend, formula and error, light, dark or as the reader's system is", () => {
  const smooth = gate(relu, { kernel: logistic, width: 0.5 });
  for (const theme of ["auto", "light", "dark"] as const) {
    const svg = smoothFigure(smooth, { theme });
    assert.match(svg, /^<svg [\s\S]*<\/svg>\n$/);
    for (const part of ["ReLU gated by logistic", "w = 0.5", "smooth − sharp", "0 for x &lt; 0, x for x &gt; 0"]) {
      assert.ok(svg.includes(part), part);
    }
    assert.equal(svg.includes("prefers-color-scheme"), theme === "auto");
    assert.ok(!svg.includes("NaN"));
  }
});

test("pieces are written as a person would", () => {
  const tanh = mollify(hardTanh, { kernel: gaussian });
  assert.equal(piecesFormula(numbersOf(tanh.pieces)), "−1 for x < −1, x for −1 < x < 1, 1 for x > 1");
  const parabola = mollify((x: Tensor) => sub(add(mul(mul(x, x), -2), x), 0.5), { kernel: gaussian });
  assert.equal(piecesFormula(numbersOf(parabola.pieces)), "−2x² + x − 0.5");
});
