/** Trains and saves after every step until it is killed, going on from what is there: `killed.child.ts <path>`. A line for each step. */
import { existsSync } from "node:fs";
import { onnxRuntime } from "../../src/run/runtime.js";
import { labelledBatch } from "./network.js";
import { makeTrainer } from "./resumable.js";

const path = process.argv[2];
const trainer = await makeTrainer({ runtime: onnxRuntime({ worker: false }), accumulate: 2 });
if (existsSync(path)) await trainer.load(path);
for (;;) {
  await trainer.step(labelledBatch(8, 6, 4, trainer.progress.steps));
  await trainer.save(path);
  process.stdout.write(`${trainer.progress.steps}\n`);
}
