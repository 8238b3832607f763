import { flowingInputs } from "../diff/forward.js";
import { formatParams } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import type { Primitive } from "../ir/primitive.js";
import type { Node, Tensor } from "../ir/tensor.js";
import type { Operation } from "../ops/define.js";
import { identity } from "../ops/identity.js";
import {
  add,
  cast,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  matmul,
  mul,
  neg,
  notEqual,
  power,
  reciprocal,
  sub,
  sum,
} from "../ops/index.js";
import { step } from "../ops/piecewise.js";
import { sigmoidSlope, tanhSlope } from "../ops/saturating.js";
import { tailSigmoid, tailSigmoidSlope } from "../ops/tail-sigmoid.js";
import { DEFAULT_DIGITS, formatConstant, formatNested, nest } from "./numbers.js";
import { atom, divided, multiplied, negated, numeral, raised, related, summed, times, type Written, whole } from "./written.js";

/** How a node looks in a formula, given how its inputs look. Null leaves it to the usual form, a call of its name. */
export type Notation<P = unknown> = (inputs: readonly Written[], node: Node<P>) => Written | null;

const entry = <P>({ primitive }: Operation<unknown, P>, notation: Notation<P>): [Primitive, Notation] => [
  primitive as Primitive,
  notation as Notation,
];

/**
 * Operations that have a sign of their own in mathematics. Everything else is written as a call of its name, so this
 * table may be incomplete but not wrong: a test reads what it writes back and compares the values.
 */
export const notations: ReadonlyMap<Primitive, Notation> = new Map([
  entry(add, ([x, y]) => summed(x, y)),
  entry(sub, ([x, y]) => summed(x, y, true)),
  entry(mul, ([x, y], { inputs }) => (inputs[0] === inputs[1] ? raised(x, numeral("2")) : multiplied(x, y))),
  entry(div, ([x, y]) => divided(x, y)),
  entry(neg, ([x]) => negated(x)),
  entry(reciprocal, ([x]) => divided(numeral("1"), x)),
  entry(power, ([x, y]) => raised(x, y)),
  entry(equal, ([x, y]) => related("==", x, y)),
  entry(notEqual, ([x, y]) => related("≠", x, y)),
  entry(greater, ([x, y]) => related(">", x, y)),
  entry(greaterEqual, ([x, y]) => related("≥", x, y)),
  entry(less, ([x, y]) => related("<", x, y)),
  entry(lessEqual, ([x, y]) => related("≤", x, y)),
  entry(sigmoidSlope, ([x]) => atom(`sigmoid′(${whole(x)})`)),
  // The same functions by a lowering that keeps their tails.
  entry(tailSigmoid, ([x]) => atom(`sigmoid(${whole(x)})`)),
  entry(tailSigmoidSlope, ([x]) => atom(`sigmoid′(${whole(x)})`)),
  entry(tanhSlope, ([x]) => atom(`tanh′(${whole(x)})`)),
  entry(identity, ([x]) => x),
  // Iverson's bracket: 1 where the statement holds, 0 elsewhere.
  entry(cast, ([x], { inputs: [source] }) => (source.dtype === "bool" ? atom(`[${whole(x)}]`) : null)),
  entry(step, ([x], { params: { at, below, above } }) => {
    const jump = atom(`[${whole(related(">", x, numeral(formatConstant(at))))}]`);
    const scaled = above - below === 1 ? jump : multiplied(numeral(formatConstant(above - below)), jump);
    return below === 0 ? scaled : summed(numeral(formatConstant(below)), scaled);
  }),
  entry(matmul, ([x, y], { params }) => times(x, params.transposeA, y, params.transposeB)),
  entry(sum, ([x], { inputs: [source], params }) => (params.axes.length === source.rank ? atom(`sum(${whole(x)})`) : null)),
]);

export interface WriteOptions {
  /** Names of the nodes that are to be named rather than written out. */
  readonly names: ReadonlyMap<Tensor, string>;
  readonly digits?: number;
}

/** A graph as a formula. */
export function writeFormula(output: Tensor, options: WriteOptions): string {
  return whole(writeAll([output], options)[0]);
}

/** What a node computes as a formula over its inputs, though it has a name itself. */
export function writeNode(node: Tensor, options: WriteOptions): string {
  return whole(writeOne(node, writeAll(node.inputs, options), options));
}

function writeAll(outputs: readonly Tensor[], options: WriteOptions): Written[] {
  const done = new Map<Tensor, Written>();
  const lookUp = (node: Tensor): Written => done.get(node) ?? atom("?");
  for (const node of topologicalOrder(outputs, (candidate) => options.names.has(candidate))) {
    const name = options.names.get(node);
    done.set(node, name === undefined ? writeOne(node, node.inputs.map(lookUp), options) : atom(name));
  }
  return outputs.map(lookUp);
}

function writeOne(node: Tensor, inputs: readonly Written[], { digits = DEFAULT_DIGITS }: WriteOptions): Written {
  const { primitive, params } = node;
  if (primitive.meaning.kind === "stored") return writeStored(node, primitive.meaning.data(params), digits);
  if (primitive.derivative.kind === "custom") {
    const args = flowingInputs(node).map((input) => whole(inputs[node.inputs.indexOf(input)]));
    return atom(`${primitive.name}(${args.join(", ")})`);
  }
  // What is repeated is written once, as in NumPy.
  if (primitive.broadcasts) return inputs[0];
  const special = notations.get(primitive)?.(inputs, node) ?? null;
  return special ?? atom(`${primitive.name}(${[...inputs.map(whole), ...formatParams(params)].join(", ")})`);
}

const WRITTEN_ELEMENTS = 6;

function writeStored(node: Tensor, data: Parameters<typeof nest>[0], digits: number): Written {
  if (node.rank === 0 && node.dtype !== "bool") return numeral(formatConstant(data[0], digits));
  return atom(formatNested(nest(data, node), digits, WRITTEN_ELEMENTS));
}
