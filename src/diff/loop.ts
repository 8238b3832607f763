import { isFloat } from "../ir/dtype.js";
import { formatParams, type Graph, printGraph } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { pullBack } from "./reverse.js";

/**
 * A loop over time. The parameters of its body are values that stay, then the carries, then one step of every sequence; its
 * outputs are the next carries, then what every step gives, then what the derivative will want to know of every step.
 */
export interface Loop {
  readonly body: Graph;
  /** How many parameters of the body stay the same, and how many are carried from step to step. */
  readonly invariants: number;
  readonly carries: number;
  /** Number of steps, at least 1. */
  readonly length: number;
  /** Runs from the last step to the first; every result stays at the place of its step. */
  readonly reverse: boolean;
}

/** One result of a loop: a carry after the last step, or an output of every step, stacked in front. */
export interface Part {
  readonly start: number;
  readonly shape: Shape;
  readonly dtype: Tensor["dtype"];
}

export const carriesOf = ({ body, invariants, carries }: Loop): readonly Tensor[] =>
  body.parameters.slice(invariants, invariants + carries);

export const sequencesOf = ({ body, invariants, carries }: Loop): readonly Tensor[] =>
  body.parameters.slice(invariants + carries);

/** The results of a loop, which lie end to end in its value. */
export function partsOf({ body, carries, length }: Loop): readonly Part[] {
  let start = 0;
  return body.outputs.map(({ shape, dtype }, i) => {
    const part = { start, shape: i < carries ? shape : [length, ...shape], dtype };
    start += sizeOf(part.shape);
    return part;
  });
}

/** The body as text: loops with equal texts over equal inputs are equal. */
export const textOf = ({ body, invariants, carries, length, reverse }: Loop): string =>
  `${invariants} stay, ${carries} carried, ${reverse ? "from the end, " : ""}${length} steps of\n${printGraph(body)}\n`;

/** The same graph with some nodes replaced; what is below them is left behind. */
export function substitute(outputs: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  const known = new Map(replacements);
  for (const node of topologicalOrder(outputs, (candidate) => replacements.has(candidate))) {
    if (known.has(node)) continue;
    const inputs = node.inputs.map((input) => known.get(input) ?? input);
    const same = inputs.every((input, i) => input === node.inputs[i]);
    known.set(node, same ? node : Tensor.over(node, inputs));
  }
  return outputs.map((output) => known.get(output) ?? output);
}

/** The nodes of a graph that depend on any of the given ones, which are included. */
export function dependentsOf(outputs: readonly Tensor[], sources: Iterable<Tensor>): Set<Tensor> {
  const found = new Set(sources);
  const leaves = new Set(found);
  for (const node of topologicalOrder(outputs, (candidate) => leaves.has(candidate))) {
    if (node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}

/**
 * A graph that uses the nodes of `body` wherever it computes the same: slopes by the functions they are slopes of, which a step
 * has computed already.
 */
export function reuse(outputs: readonly Tensor[], body: Graph): Tensor[] {
  const numbers = new Map<Tensor, number>();
  const interned = new Map<string, Tensor>();
  const known = new Map<Tensor, Tensor>();
  const keep = (node: Tensor): Tensor => {
    if (!numbers.has(node)) numbers.set(node, numbers.size);
    return node;
  };
  const keyOf = ({ primitive, inputs, shape, params }: Tensor): string =>
    `${primitive.name}|${inputs.map((input) => numbers.get(input)).join()}|${shape.join()}|${formatParams(params).join()}`;
  const visit = (targets: readonly Tensor[], simplifies: boolean): void => {
    for (const node of topologicalOrder(targets, (candidate) => known.has(candidate))) {
      if (known.has(node)) continue;
      const inputs = node.inputs.map((input) => known.get(input) ?? input);
      const moved = inputs.every((input, i) => input === node.inputs[i]) ? node : Tensor.over(node, inputs);
      const { primitive } = moved;
      const key = primitive.unique ? null : keyOf(moved);
      const equal = key === null ? undefined : interned.get(key);
      const simpler = simplifies && equal === undefined ? (primitive.unfold?.(moved) ?? primitive.simplify?.(moved)) : null;
      if (simpler) visit([simpler], true);
      const kept = equal ?? keep(simpler ? (known.get(simpler) ?? simpler) : moved);
      if (key !== null) interned.set(key, kept);
      known.set(node, kept);
      known.set(kept, kept);
    }
  };
  for (const parameter of body.parameters) known.set(parameter, keep(parameter));
  visit(body.outputs, false);
  visit(outputs, true);
  return outputs.map((output) => known.get(output) ?? output);
}

/**
 * The loop, giving in addition whatever of every step its derivative reads: the values that the forward step has computed anyway,
 * and the carries before the step, from which everything else can be had. Whoever does not differentiate does not compute them.
 */
export function savingLoop(loop: Loop): Loop {
  const { body, invariants } = loop;
  const at = body.parameters.filter(({ dtype }) => isFloat(dtype));
  const cotangents = body.outputs.map(({ shape, dtype }) => (isFloat(dtype) ? parameter(shape, dtype) : null));
  const gradients = reuse(pullBack(body.outputs, at)(cotangents).filter((part) => part !== null), body); // biome-ignore format: one line
  const backward = dependentsOf(gradients, cotangents.filter((part) => part !== null)); // biome-ignore format: one line
  const varying = dependentsOf(body.outputs, body.parameters.slice(invariants));
  const known = new Set(body.parameters);
  const forward = new Set(topologicalOrder(body.outputs, (node) => known.has(node)));
  const saved = new Set<Tensor>();
  const holds = ({ primitive }: Tensor): boolean => !primitive.broadcasts && !primitive.severalResults;
  const stops = (node: Tensor): boolean =>
    known.has(node) || (!backward.has(node) && forward.has(node) && varying.has(node) && holds(node));
  for (const node of topologicalOrder(gradients, stops)) {
    if (stops(node) && !known.has(node) && !backward.has(node)) saved.add(node);
  }
  return { ...loop, body: { ...body, outputs: [...body.outputs, ...saved, ...carriesOf(loop)] } };
}

/** The loop with only some of the results that are given at every step, and the places of its inputs that it still reads. */
export function narrowLoop(loop: Loop, kept: readonly number[]): { loop: Loop; inputs: readonly number[] } {
  const { body, invariants, carries } = loop;
  const outputs = body.outputs.filter((_, i) => i < carries || kept.includes(i));
  const read = new Set(topologicalOrder(outputs));
  const inputs = body.parameters.flatMap((node, i) => {
    const carried = i >= invariants && i < invariants + carries;
    return carried || read.has(node) ? [i] : [];
  });
  const parameters = inputs.map((i) => body.parameters[i]);
  const stay = inputs.filter((i) => i < invariants).length;
  return { loop: { ...loop, body: { parameters, outputs }, invariants: stay }, inputs };
}
