import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad } from "../../src/diff/index.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { type LossOptions, losses } from "../../src/nn/losses/index.js";
import { parameter } from "../../src/ops/create.js";
import { mul, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { differences, numbersOf, readGolden, type Stored, type StoredTensor, tensorOf } from "./golden.js";

interface Case {
  readonly name: string;
  readonly call: string;
  readonly predictions: StoredTensor;
  readonly targets: StoredTensor;
  readonly options: Readonly<Record<string, unknown>>;
  readonly results: readonly {
    readonly tools: readonly string[];
    readonly value: StoredTensor;
    readonly gradient?: readonly Stored[];
    readonly second?: readonly Stored[];
  }[];
}

const file = readGolden<{ cases: readonly Case[] }>("losses");

/** Where the library differs from a tool on purpose: case, tool, reason. A difference that is gone fails too. */
const deliberate: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "mae: extremes": { jax: "gives |x − t| the slope 1 where it is 0; it is 0, as in PyTorch" },
  "huber: on the joint": { torch: "has no curvature where the parabola meets the line; it is the parabola's, as the slope is" },
};

const isStored = (value: unknown): value is StoredTensor => value !== null && typeof value === "object" && "data" in value;

/** The loss, its gradient, and the gradient of that in a fixed direction. */
function outcomeOf({ call, options }: Case, at: Tensor, target: Tensor): Tensor[] {
  const loss = losses.find((candidate) => candidate.name === call);
  assert.ok(loss, call);
  const given = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, isStored(value) ? tensorOf(value) : value]),
  );
  const weights = Float64Array.from({ length: at.size }, (_, i) => Math.round(Math.cos(i * 1.3) * 100) / 100);
  const first = grad((x: Tensor) => sum(loss(x, target, given as LossOptions)));
  const second = grad((x: Tensor) => sum(mul(first(x), tensor(weights, { shape: x.shape }))));
  return [loss(at, target, given as LossOptions), first(at), second(at)];
}

/** float64 rounding; near 0, of the logits that cancel. */
const tolerance = { relative: 1e-12, absolute: 2e-16 };

for (const golden of file.cases) {
  const label = golden.name.startsWith(golden.call) ? golden.name : `${golden.call}, ${golden.name},`;
  test(`${label} is what ${golden.results.flatMap(({ tools }) => tools).join(" and ")} compute, with two derivatives`, () => {
    const outcome = outcomeOf(golden, tensorOf(golden.predictions), tensorOf(golden.targets));
    const computed = interpret(outcome);
    for (const { tools, value, gradient, second } of golden.results) {
      assert.deepEqual(outcome[0].shape, value.shape);
      const wrong = [value.data, gradient, second].flatMap((stored, i) =>
        stored === undefined
          ? []
          : differences(computed[i] as TypedArray, numbersOf(stored), tolerance).map((line) => `${i}: ${line}`),
      );
      const reason = tools.map((tool) => deliberate[golden.name]?.[tool]).find((text) => text !== undefined);
      if (reason === undefined) assert.deepEqual(wrong, [], tools.join());
      else assert.notDeepEqual(wrong, [], `${tools.join()} no longer ${reason}`);
    }
  });
}

test("all losses come out the same in float32 from ONNX Runtime, extreme logits included", async () => {
  const runtime = directRuntime();
  after(() => runtime.close());
  // Logits of 5 rounded to float32 are off by 2e-7, and so is what is subtracted from them.
  const single = { relative: 1e-5, absolute: 1e-6 };
  for (const golden of file.cases) {
    const at = parameter(golden.predictions.shape, golden.predictions.dtype);
    const target = parameter(golden.targets.shape, golden.targets.dtype);
    const feeds = new Map([[at, numbersOf(golden.predictions.data)] as const, [target, numbersOf(golden.targets.data)] as const]);
    const computed = await computeOn(runtime, outcomeOf(golden, at, target), feeds);
    for (const { tools, value, gradient, second } of golden.results) {
      if (tools.some((tool) => deliberate[golden.name]?.[tool] !== undefined)) continue;
      [value.data, gradient, second].forEach((stored, i) => {
        if (stored !== undefined)
          assert.deepEqual(differences(computed[i], numbersOf(stored), single), [], `${golden.name} ${i}`);
      });
    }
  }
});
