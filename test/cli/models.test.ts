import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { softgrad, temporaryFolder } from "./support.js";

const accuracyOf = (out: string): number =>
  (JSON.parse(out.split("\n").at(-1) ?? "") as { outcome: { accuracy: number } }).outcome.accuracy;

for (const [model, least, ...options] of [
  ["cnn", 0.93, "--channels", "8,16", "--layers", "32", "--epochs", "5"],
  ["resnet", 0.93, "--channels", "8,16", "--dropout", "0", "--epochs", "5"],
  ["vit", 0.7, "--epochs", "4"],
] as const) {
  test(`train --model ${model} learns the digits and leaves a model that runs anywhere`, async (t) => {
    const folder = join(temporaryFolder(t), "run");
    const { code, out, err } = await softgrad("train", "--model", model, ...options, "--output", folder, "--json");
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.ok(accuracyOf(out) > least, String(accuracyOf(out)));
    assert.ok(existsSync(join(folder, "model.onnx")));
  });
}

test("a network for pictures refuses samples that are none, and says which takes them", async (t) => {
  const { code, err } = await softgrad("train", "iris", "--model", "cnn", "--output", join(temporaryFolder(t), "run"));
  assert.notEqual(code, 0);
  assert.match(err, /--model: cnn takes pictures, and these samples are none/);
  assert.match(err, /--model mlp/);
});

test("a model that is not there is refused with the names of those that are", async () => {
  const { code, err } = await softgrad("train", "--model", "lenet");
  assert.notEqual(code, 0);
  assert.match(err, /mlp, cnn, resnet, vit/);
});
