import { fault } from "../../ir/fault.js";
import type {
  OnnxAttribute,
  OnnxData,
  OnnxGraph,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValue,
} from "./model.js";
import type { Writer } from "./wire.js";
import { createWriter } from "./wire.js";

/** IR version of the written file: the one that came with operator set 21. */
export const irVersion = 10;

/** Operator sets that nodes may come from. Later standard sets lose WebGPU and CPU kernels of ONNX Runtime 1.30. */
export const operatorSets: Readonly<Record<string, number>> = { "": 21, "com.microsoft": 1 };

/**
 * The model as the bytes of an ONNX file (ModelProto of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 * Checks that constants fit their declared shape and type; whether the graph makes sense is for the runtime to say.
 */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const writer = createWriter();
  writer.integer(1, irVersion);
  writer.string(2, "softgrad");
  if (model.docString !== undefined) writer.string(6, model.docString);
  writer.message(7, () => writeGraph(writer, model));
  for (const domain of domainsOf(model)) writer.message(8, () => writeOperatorSet(writer, domain));
  for (const [key, value] of Object.entries(model.metadata ?? {})) {
    writer.message(14, () => {
      writer.string(1, key);
      writer.string(2, value);
    });
  }
  return writer.finish();
}

function writeOperatorSet(writer: Writer, domain: string): void {
  const version = operatorSets[domain];
  if (version === undefined) {
    throw fault("onnx", `operator domain "${domain}" is unknown`, { expected: Object.keys(operatorSets).map(quote).join(", ") });
  }
  if (domain !== "") writer.string(1, domain);
  writer.integer(2, version);
}

function domainsOf(graph: OnnxGraph, found = new Set([""])): Set<string> {
  for (const node of graph.nodes) {
    if (node.domain !== undefined) found.add(node.domain);
    for (const attribute of Object.values(node.attributes ?? {}))
      if (attribute.kind === "graph") domainsOf(attribute.value, found);
  }
  return found;
}

function writeGraph(writer: Writer, graph: OnnxGraph): void {
  for (const node of graph.nodes) writer.message(1, () => writeNode(writer, node));
  writer.string(2, graph.name ?? "softgrad");
  for (const initializer of graph.initializers) writer.message(5, () => writeInitializer(writer, initializer));
  for (const value of graph.inputs) writer.message(11, () => writeValue(writer, value));
  for (const value of graph.outputs) writer.message(12, () => writeValue(writer, value));
}

function writeNode(writer: Writer, node: OnnxNode): void {
  for (const name of node.inputs) writer.string(1, name);
  for (const name of node.outputs) writer.string(2, name);
  if (node.name !== undefined) writer.string(3, node.name);
  writer.string(4, node.op);
  for (const name in node.attributes) {
    const attribute = node.attributes[name];
    if (attribute !== undefined) writer.message(5, () => writeAttribute(writer, name, attribute));
  }
  if (node.domain) writer.string(7, node.domain);
}

function writeAttribute(writer: Writer, name: string, attribute: OnnxAttribute): void {
  writer.string(1, name);
  switch (attribute.kind) {
    case "float":
      writer.float(2, attribute.value);
      break;
    case "int":
      writer.integer(3, attribute.value);
      break;
    case "string":
      writer.string(4, attribute.value);
      break;
    case "tensor":
      writer.message(5, () => writeTensor(writer, attribute.value, `attribute ${quote(name)}`));
      break;
    case "graph":
      writer.message(6, () => writeGraph(writer, attribute.value));
      break;
    case "floats":
      for (const value of attribute.value) writer.float(7, value);
      break;
    case "ints":
      for (const value of attribute.value) writer.integer(8, value);
      break;
  }
  writer.integer(20, attributeCodes[attribute.kind]);
}

// AttributeProto.AttributeType
const attributeCodes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;

function writeInitializer(writer: Writer, initializer: OnnxInitializer): void {
  writeTensor(writer, initializer, `constant ${quote(initializer.name)}`);
  writer.string(8, initializer.name);
}

function writeTensor(writer: Writer, tensor: OnnxTensor, label: string): void {
  const length = tensor.shape.reduce((product, size) => product * size, 1);
  if (tensor.data.length !== length) {
    throw fault("onnx", `${label} of shape (${tensor.shape.join(" ")}) has the wrong number of values`, {
      expected: String(length),
      got: String(tensor.data.length),
    });
  }
  for (const size of tensor.shape) writer.integer(1, size);
  writer.integer(2, typeCodes[tensor.type]);
  const stored = storage[tensor.type](tensor.data, label);
  writer.bytes(9, new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
}

// TensorProto.DataType
const typeCodes: Readonly<Record<OnnxType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11, uint32: 12 };

type Stored = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array | BigInt64Array;

// Raw tensor data is little-endian, as is every machine that ONNX Runtime supports.
const storage: Readonly<Record<OnnxType, (data: OnnxData, label: string) => Stored>> = {
  float32: (data) => (data instanceof Float32Array ? data : Float32Array.from(data, Number)),
  float64: (data) => Float64Array.from(data, Number),
  int32: (data, label) => (data instanceof Int32Array ? data : Int32Array.from(data, integer(label, -(2 ** 31), 2 ** 31 - 1))),
  uint32: (data, label) => (data instanceof Uint32Array ? data : Uint32Array.from(data, integer(label, 0, 2 ** 32 - 1))),
  bool: (data) => Uint8Array.from(data, bit),
  int64: (data, label) => (data instanceof BigInt64Array ? data : toInt64(data, integer(label, -(2 ** 53), 2 ** 53))),
};

const bit = (value: number | bigint): number => (Number(value) === 0 ? 0 : 1);

function toInt64(data: OnnxData, check: (value: number | bigint) => number): BigInt64Array {
  const stored = new BigInt64Array(data.length);
  for (let index = 0; index < stored.length; index++) stored[index] = BigInt(check(data[index]!));
  return stored;
}

/** Conversion that refuses what typed arrays would silently round or wrap. */
function integer(label: string, lowest: number, highest: number): (value: number | bigint) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= lowest && number <= highest) return number;
    throw fault("onnx", `${label} has a value that its type cannot hold`, {
      expected: `an integer from ${lowest} to ${highest}`,
      got: String(value),
    });
  };
}

function writeValue(writer: Writer, value: OnnxValue): void {
  writer.string(1, value.name);
  writer.message(2, () => {
    writer.message(1, () => {
      writer.integer(1, typeCodes[value.type]);
      writer.message(2, () => {
        for (const size of value.shape) {
          writer.message(1, () => (typeof size === "number" ? writer.integer(1, size) : writer.string(2, size)));
        }
      });
    });
  });
}

const quote = (text: string): string => `"${text}"`;
