import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { schedules as chosen } from "../../src/cli/train/schedules.js";
import { settingNames, settingRecords } from "../../src/cli/train/settings.js";
import { schedules } from "../../src/optim/index.js";
import { ended, softgrad, spawnSoftgrad } from "./support.js";

test("the help names every command, and is what one gets for saying nothing", async () => {
  const { code, out, err } = await softgrad("--help");
  assert.equal(code, 0);
  assert.equal(err, "");
  for (const command of ["train", "explain"]) assert.match(out, new RegExp(`^  ${command} `, "m"));
  assert.match(out, /Examples:/);
  assert.deepEqual(await softgrad(), { code, out, err });
});

test("the help of train shows every setting with its default", async () => {
  const { code, out } = await softgrad("train", "--help");
  assert.equal(code, 0);
  const text = out.replace(/\s+/g, " ");
  for (const name of settingNames) {
    const { flags, default: value, shownDefault } = settingRecords[name];
    assert.ok(text.includes(flags), flags);
    if (shownDefault === undefined && value !== null) assert.ok(text.includes(`(default: ${value})`), flags);
  }
});

test("help as a command and as an option say the same", async () => {
  assert.deepEqual(await softgrad("help", "explain"), await softgrad("explain", "--help"));
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  assert.equal((await softgrad("--version")).out, version);
});

test("every schedule of the library can be chosen", () => {
  assert.deepEqual(Object.keys(chosen).sort(), Object.keys(schedules).sort());
  for (const [name, make] of Object.entries(chosen)) {
    for (const steps of [1, 2, 3, 1000]) {
      const rates = Array.from({ length: steps }, (_, step) => make(0.1, steps).at(step));
      for (const rate of rates) assert.ok(rate >= 0 && rate <= 0.1 + 1e-12, `${name}: ${rate} in ${steps} steps`);
    }
  }
});

test("the program begins with a line that says how to start it, and ends by itself", async () => {
  assert.match(readFileSync("src/cli/main.ts", "utf8"), /^#!\/usr\/bin\/env node\n/);
  const { code, out, err } = await ended(spawnSoftgrad(["--version"]));
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
});
