import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { kernels } from "../../src/smooth/index.js";
import { softgrad, temporaryFolder } from "./support.js";

const smooth = (...args: string[]) => softgrad("smooth", ...args);

/** The JSON that a command prints. */
async function data(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await smooth(...args, "--json");
  assert.deepEqual([code, err], [0, ""], args.join(" "));
  return JSON.parse(out) as Record<string, unknown>;
}

/** What a command complains of. */
async function complaint(...args: string[]): Promise<string> {
  const { code, out, err } = await smooth(...args);
  assert.deepEqual([code, out], [1, ""], args.join(" "));
  return err;
}

const leaky = "max(x, 0.1*x)";
/** ∫ f(x − u/2) φ(u) du and its derivatives for f = max(x, x/10), by mpmath at 40 digits, rounded. */
const leakyHalf = [
  [-0.09617918382242667, 0.37590272950878995, 2.0000032153662946],
  [0.1204751187533613, 0.7531721940249337, 0.9999714958823502],
  [0.09718373972373849, 0.5998042852052393, 0.00024089440637679364],
];

test("it tells pieces, way, error, facts and source, and draws", async () => {
  const { code, out } = await smooth(leaky, "--kernel", "gaussian", "--width", "0.5");
  assert.equal(code, 0);
  for (const part of [
    "max(x, 0.1*x) ∗ Gaussian, width 0.5",
    "0.1x for x < 0, x for x > 0",
    "0.1x + 0.9x Φ(2x) + 0.45 φ(2x)",
    "closed form",
    "0.179524 at x = 0, never more",
    "convex",
    "import torch",
    "f′",
  ]) {
    assert.ok(out.includes(part), part);
  }
});

test("values and derivatives are those of mpmath, in float64 and through ONNX Runtime", async () => {
  for (const [flags, tolerance] of [
    [[], 1e-14],
    [["--precision", "float32"], 1e-6],
    [["--precise"], 2e-7],
  ] as const) {
    const { derivatives } = await data(leaky, "--width", "0.5", "--at", "-1,0.3,2", "--derivatives", "2", ...flags);
    (derivatives as number[][]).forEach((values, order) => {
      values.forEach((value, i) => {
        const expected = leakyHalf[order][i];
        assert.ok(
          Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)),
          `${flags} f${order} [${i}] ${value}`,
        );
      });
    });
  }
});

test("the JSON has everything for a script, source code in every language too", async () => {
  const told = await data("hardTanh", "--kernel", "box", "--width", "0.5");
  assert.deepEqual([told.form, told.kernel, told.width], ["mollify", "box", 0.5]);
  assert.deepEqual((told.pieces as { breaks: number[] }).breaks, [-1, 1]);
  assert.deepEqual(Object.keys(told.source as object).sort(), ["glsl", "jax", "pytorch", "typescript", "wgsl"]);
  const exponential = await data("exp(min(x, 0))");
  assert.equal(exponential.sharp, "exp(x) for x < 0, 1 for x > 0");
});

test("a parameter has the value it is given, in an expression and of an activation", async () => {
  const clipped = await data("clip(x, -a, a)", "--param", "a=2");
  assert.deepEqual((clipped.pieces as { breaks: number[] }).breaks, [-2, 2]);
  const { sharp } = await data("leakyRelu", "--param", "alpha=0.25");
  assert.equal(sharp, "0.25x for x < 0, x for x > 0");
});

test("an expression may call activations of the catalogue", async () => {
  const { sharp } = await data("relu(x + 1) - relu(x - 1)");
  assert.equal(sharp, "0 for x < −1, x + 1 for −1 < x < 1, 2 for x > 1");
});

test("a width is found by what it should bring about", async () => {
  const { width, error } = await data("relu", "--width-for", "error=0.05");
  // A smoothed ReLU is w/√(2π) at 0.
  assert.ok(Math.abs((width as number) - 0.05 * Math.sqrt(2 * Math.PI)) < 1e-12);
  assert.ok(Math.abs((error as { sup: number }).sup - 0.05) < 1e-13);
  const spread = await data("relu", "--kernel", "box", "--width-for", "deviation=1");
  assert.ok(Math.abs((spread.width as number) - Math.sqrt(3)) < 1e-12);
});

test("a function that the catalogue has is called by its name", async () => {
  const { out } = await smooth("relu", "--kernel", "logistic", "--width", "0.5");
  assert.match(out, /this is softplus with beta = 2/);
  const told = await data("relu", "--kernel", "logistic", "--width", "0.5");
  assert.deepEqual([told.formula, (told.known as { name: string }).name], ["½ log(1 + e²ˣ)", "softplus"]);
});

