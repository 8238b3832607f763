import assert from "node:assert/strict";
import { test } from "node:test";
import * as ort from "onnxruntime-node";
import { Fault } from "../../src/ir/fault.js";
import { encodeOnnx } from "../../src/lower/onnx/encode.js";
import type { OnnxData, OnnxModel, OnnxNode, OnnxType, OnnxValue } from "../../src/lower/onnx/model.js";

const value = (name: string, type: OnnxType, shape: number[]): OnnxValue => ({ name, type, shape });
const node = (op: string, inputs: string[], outputs: string[], rest: Partial<OnnxNode> = {}): OnnxNode => ({
  op,
  inputs,
  outputs,
  ...rest,
});

async function outputOf(model: OnnxModel, feeds: Record<string, ort.Tensor> = {}): Promise<ort.Tensor> {
  const session = await ort.InferenceSession.create(encodeOnnx(model), { logSeverityLevel: 3 });
  const results = await session.run(feeds);
  await session.release();
  return results[model.outputs[0]!.name]!;
}

/** What the runtime reads back from a constant that was written with this data. */
function constant(type: OnnxType, shape: number[], data: OnnxData): Promise<ort.Tensor> {
  return outputOf({
    inputs: [],
    outputs: [value("y", type, shape)],
    initializers: [{ name: "c", type, shape, data }],
    nodes: [node("Identity", ["c"], ["y"])],
  });
}

test("a constant of every type comes back as it was written, from plain numbers and from typed arrays", async () => {
  const extremes = [0, -0, 1, -1, 3.4028234663852886e38, 1.401298464324817e-45, Infinity, -Infinity, NaN];
  const float = await constant("float32", [9], extremes);
  assert.deepEqual(Array.from(float.data as Float32Array), extremes);
  assert.deepEqual((await constant("float32", [2], Float64Array.of(0.1, 1e39))).data, Float32Array.of(0.1, Infinity));
  assert.deepEqual((await constant("float32", [2], Float32Array.of(0.5, -2))).data, Float32Array.of(0.5, -2));
  assert.deepEqual(
    (await constant("int32", [3], [-2147483648, -1, 2147483647])).data,
    Int32Array.of(-2147483648, -1, 2147483647),
  );
  assert.deepEqual((await constant("uint32", [2], [0, 4294967295])).data, Uint32Array.of(0, 4294967295));
  assert.deepEqual((await constant("uint32", [2], Uint32Array.of(7, 4294967295))).data, Uint32Array.of(7, 4294967295));
  assert.deepEqual((await constant("bool", [3], [1, 0, 2])).data, Uint8Array.of(1, 0, 1));
  assert.deepEqual((await constant("int64", [2], [-1, 2 ** 53 - 1])).data, BigInt64Array.of(-1n, 2n ** 53n - 1n));
  const wide = BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n);
  assert.deepEqual((await constant("int64", [2], wide)).data, wide);
});

test("scalars, empty tensors and views into larger buffers keep shape and values", async () => {
  const scalar = await constant("float32", [], [2.5]);
  assert.deepEqual([scalar.dims, Array.from(scalar.data as Float32Array)], [[], [2.5]]);
  const empty = await constant("float32", [2, 0, 3], []);
  assert.deepEqual([empty.dims, empty.data.length], [[2, 0, 3], 0]);
  const view = await constant("float32", [2], Float32Array.of(1, 2, 3, 4).subarray(1, 3));
  assert.deepEqual(view.data, Float32Array.of(2, 3));
});

test("attributes of every kind reach the operator", async () => {
  const feeds = { x: new ort.Tensor("float32", Float32Array.of(1, -2, 3, -4, 5, -6), [2, 3]) };
  const run = (shape: number[], nodes: OnnxNode[], initializers: OnnxModel["initializers"] = []) =>
    outputOf({ inputs: [value("x", "float32", [2, 3])], outputs: [value("y", "float32", shape)], initializers, nodes }, feeds);

  const ints = await run([3, 2], [node("Transpose", ["x"], ["y"], { attributes: { perm: { kind: "ints", value: [1, 0] } } })]);
  assert.deepEqual(ints.data, Float32Array.of(1, -4, -2, 5, 3, -6));
  const float = await run([2, 3], [node("LeakyRelu", ["x"], ["y"], { attributes: { alpha: { kind: "float", value: 0.5 } } })]);
  assert.deepEqual(float.data, Float32Array.of(1, -1, 3, -2, 5, -3));
  const int = await run([2, 6], [node("Concat", ["x", "x"], ["y"], { attributes: { axis: { kind: "int", value: -1 } } })]);
  assert.deepEqual(int.data, Float32Array.of(1, -2, 3, 1, -2, 3, -4, 5, -6, -4, 5, -6));
  // erf-based GELU at 1 is Φ(1) = 0.8413447460685429, the tanh form gives 0.8411919906082768.
  const text = await run(
    [2, 3],
    [node("Gelu", ["x"], ["y"], { attributes: { approximate: { kind: "string", value: "tanh" } } })],
  );
  assert.ok(Math.abs((text.data as Float32Array)[0]! - 0.8411919906082768) < 2e-7);
  const tensor = { kind: "tensor", value: { type: "float32", shape: [3], data: [10, 20, 30] } } as const;
  const added = await run(
    [2, 3],
    [node("Constant", [], ["c"], { attributes: { value: tensor } }), node("Add", ["x", "c"], ["y"])],
  );
  assert.deepEqual(added.data, Float32Array.of(11, 18, 33, 6, 25, 24));
  const floats = { kind: "floats", value: [0.5, -1, 2] } as const;
  const scaled = await run(
    [2, 3],
    [node("Constant", [], ["c"], { attributes: { value_floats: floats } }), node("Mul", ["x", "c"], ["y"])],
  );
  assert.deepEqual(scaled.data, Float32Array.of(0.5, 2, 6, -2, -5, -12));
});

