import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { distances, type Outcome, twentyImageSteps, twentySteps } from "./compared.js";

const outcomeOf = async (runtime: Runtime): Promise<Outcome> => {
  const outcome = await twentySteps(runtime);
  await runtime.close();
  return outcome;
};

const reference = outcomeOf(onnxRuntime({ worker: false }));

for (const [name, runtime, limit] of [
  ["a worker thread", () => onnxRuntime(), 0],
  // The order of summation differs: a few roundings (1.2e-7) of losses near 2.5, gathered over twenty steps.
  ["one thread", () => onnxRuntime({ worker: false, threads: 1 }), 2e-6],
  ["the WebAssembly runtime", () => onnxRuntime({ runtime: "wasm" }), 2e-6],
  ["the float64 interpreter", () => interpreterRuntime(), 2e-6],
] as const) {
  const what = limit === 0 ? "to the bit" : `within ${limit}`;
  test(`the same training in ${name} and in native code directly agrees ${what}`, async () => {
    const apart = distances(await outcomeOf(runtime()), await reference);
    for (const [part, distance] of Object.entries(apart)) assert.ok(distance <= limit, `${part} differ by ${distance}`);
  });
}

for (const [name, runtime] of [
  ["the WebAssembly runtime", () => onnxRuntime({ runtime: "wasm" })],
  ["the float64 interpreter", () => interpreterRuntime()],
] as const) {
  test(`the same training of a network for images in ${name} and in native code agrees within 1e-5`, async () => {
    const [here, native] = [runtime(), onnxRuntime({ worker: false })];
    const apart = distances(await twentyImageSteps(here), await twentyImageSteps(native));
    // Norms divide by the spread of a batch, which magnifies the rounding of sums.
    for (const [part, distance] of Object.entries(apart)) assert.ok(distance < 1e-5, `${part} differ by ${distance}`);
    await Promise.all([here.close(), native.close()]);
  });
}

test("a training in the default runtime prints nothing and lets the process end", () => {
  const program = fileURLToPath(new URL("./quiet.child.ts", import.meta.url));
  const options = { encoding: "utf8", timeout: 60_000 } as const;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program], options);
  assert.deepEqual({ status, signal, stdout, stderr }, { status: 0, signal: null, stdout: "", stderr: "" });
});
