import assert from "node:assert/strict";
import { test } from "node:test";
import { grad } from "../../src/diff/index.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { type LossOptions, losses } from "../../src/nn/losses/index.js";
import { mul, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
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

function outcomeOf({ call, predictions, targets, options }: Case): Tensor[] {
  const loss = losses.find((candidate) => candidate.name === call);
  assert.ok(loss, call);
  const given = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, isStored(value) ? tensorOf(value) : value]),
  );
  const at = tensorOf(predictions);
  const target = tensorOf(targets);
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
    const outcome = outcomeOf(golden);
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
