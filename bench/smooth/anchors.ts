// Smoothing beside the formulas that others use: node --import tsx bench/smooth/anchors.ts --python PATH [--docs]
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cast, grad, greater, interpret, random, relu, sub, sum, type Tensor, tensor } from "softgrad";
import { epanechnikov, gaussian, logistic, mollify, perturbed, smoothRound } from "softgrad/smooth";

const { values: options } = parseArgs({
  options: { python: { type: "string", default: "python3" }, docs: { type: "boolean", default: false } },
});

interface Sampled {
  readonly f: "relu" | "step";
  readonly x: number;
  readonly slope: number;
  readonly plain: number;
  readonly controlVariate: number;
}
interface Others {
  readonly tools: Readonly<Record<string, string>>;
  readonly rounds: readonly { scale: number; points: [number, number, number]; exact: readonly string[]; rivalError: number; rivalJump: number }[]; // biome-ignore format: one line
  readonly undershoot: number;
  readonly sampling: { readonly samples: number; readonly sigma: number; readonly repeats: number; readonly cases: readonly Sampled[] }; // biome-ignore format: one line
  readonly hermite: { readonly points: readonly number[]; readonly exact: readonly number[]; readonly cases: readonly { nodes: number; error: number }[] }; // biome-ignore format: one line
}

const script = fileURLToPath(new URL("anchors.py", import.meta.url));
const { stdout, status } = spawnSync(options.python, [script], { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 28 });
if (status !== 0) {
  process.stderr.write(
    "bench: the others could not be asked\n  fix       pass --python PATH of a python with numpy and mpmath\n",
  );
  process.exit(1);
}
const others = JSON.parse(stdout.toString()) as Others;

const row = (values: readonly number[]): Tensor => tensor(Float64Array.from(values));
const elements = (x: Tensor): number[] => [...(interpret([x])[0] as Float64Array)];
const show = (value: number): string =>
  value === 0 ? "0" : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1); // biome-ignore format: one line
const line = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => (typeof cell === "number" ? show(cell) : cell)).join(" | ")} |`;

const rounds = others.rounds.map(({ scale, points, exact, rivalError, rivalJump }) => {
  const [at, before, whole] = elements(smoothRound(row(points), { kernel: logistic, width: scale })) as [number, number, number];
  // The exact value is given to 25 digits, of which the whole part is taken off first.
  const [digits] = exact as [string];
  const base = Math.floor(points[0]);
  const error = at - base - (Number(digits) - base);
  return line(String(scale), String(points[0]), rivalError, rivalJump, error, whole - before);
});

const steepest = 1e-3;
const grid = Array.from({ length: 4001 }, (_, i) => -2 + i * steepest);
const ramp = mollify((x: Tensor) => relu(x), { kernel: epanechnikov, width: 1 });
const undershoot = Math.max(...elements(sub(relu(row(grid)), ramp(row(grid)))), 0);

const sharp: Readonly<Record<Sampled["f"], (x: Tensor) => Tensor>> = {
  relu: (x) => relu(x),
  step: (x) => cast(greater(x, 0), "float32"),
};
const OWN_REPEATS = 200;
const { samples, sigma, repeats } = others.sampling;
const sampling = others.sampling.cases.map(({ f, x, slope, plain, controlVariate }) => {
  const smooth = mollify(sharp[f], { kernel: gaussian, width: sigma });
  const closed =
    (elements(grad((at: Tensor) => sum(smooth(at)))(tensor(Float64Array.of(x), { shape: [] })))[0] as number) - slope;
  const own = Array.from({ length: OWN_REPEATS }, (_, seed) => {
    const estimate = perturbed(sharp[f], { sigma, samples, key: random.key(seed) });
    return ((elements(grad((at: Tensor) => estimate(at))(tensor(Float64Array.of(x), { shape: [] })))[0] as number) - slope) ** 2;
  });
  const paired = Math.sqrt(own.reduce((total, one) => total + one, 0) / OWN_REPEATS);
  return line(f, String(x), slope, plain, controlVariate, paired, Math.abs(closed));
});

const { points, exact, cases } = others.hermite;
const unit = mollify((x: Tensor) => relu(x), { kernel: gaussian, width: 1 });
const closedForm = Math.max(...elements(unit(row(points))).map((value, i) => Math.abs(value - (exact[i] as number))));

const page = `# Smoothing beside the formulas of others

Written by \`node --import tsx bench/smooth/anchors.ts --python PATH --docs\`: accuracy in float64, not speed. The others are their
published formulas, written again in \`bench/smooth/anchors.py\` with numpy ${others.tools.numpy}; exact values are from mpmath ${others.tools.mpmath} with 40
digits. What is ours runs in the float64 interpreter.

## Rounding

round convolved with a logistic kernel of some scale, by \`smoothRound\`, and SoftJAX's \`round\`, which adds up the whole numbers within 5 of
x, each weighted by how much of the kernel falls to it. What falls outside is missing, times x; and at whole numbers the window
moves. For scales of 0.1 and below nothing falls outside, and it is right to the rounding of its sum. The releases differ in the
factor between \`softness\` and this scale: 1 or 1/10. "Jump" is the step from the last float before a whole number to it.

| scale | x | SoftJAX, error | jump | softgrad, error | jump |
|---|---|---|---|---|---|
${rounds.join("\n")}

## The maximum

x times a smooth step in place of a smoothed ramp falls below it: the splines of Modelica's \`regStep\`, and the gated modes of SoftJAX. With the
cubic step of half-width d the deepest point lies ${show(others.undershoot)}·d below max(x, 0). The convolution with the density of the same step,
\`mollify(relu, { kernel: epanechnikov, width: d })\`, falls below it by ${show(undershoot)} on ${grid.length} points: a convolution of a convex function with a
density never does.

## Slopes by sampling

Root mean square error of the slope of E f(x + ${sigma} Z), Z normal, from ${samples} values of f: the estimate of \`jaxopt.perturbations\` without and with
a control variate (${repeats} repeats), \`perturbed\` with its defaults, control variate and opposite pairs (${OWN_REPEATS} repeats), and the closed form of
\`mollify\`, which takes one value instead of ${samples}. Opposite pairs take the odd part out of values, and help slopes at jumps; on a straight
piece both of a pair say the same of the slope, and \`antithetic: false\` is better.

| f | x | slope | plain | control variate | \`perturbed\` | \`mollify\` |
|---|---|---|---|---|---|---|
${sampling.join("\n")}

## Quadrature

Largest error of relu convolved with a Gaussian of width 1 at ${points.length} points from −3 to 3. A rule for smooth functions does not see the kink.

| | error |
|---|---|
${cases.map(({ nodes, error }) => line(`Gauss–Hermite, ${nodes} nodes`, error)).join("\n")}
${line("`mollify`, closed form", closedForm)}
`;
process.stdout.write(page);
if (options.docs) writeFileSync(fileURLToPath(new URL("../../docs/smooth-anchors.md", import.meta.url)), page);
