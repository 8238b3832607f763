import { isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { topologicalOrder } from "../ir/order.js";
import { formatShape, sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import type { FlatTree } from "../ir/tree.js";
import { parameter } from "../ops/create.js";
import { concat, slice, stopGradient, zeros } from "../ops/index.js";
import { flattenTensors } from "./arguments.js";
import { dependentsOf, type Loop, substitute } from "./loop.js";
import { savingScan } from "./scan-primitive.js";

export interface ScanOptions {
  /** Runs from the last step to the first; outputs stay at the place of their step. Default false. */
  readonly reverse?: boolean;
  /**
   * Truncated backpropagation through time: gradients do not cross the borders of stretches of so many steps, counted in the order
   * in which they run. Values are the same. Default: no truncation.
   */
  readonly truncate?: number;
}

/**
 * A loop over time: `f` takes what is carried and one step of the sequences, and returns what is carried on and what the step
 * gives. Returns the last carry, and the outputs of all steps stacked along a new first axis. Carries and outputs are float32;
 * sequences have time as their first axis. Values from outside may be used in `f`: they are the same at every step, and are
 * differentiated too. With no steps, the carry is the one that was given.
 */
export function scan<Carry, Sequences, Output>(
  f: (carry: Carry, step: Sequences) => { carry: Carry; output: Output },
  carry: Carry,
  sequences: Sequences,
  options: ScanOptions = {},
): { carry: Carry; outputs: Output } {
  const { reverse = false, truncate } = options;
  const init = flattenTensors("scan (its carry)", carry);
  const whole = flattenTensors("scan (its sequences)", sequences);
  const length = commonLength(whole);
  const body = traceBody(f, init, whole);
  if (length === 0) {
    const none = body.outputs.map(({ shape, dtype }) => zeros([0, ...shape], dtype));
    return { carry, outputs: body.rebuildOutput(none) as Output };
  }
  const stretch = truncate ?? length;
  if (!Number.isInteger(stretch) || stretch < 1) {
    throw fault("scan", "gradients cannot be cut there", {
      expected: "a whole number of steps, 1 or more",
      got: String(truncate),
    });
  }
  let carried: readonly Tensor[] = init.leaves;
  const pieces: (readonly Tensor[])[] = [];
  for (let start = 0; start < length; start += stretch) {
    const count = Math.min(stretch, length - start);
    const from = reverse ? length - start - count : start;
    const cut = whole.leaves.map((leaf) => (count === length ? leaf : slice(leaf, [from, from + count])));
    const begin = start === 0 ? carried : carried.map((value) => stopGradient(value));
    const results = savingScan({ ...body.loop, length: count, reverse }, [...body.outside, ...begin, ...cut]);
    carried = results.slice(0, init.leaves.length);
    pieces.push(results.slice(init.leaves.length));
  }
  if (reverse) pieces.reverse();
  const outputs = body.outputs.map((_, i) => concat(pieces.map((piece) => piece[i])));
  return { carry: init.rebuild(carried) as Carry, outputs: body.rebuildOutput(outputs) as Output };
}

function commonLength({ leaves, paths }: FlatTree<Tensor>): number {
  if (leaves.length === 0) throw fault("scan", "there is no sequence to run over", { expected: "at least one", got: "none" });
  const lengths = leaves.map((leaf) => leaf.shape[0]);
  const wrong = leaves.findIndex((leaf) => leaf.rank === 0 || leaf.shape[0] !== lengths[0]);
  if (wrong === -1) return lengths[0];
  const path = paths[wrong] === "" ? "" : ` at ${paths[wrong]}`;
  throw fault("scan", "the sequences differ in length", {
    expected: leaves[0].rank === 0 ? "a first axis of steps" : `${lengths[0]} steps`,
    got: `${formatShape(leaves[wrong].shape)}${path}`,
  });
}

interface Traced {
  readonly loop: Omit<Loop, "length" | "reverse">;
  /** What the step reads from outside of it. */
  readonly outside: readonly Tensor[];
  /** The outputs of one step. */
  readonly outputs: readonly Tensor[];
  rebuildOutput(leaves: readonly Tensor[]): unknown;
}

/** One step as a graph of its own: whatever does not change from step to step becomes a parameter of it. */
function traceBody<Carry, Sequences, Output>(
  f: (carry: Carry, step: Sequences) => { carry: Carry; output: Output },
  init: FlatTree<Tensor>,
  whole: FlatTree<Tensor>,
): Traced {
  const carries = init.leaves.map((leaf) => parameter(leaf.shape, leaf.dtype));
  const steps = whole.leaves.map((leaf) => parameter(leaf.shape.slice(1), leaf.dtype));
  const result = f(init.rebuild(carries) as Carry, whole.rebuild(steps) as Sequences);
  const next = flattenTensors("scan (the carry that its function returns)", result.carry);
  const output = flattenTensors("scan (the output of its function)", result.output);
  requireCarry(init, next);
  requireFloats("carry", next);
  requireFloats("output", output);
  const outputs = [...next.leaves, ...output.leaves];
  const inside = dependentsOf(outputs, [...carries, ...steps]);
  const outside = topologicalOrder(outputs, (node) => !inside.has(node)).filter((node) => !inside.has(node) && !isSmall(node));
  const replaced = new Map(outside.map((node) => [node, parameter(node.shape, node.dtype)]));
  const written = substitute(outputs, replaced);
  const parameters = [...replaced.values(), ...carries, ...steps];
  return {
    loop: { body: { parameters, outputs: written }, invariants: outside.length, carries: carries.length },
    outside,
    outputs: output.leaves,
    rebuildOutput: (leaves) => output.rebuild(leaves),
  };
}

/** Numbers written in the step, and repeats of them, stay in it. */
const isSmall = (node: Tensor): boolean => {
  const source = node.primitive.broadcasts ? node.inputs[0] : node;
  return source.primitive.meaning.kind === "stored" && source.size === 1;
};

function requireCarry(init: FlatTree<Tensor>, next: FlatTree<Tensor>): void {
  const wrong = init.leaves.findIndex(
    (leaf, i) =>
      init.paths[i] !== next.paths[i] || !sameShape(leaf.shape, next.leaves[i].shape) || leaf.dtype !== next.leaves[i].dtype,
  );
  if (wrong === -1 && init.leaves.length === next.leaves.length) return;
  const list = ({ leaves, paths }: FlatTree<Tensor>): string =>
    leaves.map(({ dtype, shape }, i) => `${paths[i] && `${paths[i]} `}${dtype} ${formatShape(shape)}`).join(", ");
  throw fault("scan", "a step must carry on what it was given", { expected: list(init), got: list(next) });
}

function requireFloats(what: string, { leaves, paths }: FlatTree<Tensor>): void {
  const wrong = leaves.findIndex(({ dtype }) => !isFloat(dtype));
  if (wrong === -1) return;
  throw fault("scan", `the ${what}${paths[wrong] && ` ${paths[wrong]}`} is not float32`, {
    expected: "float32",
    got: leaves[wrong].dtype,
    fix: 'cast(x, "float32")',
  });
}
