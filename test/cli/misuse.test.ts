import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { ended, quick, softgrad, spawnSoftgrad, temporaryFolder } from "./support.js";

const misuses: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [["trian"], /unknown command 'trian'\n.*did you mean train\?/],
  [["train", "--epoch", "3"], /unknown option '--epoch'\n.*did you mean --epochs\?/],
  [["train", "--bogus"], /unknown option '--bogus'\n.*softgrad train --help/],
  [["train", "--epochs"], /argument missing/],
  [["train", "a.csv", "b.csv"], /too many arguments/],
  [["explain"], /missing required argument/],
];

for (const [args, said] of misuses) {
  test(`softgrad ${args.join(" ")} is told apart from a failure by exit code 2`, async () => {
    const { code, out, err } = await softgrad(...args);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, said);
    assert.doesNotMatch(err, /invalid|^error|at .*\.ts/i);
  });
}

const faults: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [["--epochs", "many"], /^--epochs: this is not a whole number\n {2}expected {2}a whole number, 1 or more\n {2}got {7}many$/],
  [["--epochs", "0"], /^--epochs: the number is out of range/],
  [["--epochs", "2.5"], /not a whole number/],
  [["--batch-size", "-4"], /^--batch-size: the number is out of range/],
  [["--learning-rate", "fast"], /^--learning-rate: this is not a number/],
  [["--learning-rate", "0"], /more than 0/],
  [["--learning-rate", ""], /this is not a number/],
  [["--dropout", "1"], /less than 1/],
  [["--test-share", "1"], /less than 1/],
  [["--layers", "16,x"], /^--layers: this is not a whole number/],
  [["--layers", "16,,8"], /^--layers/],
  [["--seed", "1e400"], /^--seed/],
  [["--threads", "0"], /1 to 1024/],
  [["--activation", "gelo"], /there is no activation "gelo"\n {2}expected .*relu.*\n {2}fix {7}did you mean gelu\?/],
  [["--optimizer", "adamm"], /there is no optimizer "adamm"\n {2}expected .*sgd.*\n {2}fix {7}did you mean adam/],
  [["--schedule", "cosinus"], /there is no schedule "cosinus"[\s\S]*did you mean cosine\?/],
  [["--runtime", "quantum"], /there is no runtime "quantum"/],
  [["--label", "species"], /--label: it cannot be used here: a built-in data set has its labels/],
  [["--resume", "there-is-no-such-folder"], /there is no run to go on with/],
];

for (const [args, said] of faults) {
  test(`train iris ${args.join(" ")} says what is wrong, exits with 1 and writes nothing`, async (t) => {
    const folder = temporaryFolder(t);
    const output = args[0] === "--resume" ? [] : ["--output", join(folder, "run")];
    const data = args[0] === "--resume" ? [] : ["iris"];
    const { code, out, err } = await softgrad("train", ...data, ...args, ...output);
    assert.deepEqual({ code, out }, { code: 1, out: "" });
    assert.match(err, said);
    assert.doesNotMatch(err, /invalid/i);
    assert.deepEqual(readdirSync(folder), []);
  });
}

test("a data set that is mistyped is guessed", async () => {
  const { code, err } = await softgrad("train", "digit");
  assert.equal(code, 1);
  assert.match(err, /^digit: there is no such file, and no built-in data set of that name\n[\s\S]*did you mean digits\?$/);
});

test("with --json errors are JSON on standard error, whatever they are", async () => {
  const failed = await softgrad("train", "iris", "--epochs", "x", "--json");
  assert.deepEqual(JSON.parse(failed.err), {
    error: { where: "--epochs", problem: "this is not a whole number", expected: "a whole number, 1 or more", got: "x", code: 1 },
  });
  assert.equal(failed.out, "");
  const misused = await softgrad("train", "--bogus", "--json");
  assert.equal(misused.code, 2);
  assert.equal((JSON.parse(misused.err) as { error: { code: number } }).error.code, 2);
});

test("a stack is shown only to those who ask for it", async () => {
  const { run } = await import("../../src/cli/run.js");
  const said: string[] = [];
  const world = { out: () => undefined, err: (text: string) => void said.push(text), screen: null, now: () => new Date(0) };
  await run(["train", "nothing.csv"], { ...world, env: { SOFTGRAD_DEBUG: "1" }, onInterrupt: () => () => undefined });
  assert.match(said.join("\n"), /\n {4}at .*sources\.ts/);
});

test("a folder that cannot be written to is found out before training", async (t) => {
  const file = join(temporaryFolder(t), "a-file");
  writeFileSync(file, "");
  for (const path of [file, join(file, "run"), "/proc/softgrad/run"]) {
    const { code, err } = await softgrad("train", ...quick, "--output", path);
    assert.equal(code, 1, path);
    assert.match(err, /file, not a folder|folder cannot be made|may not be written/);
    assert.doesNotMatch(err, /epoch/);
  }
});

test("a finished run, an unfinished one and a stranger's folder are not written over, unless by force", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "letter.txt"), "dear");
  assert.match((await softgrad("train", ...quick, "--output", folder)).err, /the folder is not empty/);
  const run = join(folder, "run");
  assert.equal((await softgrad("train", ...quick, "--output", run)).code, 0);
  const again = await softgrad("train", ...quick, "--output", run);
  assert.equal(again.code, 1);
  assert.match(
    again.err,
    /there is a finished run in this folder\n {2}fix {7}choose another by --output DIR, or replace it by --force/,
  );
  assert.equal((await softgrad("train", ...quick, "--output", run, "--force")).code, 0);
  assert.equal((await softgrad("train", ...quick, "--output", folder, "--force")).code, 0);
  assert.ok(existsSync(join(folder, "letter.txt")));
});

test("a process that fails exits with its code and without a stack", async (t) => {
  const { code, out, err } = await ended(spawnSoftgrad(["train", "no.csv"], temporaryFolder(t)));
  assert.deepEqual({ code, out }, { code: 1, out: "" });
  assert.match(err, /^no\.csv: there is no such file/);
  assert.doesNotMatch(err, /\n\s+at /);
});
