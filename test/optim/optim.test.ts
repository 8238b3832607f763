import assert from "node:assert/strict";
import { test } from "node:test";
import { topologicalOrder } from "../../src/ir/order.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { simplify } from "../../src/lower/index.js";
import { parameter } from "../../src/ops/create.js";
import { tensor } from "../../src/ops/index.js";
import {
  adam,
  adamW,
  clipByGlobalNorm,
  clipByValue,
  clipGradients,
  cosine,
  learningRateAt,
  type Optimizer,
  optimizers,
  rmsProp,
  sgd,
} from "../../src/optim/index.js";
import { interpret } from "../../src/run/interpret.js";

/** One update from a state of zeros. */
function firstUpdate(optimizer: Optimizer, { decays = true, gradient = [0.5, -2, 0] } = {}): number[] {
  const slots = Object.fromEntries(optimizer.slots.map((name) => [name, tensor(gradient.map(() => 0))]));
  const { parameter: moved } = optimizer.update({
    parameter: tensor([1, 2, 3]),
    gradient: tensor(gradient),
    slots,
    step: tensor(1),
    learningRate: tensor(learningRateAt(optimizer, 0)),
    decays,
  });
  return Array.from(interpret([moved])[0]);
}

/** Passes over the buffer in one update. */
function passes(optimizer: Optimizer): number {
  const buffer = () => parameter([1000], "float32");
  const [p, g, step, learningRate] = [buffer(), buffer(), parameter([], "float32"), parameter([], "float32")];
  const slots = Object.fromEntries(optimizer.slots.map((name) => [name, buffer()]));
  const moved = optimizer.update({ parameter: p, gradient: g, slots, step, learningRate, decays: true });
  const outputs: Tensor[] = [moved.parameter, ...Object.values(moved.slots)];
  const graph = simplify({ parameters: [p, g, step, learningRate, ...Object.values(slots)], outputs });
  return topologicalOrder(graph.outputs).filter(
    (node) => node.size === 1000 && node.inputs.length > 0 && !node.primitive.broadcasts,
  ).length;
}

test("every optimizer describes itself, and returns the slots it names", () => {
  for (const [name, make] of Object.entries(optimizers)) {
    assert.equal(make.record.name, name);
    assert.equal(make().name, name);
    assert.ok(make.record.doc.endsWith(".") && make.record.tex.length > 0 && make.record.source.length > 0, name);
    const optimizer = make();
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, tensor([0])]));
    const input = {
      parameter: tensor([1]),
      gradient: tensor([1]),
      step: tensor(1),
      learningRate: tensor(0.1),
      decays: true,
      slots,
    };
    assert.deepEqual(Object.keys(optimizer.update(input).slots), [...optimizer.slots]);
  }
});

test("updates are few passes over the parameters", () => {
  assert.equal(passes(sgd()), 2);
  assert.equal(passes(sgd({ momentum: 0.9 })), 4);
  assert.equal(passes(rmsProp()), 8);
  assert.equal(passes(adam()), 10);
  assert.equal(passes(adamW()), 11);
});

test("weight decay leaves alone what does not decay", () => {
  for (const make of Object.values(optimizers)) {
    const [plain, strong] = [make({ weightDecay: 0 }), make({ weightDecay: 0.5 })];
    assert.deepEqual(firstUpdate(strong, { decays: false }), firstUpdate(plain), plain.name);
    assert.notDeepEqual(firstUpdate(strong), firstUpdate(plain), plain.name);
  }
});

test("a gradient of 0 moves nothing from the start, whatever the optimizer", () => {
  for (const make of Object.values(optimizers)) {
    assert.deepEqual(firstUpdate(make({ weightDecay: 0 }), { gradient: [0, 0, 0] }), [1, 2, 3], make.name);
  }
});

