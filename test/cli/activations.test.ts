import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { catalogue, families, gelu, relu } from "../../src/activations/index.js";
import { softgrad, temporaryFolder } from "./support.js";

const activations = (...args: string[]) => softgrad("activations", ...args);

/** The JSON that a command prints. */
async function data(...args: string[]): Promise<unknown> {
  const { code, out, err } = await activations(...args, "--json");
  assert.deepEqual([code, err], [0, ""], args.join(" "));
  return JSON.parse(out);
}

test("the list has the whole catalogue, or a family of it", async () => {
  const all = (await data("list")) as { name: string; family: string }[];
  assert.deepEqual(
    all.map(({ name }) => name),
    catalogue.map(({ name }) => name),
  );
  const [family, members] = Object.entries(families)[0];
  const { out } = await activations("list", "--family", family);
  for (const { name } of members) assert.match(out, new RegExp(`^  ${name} `, "m"));
  assert.match(out, new RegExp(`${members.length} of ${catalogue.length} activations`));
});

test("show tells formula, source, facts, parameters, names elsewhere and use, and draws", async () => {
  const { code, out } = await activations("show", "LEAKY_relu", "--param", "alpha=0.2");
  assert.equal(code, 0);
  for (const part of [
    "αx for x ≤ 0",
    "Maas",
    "alpha 0.2",
    "0 (f′ jumps)",
    "jax.nn.leaky_relu",
    "leaky_relu, alpha 0.2",
    "good ",
    "bad ",
    "for ",
    "◆",
  ]) {
    assert.ok(out.includes(part), part);
  }
  const shown = (await data("show", "sigmoid")) as { facts: { range: object }; formula: string };
  assert.deepEqual(shown.facts.range, { low: 0, high: 1, lowAttained: false, highAttained: false });
});

test("infinities in JSON are strings, not null", async () => {
  const { facts } = (await data("show", "relu")) as { facts: { range: { high: unknown } } };
  assert.equal(facts.range.high, "Infinity");
});

test("eval gives value and derivatives in float64, those of mpmath", async () => {
  const { derivatives } = (await data("eval", "gelu", "--at", "-6,0.5,3")) as { derivatives: number[][] };
  // x Φ(x), Φ + x φ and (2 − x²) φ at 50 digits, rounded.
  const expected = [
    [-5.919525870226189e-9, 0.3457312306370065, 2.99595030590511],
    [-3.5468709453902e-8, 0.8674951246561629, 1.0119456472041837],
    [-2.06580016893992e-7, 0.616114321837524, -0.0310229388835661],
  ];
  for (const [order, values] of expected.entries()) {
    for (const [i, value] of values.entries()) assert.ok(Math.abs(derivatives[order][i] / value - 1) < 1e-13, `${order} ${i}`);
  }
});

test("eval in float32 goes through ONNX Runtime; precise is right to the last digits in the tails, too", async () => {
  const fast = (await data("eval", "gelu", "--at", "0.5", "--derivatives", "0", "--precision", "float32")) as Evaluated;
  assert.deepEqual([fast.precision, fast.lowering], ["float32", "default"]);
  assert.ok(Math.abs(fast.derivatives[0][0] - 0.3457312306370065) < 1e-7);
  const precise = (await data("eval", "gelu", "--at", "-6", "--derivatives", "0", "--precise")) as Evaluated;
  assert.deepEqual([precise.precision, precise.lowering], ["float32", "precise"]);
  assert.equal(precise.derivatives[0][0], Math.fround(-5.919525870226189e-9));
});

interface Evaluated {
  readonly precision: string;
  readonly lowering: string | null;
  readonly derivatives: number[][];
}

test("eval takes parameters, and the points of a function of a row as one row", async () => {
  const { derivatives } = (await data("eval", "leakyRelu", "--at", "-2", "--param", "alpha=0.25")) as Evaluated;
  assert.deepEqual(derivatives, [[-0.5], [0.25], [0]]);
  const row = (await data("eval", "softmax", "--at", "5,5")) as Evaluated;
  assert.deepEqual(row.derivatives, [[0.5, 0.5]]);
  const { code, err } = await activations("eval", "softmax", "--at", "1,2", "--derivatives", "1");
  assert.equal(code, 1);
  assert.match(err, /softmax: a function of a row has no derivative of one number/);
});

test("pictures are SVG or PNG by the end of the name", async (t) => {
  const folder = temporaryFolder(t);
  const [svg, png] = [join(folder, "one.svg"), join(folder, "two.png")];
  assert.equal((await activations("plot", "gelu", "--out", svg)).code, 0);
  assert.match(readFileSync(svg, "utf8"), /^<svg .*<title>GELU<\/title>/);
  assert.equal((await activations("compare", "relu", "gelu", "--out", png)).code, 0);
  const bytes = readFileSync(png);
  assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  // Two pixels to a unit of the drawing.
  assert.equal(bytes.readUInt32BE(16), 1280);
  const { code, err } = await activations("plot", "gelu", "--out", join(folder, "three.gif"));
  assert.deepEqual([code, /ends in \.svg or \.png/.test(err)], [1, true]);
});

test("without names the whole catalogue is drawn in letters, by family", async () => {
  const { code, out } = await activations("plot");
  assert.equal(code, 0);
  const lines = new Set(out.split("\n"));
  for (const name of [...Object.keys(families), ...catalogue.map(({ title }) => title)]) assert.ok(lines.has(name), name);
});

test("compare sets facts side by side, in the order given", async () => {
  const { out } = await activations("compare", "gelu", "relu");
  assert.match(out, new RegExp(`^ +${gelu.title} +${relu.title}$`, "m"));
  assert.match(out, /^smoothness +analytic +C0$/m);
  assert.equal((await activations("compare", "relu")).code, 1);
});

test("wrong names are answered with the nearest ones, whatever the mistake", async () => {
  const answers: readonly (readonly [args: string[], code: number, said: RegExp])[] = [
    [["show", "gleu"], 1, /there is no activation "gleu"\n {2}fix {7}did you mean gelu/],
    [["plot", "reul"], 1, /did you mean relu/],
    [["show", "relu", "--param", "alpha=1"], 1, /--param: there is no parameter "alpha"/],
    [["show", "leakyRelu", "--param", "alpha"], 1, /name=number/],
    [["list", "--family", "gatd"], 1, /did you mean gated\?/],
    [["plto"], 2, /unknown command 'plto'\n {2}fix {7}did you mean plot\?/],
    [["show"], 2, /missing required argument/],
    [["eval", "relu"], 2, /--at/],
    [["eval", "relu", "--at", "1,,2"], 1, /--at: this is not a number/],
    [["plot", "relu", "--interval", "3"], 1, /--interval: an interval has two ends/],
    [["advise", "--output", "binry"], 1, /did you mean binary\?/],
    [["advise", "--depth", "0"], 1, /--depth/],
  ];
  for (const [args, code, said] of answers) {
    const told = await activations(...args);
    assert.equal(told.code, code, args.join(" "));
    assert.match(told.err, said);
    assert.equal(told.out, "");
  }
});

test("faults are JSON where JSON was asked for", async () => {
  const { code, err } = await activations("show", "gleu", "--json");
  assert.equal(code, 1);
  assert.match((JSON.parse(err) as { error: { problem: string } }).error.problem, /there is no activation/);
});

test("advise names the last layer and its loss", async () => {
  const { out } = await activations("advise", "--output", "multi-class");
  assert.match(out, /^activation +softmax/m);
  assert.match(out, /^loss +softmaxCrossEntropy/m);
});
