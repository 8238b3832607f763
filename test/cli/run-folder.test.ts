import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { iris } from "../../src/data/index.js";
import { ended, quick, softgrad, spawnSoftgrad, temporaryFolder } from "./support.js";

interface EpochEvent {
  event: string;
  epoch: number;
  loss: number;
  held: { loss: number; accuracy: number };
}

test("a run leaves its folder with every file that it names", async (t) => {
  const run = join(temporaryFolder(t), "deep", "run");
  const { code, out } = await softgrad("train", ...quick, "--output", run);
  assert.equal(code, 0);
  const files = ["checkpoint.safetensors", "config.json", "health.json", "metrics.jsonl", "model.onnx", "report.html"];
  assert.deepEqual(readdirSync(run).sort(), files);
  for (const file of files) assert.match(out, new RegExp(`^  ${file.replace(".", "\\.")} `, "m"));
  assert.match(out, /test accuracy \d+\.\d\d % {3}\(\d+ of 30\)/);
  assert.match(out, /confusion matrix: rows are true, columns predicted/);
  assert.match(out, /^ {2}versicolor │/m);
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => (JSON.parse(line) as EpochEvent).epoch), [1, 2, 3]); // biome-ignore format: one line
});

test("with --json every line is an object: the start, each epoch, the results", async (t) => {
  const { out, err } = await softgrad("train", ...quick, "--output", join(temporaryFolder(t), "run"), "--json");
  const events = out.split("\n").map((line) => JSON.parse(line) as EpochEvent);
  assert.deepEqual(events.map(({ event }) => event), ["start", "epoch", "epoch", "epoch", "results"]); // biome-ignore format: one line
  assert.ok(events.filter(({ event }) => event === "epoch").every(({ held }) => held.accuracy >= 0 && held.accuracy <= 1));
  assert.equal(err, "");
});

test("the same seed gives the same parameters, another seed others", async (t) => {
  const folder = temporaryFolder(t);
  const modelOf = async (name: string, seed: string): Promise<string> => {
    await softgrad("train", ...quick, "--seed", seed, "--output", join(folder, name));
    return readFileSync(join(folder, name, "model.onnx")).toString("base64");
  };
  assert.equal(await modelOf("a", "5"), await modelOf("b", "5"));
  assert.notEqual(await modelOf("a2", "5"), await modelOf("c", "6"));
});

test("the exported model works on its own, scaled as its metadata say", async (t) => {
  const run = join(temporaryFolder(t), "run");
  const { out } = await softgrad("train", "iris", "--epochs", "40", "--output", run, "--json");
  const { outcome } = JSON.parse(out.split("\n").at(-1) ?? "") as {
    outcome: { accuracy: number; mistakes: { sample: number }[] };
  };
  const bytes = readFileSync(join(run, "model.onnx"));
  const session = await InferenceSession.create(bytes);
  // The runtime's interface for Node hides metadata; in the file they are plain texts.
  const text = bytes.toString("latin1");
  assert.match(text, /\["setosa","versicolor","virginica"\]/);
  const { mean, deviation } = JSON.parse(/\{"kind":"standardise".*?\}/.exec(text)?.[0] ?? "") as Record<
    "mean" | "deviation",
    number[]
  >;
  const { features, labels } = (await iris()).columns;
  const scaled = features.data.map((value, i) => (value - mean[i % 4]) / deviation[i % 4]);
  const { output } = await session.run({ input: new Tensor("float32", scaled, [150, 4]) });
  const logits = output.data as Float32Array;
  const wrong = Array.from(labels.data.keys()).filter((row) => {
    const own = logits.slice(row * 3, row * 3 + 3);
    return own.indexOf(Math.max(...own)) !== labels.data[row];
  });
  for (const { sample } of outcome.mistakes) assert.ok(wrong.includes(sample), `sample ${sample}`);
  assert.ok(wrong.length < 15, `${wrong.length} of 150 are wrong`);
});

