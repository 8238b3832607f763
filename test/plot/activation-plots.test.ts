import assert from "node:assert/strict";
import { test } from "node:test";
import { DOMParser } from "linkedom";
import { catalogue, gelu, leakyRelu, relu, sigmoid, softmax } from "../../src/activations/index.js";
import { mul, tensor } from "../../src/ops/index.js";
import { derivativesOf, sampleActivation } from "../../src/plot/activation-samples.js";
import { activationFigure, activationSheet, activationThumbnail, plainFormula, terminalPlot } from "../../src/plot/index.js";
import { interpret } from "../../src/run/interpret.js";

const parsed = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");

test("every formula of the catalogue reads as plain text", () => {
  for (const { record } of catalogue) {
    const formula = plainFormula(record.tex);
    assert.ok(formula.length > 0, record.name);
    assert.doesNotMatch(formula, /\\|\$|&| {2}|undefined/, `${record.name}: ${formula}`);
  }
});

test("formulas become Unicode: fractions, powers, cases, functions", () => {
  const cases: readonly (readonly [tex: string, text: string])[] = [
    [String.raw`\frac{1}{1 + e^{-x}}`, "1/(1 + e⁻ˣ)"],
    [String.raw`\tfrac12 x`, "½x"],
    [String.raw`\frac{x}{2}\left(1 + \operatorname{erf}\tfrac{x}{\sqrt 2}\right)`, "(x/2)(1 + erf(x/√2))"],
    [String.raw`\begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}`, "x for x > 0; αx for x ≤ 0"],
    [String.raw`\sum_j e^{x_j}`, "∑ⱼ e^xⱼ"],
    [String.raw`e^{\alpha x} + \sin^2(a x)`, "e^(αx) + sin²(ax)"],
    [String.raw`a \sim U(l, u) \text{ in training}`, "a ∼ U(l, u) in training"],
    ["-1 & x < -2", "−1 for x < −2"],
    [String.raw`\max(-x, 0)`, "max(−x, 0)"],
    [String.raw`x\tanh(\log(1 + e^x))`, "x tanh(log(1 + eˣ))"],
  ];
  for (const [tex, text] of cases) assert.equal(plainFormula(tex), text);
});

test("every activation of the catalogue is sampled between its kinks, in one piece where it is continuous", () => {
  for (const activation of catalogue) {
    const { curves, kinks, interval } = sampleActivation(activation, { points: 60 });
    for (const [order, curve] of curves.entries()) {
      assert.equal(curve.length, 1 + kinks.filter((kink) => kink.order <= order).length, `${activation.name}, order ${order}`);
      for (const run of curve) {
        for (const [i, { x }] of run.entries()) assert.ok(i === 0 || x > run[i - 1].x, activation.name);
        assert.ok(
          !kinks.some(({ at, order: kinkOrder }) => kinkOrder <= order && run.some(({ x }) => x === at)),
          activation.name,
        );
      }
    }
    assert.equal(curves[0][0][0].x, interval[0], activation.name);
  }
});

test("derivatives are those of the function: x³ has 3x² and 6x", () => {
  const cube = derivativesOf((x) => mul(mul(x, x), x), 2);
  assert.deepEqual(interpret(cube(tensor([-1, 2]))).map((values) => [...values]), [[-1, 8], [3, 12], [-6, 12]]); // biome-ignore format: a table
});

test("saturation is where the slope is below a twentieth of the largest, on a side with a flat asymptote", () => {
  assert.deepEqual(sampleActivation(leakyRelu).saturated, []);
  const [[low, high]] = sampleActivation(relu).saturated;
  assert.ok(low === -4 && Math.abs(high) < 1e-6);
  // σ′ = 1/80 at log(78 + …) = 4.36: outside of −4 to 4, inside of −6 to 6.
  assert.deepEqual(sampleActivation(sigmoid).saturated, []);
  const sides = sampleActivation(sigmoid, { interval: [-6, 6] }).saturated;
  assert.ok(sides.length === 2 && Math.abs(sides[0][1] + 4.357) < 0.02 && Math.abs(sides[1][0] - 4.357) < 0.02);
});

test("a function of a row is drawn as a function of one of its entries, and says so", () => {
  const { view, curves } = sampleActivation(softmax, { points: 3 });
  assert.match(view ?? "", /\(x, 0\)/);
  const [[, middle]] = curves[0];
  assert.ok(Math.abs(middle.y - 1 / 2) < 1e-15 && Math.abs(curves[1][0][1].y - 1 / 4) < 1e-15);
});

test("nothing is drawn as a constant: the entry that is shown depends on x", () => {
  for (const activation of catalogue) {
    const heights = sampleActivation(activation, { points: 60 }).curves[0].flat().map(({ y }) => y); // biome-ignore format: one line
    assert.ok(new Set(heights).size > 1, activation.name);
  }
});

test("no line is drawn across a jump: every path stays on one side", () => {
  for (const activation of catalogue.filter(
    ({ facts }) => facts.kind === "pointwise" && facts.kinks.some(({ order }) => order === 0),
  )) {
    const { curves, kinks } = sampleActivation(activation);
    for (const { at } of kinks.filter(({ order }) => order === 0)) {
      assert.ok(
        curves[0].every((run) => run.every(({ x }) => x < at) || run.every(({ x }) => x > at)),
        activation.name,
      );
    }
  }
});

test("a figure is one picture with a title, three curves and the formula", () => {
  const svg = activationFigure([gelu]);
  const document = parsed(svg);
  assert.equal(document.querySelectorAll('[aria-label="line"]').length, 3);
  assert.equal(document.querySelector("title")?.textContent, "GELU");
  assert.ok(svg.includes("erf(x/√2)") && svg.includes("prefers-color-scheme") && !svg.includes("NaN"));
  assert.ok(!activationFigure([gelu], { theme: "dark" }).includes("var("));
});

test("several are laid over each other in panels for f, f′ and f″", () => {
  const document = parsed(activationFigure([relu, gelu]));
  assert.equal(document.querySelectorAll("svg > svg").length, 3);
});

test("the sheet has every activation once", () => {
  const document = parsed(activationSheet([{ title: "all", activations: catalogue }]));
  assert.deepEqual(Array.from<Element>(document.querySelectorAll("g[id]")).map((group) => group.id), catalogue.map(({ name }) => name)); // biome-ignore format: one line
});

test("thumbnails and terminal plots come in the size that they are given", () => {
  assert.match(activationThumbnail(relu), /^<svg [^>]*width="420" height="240"/);
  const lines = terminalPlot(relu, { columns: 80, rows: 6 }).split("\n");
  assert.equal(lines.length, 9);
  for (const line of lines) assert.ok([...line].length <= 80, line);
  assert.match(lines[7], /░+◆─+/);
});

test("an interval without length is refused", () => {
  assert.throws(() => sampleActivation(relu, { interval: [1, 1] }), /plot: the interval has no length/);
});
