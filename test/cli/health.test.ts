import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Command } from "commander";
import { healthCommandWith } from "../../src/cli/health/command.js";
import { demos } from "../../src/cli/health/demos.js";
import { generated } from "../../src/cli/health/generated.js";
import { type Plan, readPlan } from "../../src/health/plan/index.js";
import type { Tools } from "../../src/health/tools.js";
import { fakeTools } from "../health/fakes.js";
import { quick, type Said, softgrad, temporaryFolder } from "./support.js";

const plan: Plan = {
  title: "flowers",
  task: "classes",
  input: [4],
  blocks: [{ kind: "dense", units: 8, activation: "tanh", init: "auto" }],
  head: { units: 3, activation: "none", init: "auto" },
  loss: "softmaxCrossEntropy",
  optimizer: { name: "adam", learningRate: 0.02 },
  data: { inputs: "standardise", targets: "none" },
  batchSize: 16,
  steps: 80,
};

function planFile(t: TestContext, content: unknown): string {
  const path = join(temporaryFolder(t), "plan.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Runs the command alone, with tools that train nothing. */
async function healthWith(tools: Tools, ...args: readonly string[]): Promise<Said> {
  const [out, err]: string[][] = [[], []];
  const record = healthCommandWith(tools);
  const command = record.describe(new Command("health")).option("--json");
  await command.parseAsync([...args], { from: "user" });
  const code = await record.run(command, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    screen: null,
    env: {},
    now: () => new Date(2026, 0, 2, 3, 4, 5),
    onInterrupt: () => () => undefined,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const curedByTanh = fakeTools((tried) => {
  const [first] = tried.blocks;
  const tanh = first !== undefined && "activation" in first && first.activation === "tanh";
  return tanh ? { score: 0.84, loss: 0.4, ratio: 0.6 } : { score: 0.48, loss: 0.99, ratio: 6e-4 };
});

test("a plan is diagnosed with its data, and the report is written", async (t) => {
  const folder = temporaryFolder(t);
  const path = planFile(t, plan);
  const { code, out, err } = await softgrad("health", path, "--data", "iris", "--no-treat", "--output", folder);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.match(out, /^looking: training as described\nflowers, on iris\nhealthy/);
  assert.match(out, /accuracy (1|\.\d)/);
  assert.match(readFileSync(join(folder, "report.html"), "utf8"), /This training is healthy/);
  assert.equal(existsSync(join(folder, "plan.json")), false);
});

test("a cure is told with its verdict, its numbers and the code to change, and the cured plan is kept", async (t) => {
  const folder = temporaryFolder(t);
  const { code, out } = await healthWith(curedByTanh, "--demo", "deep-sigmoid", "--output", folder);
  assert.equal(code, 0);
  assert.match(out, /remedy: tanh with Glorot initialisation – proved: it helps in every seed/);
  assert.match(out, /accuracy \.480 → \.840 \(3\/3 seeds; placebo \.480 and \.480\)/);
  assert.match(out, /\n {2}− import \{ sigmoid \} .*\n {2}\+ import \{ tanh \} /);
  assert.match(out, new RegExp(`report: ${folder}/report.html$`));
  const cured = readPlan(readFileSync(join(folder, "plan.json"), "utf8"));
  assert.equal("activation" in cured.blocks[0] && cured.blocks[0].activation, "tanh");
});

test("what was tried out to know more is told, and said while it is tried", async (t) => {
  const tools: Tools = {
    ...curedByTanh,
    examine: async ({ diagnosis }, { onQuestion }) => {
      onQuestion?.("Which rate?");
      return { diagnosis, probes: {}, examined: [{ question: "Which rate?", answer: "At most 0.0088.", cost: 0 }] };
    },
  };
  const { out } = await healthWith(tools, "--demo", "deep-sigmoid", "--no-treat", "--output", temporaryFolder(t));
  assert.match(out, /looking: Which rate\?\n/);
  assert.match(out, /\n {2}Which rate\? At most 0\.0088\.\n/);
});

test("with --json everything is one object, numbers that are not finite as texts", async (t) => {
  const { code, out } = await healthWith(curedByTanh, "--demo", "deep-sigmoid", "--output", temporaryFolder(t), "--json");
  const told = JSON.parse(out);
  assert.equal(code, 0);
  assert.equal(told.verified[told.recommended].proof.verdict, "proved");
  assert.equal(told.verified[told.recommended].proof.pairs.length, 3);
  assert.ok(told.change.every(({ kind }: { kind: string }) => kind === "added" || kind === "removed"));
  assert.match(told.code, /nn\.sequential\(/);
  assert.ok(existsSync(told.files.treatment));
});

test("the seeds that are asked for are those of the proof", async (t) => {
  const { out } = await healthWith(
    curedByTanh,
    "--demo",
    "deep-sigmoid",
    "--seeds",
    "5",
    "--output",
    temporaryFolder(t),
    "--json",
  );
  assert.equal(JSON.parse(out).verified[0].proof.pairs.length, 5);
});

const faults: readonly (readonly [what: string, make: (t: TestContext) => string[], message: RegExp])[] = [
  ["nothing to look at", () => [], /^softgrad health: there is no plan to look at/],
  ["a file that is not there", () => ["plam.json"], /^plam\.json: there is no such file or folder/],
  ["a name near that of a demonstration", () => ["deep-sigmoids"], /did you mean --demo deep-sigmoid\?/],
  ["a file that is not JSON", (t) => [planFile(t, "{ title"), "--data", "iris"], /plan\.json: plan: the text is not JSON/],
  [
    "a field that cannot be",
    (t) => [planFile(t, { ...plan, blocks: [{ ...plan.blocks[0], units: 0 }] }), "--data", "iris"],
    /plan\.json: plan\.blocks\[0\]\.units: .*\n {2}expected {2}a whole number, 1 or more\n {2}got {7}0/,
  ],
  ["a field that is missing", (t) => [planFile(t, { ...plan, loss: undefined }), "--data", "iris"], /plan\.loss/],
  ["no data", (t) => [planFile(t, plan)], /^--data: a plan does not say what it learns from/],
  ["data that is not there", (t) => [planFile(t, plan), "--data", "irus"], /^irus: .*\n.*\n {2}fix {7}did you mean iris\?/],
  ["data of another shape", (t) => [planFile(t, plan), "--data", "digits"], /^digits: its samples do not have the shape/],
  ["data with another task", (t) => [planFile(t, { ...plan, input: [1] }), "--data", "parabola"], /^parabola: it has not what the plan/], // biome-ignore format: one row
  ["seeds that are none", (t) => [planFile(t, plan), "--data", "iris", "--seeds", "0"], /^--seeds: the number is out of range/],
  ["a demonstration that is none", () => ["--demo", "deep"], /^--demo: there is no demonstration "deep"/],
  ["a plan and a demonstration", (t) => [planFile(t, plan), "--demo", "recurrent"], /^--demo: a plan is already given/],
  ["a file as output folder", (t) => [planFile(t, plan), "--data", "iris", "--output", planFile(t, "")], /this is a file, not a folder/], // biome-ignore format: one row
  ["an output folder inside a file", (t) => [planFile(t, plan), "--data", "iris", "--output", join(planFile(t, ""), "deep", "report")], /plan\.json is a file, not a folder\n {2}fix {7}choose another: --output DIR/], // biome-ignore format: one row
  ["a file without a word in it", (t) => [planFile(t, ""), "--data", "iris"], /the text is not JSON\n.*\n {2}got {7}an empty text\n {2}fix/], // biome-ignore format: one row
  ["a folder that is no run", (t) => [temporaryFolder(t)], /there is no run to go on with/],
];

for (const [what, make, message] of faults) {
  test(`${what} is told, and nothing is trained`, async (t) => {
    const { code, err, out } = await softgrad("health", ...make(t));
    assert.deepEqual({ code, out }, { code: 1, out: "" });
    assert.match(err, message);
  });
}

test("a flag that does not exist is told apart by exit code 2", async () => {
  const { code, err } = await softgrad("health", "--demo", "recurrent", "--treatment");
  assert.equal(code, 2);
  assert.match(err, /unknown option '--treatment'/);
});

test("a run ends with a line on its health, and its folder can be looked at", async (t) => {
  const run = join(temporaryFolder(t), "run");
  const trained = await softgrad("train", ...quick, "--epochs", "1", "--output", run);
  assert.match(trained.out, /^1 epoch in /m);
  assert.match(
    trained.out,
    /^health: \w+.* \(at worst gradient ratio [\d.e-]+, \d+ % of a layer's units dead\)\n {2}softgrad health .*run tells more$/m,
  );
  const { code, out } = await softgrad("health", run, "--json");
  assert.equal(code, 0);
  const told = JSON.parse(out);
  assert.match(told.diagnosis.verdict, /healthy|risk|ill/);
  assert.match(readFileSync(told.files.report, "utf8"), /The gradient on its way back/);
  const extra = await softgrad("health", run, "--data", "iris");
  assert.match(extra.err, /a run has its own data and folder/);
});

test("a run that was not watched, or whose health cannot be read, is told", async (t) => {
  const run = join(temporaryFolder(t), "run");
  await softgrad("train", ...quick, "--output", run);
  writeFileSync(join(run, "health.json"), "{}");
  assert.match((await softgrad("health", run)).err, /health\.json: this is not the health of a run[\s\S]*fix {7}train again/);
  const bare = join(temporaryFolder(t), "bare");
  mkdirSync(bare);
  writeFileSync(join(bare, "config.json"), readFileSync(join(run, "config.json")));
  assert.match((await softgrad("health", bare)).err, /nothing is known of the health of this run/);
});

test("every demonstration is a plan that can be read, and its data fits it", async (t) => {
  for (const [name, { plan: shown, data }] of Object.entries(demos)) {
    assert.deepEqual(readPlan(JSON.stringify(shown)), shown, name);
    const { code, err } = await healthWith(fakeTools(() => ({ score: 0.9, loss: 0.1, ratio: 1 })), "--demo", name, "--output", temporaryFolder(t)); // biome-ignore format: one line
    assert.deepEqual({ code, err }, { code: 0, err: "" }, `${name} on ${data}`);
  }
});

test("generated samples are the same for the same seed, finite, and different for another", () => {
  for (const [name, { make }] of Object.entries(generated)) {
    const [one, again, other] = [make(1), make(1), make(2)].map(({ columns }) =>
      Object.values(columns).flatMap(({ data }) => Array.from(data)),
    );
    assert.deepEqual(one, again, name);
    assert.ok(one.every(Number.isFinite), name);
    if (name !== "square") assert.notDeepEqual(one, other, name);
  }
});
