/** Goes on from a checkpoint to the end of the plan: `resume.child.ts <checkpoint> <file for the end>`. Says nothing. */
import { defaultRuntime } from "../../src/run/compile.js";
import { makeTrainer, train } from "./resumable.js";

const [, , path, end] = process.argv;
const trainer = await makeTrainer({ runtime: defaultRuntime() });
await trainer.load(path);
await train(trainer);
await trainer.save(end);
