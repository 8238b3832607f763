import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { labelledBatch } from "./network.js";
import { makeTrainer, others, plan, train } from "./resumable.js";

const direct = onnxRuntime({ worker: false });
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "softgrad-resume-"));
});
after(async () => {
  await direct.close();
  await rm(folder, { recursive: true, force: true });
});

/** Reports and last checkpoint of a run that nothing interrupts. */
async function uninterrupted(runtime: Runtime, accumulate = 1) {
  const trainer = await makeTrainer({ runtime, accumulate });
  return { reports: await train(trainer), end: await trainer.checkpoint() };
}

for (const accumulate of [1, 3]) {
  test(`a run that goes on in a new trainer after any epoch ends in the same bytes, accumulating ${accumulate}`, async () => {
    const whole = await uninterrupted(direct, accumulate);
    for (let epochs = 1; epochs < plan.epochs; epochs++) {
      const first = await makeTrainer({ runtime: direct, accumulate });
      const reports = await train(first, { epochs });
      const second = await makeTrainer({ runtime: direct, accumulate });
      await second.restore(await first.checkpoint());
      reports.push(...(await train(second)));
      assert.deepEqual(reports, whole.reports, `after epoch ${epochs}`);
      assert.deepEqual(await second.checkpoint(), whole.end, `after epoch ${epochs}`);
    }
  });

  test(`a run stopped in the middle of an epoch goes on to the same bytes, accumulating ${accumulate}`, async () => {
    const whole = await uninterrupted(direct, accumulate);
    for (let batches = 1; batches <= 9; batches++) {
      const first = await makeTrainer({ runtime: direct, accumulate });
      const stop = new AbortController();
      let seen = 0;
      const onProgress = (): void => void (++seen === batches && stop.abort());
      const reports = await train(first, { onProgress, signal: stop.signal });
      assert.ok(first.progress.epoch < 2, `stopped at epoch ${first.progress.epoch}`);
      const second = await makeTrainer({ runtime: direct, accumulate });
      await second.restore(await first.checkpoint());
      reports.push(...(await train(second)));
      assert.deepEqual(reports, whole.reports, `stopped after batch ${batches}`);
      assert.deepEqual(await second.checkpoint(), whole.end, `stopped after batch ${batches}`);
    }
  });
}

test("a checkpoint taken while steps are under way holds exactly those that were sent", async () => {
  const reference = await makeTrainer({ runtime: direct });
  for (let step = 0; step < 3; step++) await reference.step(labelledBatch(8, 6, 4, step));
  const hasty = await makeTrainer({ runtime: direct });
  const sent = [0, 1, 2].map((step) => hasty.step(labelledBatch(8, 6, 4, step)));
  const checkpoint = hasty.checkpoint();
  sent.push(hasty.step(labelledBatch(8, 6, 4, 3)));
  assert.deepEqual(await checkpoint, await reference.checkpoint());
  await Promise.all(sent);
});

test("a step whose graph must be compiled first is not overtaken by the next", async () => {
  const batches = [8, 5, 8, 3, 8, 7].map((size, step) => labelledBatch(size, 6, 4, step));
  const patient = await makeTrainer({ runtime: direct });
  const losses: number[] = [];
  for (const batch of batches) losses.push(await patient.step(batch));
  const hasty = await makeTrainer({ runtime: direct });
  await hasty.step(labelledBatch(8, 6, 4, 9)); // From now on the graph for 8 samples is there.
  await hasty.restore(await (await makeTrainer({ runtime: direct })).checkpoint());
  assert.deepEqual(await Promise.all(batches.map((batch) => hasty.step(batch))), losses);
  assert.deepEqual(await hasty.checkpoint(), await patient.checkpoint());
});

test("the random numbers of a run go on after a restore, whatever the seed of the new trainer", async () => {
  const whole = await uninterrupted(direct);
  const first = await makeTrainer({ runtime: direct });
  await train(first, { epochs: 2 });
  const second = await makeTrainer({ runtime: direct, seed: 99 });
  await second.restore(await first.checkpoint());
  await train(second);
  assert.deepEqual(await second.checkpoint(), whole.end);
});

test("in the float64 interpreter a restored run ends in the same float64 numbers", async () => {
  const runtime = interpreterRuntime();
  const whole = await uninterrupted(runtime);
  const first = await makeTrainer({ runtime });
  await train(first, { epochs: 2 });
  const second = await makeTrainer({ runtime });
  await second.restore(await first.checkpoint());
  await train(second);
  assert.deepEqual(await second.checkpoint(), whole.end);
});

test("a checkpoint goes from one runtime to the other", async () => {
  const first = await makeTrainer({ runtime: direct });
  await train(first, { epochs: 1 });
  const second = await makeTrainer({ runtime: interpreterRuntime() });
  await second.restore(await first.checkpoint());
  const third = await makeTrainer({ runtime: direct });
  await third.restore(await second.checkpoint());
  assert.deepEqual(await third.checkpoint(), await first.checkpoint());
});

test("another process goes on from the file to the same bytes", async () => {
  const whole = await uninterrupted(direct);
  const first = await makeTrainer({ runtime: direct });
  await train(first, { epochs: 2 });
  const [path, end] = [join(folder, "half.safetensors"), join(folder, "end.safetensors")];
  await first.save(path);
  const child = fileURLToPath(new URL("./resume.child.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", child, path, end], { encoding: "utf8" });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
  assert.deepEqual(new Uint8Array(await readFile(end)), whole.end);
});

test("early stopping goes on counting after a restore", async () => {
  const options = { epochs: 40, validation: others, earlyStopping: { patience: 4 } };
  const whole = await makeTrainer({ runtime: direct });
  const reports = await train(whole, options);
  const stopped = reports.length;
  assert.ok(stopped > 5 && stopped < 40, `stopped after ${stopped} epochs`);
  for (let epochs = 1; epochs <= stopped; epochs += 2) {
    const first = await makeTrainer({ runtime: direct });
    const before = await train(first, { ...options, epochs });
    const second = await makeTrainer({ runtime: direct });
    await second.restore(await first.checkpoint());
    assert.deepEqual([...before, ...(await train(second, options))], reports, `interrupted after epoch ${epochs}`);
  }
});

test("a run that stopped early stays stopped after a restore, and goes on with more patience", async () => {
  const options = { epochs: 40, validation: others };
  const first = await makeTrainer({ runtime: direct });
  await train(first, { ...options, earlyStopping: { patience: 2 } });
  const second = await makeTrainer({ runtime: direct });
  await second.restore(await first.checkpoint());
  assert.deepEqual(await train(second, { ...options, earlyStopping: { patience: 2 } }), []);
  assert.ok((await train(second, { ...options, earlyStopping: { patience: 4 } })).length > 0);
});

test("what the writer added comes back, and the names that checkpoints use are refused", async () => {
  const trainer = await makeTrainer({ runtime: direct });
  trainer.notes.set("remark", "half way");
  const bytes = await trainer.checkpoint({ classes: "north, south" });
  const other = await makeTrainer({ runtime: direct });
  const { extra, progress } = await other.restore(bytes);
  assert.deepEqual(extra, { classes: "north, south" });
  assert.deepEqual(progress, { steps: 0, epoch: 0, batch: 0, samples: 0, lossSum: 0 });
  assert.equal(other.notes.get("remark"), "half way");
  await assert.rejects(trainer.checkpoint({ progress: "none" }), /^Fault: checkpoint: extra cannot have the name "progress"/);
});
