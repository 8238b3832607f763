import assert from "node:assert/strict";
import test from "node:test";
import { parseHTML } from "linkedom";
import { type ClassificationOutcome, type RegressionOutcome, type RunSummary, trainingReport } from "../../src/plot/index.js";

const hostile = `<script>alert("&'")</script>`;

const classification: ClassificationOutcome = {
  kind: "classification",
  classNames: ["cat", hostile],
  accuracy: 0.75,
  confusion: [
    [2, 1],
    [0, 1],
  ],
  mistakes: [
    {
      sample: 7,
      truth: "cat",
      predicted: hostile,
      confidence: 0.6,
      truthProbability: 0.4,
      shown: { rows: 2, columns: 3, shade: [0, 0.5, 0.5, 1, 0, 2] },
    },
  ],
};

const regression: RegressionOutcome = {
  kind: "regression",
  target: hostile,
  rootMeanSquare: 1.5,
  meanAbsolute: 1.25,
  determination: 0.5,
  pairs: [
    [1, 2],
    [3, Number.NaN],
  ],
};

const run = (changes: Partial<RunSummary> = {}): RunSummary => ({
  title: hostile,
  description: hostile,
  facts: [{ label: hostile, value: hostile, note: hostile }],
  history: { trainingLoss: [2, 1], held: { name: "test", loss: [2, 1.5], accuracy: [0.5, 0.75] } },
  outcome: classification,
  layers: [{ name: hostile, output: "(batch 2)", parameters: 1234, depth: 0 }],
  options: [[hostile, hostile]],
  files: [["model.onnx", hostile]],
  footer: hostile,
  ...changes,
});

const parse = (text: string) => parseHTML(text).document;

test("a report needs nothing from outside and runs nothing", () => {
  for (const outcome of [classification, regression]) {
    const page = trainingReport(run({ outcome }));
    const document = parse(page);
    assert.equal(document.querySelectorAll("script, link, img, iframe, object, [src], [href]").length, 0);
    assert.doesNotMatch(page.replaceAll("http://www.w3.org/", ""), /https?:\/\/|url\((?!#)|@import/);
  }
});

test("texts from the data stay texts", () => {
  const page = trainingReport(run());
  const document = parse(page);
  assert.equal(document.querySelector("h1")?.textContent, hostile);
  assert.doesNotMatch(page, /<script/);
  assert.match(document.querySelector(".mistakes li")?.getAttribute("title") ?? "", /taken for <script>/);
});

test("every misread sample is a picture with its truth, the answer and how sure it was", () => {
  const item = parse(trainingReport(run())).querySelector(".mistakes li");
  assert.match(item?.textContent ?? "", /cat → .*60 %/);
  const shades = [...(item?.querySelectorAll("svg path") ?? [])].map((path) => [
    path.getAttribute("d"),
    path.getAttribute("fill-opacity"),
  ]);
  // Pixels 1 and 2 of row 0 are alike and make one rectangle; beyond 1 is full ink.
  assert.deepEqual(shades, [
    ["M1 0h2v1h-2z", "0.500"],
    ["M0 1h1v1h-1zM2 1h1v1h-1z", "1.000"],
  ]);
});

test("the matrix shows every count but none where there is none", () => {
  const document = parse(trainingReport(run()));
  const counts = [...document.querySelectorAll('.matrix g[aria-label="text"] text')].map((text) => text.textContent);
  assert.deepEqual(counts, ["2", "1", "1"]);
});

test("classes are counted as found and as right when said", () => {
  const rows = [...parse(trainingReport(run())).querySelectorAll("table")].find((table) =>
    /right when said/.test(table.textContent ?? ""),
  );
  const cells = [...(rows?.querySelectorAll("tbody tr") ?? [])].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent),
  );
  assert.deepEqual(cells, [
    ["cat", "3", "66.7 %", "100.0 %"],
    [hostile, "1", "100.0 %", "50.0 %"],
  ]);
});

test("a run without mistakes, without epochs or with losses that are no numbers has a report too", () => {
  const perfect = { ...classification, mistakes: [] };
  assert.match(trainingReport(run({ outcome: perfect })), /None of 4\./);
  const empty = { trainingLoss: [], held: { name: "test", loss: [], accuracy: [] } };
  assert.match(trainingReport(run({ history: empty })), /<svg/);
  const odd = {
    trainingLoss: [Number.NaN, 0, Number.POSITIVE_INFINITY],
    held: { name: "test", loss: [1, 1, 1], accuracy: null },
  };
  const page = trainingReport(run({ history: odd }));
  assert.doesNotMatch(page.slice(page.indexOf("<svg")), /NaN|Infinity/);
});

test("numbers that were predicted are drawn over the true ones", () => {
  const document = parse(trainingReport(run({ outcome: regression })));
  assert.equal(
    document.querySelectorAll('g[aria-label="dot"] circle').length,
    3 + 1,
    "the ends of three curves, and one finite pair",
  );
});
