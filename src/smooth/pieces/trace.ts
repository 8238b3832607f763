import { fault } from "../../ir/fault.js";
import { topologicalOrder } from "../../ir/order.js";
import { broadcastShapes, formatShape, type Shape, sameShape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor, parameter, type TensorLike } from "../../ops/create.js";
import { interpret } from "../../run/interpret.js";
import { NoClosedForm } from "../refusals.js";
import { constantPieces, identityPieces } from "./algebra.js";
import type { Pieces } from "./pieces.js";
import { rules } from "./rules.js";
import { type Scalar, scalar } from "./scalar.js";

/** A function of one number, and of parameters by name. */
export type ScalarFunction<K extends string = string> = (x: Tensor, parameters: { readonly [Name in K]: TensorLike }) => Tensor;

/** Parameters of the function: the number that decides the order of the breaks, and the graph where it is learned. */
export type ScalarParameters<K extends string = string> = { readonly [Name in K]: Scalar };

/**
 * The pieces of a function, found from the graph that it makes of a single x. Throws where an operation has no rule: then there is
 * no closed form.
 */
export function piecesOf<K extends string>(f: ScalarFunction<K>, parameters: ScalarParameters<K>): Pieces {
  const given = Object.entries<Scalar>(parameters);
  const learned = new Map(given.flatMap(([, { at, graph }]) => (typeof graph === "number" ? [] : [[graph, at] as const])));
  const x = parameter([], "float32");
  const values = Object.fromEntries(given.map(([name, { graph }]) => [name, graph])) as { [Name in K]: TensorLike };
  const output = asTensor(f(x, values));
  requireScalar(output, broadcastShapes([], ...[...learned.keys()].map(({ shape }) => shape)) ?? []);
  const below = inputsOf();
  const order = topologicalOrder([output], (node) => node === x || learned.has(node), below);
  const withX = reaching(order, below, (node) => node === x);
  const withLearned = reaching(order, below, (node) => learned.has(node));
  const known = new Map<Tensor, Pieces>([[x, identityPieces]]);
  const read = (node: Tensor): Pieces => {
    const pieces = known.get(node) ?? constantPieces(constantAt(node, withLearned.has(node), learned));
    known.set(node, pieces);
    return pieces;
  };
  for (const node of order) {
    if (node !== x && withX.has(node)) known.set(node, applyRule(node, below(node).map(read)));
  }
  return read(output);
}

type InputsOf = (node: Tensor) => readonly Tensor[];

/** What a node is computed from; a call with a user's derivative, from the result of its body. */
function inputsOf(): InputsOf {
  const bodies = new Map<Tensor, readonly Tensor[]>();
  return (node) => {
    const { meaning } = node.primitive;
    if (meaning.kind !== "expand") return node.inputs;
    const body = bodies.get(node) ?? [meaning.expand(node)];
    bodies.set(node, body);
    return body;
  };
}

/** The nodes that are computed from one of a kind. */
function reaching(order: readonly Tensor[], below: InputsOf, isSource: (node: Tensor) => boolean): ReadonlySet<Tensor> {
  const reached = new Set<Tensor>();
  for (const node of order) if (isSource(node) || below(node).some((input) => reached.has(input))) reached.add(node);
  return reached;
}

function applyRule(node: Tensor, inputs: readonly Pieces[]): Pieces {
  if (node.primitive.meaning.kind === "expand") return inputs[0];
  const rule = rules.get(node.primitive);
  if (rule !== undefined) return rule(inputs, node);
  throw new NoClosedForm("mollify", `${node.primitive.name} has no closed form under convolution`, {
    expected: "max, min, abs, sign, clip, where, comparisons, arithmetic, whole powers, exp of a line",
    got: node.primitive.name,
    fix: 'smooth it by quadrature: { method: "quadrature" }',
  });
}

/** A node without x: a plain number, unless something learned is in it. */
function constantAt(node: Tensor, isLearned: boolean, learned: ReadonlyMap<Tensor, number>): Scalar {
  if (!isLearned) requirePlain(node);
  const feeds = new Map([...learned].map(([tensor, at]) => [tensor, new Float64Array(tensor.size).fill(at)]));
  const [values] = interpret([node], feeds);
  const [at] = values;
  if (Number.isNaN(at) || values.some((value) => value !== at)) {
    throw fault("mollify", "the function is not one of a single number", {
      expected: "the same numbers for every element",
      got: `values ${formatShape(node.shape)}`,
      fix: "pass numbers per channel as parameters",
    });
  }
  return isLearned ? scalar(at, node) : scalar(at);
}

function requirePlain(node: Tensor): void {
  const fed = topologicalOrder([node]).find(({ primitive }) => primitive.meaning.kind === "fed");
  if (fed === undefined) return;
  throw fault("mollify", "the function uses a placeholder that it was not given", {
    fix: "make it a parameter: mollify((x, { alpha }) => …, { parameters: { alpha: 0.1 } })",
  });
}

function requireScalar(output: Tensor, shape: Shape): void {
  if (output.dtype === "float32" && sameShape(output.shape, shape)) return;
  if (output.dtype === "float32" && output.rank === 0) return;
  throw fault("mollify", "the function does not make one number of one number", {
    expected: `float32 ${formatShape(shape)}`,
    got: `${output.dtype} ${formatShape(output.shape)}`,
    fix: "smooth a function of one element; it is applied to every element of a tensor",
  });
}
