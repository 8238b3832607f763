import { fault } from "../ir/fault.js";
import { topologicalOrder } from "../ir/order.js";
import { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { resolveAxis } from "../ops/define.js";
import { broadcastTo, permute } from "../ops/index.js";
import { flattenTensors } from "./arguments.js";

/** A node of a batched graph, and whether it has the batch as axis 0 or is the same for the whole batch. */
export interface Batched {
  readonly tensor: Tensor;
  readonly batched: boolean;
}

/** Rewrites a finished graph to run over a batch: `entries` gives the batched form of its placeholders. */
export function batchGraph(outputs: readonly Tensor[], entries: ReadonlyMap<Tensor, Tensor>, size: number): Batched[] {
  const known = new Map<Tensor, Tensor>(entries);
  for (const node of topologicalOrder(outputs, (candidate) => entries.has(candidate))) {
    if (known.has(node) || !node.inputs.some((input) => known.has(input))) continue;
    known.set(node, batchNode(node, known, size));
  }
  return outputs.map((output) => ({ tensor: known.get(output) ?? output, batched: known.has(output) }));
}

function batchNode(node: Tensor, known: ReadonlyMap<Tensor, Tensor>, size: number): Tensor {
  const { primitive, inputs, params } = node;
  const moved = inputs.map((input) => known.get(input) ?? input);
  const flags = inputs.map((input) => known.has(input));
  const result =
    primitive.batching.kind === "pointwise"
      ? Tensor.of(primitive, moved.map((input, i) => (flags[i] ? input : broadcastTo(input, [size, ...input.shape]))), params) // biome-ignore format: one line
      : primitive.batching.apply(moved, flags, node, size, known);
  if (result.shape.join() !== [size, ...node.shape].join()) {
    throw fault(`the batching of ${primitive.name}`, "its shape is not that of a batch of values", {
      expected: `(${[size, ...node.shape].join(" ")})`,
      got: `(${result.shape.join(" ")})`,
    });
  }
  return result;
}

export interface VmapOptions {
  /** The batch axis of each argument: one number for all, or one per argument with null for what is the same for all. */
  inAxes?: number | readonly (number | null)[];
  /** Where the batch axis of the results goes. */
  outAxis?: number;
}

/** `f` over a batch: written for one example, run for all of them at once. */
export function vmap(
  f: (x: Tensor, ...rest: Tensor[]) => Tensor,
  options?: VmapOptions,
): (x: Tensor, ...rest: Tensor[]) => Tensor;
export function vmap<A extends readonly unknown[], R>(f: (...args: A) => R, options?: VmapOptions): (...args: A) => R;
export function vmap<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  { inAxes = 0, outAxis = 0 }: VmapOptions = {},
): (...args: A) => R {
  return (...args) => {
    const entries = new Map<Tensor, Tensor>();
    let size: number | null = null;
    const examples = args.map((arg, position) => {
      const axis = typeof inAxes === "number" ? inAxes : (inAxes[position] ?? null);
      if (axis === null) return arg;
      const { leaves, paths, rebuild } = flattenTensors("vmap", arg);
      const placeholders = leaves.map((leaf, i) => {
        const front = moveAxis(
          leaf,
          resolveAxis(`vmap (argument ${position}${paths[i] && ` at ${paths[i]}`})`, axis, leaf.rank),
          0,
        );
        size = requireSize(size, front.shape[0], position);
        const placeholder = parameter(front.shape.slice(1), leaf.dtype);
        entries.set(placeholder, front);
        return placeholder;
      });
      return rebuild(placeholders);
    });
    if (size === null)
      throw fault("vmap", "no argument has a batch axis", { fix: "give inAxes a number for at least one argument" });
    const batch: number = size;
    const result = flattenTensors("vmap (the result of the function)", f(...(examples as unknown as A)));
    const outputs = batchGraph(result.leaves, entries, batch);
    return result.rebuild(
      outputs.map(({ tensor, batched }) => {
        const whole = batched ? tensor : broadcastTo(tensor, [batch, ...tensor.shape]);
        return moveAxis(whole, 0, resolveAxis("vmap (its outAxis)", outAxis, whole.rank));
      }),
    ) as R;
  };
}

function requireSize(before: number | null, size: number, position: number): number {
  if (before === null || before === size) return size;
  throw fault("vmap", "the arguments differ in batch size", { expected: String(before), got: `${size} in argument ${position}` });
}

function moveAxis(x: Tensor, from: number, to: number): Tensor {
  const order = x.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  order.splice(to, 0, from);
  return permute(x, order);
}
