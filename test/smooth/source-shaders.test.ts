import assert from "node:assert/strict";
import { test } from "node:test";
import { parser } from "@shaderfrog/glsl-parser";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { convolvePieces } from "../../src/smooth/convolve-pieces.js";
import { sourceOf } from "../../src/smooth/formula/source.js";
import { gatePieces } from "../../src/smooth/gate-pieces.js";
import { type SourceCase, sourceCases } from "./source-cases.js";

// The entry of the package for Node is CommonJS that calls itself a module; the other entry has no types.
const { WgslParser } = (await import("wgsl_reflect/wgsl_reflect.module.js" as string)) as {
  readonly WgslParser: new () => { parse(code: string): readonly object[] };
};

const points = Float64Array.of(-30, -7.5, -1.9, -1.01, -0.8, -0.26, -0.01, 0.013, 0.24, 0.3, 0.77, 1.02, 1.4, 2.2, 12, 30);

/** The functions of a shader as JavaScript, with the built-in functions of shading languages at hand. */
function evaluated(javascript: string): (x: number) => number {
  const builtIn = ["exp", "log", "sin", "cos", "sqrt", "asinh", "min", "max", "atan2"].map(
    (name) => `const ${name} = Math.${name};`,
  );
  const atan = "const atan = (y, x) => x === undefined ? Math.atan(y) : Math.atan2(y, x);";
  const select = "const select = (no, yes, condition) => condition ? yes : no;";
  return new Function([...builtIn, atan, select, javascript, "return smoothed;"].join("\n"))();
}

const fromGlsl = (code: string): string =>
  code
    .replace(/^float (\w+)\(float (\w+)\)/gm, "function $1($2)")
    .replace(/float\[\d+\]\(([^)]*)\)/g, "[$1]")
    .replace(/float (\w+)\[\d+\]/g, "let $1")
    .replace(/\b(?:float|int) (\w+) =/g, "let $1 =");

const fromWgsl = (code: string): string =>
  code.replace(/fn (\w+)\((\w+): f32\) -> f32/g, "function $1($2)").replace(/array<f32, \d+>\(([^)]*)\)/g, "[$1]");

function assertClose({ label, pieces, kernel, width, form }: SourceCase, f: (x: number) => number): void {
  const apply = form === "gate" ? gatePieces : convolvePieces;
  const [expected] = interpret([apply(pieces, kernel, tensor(points), width)]);
  points.forEach((x, i) => {
    const off = Math.abs(f(x) - expected[i]) / Math.max(1, Math.abs(expected[i]));
    assert.ok(off < 2e-6, `${label}: ${f(x)}, not ${expected[i]}, at ${x}`);
  });
}

for (const one of sourceCases()) {
  const { label, pieces, kernel, width, form } = one;
  test(`the GLSL of ${label} parses, and computes the function`, () => {
    const code = sourceOf(pieces, kernel, width, "glsl", form);
    assert.doesNotThrow(() => parser.parse(code, { quiet: true, failOnWarn: false }), code);
    assertClose(one, evaluated(fromGlsl(code)));
  });
  test(`the WGSL of ${label} parses, and computes the function`, () => {
    const code = sourceOf(pieces, kernel, width, "wgsl", form);
    assert.ok(new WgslParser().parse(code).length >= 1, code);
    assertClose(one, evaluated(fromWgsl(code)));
  });
}

test("the parsers refuse what is no shader", () => {
  assert.throws(() => parser.parse("float f(float x) { return x + ; }", { quiet: true }));
  assert.throws(() => new WgslParser().parse("fn f(x: f32) -> f32 { return x }"));
});
