import type { DType } from "../../src/ir/dtype.js";
import { encodeOnnx } from "../../src/lower/onnx/encode.js";
import type { OnnxInitializer, OnnxNode } from "../../src/lower/onnx/model.js";
import type { Plan, Port } from "../../src/run/host.js";

export const port = (name: string, dtype: DType, shape: number[] = [], slot: number | null = null): Port => ({
  name,
  dtype,
  shape,
  slot,
});

/** A float32 port: `f("x", [2, 3])` is an argument or a result, `f("w", [2], 0)` is wired to slot 0. */
export const f = (name: string, shape: number[] = [], slot: number | null = null): Port => port(name, "float32", shape, slot);

/** A node in short: `op("Mul a b -> c")`. */
export function op(text: string, attributes: OnnxNode["attributes"] = {}): OnnxNode {
  const [left, right] = text.split(" -> ") as [string, string];
  const [name, ...inputs] = left.split(" ") as [string, ...string[]];
  return { op: name, inputs, outputs: right.split(" "), attributes };
}

export function plan(inputs: Port[], outputs: Port[], nodes: OnnxNode[], initializers: OnnxInitializer[] = []): Plan {
  const value = ({ name, dtype, shape }: Port) => ({ name, type: dtype, shape });
  const model = encodeOnnx({ inputs: inputs.map(value), outputs: outputs.map(value), initializers, nodes });
  return { model, inputs, outputs };
}

/** w ← w + x, and y = x·(w before the call): wrong in one of them as soon as input and output share memory. */
export const accumulate = plan(
  [f("w", [2], 0), f("x", [2])],
  [f("new", [2], 0), f("y", [2])],
  [op("Add w x -> new"), op("Mul w x -> y")],
);

export const floats = (...values: number[]): Float32Array => Float32Array.from(values);
