import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readSafetensors } from "../../src/interop/safetensors.js";
import { writeFileAtomic } from "../../src/run/platform/node/files.js";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "softgrad-atomic-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("a file is made with its folders, then replaced, and nothing else stays", async () => {
  const path = join(folder, "a", "b", "state.txt");
  await writeFileAtomic(path, "old");
  await writeFileAtomic(path, new TextEncoder().encode("new"));
  assert.equal(await readFile(path, "utf8"), "new");
  assert.deepEqual(await readdir(join(folder, "a", "b")), ["state.txt"]);
});

test("what a killed process left behind is stepped over", async () => {
  const path = join(folder, "left", "state.txt");
  await mkdir(join(folder, "left"));
  await writeFile(join(folder, "left", `.state.txt.${process.pid}.0.tmp`), "half");
  await writeFileAtomic(path, "whole");
  assert.equal(await readFile(path, "utf8"), "whole");
});

test("writes to one path at the same time leave one of them whole", async () => {
  const path = join(folder, "race.txt");
  await Promise.all(["a", "b", "c", "d"].map((letter) => writeFileAtomic(path, letter.repeat(1e5))));
  assert.match(await readFile(path, "utf8"), /^(a{100000}|b{100000}|c{100000}|d{100000})$/);
});

test("a folder that cannot be written to is a fault, and the old file stays", async () => {
  const file = join(folder, "plain");
  await writeFile(file, "here");
  // A file where a folder should be stops even the superuser, which permissions do not.
  await assert.rejects(writeFileAtomic(join(file, "state.txt"), "x"), /^Fault: .*state\.txt: a part of the path is a file/);
  await mkdir(join(folder, "taken"));
  await assert.rejects(writeFileAtomic(join(folder, "taken"), "x"), /^Fault: .*taken: there is a folder of that name/);
  await assert.rejects(writeFileAtomic("/proc/softgrad/state.txt", "x"), /^Fault: \/proc\/softgrad\/state\.txt: /);
  assert.equal(await readFile(file, "utf8"), "here");
  assert.ok(!(await readdir(folder)).some((name) => name.endsWith(".tmp")));
});

test("a process killed at any moment of its writing leaves the last whole file", async () => {
  const path = join(folder, "killed", "state.safetensors");
  const program = new URL("./write-forever.ts", import.meta.url).pathname;
  let newest = -1;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, ["--import", "tsx", program, path, String(newest + 1)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    // Wherever the kill falls in a write, it is another place each round.
    for (let writes = 0; writes < 2 + round; writes++) await once(child.stdout, "data");
    child.kill("SIGKILL");
    await exit;
    const { tensors, metadata } = readSafetensors(await readFile(path), path);
    const step = Number(metadata.step);
    assert.ok(step > newest, `step ${step} after ${newest}`);
    assert.ok(
      tensors.state.data.every((value) => value === step),
      "the tensors are all of one write",
    );
    newest = step;
  }
});
