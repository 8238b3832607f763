import type { DType } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Graph } from "../ir/graph.js";
import type { Shape } from "../ir/shape.js";
import { encodeOnnx, lower, type OnnxModel, simplify } from "../lower/index.js";
import type { OnnxInitializer, OnnxNode } from "../lower/onnx/model.js";
import { context } from "../nn/context.js";
import type { Layer } from "../nn/layer.js";
import { parameter } from "../ops/create.js";

export interface ExportOptions {
  /** Shape of one sample, without the batch axis. */
  readonly inputShape: Shape;
  readonly inputDtype?: DType;
  /** Number of samples per run, or "any" (default) for a file that takes every number. */
  readonly batchSize?: number | "any";
  /** Key-value pairs that travel with the file: class names, how inputs were scaled. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The model in evaluation mode as an ONNX file: input `input` (batch …), output `output`, parameters stored inside. */
export function exportModel<P>(model: Layer, parameters: P, options: ExportOptions): Uint8Array {
  const { inputShape, inputDtype = "float32", batchSize = "any", metadata } = options;
  const at = (batch: number): OnnxModel => {
    const input = parameter([batch, ...inputShape], inputDtype);
    const graph: Graph = { parameters: [input], outputs: [model.apply(parameters, input, context({ mode: "eval" }))] };
    return lower(simplify(graph), {}, { inputs: ["input"], outputs: ["output"] });
  };
  const exported = batchSize === "any" ? forAnyBatch(at) : at(batchSize);
  return encodeOnnx({ ...exported, ...(metadata && { metadata }) });
}

/** Two sizes that no network has as an axis, so that where they stand the batch is meant. */
const PROBES = [6007, 7919] as const;
const BATCH_AXIS = "batch";

/**
 * The model for every batch size, from what differs between the models for two sizes: axes of inputs and outputs get a
 * name, the batch in the target of a Reshape becomes −1, and that in the target of an Expand is read from the input. Whatever else
 * depends on the batch cannot be left open.
 */
function forAnyBatch(at: (batch: number) => OnnxModel): OnnxModel {
  const [one, two] = PROBES.map(at);
  const targetsOf = (op: string) => new Set(one.nodes.flatMap((node) => (node.op === op ? [node.inputs[1]] : [])));
  const [reshapes, expands] = [targetsOf("Reshape"), targetsOf("Expand")];
  const open = (shape: OnnxModel["inputs"][number]["shape"], other: OnnxModel["inputs"][number]["shape"]) =>
    shape.map((size, axis) => (size === other[axis] ? size : BATCH_AXIS));
  const nodes: OnnxNode[] = [];
  const initializers = one.initializers.flatMap((stored, i): OnnxInitializer[] => {
    const other = two.initializers[i];
    const values = Array.from<number | bigint>(stored.data).map(Number);
    const differing = values.flatMap((value, k) => (value === Number(other.data[k]) ? [] : [k]));
    if (differing.length === 0 && stored.shape.join() === other.shape.join()) return [stored];
    const [position] = differing;
    if (differing.length !== 1) throw dependsOnBatch();
    if (reshapes.has(stored.name)) return [{ ...stored, data: values.map((value, k) => (k === position ? -1 : value)) }];
    if (!expands.has(stored.name) || values[position] !== PROBES[0]) throw dependsOnBatch();
    const parts = openTarget(stored.name, values, position);
    nodes.push(parts.node);
    return parts.initializers;
  });
  if (JSON.stringify(one.nodes) !== JSON.stringify(two.nodes)) throw dependsOnBatch();
  const [start, end] = [0, 1].map((value) => ({ kind: "int", value }) as const);
  const size: OnnxNode = { op: "Shape", inputs: [one.inputs[0].name], outputs: [BATCH_SIZE], attributes: { start, end } };
  return {
    ...one,
    nodes: [...(nodes.length > 0 ? [size] : []), ...nodes, ...one.nodes],
    initializers,
    inputs: one.inputs.map((input, i) => ({ ...input, shape: open(input.shape, two.inputs[i].shape) })),
    outputs: one.outputs.map((output, i) => ({ ...output, shape: open(output.shape, two.outputs[i].shape) })),
  };
}

const BATCH_SIZE = "batch_size";

/** A target shape whose entry at `position` is the batch: what is before it, the batch, what is behind it. */
function openTarget(
  name: string,
  values: readonly number[],
  position: number,
): { node: OnnxNode; initializers: OnnxInitializer[] } {
  const part = (suffix: string, data: readonly number[]): OnnxInitializer[] =>
    data.length === 0 ? [] : [{ name: `${name}_${suffix}`, type: "int64", shape: [data.length], data }];
  const [before, after] = [part("before", values.slice(0, position)), part("after", values.slice(position + 1))];
  const inputs = [...before.map((each) => each.name), BATCH_SIZE, ...after.map((each) => each.name)];
  const node: OnnxNode = { op: "Concat", inputs, outputs: [name], attributes: { axis: { kind: "int", value: 0 } } };
  return { node, initializers: [...before, ...after] };
}

const dependsOnBatch = () =>
  fault("exportOnnx", "the graph of this model depends on the batch size", { fix: "export it for one: { batchSize: 32 }" });
