// How right convolutions in closed form are:
// node --import tsx bench/smooth/accuracy.ts --python PATH [--points 200] [--kernel NAME …] [--known FILE] [--docs]
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compile, grad, interpret, onnxRuntime, sum, type Tensor, tensor } from "softgrad";
import { type Convolution, convolutions, questionOf } from "./cases.js";

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    points: { type: "string", default: "200" },
    kernel: { type: "string", multiple: true },
    /** A file that keeps exact values for the next run. */
    known: { type: "string" },
    docs: { type: "boolean", default: false },
  },
});

const cases = convolutions(Number(options.points)).filter(({ kernel }) => options.kernel?.includes(kernel.name) ?? true);
const script = fileURLToPath(new URL("convolutions.py", import.meta.url));
const { stdout, status } = spawnSync(options.python, [script, ...(options.known === undefined ? [] : [options.known])], {
  input: JSON.stringify(cases.map(questionOf)),
  stdio: ["pipe", "pipe", "inherit"],
  maxBuffer: 2 ** 30,
});
if (status !== 0) {
  process.stderr.write("bench: there are no exact values\n  fix       pass --python PATH of a python with python-flint\n");
  process.exit(1);
}
const { tool, digits, values } = JSON.parse(stdout.toString()) as {
  tool: string;
  digits: number;
  values: (readonly [number, number, number])[][];
};

const ORDERS = ["value", "first", "second"] as const;
const runtimes = { default: onnxRuntime({ worker: false }), precise: onnxRuntime({ worker: false, precision: "precise" }) };

interface Worst {
  readonly error: number;
  readonly where: string;
}
const worst = new Map<string, Worst>();
const note = (key: string, error: number, where: string): void => {
  if (!(error <= (worst.get(key)?.error ?? 0))) worst.set(key, { error, where });
};
let wrongSigns = 0;
let compared = 0;

for (const [i, one] of cases.entries()) {
  const exact = values[i] as (readonly [number, number, number])[];
  const derivatives = (x: Tensor): Tensor[] => {
    const first = (at: Tensor): Tensor => grad((y: Tensor) => sum(one.smooth(y)))(at);
    return [one.smooth(x), first(x), grad((y: Tensor) => sum(first(y)))(x)];
  };
  const x = tensor(one.points);
  compare(one, exact, "float64", interpret(derivatives(x)));
  for (const precision of ["default", "precise"] as const) {
    const outputs = await compile(derivatives, { runtime: runtimes[precision] })(x);
    compare(one, exact, precision, await Promise.all(outputs.map((output) => output.data())));
  }
  if (process.stderr.isTTY || (i + 1) % 100 === 0) process.stderr.write(`\r${i + 1} of ${cases.length} `);
}

function compare(
  one: Convolution,
  exact: (readonly [number, number, number])[],
  how: string,
  got: readonly ArrayLike<number>[],
): void {
  const { kernel, activation, width, points, smooth } = one;
  // Derivatives have the scale of the slopes: those of a jump are as steep as the kernel is narrow.
  const jumps =
    smooth.pieces.breaks.length > 0 &&
    activation.facts.kind === "pointwise" &&
    activation.facts.kinks.some(({ order }) => order === 0);
  ORDERS.forEach((name, order) => {
    exact.forEach((row, k) => {
      const truth = row[order] as number;
      const value = (got[order] as ArrayLike<number>)[k] as number;
      const own = Math.max(
        Math.abs(truth),
        order === 0 ? width : order === 1 && !jumps ? 1 : width ** -(order - (jumps ? 0 : 1)),
        Math.min(1, Math.abs(points[k] as number)),
      );
      const tiny = how === "float64" ? 1e-290 : 2 ** -126;
      const scale = how === "default" ? own : Math.abs(truth);
      if (scale < tiny) return;
      compared++;
      const unit = how === "float64" ? 1 : 2 ** -23;
      const error = Math.abs(value - truth) / scale / unit;
      const where = `${activation.name}, width ${Number(width.toPrecision(3))}, x = ${points[k]}: ${value} for ${truth}`;
      note(`${kernel.name} ${how} ${name}`, Number.isNaN(error) ? Infinity : error, where);
      if (value * truth < 0 && (how !== "default" || Math.abs(truth) > 8 * own * 2 ** -23)) wrongSigns++;
    });
  });
}

const names = [...new Set(cases.map(({ kernel }) => kernel.name))];
const cell = (key: string, digits = 2): string =>
  (worst.get(key)?.error ?? 0)
    .toExponential(digits - 1)
    .replace("e+0", "")
    .replace("e-0", "e-");
const plain = (key: string): string => Number((worst.get(key)?.error ?? 0).toPrecision(2)).toString();
const rows = names.map((name) => {
  const float64 = ORDERS.map((order) => cell(`${name} float64 ${order}`));
  const single = ["default", "precise"].flatMap((how) => ORDERS.map((order) => plain(`${name} ${how} ${order}`)));
  return `| ${[name, ...float64, ...single].join(" | ")} |`;
});
const page = `# How right convolutions in closed form are

${cases.length} convolutions (${options.kernel === undefined ? "every kernel" : `the kernels ${options.kernel.join(", ")}`}, every activation of the catalogue that is made of pieces, widths ${[1e-3, 0.1, 1, 5].join(", ")}) at ${options.points} points
each, value, first and second derivative: ${compared} numbers, against certified quadrature in ${digits} digits (${tool}).

    node --import tsx bench/smooth/accuracy.ts --python PATH --docs

**float64**: the largest relative error in the interpreter, tails included. **default** and **precise**: the largest error of the two
float32 lowerings in units of the last place, of max(|value|, width, min(1, |x|)) and of the value itself. For derivatives the width
in this is that of the slope: 1 for the first of a function without jumps, 1/width for one with jumps, and so on. Wrong signs: ${wrongSigns}.

| kernel | float64 value | first | second | default value | first | second | precise value | first | second |
|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

The values near a root that two pieces share, and near 0 between breaks that lie symmetrically, are differences: there alone the relative
error in float64 is above 1e-12.

## Where the largest errors are

${names.flatMap((name) => ["float64", "default", "precise"].map((how) => `- ${name}, ${how}: ${worst.get(`${name} ${how} value`)?.where ?? "none"}`)).join("\n")}
`;
process.stdout.write(`\n${page}`);
for (const [key, { error, where }] of worst) if (error > (key.includes("float64") ? 1e-12 : 8)) process.stdout.write(`BEYOND ${key}: ${error.toPrecision(3)} ${where}\n`); // biome-ignore format: one line
if (options.docs) writeFileSync("docs/smooth-accuracy.md", page);
process.exit(0);
