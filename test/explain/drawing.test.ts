import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { explain } from "../../src/explain/index.js";
import { mul, sum } from "../../src/ops/index.js";
import { type Box, type Direction, type Link, layOut } from "../../src/plot/graph-layout.js";
import { type Palette, palettes } from "../../src/plot/graph-style.js";

const choice = explain("where(x < y, x, 0.1*y) * exp(x)", { x: 1, y: 2 });
const svg = choice.svg();

/** The names of the elements in order of their opening; throws where one is not closed by its own name. */
function elementsOf(markup: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, closing, name, rest] of markup.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<>]*")*\s*\/?)>/gi)) {
    if (closing === "/") assert.equal(open.pop(), name);
    else if (!rest.endsWith("/")) open.push(name);
    if (closing === "") seen.push(name);
  }
  assert.deepEqual(open, []);
  assert.equal(markup.replace(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<>]*")*\s*\/?)>/gi, "").match(/[<>]/), null, "a bare < or >");
  return seen;
}

test("the drawing is one well-formed SVG that refers to nothing outside it", () => {
  const elements = elementsOf(svg);
  assert.equal(elements[0], "svg");
  assert.deepEqual(
    [...new Set(svg.match(/url\([^)]*\)|href=|https?:[^"]*/g))],
    ["http://www.w3.org/2000/svg", "url(#softgrad-arrow)"],
  );
});

test("every step has a card and every use of a step an arrow", () => {
  assert.equal(svg.match(/class="card /g)?.length, choice.steps.length);
  assert.equal(svg.match(/marker-end/g)?.length, choice.steps.reduce((total, { inputs }) => total + inputs.length, 0) + 1); // biome-ignore format: one line
  for (const { name } of choice.steps) assert.match(svg, new RegExp(`class="heading"[^>]*>${name}[ <]`));
});

test("an arrow through which no derivative passes is dashed, and the legend says so", () => {
  assert.equal(svg.match(/class="arrow idle"/g)?.length, 3);
  assert.match(svg, /dashed where no derivative passes/);
});

test("signs that mean something to XML are escaped", () => {
  assert.match(svg, /h1 = x &lt; y/);
  assert.match(svg, /<title>f = where\(x &lt; y, x, 0\.1\*y\) \* exp\(x\)<\/title>/);
});

test("a long chain runs down rather than off the screen", () => {
  const chain = explain(`${"sin(".repeat(30)}x${")".repeat(30)}`, { x: 1 }).svg();
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(chain) ?? [];
  assert.ok(Number(width) < 800 && Number(height) > 2000);
});

test("a graph that nobody could read is refused, and Graphviz gets it", () => {
  const large = explain(Array.from({ length: 90 }, (_, i) => `sin(x + ${i})*y`).join("+"), { x: 1, y: 2 });
  assert.throws(() => large.svg(), { name: "Fault", message: /too large to be read(.|\n)*dot\(\)/ });
  assert.match(large.dot(), /n200 \[/);
});

test("a tensor is drawn row by row, a large one by its shape", () => {
  const drawn = explain(({ x }) => sum(mul(x, x)), { x: [[1, -2], [3, 4]] }).svg(); // biome-ignore format: a matrix
  assert.match(drawn, />\[1, −2\]<(.|\n)*>\[3, \u00a04\]</);
  const large = explain(({ x }) => sum(mul(x, x)), { x: Array.from({ length: 20 }, () => 1) }).svg();
  assert.match(large, />\(20\)</);
});

const isDisjoint = (a: { x: number; y: number; box: Box }, b: { x: number; y: number; box: Box }): boolean =>
  Math.abs(a.x - b.x) >= (a.box.width + b.box.width) / 2 || Math.abs(a.y - b.y) >= (a.box.height + b.box.height) / 2;

test("cards never overlap, and arrows run one way", () => {
  const size = fc.integer({ min: 20, max: 200 });
  const boxes = fc.array(fc.record({ width: size, height: size }), { minLength: 1, maxLength: 12 });
  const pairs = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 20 });
  fc.assert(
    fc.property(boxes, pairs, fc.constantFrom<Direction>("right", "down"), (sizes, ends, direction) => {
      const all: Box[] = sizes.map((one, i) => ({ id: `h${i}`, ...one }));
      const links: Link[] = ends.flatMap(([a, b, labelled]) => {
        const [from, to] = [a % all.length, b % all.length].sort((i, j) => i - j);
        return from === to ? [] : [{ from: `h${from}`, to: `h${to}`, label: labelled ? { width: 30, height: 16 } : null }];
      });
      const layout = layOut(all, links, direction);
      const placed = layout.boxes.map((centre, i) => ({ ...centre, box: all[i] }));
      placed.forEach((one, i) => {
        for (const other of placed.slice(i + 1)) assert.ok(isDisjoint(one, other), `${one.box.id} and ${other.box.id} overlap`);
      });
      for (const { points } of layout.links) {
        const [start, end] = [points[0], points[points.length - 1]];
        assert.ok(direction === "right" ? start.x < end.x : start.y < end.y, "an arrow runs back");
      }
    }),
    { numRuns: 50 },
  );
});

/** Contrast of two colours by WCAG 2.2: from 1 to 21. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const [theme, palette] of Object.entries(palettes)) {
  test(`every text can be read on the ${theme} ground`, () => {
    const pairs: readonly (readonly [keyof Palette, keyof Palette])[] = [
      ...(["ink", "muted"] as const).map((ink) => [ink, "paper"] as const),
      ...(["ink", "muted", "forward", "reverse"] as const).map((ink) => [ink, "body"] as const),
      ...(["variable", "operation", "result"] as const).map((top) => ["ink", top] as const),
    ];
    for (const [ink, ground] of pairs) {
      const ratio = contrast(palette[ink], palette[ground]);
      assert.ok(ratio >= 4.5, `${ink} on ${ground} has a contrast of ${ratio.toFixed(2)}`);
    }
  });
}

test("Mermaid has a line for each card and each arrow, with its signs escaped", () => {
  const lines = choice.mermaid().trim().split("\n");
  const arrows = choice.steps.reduce((total, { inputs }) => total + inputs.length, 0);
  assert.equal(lines.length, 1 + choice.steps.length + arrows);
  assert.equal(lines[0], "flowchart LR");
  assert.ok(
    lines.some((line) => line.includes('n2["h1 = x #60; y<br/>value true"]')),
    lines.join("\n"),
  );
  assert.equal(lines.filter((line) => line.includes("-.->")).length, 3);
});

test("Graphviz gets the same graph", () => {
  const lines = choice.dot().trim().split("\n");
  assert.match(lines[0], /^digraph "f = where\(x < y, x, 0\.1\*y\) \* exp\(x\)" \{$/);
  assert.equal(lines.filter((line) => /^ {2}n\d+ \[label="/.test(line)).length, choice.steps.length);
  const arrows = choice.steps.reduce((total, { inputs }) => total + inputs.length, 0);
  assert.equal(lines.filter((line) => line.includes(" -> ")).length, arrows);
  assert.equal(lines.at(-1), "}");
});
