import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { activationOf, activationSetting } from "../../src/cli/train/activation-setting.js";
import { readSettings } from "../../src/cli/train/settings.js";
import { isSmoothed } from "../../src/smooth/is-smoothed.js";
import { quick, softgrad, temporaryFolder } from "./support.js";

test("a smoothed activation is remembered in one spelling", () => {
  const read = (text: string) => activationSetting(text, "--activation");
  assert.equal(read("smooth( ReLU , Gaussian, .5)"), "smooth(relu, gaussian, 0.5)");
  assert.equal(read("mollify(leaky_relu, tent)"), "smooth(leakyRelu, triangular, 1)");
  assert.equal(read("gate(relu,logistic)"), "gate(relu, logistic, 1)");
  assert.equal(read("smooth(max(x, 0.2*x), box, 2)"), "smooth(max(x, 0.2*x), box, 2)");
  assert.equal(read("Mish"), "mish");
  for (const text of ["smooth(relu, gaussian, 0.5)", "smooth(max(x, 0.2*x), box, 2)"]) assert.equal(read(read(text)), text);
});

test("the activation of a setting has its form, kernel and width", () => {
  const made = activationOf("gate(relu, logistic, 0.5)");
  assert.ok(isSmoothed(made));
  assert.deepEqual([made.form, made.kernel.name, made.values.width], ["gate", "logistic", 0.5]);
});

test("the network that is trained by default has a smoothed activation", () => {
  assert.ok(isSmoothed(activationOf(readSettings({}).activation)));
});

test("a run keeps its smoothed activation in its settings and tells it in its report", async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, "run");
  const trained = await softgrad("train", ...quick, "--activation", "smooth(hardTanh, logistic, 0.3)", "--output", path);
  assert.equal(trained.code, 0, trained.err);
  const { settings } = JSON.parse(readFileSync(join(path, "config.json"), "utf8")) as { settings: { activation: string } };
  assert.equal(settings.activation, "smooth(hardTanh, logistic, 0.3)");
  assert.ok(readFileSync(join(path, "report.html"), "utf8").includes("smooth(hardTanh, logistic, 0.3)"));
});

test("what is wrong with a smoothed activation is told before anything is read", async () => {
  for (const [activation, problem] of [
    ["smooth(relu, gausian, 0.5)", /no kernel "gausian"[\s\S]*did you mean gaussian\?/],
    ["smooth(reluu, gaussian)", /no activation "reluu"[\s\S]*did you mean relu/],
    ["smooth(relu, gaussian, 0)", /the width must be positive/],
    ["smooth(relu, gaussian, wide)", /the width must be positive/],
    ["smooth(relu)", /names no function and kernel/],
    ["smooth(relu, cauchy)", /diverges/],
    ["smooth(max(x, 1, gaussian)", /./],
  ] as const) {
    const { code, err } = await softgrad("train", "iris", "--activation", activation);
    assert.equal(code, 1, activation);
    assert.match(err, problem);
  }
});