test("early stopping keeps the parameters of the best epoch", async (t) => {
  const run = join(temporaryFolder(t), "run");
  const settings = ["--epochs", "400", "--patience", "4", "--schedule", "constant", "--learning-rate", "0.05"];
  const { out, code } = await softgrad("train", "iris", ...settings, "--output", run, "--json");
  assert.equal(code, 0);
  const events = out.split("\n").map((line) => JSON.parse(line) as EpochEvent & { kept: number | null; epochs: number });
  const losses = events.filter(({ event }) => event === "epoch").map(({ held }) => held.loss);
  const { kept, epochs } = events.at(-1) as { kept: number; epochs: number };
  assert.equal(epochs, losses.length);
  assert.ok(epochs < 400);
  assert.equal(kept, losses.indexOf(Math.min(...losses)) + 1);
  assert.equal(epochs - kept, 4);
  assert.ok(existsSync(join(run, "best.safetensors")));
  const again = await softgrad("train", "--resume", run, "--json");
  const results = JSON.parse(again.out.split("\n").at(-1) ?? "") as { kept: number; epochs: number };
  assert.deepEqual({ kept: results.kept, epochs: results.epochs }, { kept, epochs });
});

test("a broken checkpoint, configuration or data set is told, and nothing in the folder changes", async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, "points.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${i % 2 === 0 ? "even" : "odd"}`);
  writeFileSync(data, rows.join("\n"));
  const run = join(folder, "run");
  assert.equal((await softgrad("train", data, "--layers", "4", "--epochs", "2", "--output", run)).code, 0);
  const whole = new Map(["checkpoint.safetensors", "config.json"].map((name) => [name, readFileSync(join(run, name))]));
  const damages: [() => void, RegExp][] = [
    [() => truncateSync(join(run, "checkpoint.safetensors"), 700), /checkpoint\.safetensors: /],
    [() => writeFileSync(join(run, "checkpoint.safetensors"), "x".repeat(64)), /checkpoint\.safetensors: /],
    [() => writeFileSync(join(run, "config.json"), "{"), /config\.json: the file is not JSON/],
    [
      () => writeFileSync(join(run, "config.json"), '{"format":"another"}'),
      /config\.json: this is not the configuration of a run/,
    ],
    [
      () => writeFileSync(join(run, "config.json"), String(whole.get("config.json")).replace('"epochs": 2', '"epochs": "two"')),
      /--epochs: this is not a whole number/,
    ],
    [() => appendFileSync(data, "\n99,1,odd"), /the samples are not those that the run began with/],
    [() => rmSync(data), /there is no such file/],
  ];
  for (const [damage, said] of damages) {
    for (const [name, content] of whole) writeFileSync(join(run, name), content);
    damage();
    const before = snapshot(run);
    const { code, err } = await softgrad("train", "--resume", run);
    assert.equal(code, 1);
    assert.match(err, said);
    assert.deepEqual(snapshot(run), before);
  }
});

const snapshot = (folder: string): [string, string][] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")]);

test("a run goes on with its own settings only", async (t) => {
  const run = join(temporaryFolder(t), "run");
  await softgrad("train", ...quick, "--output", run);
  const { code, err } = await softgrad("train", "--resume", run, "--epochs", "9", "--force");
  assert.equal(code, 1);
  assert.match(err, /a run goes on with the settings that it began with\n {2}got {7}--epochs, --force/);
});

test("the float64 interpreter and WebAssembly train too", async (t) => {
  const folder = temporaryFolder(t);
  for (const runtime of ["interpreter", "wasm"]) {
    const { code, err } = await softgrad("train", ...quick, "--runtime", runtime, "--output", join(folder, runtime));
    assert.deepEqual({ code, err }, { code: 0, err: "" }, runtime);
  }
});

test("Ctrl-C ends a run after the steps under way, and says how to go on", async (t) => {
  const run = join(temporaryFolder(t), "run");
  const child = spawnSoftgrad(["train", "--epochs", "100000", "--output", run]);
  child.stdout.on("data", (text: string) => {
    if (/epoch/.test(text)) child.kill("SIGINT");
  });
  const { code, out, err } = await ended(child);
  assert.deepEqual({ code, err }, { code: 130, err: "" });
  assert.match(out, /interrupted; go on with\n {2}softgrad train --resume /);
  assert.ok(existsSync(join(run, "checkpoint.safetensors")));
});
