import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { readSafetensors } from "../../src/interop/safetensors.js";
import { ended, softgrad, spawnSoftgrad, temporaryFolder } from "./support.js";

const settings = ["--layers", "24", "--epochs", "12", "--seed", "3"] as const;

/** Every tensor of a checkpoint, parameters and optimizer state, as the bits that are in the file. */
function tensorsIn(run: string): Record<string, string> {
  const { tensors } = readSafetensors(readFileSync(join(run, "checkpoint.safetensors")));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    ]),
  );
}

const epochsIn = (run: string): number[] =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { epoch: number }).epoch);

test("a run killed again and again ends with the parameters of a run that was left alone, to the bit", async (t) => {
  const folder = temporaryFolder(t);
  const [alone, killed] = [join(folder, "alone"), join(folder, "killed")];
  assert.equal((await softgrad("train", ...settings, "--output", alone)).code, 0);

  let args: string[] = ["train", ...settings, "--output", killed, "--json"];
  for (const lastEpoch of [1, 4, 9]) {
    const child = spawnSoftgrad(args);
    let heard = "";
    child.stdout.on("data", (text: string) => {
      heard += text;
      // The kill falls somewhere in the work after the epoch: steps, checkpoint, or metrics.
      if (heard.includes(`"event":"epoch","epoch":${lastEpoch},`)) child.kill("SIGKILL");
    });
    const { signal, err } = await ended(child);
    assert.equal(err, "");
    assert.equal(signal, "SIGKILL");
    assert.ok(!readdirSync(killed).includes("report.html"));
    assert.ok(Object.keys(tensorsIn(killed)).length > 0, "the last checkpoint is whole");
    args = ["train", "--resume", killed, "--json"];
  }
  // A kill can cut the last line short.
  writeFileSync(join(killed, "metrics.jsonl"), `${readFileSync(join(killed, "metrics.jsonl"), "utf8")}{"epoch":`);
  assert.equal((await softgrad("train", "--resume", killed)).code, 0);

  assert.deepEqual(tensorsIn(killed), tensorsIn(alone));
  assert.deepEqual(readFileSync(join(killed, "model.onnx")), readFileSync(join(alone, "model.onnx")));
  assert.deepEqual(epochsIn(killed), epochsIn(alone));
  assert.ok(readdirSync(killed).includes("report.html"));
});

test("a run killed before its first checkpoint begins again, and one that is finished stays as it is", async (t) => {
  const folder = temporaryFolder(t);
  const run = join(folder, "run");
  await softgrad("train", "iris", "--epochs", "2", "--layers", "4", "--output", run);
  const before = tensorsIn(run);
  const again = await softgrad("train", "--resume", run);
  assert.equal(again.code, 0);
  assert.match(again.out, /goes on {3}after epoch 2 of 2/);
  assert.deepEqual(tensorsIn(run), before);

  const killed = join(folder, "killed");
  mkdirSync(killed);
  writeFileSync(join(killed, "config.json"), readFileSync(join(run, "config.json")));
  assert.equal((await softgrad("train", "--resume", killed)).code, 0);
  assert.deepEqual(tensorsIn(killed), before);
});
