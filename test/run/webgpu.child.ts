import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createHost } from "../../src/run/create.js";
import type { Host } from "../../src/run/host.js";
import { conformance } from "./conformance.js";
import { f, floats, op, plan } from "./support.js";

// Started by webgpu.test.ts with a Vulkan driver that needs no graphics card.

describe("the native WebGPU host", () =>
  conformance(() => createHost({ provider: "webgpu", worker: false }), { checksIndices: false }));

/** One step of least squares: e = x·w − t, loss = mean e², w ← w − 0.1·xᵀe. */
const step = plan(
  [f("w", [3, 2], 0), f("x", [4, 3]), f("t", [4, 2])],
  [f("new", [3, 2], 0), f("loss")],
  [
    op("Gemm x w -> y"),
    op("Sub y t -> e"),
    op("Mul e e -> square"),
    op("ReduceMean square -> loss", { keepdims: { kind: "int", value: 0 } }),
    op("Gemm x e -> g", { transA: { kind: "int", value: 1 }, alpha: { kind: "float", value: 0.1 } }),
    op("Sub w g -> new"),
  ],
);

async function descend(host: Host): Promise<number[]> {
  const session = await host.load(step);
  const state = await host.createState([{ dtype: "float32", shape: [3, 2], data: floats(0.5, -0.5, 0.25, 1, -1, 0) }]);
  const x = Float32Array.from({ length: 12 }, (_, index) => Math.sin(index));
  const t = Float32Array.from({ length: 8 }, (_, index) => Math.cos(index));
  const losses: number[] = [];
  for (let count = 0; count < 20; count++) losses.push((await session.run([x, t], state))[0]![0]!);
  const [w] = await state.read();
  await host.close();
  return [...losses, ...w!];
}

for (const worker of [false, true]) {
  const where = worker ? "in a worker thread" : "in the calling thread";
  test(`twenty training steps with no CPU fallback, ${where}, agree with the CPU`, async () => {
    const device = await descend(await createHost({ provider: "webgpu", allowCpuFallback: false, worker }));
    const reference = await descend(await createHost({ worker: false }));
    // The order of summation differs: a few roundings of numbers near 1, over twenty steps.
    device.forEach((value, index) => assert.ok(Math.abs(value - reference[index]!) < 5e-6, `${value} and ${reference[index]}`));
  });
}

test("an operator without a WebGPU kernel is refused when CPU fallback is off, and runs when it is on", async () => {
  const round = plan([f("x", [2])], [f("y", [2])], [op("Round x -> y")]);
  const strict = await createHost({ provider: "webgpu", allowCpuFallback: false, worker: false });
  await assert.rejects(strict.load(round), /fallback to CPU EP has been explicitly disabled/);
  await strict.close();
  const lenient = await createHost({ provider: "webgpu", worker: false });
  assert.deepEqual(await (await lenient.load(round)).run([floats(1.4, 2.6)]), [floats(1, 3)]);
  await lenient.close();
});
