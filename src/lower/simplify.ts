import { allocateExact } from "../ir/dtype.js";
import { formatParams, type Graph } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import { broadcastShapes, sameShape } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { constant } from "../ops/create.js";
import { broadcastTo } from "../ops/index.js";

/** Results up to this many elements are computed now rather than at every run. */
export const FOLDED_ELEMENTS = 1024;

/**
 * An equal graph with less to do: custom calls expanded, equal nodes shared, constants folded, repeats moved behind the
 * pointwise operations they feed, and every primitive's own simplification applied.
 */
export function simplify(graph: Graph): Graph {
  const context: Context = { known: new Map(), interned: new Map(), numbers: new Map() };
  for (const parameter of graph.parameters) remember(context, parameter, parameter);
  return { parameters: graph.parameters, outputs: narrow(graph.outputs.map((output) => visit(context, output))) };
}

/** Nodes with several results give only those that are read; that may spare results of the nodes before them, and so on. */
function narrow(outputs: readonly Tensor[]): readonly Tensor[] {
  const order = topologicalOrder(outputs);
  const users = new Map<Tensor, Tensor[]>();
  for (const user of order) {
    for (const input of user.inputs) if (input.primitive.severalResults) users.set(input, [...(users.get(input) ?? []), user]);
  }
  const replaced = new Map<Tensor, Tensor>();
  for (const [node, list] of users) {
    for (const [user, replacement] of node.primitive.narrow?.(node, list) ?? []) replaced.set(user, replacement);
  }
  if (replaced.size === 0) return outputs;
  const known = new Map<Tensor, Tensor>();
  const current = (node: Tensor): Tensor => replaced.get(node) ?? node;
  for (const node of topologicalOrder(outputs, undefined, (candidate) => current(candidate).inputs)) {
    const { inputs } = current(node);
    const moved = inputs.map((input) => known.get(input) ?? input);
    known.set(node, moved.every((input, i) => input === inputs[i]) ? current(node) : Tensor.over(current(node), moved));
  }
  return narrow(outputs.map((output) => known.get(output) ?? output));
}

interface Context {
  /** The simplified form of every node seen; a simplified node is its own. */
  readonly known: Map<Tensor, Tensor>;
  /** Simplified nodes by what they compute. */
  readonly interned: Map<string, Tensor>;
  readonly numbers: Map<Tensor, number>;
}

function visit(context: Context, output: Tensor): Tensor {
  for (const node of topologicalOrder([output], (candidate) => context.known.has(candidate))) {
    if (!context.known.has(node)) context.known.set(node, simplifyNode(context, node));
  }
  return lookUp(context, output);
}

const lookUp = (context: Context, node: Tensor): Tensor => context.known.get(node) ?? node;

function simplifyNode(context: Context, original: Tensor): Tensor {
  const { meaning } = original.primitive;
  if (meaning.kind === "expand") return visit(context, meaning.expand(original));
  const inputs = original.inputs.map((input) => lookUp(context, input));
  const node = inputs.every((input, i) => input === original.inputs[i]) ? original : Tensor.over(original, inputs);
  const simpler = node.primitive.simplify?.(node) ?? fold(node) ?? behindRepeats(node);
  return simpler === null ? intern(context, node) : visit(context, simpler);
}

/** The node itself, or the equal one that is there already. */
function intern(context: Context, node: Tensor): Tensor {
  if (node.primitive.unique) return remember(context, node, node);
  const operands = node.inputs.map((input) => context.numbers.get(input));
  const key = `${node.primitive.name}|${operands.join()}|${formatParams(node.params).join()}`;
  const equal = context.interned.get(key);
  if (equal !== undefined) return equal;
  context.interned.set(key, node);
  return remember(context, node, node);
}

function remember(context: Context, node: Tensor, simplified: Tensor): Tensor {
  context.known.set(node, simplified);
  context.numbers.set(node, context.numbers.size);
  return simplified;
}

/** A node without elements, and a small one all of whose inputs are stored, as the constant it is. */
function fold(node: Tensor): Tensor | null {
  const { meaning, broadcasts } = node.primitive;
  // Some kernels of ONNX Runtime stop the process when there is nothing to do.
  if (meaning.kind === "direct" && node.size === 0) return constant(allocateExact(node.dtype, 0), node.shape, node.dtype);
  if (meaning.kind !== "direct" || broadcasts || node.size > FOLDED_ELEMENTS || node.inputs.length === 0) return null;
  const values = node.inputs.map(storedData);
  if (!values.every((value) => value !== null)) return null;
  return constant(meaning.evaluate(values, node), node.shape, node.dtype);
}

function storedData(node: Tensor) {
  const { meaning } = node.primitive;
  return meaning.kind === "stored" && node.size <= FOLDED_ELEMENTS ? meaning.data(node.params) : null;
}

/** f(repeat x, repeat y) = repeat f(x, y): the smaller one is computed. */
function behindRepeats(node: Tensor): Tensor | null {
  if (node.primitive.batching.kind !== "pointwise" || node.inputs.length === 0) return null;
  const sources = node.inputs.map((input) => (input.primitive.broadcasts ? input.inputs[0] : input));
  const joint = broadcastShapes(...sources.map((source) => source.shape));
  if (joint === null || sameShape(joint, node.shape)) return null;
  const smaller = sources.map((source) => broadcastTo(source, joint));
  return broadcastTo(Tensor.of(node.primitive, smaller, node.params), node.shape);
}
