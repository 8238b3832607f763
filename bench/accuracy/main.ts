// How right activations are in float32, beside PyTorch's, JAX's and jax-js's: npm run bench:accuracy -- --python PATH [--docs]
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compile, grad, onnxRuntime, type Precision, sum, type Tensor, tensor } from "softgrad";
import { type Activation, catalogue, findActivation } from "softgrad/activations";
import { defaultExceptions, float64Exceptions } from "./exceptions.js";
import { jaxJs } from "./jax-js.js";

const { values: options } = parseArgs({
  options: { python: { type: "string", default: "python3" }, docs: { type: "boolean", default: false } },
});

type Stored = readonly (number | "Infinity" | "-Infinity" | null)[];
type Results = Readonly<Record<"value" | "slope", Stored>>;
type Case = { readonly name: string } & Results & { readonly PyTorch?: Results; readonly JAX?: Results };
interface Peers {
  readonly versions: Readonly<Record<string, string>>;
  readonly points: readonly number[];
  readonly cases: readonly Case[];
}

const script = fileURLToPath(new URL("peers.py", import.meta.url));
const { stdout, status } = spawnSync(options.python, [script], { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 28 });
if (status !== 0) {
  process.stderr.write(
    "bench: the peers could not be asked\n  fix       pass --python PATH of a python with mpmath, torch and jax\n",
  );
  process.exit(1);
}
const peers = JSON.parse(stdout.toString()) as Peers;
const points = Float32Array.from(peers.points);

const numbers = (stored: Stored): number[] => stored.map((value) => (value === null ? Number.NaN : Number(value)));

/** Largest error in units of the last place of float32, at the function's own scale and at that of the value; wrong NaN and ∞. */
function errors(truth: readonly number[], got: ArrayLike<number>): { own: number; value: number; broken: number } {
  const unit = (size: number): number => 2 ** (Math.floor(Math.log2(Math.max(size, 2 ** -126))) - 23);
  let [own, value, broken] = [0, 0, 0];
  truth.forEach((exact, i) => {
    const rounded = Math.fround(exact);
    if (!Number.isFinite(got[i]) || !Number.isFinite(rounded)) {
      broken += Object.is(got[i], rounded) ? 0 : 1;
      return;
    }
    const error = Math.abs(got[i] - exact);
    own = Math.max(own, error / unit(Math.max(Math.abs(exact), Math.min(1, Math.abs(points[i])))));
    if (Math.abs(exact) >= 2 ** -126) value = Math.max(value, error / unit(Math.abs(exact)));
  });
  return { own, value, broken };
}

const runtime = onnxRuntime({ worker: false });
async function ours(activation: Activation, precision: Precision): Promise<Record<"value" | "slope", ArrayLike<number>>> {
  const f = (x: Tensor): Tensor => activation(x);
  const slope = grad((x: Tensor) => sum(f(x)));
  const settings = { runtime, precision };
  return {
    value: await (await compile(f, settings)(tensor(points))).data(),
    slope: await (await compile(slope, settings)(tensor(points))).data(),
  };
}

const show = (value: number): string =>
  value < 1e4 ? value.toPrecision(2).replace(/e\+?/, "e") : value.toExponential(0).replace("+", "");
const cell = ({ own, value, broken }: ReturnType<typeof errors>): string =>
  `${show(own)} / ${show(value)}${broken === 0 ? "" : ` **${broken} NaN or ∞**`}`;

const rows: string[] = [];
for (const one of peers.cases) {
  const activation = findActivation(one.name);
  if (activation === null) {
    process.stderr.write(`left out: ${one.name} is not in the catalogue\n`);
    continue;
  }
  const fast = await ours(activation, "default");
  const precise = await ours(activation, "precise");
  const other = await jaxJs(one.name, points);
  for (const what of ["value", "slope"] as const) {
    const truth = numbers(one[what]);
    const peer = (results: Results | undefined): string =>
      results === undefined ? "–" : cell(errors(truth, numbers(results[what])));
    rows.push(
      `| ${one.name} | ${what} | ${cell(errors(truth, fast[what]))} | ${cell(errors(truth, precise[what]))} | ${peer(one.PyTorch)} | ${peer(one.JAX)} | ` +
        `${other === null ? "–" : cell(errors(truth, other[what]))} |`,
    );
  }
}
await runtime.close();

const scalars = catalogue.filter(({ facts }) => facts.kind === "pointwise").length;
const orderNames: Readonly<Record<string, string>> = { value: "value", first: "slope", second: "curvature" };
const [float64Rows, defaultRows] = [float64Exceptions, defaultExceptions].map((exceptions) =>
  Object.entries(exceptions).map(([key, { reason, ...rest }]) => {
    const [name, order] = key.split(" ");
    const figure = "ulp" in rest ? `${rest.ulp}` : show(rest.relative);
    return `| ${name} | ${orderNames[order]} | ${figure} | ${reason} |`;
  }),
);
const rules = [
  "## All activations",
  "",
  `The tests ask the same of all ${scalars} functions of one number, at 400 points and more each over ±[1e-30, 1e30], at ±0, kinks and ties, for value, slope and ` +
    "curvature, against mpmath with 160 digits and more:",
  "",
  "- in the float64 interpreter a relative error of at most 1e-14;",
  "- in float32, default lowering, at most 4 units in the last place (slope and curvature 8) at the function's own scale;",
  "- in float32, `precise`, the same of the value itself wherever that is a normal number;",
  "- in both no NaN and no wrong infinity for any finite input, never the wrong sign, and NaN for NaN.",
  "",
  "These are the exceptions, which the tests read from the same [list](../bench/accuracy/exceptions.ts).",
  "",
  "### In float64",
  "",
  "Where a function passes through 0, or far out in an exponential tail, the rounding of x alone changes its value by more than 1e-14: there the results " +
    "are within three such roundings.",
  "",
  "| activation | | relative error | because |",
  "|---|---|---|---|",
  ...float64Rows,
  "",
  "### In float32, default lowering",
  "",
  "| activation | | units in the last place | reason |",
  "|---|---|---|---|",
  ...defaultRows,
];

const { PyTorch, JAX, mpmath } = peers.versions;
const text = [
  "# Accuracy of activations in float32",
  "",
  `Written by \`npm run bench:accuracy -- --python PATH --docs\`: ${points.length} points over ±[1e-30, 1e30] and 0, truth from mpmath ${mpmath} with ` +
    `50 digits or more, PyTorch ${PyTorch}, JAX ${JAX}, jax-js as installed in \`bench/\`.`,
  "",
  "Each cell is the largest error in units of the last place: at the function's own scale, max(|f|, min(1, |x|)), and at the scale of the value " +
    "itself wherever that is a normal number; then how many results are NaN or infinite and should not be.",
  "",
  "| activation | | softgrad | softgrad, precise | PyTorch | JAX | jax-js |",
  "|---|---|---|---|---|---|---|",
  ...rows,
  "",
  ...rules,
  "",
].join("\n");
if (options.docs) writeFileSync(fileURLToPath(new URL("../../docs/accuracy.md", import.meta.url)), text);
process.stdout.write(text);
