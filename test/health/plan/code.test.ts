import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { codeChange, codeOf, type Plan, runPlan } from "../../../src/health/plan/index.js";
import { blockPlans, denseBlock, planWith, samplesFor } from "./plans.js";

const labelled = (loss: string, activation: string): Plan =>
  planWith({ task: "classes", loss, head: { units: 3, activation, init: "normal(0, 0.3)" } });

const plans: Readonly<Record<string, Plan>> = {
  ...blockPlans,
  "scaled numbers": planWith({ task: "numbers", loss: "sum(mse)", data: { inputs: "standardise", targets: "standardise" }, optimizer: { name: "sgd", learningRate: 1e-3, momentum: 0.9, warmup: 3, clipNorm: 1 } }), // biome-ignore format: one row
  "labels as numbers": labelled("minus(mse)", "softmax"),
  "probabilities by hand": labelled("crossEntropyOfProbabilities", "softmax"),
  "probabilities held": labelled("sum(crossEntropyOfProbabilitiesClamped)", "softmax"),
  "decisions by hand": planWith({ loss: "binaryCrossEntropyOfProbabilities", head: { units: 1, activation: "sigmoid", init: "auto" } }), // biome-ignore format: one row
  "decisions held": planWith({ loss: "binaryCrossEntropyOfProbabilitiesClamped", head: { units: 1, activation: "sigmoid", init: "ones" } }), // biome-ignore format: one row
};

/** A reader's project with the programs as its files, and this repository's source as its softgrad. */
const folder = mkdtempSync(join(tmpdir(), "softgrad-plans-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const paths = {
  softgrad: [resolve("src/index.ts")],
  "softgrad/*": [resolve("src/*/index.ts")],
  "#platform/*": [resolve("src/run/platform/node/*")],
};
const names = Object.keys(plans);
names.forEach((name, i) => void writeFileSync(join(folder, `plan${i}.ts`), codeOf(plans[name])));
const compilerOptions = { noEmit: true, rootDir: "/", typeRoots: [resolve("node_modules/@types")], paths };
const settings = { extends: resolve("tsconfig.json"), compilerOptions, include: ["plan*.ts"] };
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
writeFileSync(
  join(folder, "runner.mts"),
  `import { writeFileSync } from "node:fs";
import { fingerprintOf } from ${JSON.stringify(resolve("src/health/plan/fingerprint.ts"))};
import { samplesFor } from ${JSON.stringify(resolve("test/health/plan/plans.ts"))};
const prints: string[] = [];
for (const [i, plan] of ${JSON.stringify(Object.values(plans))}.entries()) {
  const { run } = await import("./plan" + i + ".ts");
  const trainer = await run(samplesFor(plan).train, 5);
  prints.push(fingerprintOf(await trainer.parameters()));
}
writeFileSync("prints.json", JSON.stringify(prints));
`,
);

async function execute(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(folder, "tsconfig.json") };
  try {
    await promisify(execFile)(process.execPath, args, { cwd: folder, env, timeout: 300_000 });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${stdout}${stderr}`, { cause });
  }
}

test("the programs of plans compile", () => execute(resolve("node_modules/typescript/bin/tsc"), "-p", "."));

test("the program of a plan does to the bit what the plan does", async () => {
  await execute("--import", "tsx", "runner.mts");
  const prints: readonly string[] = JSON.parse(readFileSync(join(folder, "prints.json"), "utf8"));
  for (const [i, name] of names.entries()) {
    const { fingerprint } = await runPlan(plans[name], samplesFor(plans[name]), { seed: 5 });
    assert.equal(prints[i], fingerprint, name);
  }
});

test("stages that come again and again are written once", () => {
  const code = codeOf(planWith({ blocks: Array.from({ length: 9 }, () => denseBlock(5)) }));
  assert.match(code, /\.\.\.Array\.from\(\{ length: 8 \}, \(\) => \[nn\.linear\(5, 5\), tanh\]\)\.flat\(\)/);
});

test("a change of the plan is a change of a few lines", () => {
  const before = planWith();
  const after = planWith({ blocks: [denseBlock(6, { activation: "relu" })], optimizer: { name: "adam", learningRate: 0.001 } });
  const changed = codeChange(before, after).filter(({ kind }) => kind !== "kept");
  assert.deepEqual(
    changed.map(({ kind, line }) => `${kind} ${line.trim()}`),
    [
      'removed import { tanh } from "softgrad/activations";',
      'added import { relu } from "softgrad/activations";',
      "removed tanh,",
      "added relu,",
      "removed optimizer: optim.adam({ learningRate: 0.01 }),",
      "added optimizer: optim.adam({ learningRate: 0.001 }),",
    ],
  );
});
