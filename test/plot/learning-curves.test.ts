import assert from "node:assert/strict";
import test from "node:test";
import { parseHTML } from "linkedom";
import { learningCurves } from "../../src/plot/index.js";

const svgOf = (text: string) => parseHTML(text).document.querySelector("svg");

test("a curve has a point for every epoch, from left to right", () => {
  const svg = svgOf(learningCurves([{ name: "loss", color: "red", values: [4, 2, 1] }], { title: "loss", label: "loss" }));
  const path = svg?.querySelector('g[aria-label="line"] path');
  const points = [...(path?.getAttribute("d") ?? "").matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  assert.equal(points.length, 3);
  assert.ok(points.every(([x, y], i) => i === 0 || (x > points[i - 1][0] && y > points[i - 1][1])));
  assert.equal(path?.closest("g[stroke]")?.getAttribute("stroke"), "red");
  assert.equal(svg?.getAttribute("aria-label"), "loss");
});

test("a gap stays a gap: what is no finite number, and 0 on a logarithmic axis", () => {
  const values = [4, 2, Number.NaN, 2, 1, 0, 1, 2];
  const draw = (scale: "linear" | "log") =>
    svgOf(learningCurves([{ name: "loss", color: "red", values }], { title: "loss", label: "loss", scale }))
      ?.querySelector('g[aria-label="line"] path')
      ?.getAttribute("d") ?? "";
  assert.equal(draw("linear").match(/M/g)?.length, 2);
  assert.equal(draw("log").match(/M/g)?.length, 3);
});

test("shares are labelled in per cent", () => {
  const svg = learningCurves([{ name: "accuracy", color: "red", values: [0.9, 0.95] }], {
    title: "a",
    label: "accuracy",
    percent: true,
  });
  assert.match(svg, /accuracy \(%\)/);
  assert.match(svg, />9[0-9](\.\d+)?</);
});