test("a nested graph runs as the branch of an If", async () => {
  const branch = (op: string) =>
    ({
      kind: "graph",
      value: { inputs: [], outputs: [value("out", "float32", [2])], initializers: [], nodes: [node(op, ["x"], ["out"])] },
    }) as const;
  const model: OnnxModel = {
    inputs: [value("choose", "bool", []), value("x", "float32", [2])],
    outputs: [value("y", "float32", [2])],
    initializers: [],
    nodes: [node("If", ["choose"], ["y"], { attributes: { then_branch: branch("Neg"), else_branch: branch("Abs") } })],
  };
  const x = new ort.Tensor("float32", Float32Array.of(1, -2), [2]);
  const choose = (bit: number) => new ort.Tensor("bool", Uint8Array.of(bit), []);
  assert.deepEqual((await outputOf(model, { choose: choose(1), x })).data, Float32Array.of(-1, 2));
  assert.deepEqual((await outputOf(model, { choose: choose(0), x })).data, Float32Array.of(1, 2));
});

test("operators from the Microsoft domain and omitted optional inputs are accepted", async () => {
  const model: OnnxModel = {
    inputs: [value("x", "float32", [3])],
    outputs: [value("y", "float32", [3])],
    initializers: [{ name: "high", type: "float32", shape: [], data: [1] }],
    nodes: [node("Clip", ["x", "", "high"], ["c"]), node("QuickGelu", ["c"], ["y"], { domain: "com.microsoft" })],
  };
  const y = await outputOf(model, { x: new ort.Tensor("float32", Float32Array.of(0, 1, 9), [3]) });
  // x·σ(1.702 x) at 1: 1 / (1 + e^-1.702) = 0.8457957659328212
  assert.equal((y.data as Float32Array)[0], 0);
  assert.ok(Math.abs((y.data as Float32Array)[1]! - 0.8457957659328212) < 2e-7);
  assert.equal((y.data as Float32Array)[2], (y.data as Float32Array)[1]);
});

test("names beyond ASCII, long names, documentation and metadata survive thousands of nodes", async () => {
  const names = Array.from({ length: 3001 }, (_, index) => `größe→${"n".repeat(index % 200)}${index}`);
  const model: OnnxModel = {
    docString: "Σ",
    metadata: { author: "ünïcode", empty: "" },
    inputs: [value(names[0]!, "float32", [])],
    outputs: [value(names[3000]!, "float32", [])],
    initializers: [{ name: "one", type: "float32", shape: [], data: [1] }],
    nodes: names.slice(1).map((name, index) => node("Add", [names[index]!, "one"], [name], { name: `add ${index}` })),
  };
  const y = await outputOf(model, { [names[0]!]: new ort.Tensor("float32", Float32Array.of(0), []) });
  assert.equal((y.data as Float32Array)[0], 3000);
});

test("a constant with the wrong number of values, or of fractions where integers belong, is refused by name", async () => {
  const bytes = (type: OnnxType, shape: number[], data: OnnxData) => () =>
    encodeOnnx({ inputs: [], outputs: [], initializers: [{ name: "scale", type, shape, data }], nodes: [] });
  assert.throws(bytes("float32", [2, 2], [1, 2, 3]), (error) => error instanceof Fault && /"scale".*\(2 2\)/.test(error.problem));
  for (const type of ["int32", "uint32", "int64"] as const) {
    assert.throws(bytes(type, [1], [0.5]), (error) => error instanceof Fault && /"scale"/.test(error.problem));
  }
  assert.throws(bytes("uint32", [1], [-1]), (error) => error instanceof Fault && error.details.got === "-1");
  assert.throws(bytes("int32", [1], [2 ** 31]), (error) => error instanceof Fault && error.details.got === "2147483648");
});
