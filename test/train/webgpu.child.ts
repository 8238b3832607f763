import assert from "node:assert/strict";
import { onnxRuntime } from "../../src/run/runtime.js";
import { distances, twentyImageSteps, twentySteps } from "./compared.js";

// Started by webgpu.test.ts with a Vulkan driver that needs no graphics card.

const device = onnxRuntime({ provider: "webgpu", allowCpuFallback: false, worker: false });
const native = onnxRuntime({ worker: false });
for (const steps of [twentySteps, twentyImageSteps]) {
  const apart = distances(await steps(device), await steps(native));
  // exp, tanh and erf of a shader are good to a few units in the last place, and sums come in another order.
  for (const [part, distance] of Object.entries(apart))
    assert.ok(distance < 1e-5, `${steps.name}: ${part} differ by ${distance}`);
}
await device.close();
