import { fault } from "../ir/fault.js";
import type { OnnxModel } from "../lower/index.js";
import type { OnnxAttribute, OnnxGraph, OnnxInitializer, OnnxNode, OnnxValue } from "../lower/onnx/model.js";

/** Two sizes that no network has as an axis, so that where they stand the batch is meant. */
const PROBES = [6007, 7919] as const;
const BATCH_AXIS = "batch";
/** What holds the size of the batch as it runs, where something has to know it; bodies of loops see it too. */
const BATCH_SIZE = "batch_size";

/**
 * The model for every batch size, from what differs between the models for two sizes: axes of inputs and outputs get a
 * name, the batch in the target of a Reshape becomes −1, and that in the target of an Expand is read from the input. Bodies of loops are
 * opened the same way. Whatever else depends on the batch cannot be left open.
 */
export function forAnyBatch(at: (batch: number) => OnnxModel): OnnxModel {
  const [one, two] = PROBES.map(at);
  const opened = openGraph(one, two);
  if (!opened.readsSize) return { ...one, ...opened.graph };
  const [start, end] = [0, 1].map((value) => ({ kind: "int", value }) as const);
  const size: OnnxNode = { op: "Shape", inputs: [one.inputs[0].name], outputs: [BATCH_SIZE], attributes: { start, end } };
  return { ...one, ...opened.graph, nodes: [size, ...opened.graph.nodes] };
}

interface Opened<T> {
  readonly graph: T;
  readonly readsSize: boolean;
}

function openGraph(one: OnnxGraph, two: OnnxGraph): Opened<OnnxGraph> {
  if (one.nodes.length !== two.nodes.length) throw dependsOnBatch();
  const constants = one.initializers.map((stored, i) => openConstant(stored, two.initializers[i], one.nodes));
  const nodes = one.nodes.map((node, i) => openNode(node, two.nodes[i]));
  const joins = constants.flatMap(({ node }) => node ?? []);
  const values = (mine: readonly OnnxValue[], theirs: readonly OnnxValue[]): OnnxValue[] =>
    mine.map((value, i) => ({
      ...value,
      shape: value.shape.map((size, axis) => (size === theirs[i].shape[axis] ? size : BATCH_AXIS)),
    }));
  const graph = {
    ...one,
    nodes: [...joins, ...nodes.map((node) => node.graph)],
    initializers: constants.flatMap(({ initializers }) => initializers),
    inputs: values(one.inputs, two.inputs),
    outputs: values(one.outputs, two.outputs),
  };
  return { graph, readsSize: joins.length > 0 || nodes.some(({ readsSize }) => readsSize) };
}

/** A node whose bodies are opened; in everything else the two must agree. */
function openNode(one: OnnxNode, two: OnnxNode): Opened<OnnxNode> {
  let readsSize = false;
  const attributes = Object.entries(one.attributes ?? {}).map(([name, attribute]): [string, OnnxAttribute] => {
    const other = two.attributes?.[name];
    if (attribute.kind !== "graph" || other?.kind !== "graph") {
      if (JSON.stringify(attribute) !== JSON.stringify(other)) throw dependsOnBatch();
      return [name, attribute];
    }
    const body = openGraph(attribute.value, other.value);
    readsSize ||= body.readsSize;
    return [name, { kind: "graph", value: body.graph }];
  });
  const same = (key: "op" | "inputs" | "outputs"): boolean => JSON.stringify(one[key]) === JSON.stringify(two[key]);
  if (!same("op") || !same("inputs") || !same("outputs")) throw dependsOnBatch();
  return { graph: one.attributes === undefined ? one : { ...one, attributes: Object.fromEntries(attributes) }, readsSize };
}

/** A constant that may hold the batch in one place: as the target of a Reshape, or of an Expand, then with the node that makes it. */
function openConstant(
  stored: OnnxInitializer,
  other: OnnxInitializer,
  nodes: readonly OnnxNode[],
): { initializers: OnnxInitializer[]; node?: OnnxNode } {
  const values = Array.from<number | bigint>(stored.data).map(Number);
  const differing = values.flatMap((value, k) => (value === Number(other.data[k]) ? [] : [k]));
  if (differing.length === 0 && stored.shape.join() === other.shape.join()) return { initializers: [stored] };
  const isTargetOf = (op: string): boolean => nodes.some((node) => node.op === op && node.inputs[1] === stored.name);
  const [position] = differing;
  if (differing.length !== 1) throw dependsOnBatch();
  if (!isTargetOf("Expand")) {
    if (!isTargetOf("Reshape")) throw dependsOnBatch();
    return { initializers: [{ ...stored, data: values.map((value, k) => (k === position ? -1 : value)) }] };
  }
  if (values[position] !== PROBES[0]) throw dependsOnBatch();
  const part = (suffix: string, data: readonly number[]): OnnxInitializer[] =>
    data.length === 0 ? [] : [{ name: `${stored.name}_${suffix}`, type: "int64", shape: [data.length], data }];
  const [before, after] = [part("before", values.slice(0, position)), part("after", values.slice(position + 1))];
  const inputs = [...before.map(({ name }) => name), BATCH_SIZE, ...after.map(({ name }) => name)];
  const node: OnnxNode = { op: "Concat", inputs, outputs: [stored.name], attributes: { axis: { kind: "int", value: 0 } } };
  return { initializers: [...before, ...after], node };
}

const dependsOnBatch = () =>
  fault("exportOnnx", "the graph of this model depends on the batch size", { fix: "export it for one: { batchSize: 32 }" });
