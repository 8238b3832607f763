import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { context, gru, initialise, linear, lstm, parametersOf, type RecurrentLayer, type RecurrentState, rnn, sequential } from "../../src/nn/index.js"; // biome-ignore format: one line
import { matmul, ones, slice, sum, tensor, zeros } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { readGolden } from "../golden/golden.js";
import { assertLikeTorch, type TorchCase, treeOf } from "./pytorch.js";

const kinds = { rnn, lstm, gru } as const;
interface Case extends TorchCase {
  readonly options: { readonly kind: keyof typeof kinds; readonly layers: number; readonly bidirectional: boolean };
}
const { cases } = readGolden<{ readonly cases: readonly Case[] }>("recurrent");
const native = onnxRuntime({ worker: false });
after(() => native.close());

for (const golden of cases) {
  test(`${golden.name}: outputs, last states and gradients are PyTorch's`, async () => {
    const { kind, ...options } = golden.options;
    const model: RecurrentLayer = kinds[kind](4, 3, options);
    await assertLikeTorch(
      golden,
      (parameters, { x, lengths, ...state }) => {
        const given = Object.keys(state).length === 0 ? {} : { state: state as RecurrentState };
        const result = model.run(treeOf(model, parameters), x, { ...given, ...(lengths && { lengths }) });
        return [result.outputs, ...Object.values(result.state)];
      },
      native,
    );
  });
}

test("WebAssembly runs loops as the native runtime does", async () => {
  const wasm = onnxRuntime({ runtime: "wasm" });
  const golden = cases[cases.length - 1];
  const model = gru(4, 3, { layers: 2, bidirectional: true });
  const run = (parameters: Readonly<Record<string, Tensor>>, { x, lengths, h }: Readonly<Record<string, Tensor>>) => {
    const result = model.run(treeOf(model, parameters), x, { lengths, state: { h } });
    return [result.outputs, result.state.h];
  };
  await assertLikeTorch(golden, run, wasm);
  await wasm.close();
});

const numbers = (x: Tensor): number[] => Array.from(interpret([x])[0]);

test("recurrent weights start orthogonal gate by gate, and the forget gate open", () => {
  const model = lstm(5, 4, { forgetBias: 2 });
  const [{ forward }] = initialise(model, 3);
  for (let gate = 0; gate < 4; gate++) {
    const block = slice(forward.recurrentWeight, null, [4 * gate, 4 * gate + 4]);
    numbers(matmul(block, block, { transposeB: true })).forEach((value, i) =>
      assert.ok(Math.abs(value - (i % 5 === 0 ? 1 : 0)) < 1e-6),
    );
  }
  assert.deepEqual(numbers(forward.inputBias ?? zeros([])), [0, 0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(new Set(numbers(forward.recurrentBias ?? ones([]))), new Set([0]));
});

test("the last step alone, of both directions, is where each of them ends", () => {
  const x = tensor(
    Float64Array.from({ length: 2 * 3 * 2 }, (_, i) => Math.sin(i)),
    { shape: [2, 3, 2] },
  );
  const model = gru(2, 3, { bidirectional: true, returns: "last" });
  const parameters = initialise(model, 1);
  const { outputs } = model.run(parameters, x);
  const last = numbers(model.apply(parameters, x, context()));
  const forward = numbers(slice(outputs, null, 2, [0, 3]));
  const backward = numbers(slice(outputs, null, 0, [3, 6]));
  assert.deepEqual(last, [...forward.slice(0, 3), ...backward.slice(0, 3), ...forward.slice(3), ...backward.slice(3)]);
});

test("gradients reach no further back than the truncation", () => {
  const model = rnn(1, 2, { truncate: 2, returns: "last" });
  const parameters = initialise(model, 1);
  const x = ones([1, 4, 1]);
  const gradient = numbers(grad((input: Tensor) => sum(model.apply(parameters, input, context())))(x));
  assert.deepEqual(gradient.map((value) => value !== 0), [false, false, true, true]); // biome-ignore format: one line
});

test("recurrent layers stand among others and name their parameters", () => {
  const model = sequential(lstm(2, 3, { layers: 2, bidirectional: true, dropout: 0.5 }), gru(6, 2, { returns: "last" }), linear(2, 1)); // biome-ignore format: one line
  const names = parametersOf(model).map(({ path }) => path);
  assert.equal(names.length, 4 * 4 + 4 + 2);
  assert.ok(names.includes("0.1.backward.recurrentWeight"));
  const x = ones([2, 4, 2]);
  const parameters = initialise(model, 1);
  assert.deepEqual(model.apply(parameters, x, context()).shape, [2, 1]);
  assert.deepEqual(model.apply(parameters, x, context({ mode: "train", key: [1, 2] })).shape, [2, 1]);
});

test("what does not fit is refused by the name of the layer", () => {
  const model = lstm(4, 3, { bidirectional: true });
  const parameters = initialise(model, 1);
  const x = zeros([2, 5, 4]);
  const state = zeros([2, 2, 3]);
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => model.run(parameters, zeros([2, 5, 3])), /lstm 4 → 6, both directions: the inputs are 3 wide\n {2}expected {2}\(batch time 4\)/],
    [() => model.run(parameters, zeros([5, 4])), /lstm 4 → 6, both directions: operand 1 has 2 axes, not 3/],
    [() => model.run(parameters, x, { lengths: tensor([5, 4]) }), /the lengths are not one number of steps per example\n.*int32 \(2\)/],
    [() => model.run(parameters, x, { lengths: tensor(Int32Array.of(5)) }), /the lengths are not one number of steps per example/],
    [() => model.run(parameters, x, { state: { h: state } }), /the state c does not fit\n {2}expected {2}\(2 2 3\)\n {2}got {7}none/],
    [() => model.run(parameters, x, { state: { h: zeros([1, 2, 3]), c: state } }), /the state h does not fit/],
    [() => gru(0, 3), /gru: the number of inputs is not a size/],
    [() => rnn(3, 2.5), /rnn: the number of hidden units is not a size/],
    [() => lstm(3, 2, { layers: 0 }), /lstm: the number of layers is not a size/],
    [() => lstm(3, 2, { dropout: 1 }), /dropout: the rate is not a share/],
  ]; // biome-ignore format: one line each
  for (const [run, message] of wrong) assert.throws(run, message);
});
