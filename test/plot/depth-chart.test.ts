import assert from "node:assert/strict";
import test from "node:test";
import { parseHTML } from "linkedom";
import { depthChart } from "../../src/plot/index.js";

const curvesOf = (text: string) => [...parseHTML(text).document.querySelectorAll('g[aria-label="line"] path')];
const chart = (values: readonly number[], scale: "linear" | "log") =>
  depthChart([{ label: "variance", scale, reference: 1, curves: [{ name: "SELU", values }] }], { title: "<64>", theme: "light" });

test("a network has one colour in every panel, and its name stands beside it", () => {
  const curves = [
    { name: "a & b", values: [1, 2, 3] },
    { name: "c", values: [3, 2, 1] },
  ];
  const svg = depthChart([{ label: "mean", curves }, { label: "variance", curves }], { title: "two" }); // biome-ignore format: one line
  const colours = curvesOf(svg).map((path) => path.closest("g[stroke]")?.getAttribute("stroke"));
  assert.equal(colours.length, 4);
  assert.deepEqual(colours.slice(0, 2), colours.slice(2));
  assert.notEqual(colours[0], colours[1]);
  assert.match(svg, /a &amp; b/);
});

test("a value that is no finite number is a gap, and so is 0 on a logarithmic axis", () => {
  const gaps = [1, 2, Number.NaN, 2, 1, 0, 1, 2];
  const pieces = (scale: "linear" | "log") => curvesOf(chart(gaps, scale))[0].getAttribute("d")?.match(/M/g)?.length;
  assert.deepEqual([pieces("linear"), pieces("log")], [2, 3]);
});

test("small values keep their power in the labels", () => assert.match(chart([1, 1e-5, 1e-10], "log"), /1e−10</));

test("nothing to draw, one layer and values that are all the same still make a picture", () => {
  for (const values of [[], [1], [2, 2], [Number.NaN, 0]]) {
    for (const scale of ["linear", "log"] as const) assert.doesNotMatch(chart(values, scale), /NaN|Infinity/);
  }
  assert.match(depthChart([], { title: "none" }), /^<svg.*<\/svg>\s*$/s);
  assert.match(chart([1], "linear"), /&lt;64&gt;/);
});

test("curves can stand over something else, such as steps or widths, where they were measured", () => {
  const curves = [{ name: "a", values: [1, 2, 3, 4] }];
  const along = { label: "width", at: [1, 10, 100, 1000], scale: "log" } as const;
  const svg = depthChart([{ label: "error", curves }], { title: "wider", along, theme: "light" });
  const xs = curvesOf(svg)[0].getAttribute("d")?.match(/[ML]([\d.]+)/g)?.map((point) => Number(point.slice(1))) ?? []; // biome-ignore format: one line
  assert.equal(xs.length, 4);
  for (const i of [1, 2])
    assert.ok(Math.abs(xs[i + 1] - 2 * xs[i] + xs[i - 1]) < 0.1, `a power of ten is as wide as another: ${xs}`);
  assert.match(svg, />1000</);
  assert.doesNotMatch(
    depthChart([{ label: "error", curves: [] }], { title: "none", along: { label: "step", at: [] } }),
    /NaN|Inf/,
  );
});
