import assert from "node:assert/strict";
import { test } from "node:test";
import { hardTanh, leakyRelu, relu, swish } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { annealed, context, initialise, learned, parametersOf } from "../../src/nn/index.js";
import { sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { gaussian, logistic, mollify } from "../../src/smooth/index.js";

const numbers = (x: Tensor): number[] => [...interpret([x])[0]];
const x = tensor([-2, -0.3, 0, 0.4, 3]);

test("a learned width stays positive whatever is stored, shared or one to a channel", () => {
  for (const channels of [undefined, 5]) {
    const layer = learned(mollify(relu, { kernel: gaussian, width: 0.5 }), channels === undefined ? {} : { channels });
    const [{ path }] = parametersOf(layer);
    const shape = channels === undefined ? 1 : channels;
    for (const stored of [-80, -3, 0, 40]) {
      const raw = channels === undefined ? tensor(stored) : tensor(Array<number>(shape).fill(stored));
      assert.ok(numbers(layer.values({ [path]: raw }).width).every((width) => width > 0));
      assert.ok(numbers(layer.apply({ [path]: raw }, x, context())).every((value) => value >= 0 && Number.isFinite(value)));
    }
  }
});

test("a learned smoothing computes at its start what the fixed one does, and has a gradient in slope and width", () => {
  const smooth = mollify(leakyRelu.with({ alpha: 0.15 }), { kernel: gaussian, width: 0.5 });
  const layer = learned(smooth);
  const start = initialise(layer, 1);
  const [fixed, own] = [numbers(smooth(x)), numbers(layer.apply(start, x, context()))];
  own.forEach((value, i) => assert.ok(Math.abs(value - fixed[i]) < 1e-6));
  const gradient = grad((p: typeof start) => sum(layer.apply(p, x, context())))(start);
  const shifted = (name: string, by: number): number =>
    numbers(sum(layer.apply({ ...start, [name]: tensor(numbers(start[name])[0] + by) }, x, context())))[0];
  for (const name of Object.keys(start)) {
    const difference = (shifted(name, 1e-5) - shifted(name, -1e-5)) / 2e-5;
    assert.ok(Math.abs(numbers(gradient[name])[0] - difference) < 1e-6, name);
  }
});

test("hardening keeps what was learned besides the width", () => {
  const layer = learned(mollify(leakyRelu.with({ alpha: 0.15 }), { kernel: gaussian, width: 0.5 }));
  const start = initialise(layer, 1);
  const alpha = numbers(layer.values(start).alpha)[0];
  const got = numbers(layer.harden().apply(start, x, context()));
  [-2, -0.3, 0, 0.4, 3].forEach((at, i) => assert.ok(Math.abs(got[i] - (at > 0 ? at : alpha * at)) < 1e-12));
  assert.throws(() => learned(swish).harden(), Fault);
});

test("an annealed width counts training steps, ends where it was told to, and may end as the exact function", () => {
  const smooth = mollify(hardTanh, { kernel: logistic, width: 1 });
  for (const [shape, half] of [
    ["geometric", 0.1],
    ["linear", 0.505],
    ["cosine", 0.505],
  ] as const) {
    const layer = annealed(smooth, { to: 0.01, steps: 10, shape });
    const at = (step: number): number[] => numbers(layer.apply({ step: tensor(step) }, x, context({ mode: "train" })));
    const expected = (width: number): number[] => numbers(smooth(x, { width }));
    for (const [step, width] of [
      [0, 1],
      [5, half],
      [10, 0.01],
      [99, 0.01],
    ] as const) {
      at(step).forEach((value, i) => assert.ok(Math.abs(value - expected(width)[i]) < 1e-6, `${shape} ${step}`));
    }
  }
  const written: number[] = [];
  const layer = annealed(smooth, { to: 0.01, steps: 10, harden: true });
  const training = context({ mode: "train", write: (_, value) => void written.push(numbers(value)[0]) });
  layer.apply({ step: tensor(3) }, x, training);
  assert.deepEqual(written, [4]);
  assert.deepEqual(numbers(layer.apply({ step: tensor(3) }, x, context())), numbers(hardTanh(x)));
});

test("a course that leads nowhere is refused", () => {
  const smooth = mollify(relu, { kernel: gaussian });
  assert.throws(() => annealed(smooth, { to: 0, steps: 10 }), Fault);
  assert.throws(() => annealed(smooth, { to: 0.1, steps: 0 }), /number of steps/);
  assert.throws(() => annealed(smooth, { to: 0.1, steps: 5, shape: "sudden" as "linear" }), /shape is not known/);
  assert.throws(() => annealed(swish, { parameter: "beta", to: 5, steps: 5, harden: true }), /no exact function/);
});
