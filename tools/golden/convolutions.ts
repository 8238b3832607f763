// Asks mpmath for convolutions: node --import tsx tools/golden/convolutions.ts PATH-OF-PYTHON > test/golden/convolutions.json
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { convolutions, questionOf } from "../../bench/smooth/cases.js";

/** One of each kind: a corner, a slope on both sides, two corners, jumps, parabolas, a cube, an exponential. */
const NAMES = ["relu", "leakyRelu", "hardTanh", "hardShrink", "hardSwish", "sqnl", "polyRelu", "elu"];
const questions = convolutions(12, (name) => NAMES.includes(name))
  .filter(({ width }) => width > 0.01 && width < 2)
  .map((one) => ({ activation: one.activation.name, ...questionOf(one) }));
const script = fileURLToPath(new URL("../../bench/smooth/convolutions.py", import.meta.url));
const { stdout, status } = spawnSync(process.argv[2] ?? "python3", [script], {
  input: JSON.stringify(questions),
  stdio: ["pipe", "pipe", "inherit"],
  maxBuffer: 2 ** 28,
});
if (status !== 0) process.exit(1);
const { tool, digits, values } = JSON.parse(stdout.toString()) as { tool: string; digits: number; values: number[][][] };
const command = "node --import tsx tools/golden/convolutions.ts PATH-OF-PYTHON > test/golden/convolutions.json";
const cases = questions.map(({ activation, kernel, width, points }, i) =>
  JSON.stringify({ activation, kernel, width, points, values: values[i] }),
);
process.stdout.write(`{"tool": "${tool}, ${digits} digits", "command": "${command}", "cases": [\n${cases.join(",\n")}\n]}\n`);
