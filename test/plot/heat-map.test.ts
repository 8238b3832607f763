import assert from "node:assert/strict";
import test from "node:test";
import { parseHTML } from "linkedom";
import { heatMap } from "../../src/plot/index.js";

const map = (ratios: readonly (readonly number[])[], full?: number) =>
  heatMap([{ title: "He", rows: ratios.map((_, i) => `row ${i}`), columns: (ratios[0] ?? []).map((_, i) => String(i + 1)), ratios }], {
    title: "<maps>",
    along: "layer",
    theme: "light",
    ...(full !== undefined && { full }),
  }); // biome-ignore format: one call

const cellsOf = (svg: string) =>
  [...parseHTML(svg).document.querySelectorAll('g[aria-label="cell"] rect')].map((rect) => ({
    fill: rect.getAttribute("fill"),
    opacity: Number(rect.getAttribute("fill-opacity")),
  }));

test("the further from 1 the stronger the colour, on either side, until it is full", () => {
  const [tiny, small, even, large, huge] = cellsOf(map([[1e-9, 1e-3, 1, 1e3, 1e9]]));
  assert.deepEqual(
    [tiny, small, even, large, huge].map(({ opacity }) => opacity),
    [1, 0.5, 0, 0.5, 1],
  );
  assert.equal(tiny.fill, small.fill);
  assert.equal(large.fill, huge.fill);
  assert.notEqual(small.fill, large.fill);
  assert.equal(cellsOf(map([[1e-3]], 3))[0].opacity, 1);
});

test("0 and what is no number are told apart by a sign", () => {
  const svg = map([[0, Number.NaN, Infinity, 1]]);
  assert.equal(svg.match(/>○</g)?.length, 1);
  assert.equal(svg.match(/>×</g)?.length, 2);
  assert.doesNotMatch(svg, /NaN|Infinity/);
});

test("no panels, one cell and many panels still make a picture", () => {
  assert.match(heatMap([], { title: "none", along: "layer" }), /^<svg.*<\/svg>\s*$/s);
  assert.match(map([[1]]), /&lt;maps&gt;/);
  const panel = { title: "a", rows: ["r"], columns: ["1", "2"], ratios: [[1, 2]] };
  assert.equal(cellsOf(heatMap([panel, panel, panel], { title: "three", along: "layer", theme: "dark" })).length, 6);
});
