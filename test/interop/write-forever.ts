/** Writes one file again and again until it is killed: `write-forever.ts <path> <first step>`. A line for each whole write. */

import { writeSafetensors } from "../../src/interop/safetensors.js";
import { writeFileAtomic } from "../../src/run/platform/node/files.js";

const path = process.argv[2];
for (let step = Number(process.argv[3]); ; step++) {
  const data = new Float32Array(1 << 20).fill(step);
  await writeFileAtomic(path, writeSafetensors({ state: { dtype: "F32", shape: [data.length], data } }, { step: String(step) }));
  process.stdout.write(`${step}\n`);
}
