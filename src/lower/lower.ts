import type { Emitter, Target } from "../ir/emitter.js";
import { fault } from "../ir/fault.js";
import type { Graph } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import type { Fusion } from "../ir/primitive.js";
import { broadcastShapes, sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { createEmitter, internalType, type Nesting, type RecordingEmitter } from "./emitter.js";
import type { OnnxModel, OnnxValue } from "./onnx/model.js";
import { simplify } from "./simplify.js";

/** What the ends of a graph are called in the model: `p0`, `p1`, … and `y0`, `y1`, … unless told. */
export interface PortNames {
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
}

/** A simplified graph as an ONNX model: parameters become its inputs, constants its initializers. */
export function lower(graph: Graph, target: Partial<Target> = {}, names: PortNames = {}): OnnxModel {
  const inputNames = graph.parameters.map((_, i) => names.inputs?.[i] ?? `p${i}`);
  const outputNames = graph.outputs.map((_, i) => names.outputs?.[i] ?? `y${i}`);
  const emitter = createEmitter({ provider: "cpu", precision: "default", ...target }, createNesting());
  const converts = ({ dtype }: Tensor): boolean => internalType(dtype, emitter) !== dtype;
  const read = graph.parameters.map((parameter, i) =>
    converts(parameter) ? emitter.cast(inputNames[i], parameter.dtype) : inputNames[i],
  );
  const produced = emitGraph(emitter, graph, read).map((name, i) =>
    converts(graph.outputs[i]) ? emitter.castSingle(name) : name,
  );
  return {
    inputs: graph.parameters.map((parameter, i) => valueInfo(inputNames[i], parameter)),
    outputs: graph.outputs.map((output, i) => valueInfo(outputNames[i], output)),
    initializers: emitter.initializers,
    nodes: nameOutputs(emitter, produced, outputNames),
  };
}

/** Emits the nodes of a simplified graph whose parameters have the given names, and returns those of its outputs. */
function emitGraph(emitter: Emitter, graph: Graph, names: readonly string[]): string[] {
  const emitted = new Map<Tensor, string>(graph.parameters.map((parameter, i) => [parameter, names[i]]));
  const nameOf = (node: Tensor): string => emitted.get(node) ?? missing(node);
  const plans = planner(graph);
  for (const node of topologicalOrder(
    graph.outputs,
    (candidate) => emitted.has(candidate),
    (candidate) => plans(candidate).reads,
  )) {
    if (!emitted.has(node)) {
      const { reads, emit } = plans(node);
      emitted.set(node, emit(emitter, reads.map(nameOf))); // biome-ignore format: one line
    }
  }
  return graph.outputs.map(nameOf);
}

/** Graphs inside a graph; each is simplified once, and every subgraph has names of its own. */
function createNesting(): Nesting {
  const simplified = new WeakMap<Graph, Graph>();
  let count = 0;
  const simpler = (graph: Graph): Graph => {
    const known = simplified.get(graph) ?? simplify(graph);
    simplified.set(graph, known);
    return known;
  };
  const nesting: Nesting = (emitter) => ({
    inline: (graph, names) => emitGraph(emitter, simpler(graph), names),
    subgraph: (graph, outer) => {
      const { parameters, outputs } = simpler(graph);
      const prefix = `s${++count}.`;
      const inner = createEmitter(emitter, nesting, prefix);
      const info = (name: string, node: Tensor): OnnxValue => ({
        ...valueInfo(name, node),
        type: internalType(node.dtype, emitter),
      });
      const inputNames = parameters.map((_, i) => outer[i] ?? `${prefix}p${i}`);
      const outputNames = outputs.map((_, i) => `${prefix}y${i}`);
      const produced = emitGraph(inner, { parameters, outputs }, inputNames);
      return {
        graph: {
          name: `${prefix}body`,
          inputs: parameters.map((parameter, i) => info(inputNames[i], parameter)).slice(outer.length),
          outputs: outputs.map((output, i) => info(outputNames[i], output)),
          nodes: nameOutputs(inner, produced, outputNames),
          initializers: inner.initializers,
        },
      };
    },
  });
  return nesting;
}

const valueInfo = (name: string, { dtype, shape }: Tensor): OnnxValue => ({ name, type: dtype, shape });

/** How each node is emitted: with the nodes below it that it can take in, or by itself. */
function planner(graph: Graph): (node: Tensor) => Fusion {
  const uses = new Map<Tensor, number>();
  const count = (node: Tensor): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const output of graph.outputs) count(output);
  for (const node of topologicalOrder(graph.outputs)) node.inputs.forEach(count);
  const plans = new Map<Tensor, Fusion>();
  return (node) => {
    const plan =
      plans.get(node) ??
      node.primitive.fusion?.(node, (input) => uses.get(input) === 1) ??
      ({ reads: readInputs(node), emit: (emitter, names) => emit(emitter, node, names) } satisfies Fusion);
    plans.set(node, plan);
    return plan;
  };
}

function emit(emitter: Emitter, node: Tensor, inputs: readonly string[]): string {
  const { meaning, name } = node.primitive;
  switch (meaning.kind) {
    case "direct":
      return meaning.lower(emitter, inputs, node);
    case "stored":
      return emitter.constant(node.dtype, meaning.data(node.params), node.shape);
    case "fed":
      throw fault("compile", "a placeholder is not among the parameters", {
        fix: "do not keep tensors of a traced function beyond its call",
      });
    case "expand":
      throw fault("lower", `${name} must be expanded by simplify first`);
  }
}

/**
 * What a node reads. ONNX broadcasts the operands of pointwise operators itself, so a repeat is read at its source as long
 * as the operands together still have the node's shape.
 */
function readInputs(node: Tensor): readonly Tensor[] {
  if (node.primitive.batching.kind !== "pointwise") return node.inputs;
  const sources = node.inputs.map((input) => (input.primitive.broadcasts ? input.inputs[0] : input));
  const joint = broadcastShapes(...sources.map((source) => source.shape));
  return joint !== null && sameShape(joint, node.shape) ? sources : node.inputs;
}

/** Gives results their public names; one that is an input, a constant, or wanted twice is copied. */
function nameOutputs(
  emitter: RecordingEmitter,
  produced: readonly string[],
  names: readonly string[],
): RecordingEmitter["nodes"] {
  const made = new Set(emitter.nodes.flatMap((node) => node.outputs));
  const rename = new Map<string, string>();
  produced.forEach((name, i) => {
    if (made.has(name) && !rename.has(name)) rename.set(name, names[i]);
  });
  const apply = (name: string): string => rename.get(name) ?? name;
  const nodes = emitter.nodes.map((node) => ({ ...node, inputs: node.inputs.map(apply), outputs: node.outputs.map(apply) }));
  produced.forEach((name, i) => {
    if (apply(name) !== names[i]) nodes.push({ op: "Identity", inputs: [apply(name)], outputs: [names[i]] });
  });
  return nodes;
}

function missing(node: Tensor): never {
  throw fault("lower", `${node.primitive.name} was used before it was emitted`);
}
