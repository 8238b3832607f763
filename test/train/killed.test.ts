import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onnxRuntime } from "../../src/run/runtime.js";
import { labelledBatch } from "./network.js";
import { makeTrainer } from "./resumable.js";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "softgrad-killed-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("a training killed again and again has at every moment the file of a training that was never interrupted", async () => {
  const path = join(folder, "run.safetensors");
  const program = fileURLToPath(new URL("./killed.child.ts", import.meta.url));
  const runtime = onnxRuntime({ worker: false });
  const reference = await makeTrainer({ runtime, accumulate: 2 });
  const reader = await makeTrainer({ runtime, accumulate: 2 });
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, ["--import", "tsx", program, path], { stdio: ["ignore", "pipe", "inherit"] });
    const exit = once(child, "exit");
    for (let steps = 0; steps < 3 + round; steps++) await once(child.stdout, "data");
    // Somewhere in a step, in the making of a checkpoint, or in its writing: a save takes about three milliseconds.
    await wait(Math.random() * 6);
    child.kill("SIGKILL");
    await exit;
    const { progress } = await reader.load(path);
    assert.ok(progress.steps > reference.progress.steps, `${progress.steps} steps after ${reference.progress.steps}`);
    while (reference.progress.steps < progress.steps) {
      await reference.step(labelledBatch(8, 6, 4, reference.progress.steps));
    }
    assert.deepEqual(new Uint8Array(await readFile(path)), await reference.checkpoint(), `round ${round}`);
  }
  await runtime.close();
});