test("gate smooths the steps only: that of a relu by the logistic kernel is SiLU", async () => {
  const { derivatives } = await data("relu", "--form", "gate", "--kernel", "logistic", "--at", "1", "--derivatives", "0");
  // x/(1 + e⁻ˣ) at 1, by mpmath.
  assert.ok(Math.abs((derivatives as number[][])[0][0] - 0.7310585786300049) < 1e-15);
});

test("the list has every kernel with its constants", async () => {
  const { out } = await smooth("--list");
  for (const { record } of kernels) assert.match(out, new RegExp(`^${record.name} `, "m"));
  const listed = JSON.parse((await smooth("--list", "--json")).out) as { name: string }[];
  assert.deepEqual(
    listed.map(({ name }) => name),
    kernels.map(({ name }) => name),
  );
});

test("source code stands alone on standard output", async () => {
  const { out } = await smooth("abs(x)", "--source", "jax");
  assert.match(out, /^# Gaussian kernel/);
  assert.match(out, /import jax/);
});

test("pictures are written as SVG and as PNG", async (t) => {
  const folder = temporaryFolder(t);
  const svg = join(folder, "leaky.svg");
  const { code, out } = await smooth(leaky, "--width", "0.5", "--out", svg);
  assert.equal(code, 0);
  assert.match(out, /drawn in /);
  const drawing = readFileSync(svg, "utf8");
  for (const part of ["w = 0.125", "w = 0.5", "w = 1", "smooth − sharp", "0.1x for x &lt; 0", "prefers-color-scheme"])
    assert.ok(drawing.includes(part), part);
  const png = join(folder, "leaky.png");
  await smooth(leaky, "--out", png, "--widths", "0.1,0.2", "--interval", "-1,1");
  assert.deepEqual([...readFileSync(png).subarray(1, 4)], [...Buffer.from("PNG")]);
});

test("the gallery shows every kernel", async (t) => {
  const file = join(temporaryFolder(t), "gallery.svg");
  const { code } = await smooth("--gallery", file);
  assert.equal(code, 0);
  const drawing = readFileSync(file, "utf8");
  for (const { title } of kernels) assert.ok(drawing.includes(`>${title}<`), title);
  assert.equal(drawing.match(/diverges/g)?.length, 1);
});

test("an expression that does not parse is shown with the place", async () => {
  assert.match(await complaint("max(x, 0.1*"), /ends too early[\s\S]*max\(x, 0\.1\*\n +\^/);
  assert.match(await complaint("max(x, q*x)"), /q has no value \(character 8\)[\s\S]*\^[\s\S]*--param q=1/);
  assert.match(await complaint("maxx(x, 0)"), /there is no function maxx/);
  assert.match(await complaint("x > 1"), /true or false/);
  assert.match(await complaint("max(a, 1)", "--param", "a=2"), /no x in the expression/);
  assert.match(await complaint("max(x, 1)", "--param", "a=2"), /no a in the expression/);
});

test("names that are not known come with the nearest that are", async () => {
  assert.match(await complaint("relu", "--kernel", "gausian"), /no kernel "gausian"[\s\S]*did you mean gaussian\?/);
  assert.match(await complaint("reluu"), /no activation "reluu"[\s\S]*did you mean relu/);
  assert.match(await complaint("relu", "--at", "1", "--precision", "float23"), /did you mean float/);
  assert.match(await complaint("relu", "--form", "gated"), /did you mean gate\?/);
  assert.match(await complaint("relu", "--source", "pytorhc"), /did you mean pytorch\?/);
  assert.match(await complaint("relu", "--width-for", "erorr=1"), /did you mean error\?/);
});

test("a width that is none is refused", async () => {
  for (const width of ["0", "-1", "NaN", "wide", ""])
    assert.match(await complaint("relu", "--width", width), /^--width: /, width);
  assert.match(await complaint("relu", "--width", "1", "--width-for", "error=1"), /a width is already given/);
});

test("what cannot be smoothed is told with what to do", async () => {
  assert.match(await complaint("relu", "--kernel", "cauchy"), /diverges[\s\S]*lighter tails/);
  assert.match(await complaint("floor(x)", "--form", "gate"), /breaks without end[\s\S]*smoothFloor/);
  assert.match(await complaint("softmax"), /function of a row/);
  assert.match(await complaint(), /no function to smooth/);
  const { out } = await smooth("hardTanh", "--kernel", "cauchy", "--at", "0");
  assert.match(out, /Cauchy, width 1/);
});