test("centred RMSProp stays finite when the gradient is always the same, where the variance is all rounding", () => {
  const optimizer = rmsProp({ centered: true, decay: 0.9 });
  let state = [tensor([1]), ...optimizer.slots.map(() => tensor([0]))];
  for (let step = 1; step <= 400; step++) {
    const slots = Object.fromEntries(optimizer.slots.map((name, i) => [name, state[i + 1]]));
    const input = { gradient: tensor([0.1]), step: tensor(step), learningRate: tensor(1e-9), decays: true, slots };
    const moved = optimizer.update({ ...input, parameter: state[0] });
    state = interpret([moved.parameter, ...optimizer.slots.map((name) => moved.slots[name])]).map((data) => tensor(data));
  }
  assert.ok(state.every((x) => interpret([x])[0].every(Number.isFinite)));
});

test("the rate is a number or a schedule, asked with the steps taken so far", () => {
  assert.equal(learningRateAt(adam({ learningRate: 0.3 }), 7), 0.3);
  const optimizer = adam({ learningRate: cosine({ rate: 0.2, steps: 10 }) });
  assert.deepEqual([learningRateAt(optimizer, 0), learningRateAt(optimizer, 10)], [0.2, 0]);
  assert.match(
    JSON.stringify(optimizer.options),
    /"learningRate":\{"name":"cosine","minimum":0,"cycles":1,"growth":1,"rate":0.2,"steps":10\}/,
  );
});

test("numbers out of range and unknown options are named", () => {
  const refused: readonly [() => Optimizer, RegExp][] = [
    [
      () => adam({ learningRate: 0 }),
      /adam: learningRate is out of range\n {2}expected {2}a number in \(0, ∞\), or a schedule\n {2}got {7}0/,
    ],
    [() => adam({ learningRate: Number.NaN }), /learningRate is out of range/],
    [() => adam({ beta1: 1 }), /adam: beta1 is out of range\n {2}expected {2}a number in \[0, 1\)\n {2}got {7}1/],
    [() => adam({ beta2: -0.1 }), /beta2/],
    [() => adam({ epsilon: 0 }), /epsilon/],
    [() => sgd({ momentum: 1 }), /momentum/],
    [() => sgd({ nesterov: true }), /nesterov needs momentum/],
    [() => sgd({ nesterov: "yes" as unknown as boolean, momentum: 0.5 }), /nesterov is not a boolean/],
    [() => sgd({ weightDecay: -1 }), /weightDecay/],
    [() => sgd({ clipNorm: 0 }), /clipNorm/],
    [() => rmsProp({ decay: 1 }), /decay/],
    [() => adam({ beta3: 0.5 } as object), /there is no option beta3\n {2}expected {2}learningRate, weightDecay, beta1/],
  ];
  for (const [make, message] of refused) assert.throws(make, message);
});

test("gradients that are not finite are clipped to 0 together, and the norm says so", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e200]) {
    const { gradients, norm } = clipByGlobalNorm([tensor([1, bad]), tensor([2])], 1);
    const [first, second, length] = interpret([...gradients, norm ?? tensor(0)]);
    assert.deepEqual([...first, ...second], [0, 0, 0]);
    assert.ok(!Number.isFinite(length[0]));
  }
  const [held] = interpret(clipByValue([tensor([Number.NaN, Number.POSITIVE_INFINITY, -7])], 5));
  assert.deepEqual([...held], [Number.NaN, 5, -5]);
});

test("an optimizer's clipping is by value first, then by norm, and none when it asks for none", () => {
  const given = [tensor([30, -40])];
  assert.equal(clipGradients(sgd(), given).gradients[0], given[0]);
  const { gradients, norm } = clipGradients(sgd({ clipValue: 4, clipNorm: 1 }), [tensor([3, -40])]);
  const [clipped, length] = interpret([gradients[0], norm ?? tensor(0)]);
  assert.deepEqual([length[0], clipped[0], clipped[1]], [5, 3 * (1 / 5), -4 * (1 / 5)]);
  assert.deepEqual(clipByGlobalNorm([], 1), { gradients: [], norm: null });
  assert.throws(() => clipByGlobalNorm([], -1), /clipByGlobalNorm: maxNorm is out of range/);
  assert.throws(() => clipByValue([], 0), /clipByValue: limit is out of range/);
});
