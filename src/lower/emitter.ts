import type { DType, TypedArray } from "../ir/dtype.js";
import type { EmittedAttribute, Emitter, Target } from "../ir/emitter.js";
import { formatParams, type Graph } from "../ir/graph.js";
import type { Shape } from "../ir/shape.js";
import type { OnnxAttribute, OnnxGraph, OnnxInitializer, OnnxNode, OnnxType } from "./onnx/model.js";

/** An emitter together with what has been written to it. */
export interface RecordingEmitter extends Emitter {
  /** What its names begin with. */
  readonly prefix: string;
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxInitializer[];
}

/** How graphs inside a graph are written: here, or as an attribute. */
export type Nesting = (emitter: RecordingEmitter) => Pick<Emitter, "inline" | "subgraph">;

/** Collects nodes in the order of emission; equal nodes and equal constants are written once. */
export function createEmitter(target: Target, nesting: Nesting, prefix = ""): RecordingEmitter {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  const shared = new Map<string, string>();
  let count = 0;

  const once = (key: string, make: () => string): string => {
    const name = shared.get(key) ?? make();
    shared.set(key, name);
    return name;
  };
  const store = (initializer: Omit<OnnxInitializer, "name">): string => {
    const name = `${prefix}c${initializers.length}`;
    initializers.push({ name, ...initializer });
    return name;
  };
  const ops: Emitter["ops"] = (operator, inputs, outputCount, attributes) => {
    const outputs = Array.from({ length: outputCount }, () => `${prefix}h${++count}`);
    const [op, domain] = operator.split("@");
    nodes.push({
      op,
      ...(domain !== undefined && { domain }),
      inputs,
      outputs,
      ...(attributes && {
        attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attribute(value)])),
      }),
    });
    return outputs;
  };
  const constant = (dtype: DType, data: ArrayLike<number> | TypedArray, shape: Shape): string => {
    const values = Array.from(data);
    const make = (): string => store({ type: internalType(dtype, target), shape, data: values });
    if (values.length > SHARED_ELEMENTS) return make();
    const text = values.map((value) => (Object.is(value, -0) ? "-0" : value)).join();
    return once(`${dtype} ${shape.join()} ${text}`, make);
  };
  const self: Omit<RecordingEmitter, "inline" | "subgraph"> = {
    ...target,
    prefix,
    nodes,
    initializers,
    ops,
    op: (operator, inputs, attributes) =>
      once(`${operator} ${inputs.join()} ${formatParams(attributes).join()}`, () => ops(operator, inputs, 1, attributes)[0]),
    constant,
    scalar: (value, dtype = "float32") => constant(dtype, [value], []),
    axes: (values) => once(`int64 ${values.join()}`, () => store({ type: "int64", shape: [values.length], data: [...values] })),
    cast: (name, to) => once(`cast ${name} ${to}`, () => ops("Cast", [name], 1, { to: typeCode[internalType(to, target)] })[0]),
    castSingle: (name) => once(`single ${name}`, () => ops("Cast", [name], 1, { to: typeCode.float32 })[0]),
  };
  const emitter: RecordingEmitter = Object.assign(self, {
    inline: (graph: Graph, names: readonly string[]) => nesting(emitter).inline(graph, names),
    subgraph: (graph: Graph, outer: readonly string[]) => nesting(emitter).subgraph(graph, outer),
  });
  return emitter;
}

const SHARED_ELEMENTS = 64;

/** Numbers of the element types in ONNX's TensorProto.DataType. */
const typeCode: Record<OnnxType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11, uint32: 12 };

/** The type in which a model computes what the graph calls `dtype`. */
export const internalType = (dtype: DType | "int64", { precision }: Target): OnnxType =>
  dtype === "float32" && precision === "precise" ? "float64" : dtype;

function attribute(value: EmittedAttribute): OnnxAttribute {
  if (typeof value === "number") return { kind: "int", value };
  if (typeof value === "string") return { kind: "string", value };
  if ("graph" in value) return { kind: "graph", value: value.graph as OnnxGraph };
  return "float" in value ? { kind: "float", value: value.float } : { kind: "ints", value };
}
