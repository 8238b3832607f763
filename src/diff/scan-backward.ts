import { isFloat } from "../ir/dtype.js";
import type { Graph } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import { sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { add, broadcastTo, matmul, permute, reshape, sum } from "../ops/index.js";
import type { MatmulParams } from "../ops/linear-algebra.js";
import { batchGraph } from "./batch.js";
import { zerosLike } from "./forward.js";
import { carriesOf, dependentsOf, type Loop, partsOf, reuse, sequencesOf, substitute } from "./loop.js";
import { takeApart } from "./loop-parts.js";
import { pullBack } from "./reverse.js";

/** A loop that has run, and what comes back to it. */
interface Run {
  readonly inputs: readonly Tensor[];
  /** Its results: carries, steps, and what it saved for the way back. */
  readonly results: readonly Tensor[];
  /** The inputs whose cotangents are wanted. */
  readonly active: readonly number[];
  /** The cotangent of all results, end to end. */
  readonly cotangent: Tensor;
}

/** What a node of the step's derivative stands for over all steps. */
type Stacks = ReadonlyMap<Tensor, Tensor>;

/**
 * Backpropagation through time: the cotangents of the active inputs. Another loop carries the cotangents of the carries from the
 * last step to the first, and does nothing else: what only the gradients need is computed after it, for all steps at once, so that
 * the gradient of a weight is one matrix product and not one per step.
 */
export function pullBackLoop(
  loop: Loop,
  { inputs, results, active, cotangent }: Run,
  run: (loop: Loop, inputs: readonly Tensor[]) => Tensor[],
): (Tensor | null)[] {
  const { body, invariants, carries } = loop;
  const given = takeApart(cotangent, partsOf(loop));
  const placeholders = body.outputs.map((output, i) =>
    isFloat(output.dtype) && (i < carries || given[i] !== null) ? parameter(output.shape, output.dtype) : null,
  );
  const others = active.filter((i) => i < invariants || i >= invariants + carries);
  const at = [...carriesOf(loop), ...others.map((i) => body.parameters[i])];
  const gradients = reused(pullBack(body.outputs, at)(placeholders), body);
  const carriedBack = carriesOf(loop).map((node, i) => gradients[i] ?? zerosLike(node));
  const wanted = gradients.slice(carries);

  const known = new Map<Tensor, Tensor>();
  sequencesOf(loop).forEach((node, i) => void known.set(node, inputs[invariants + carries + i]));
  body.outputs.forEach((node, i) => {
    // A node may be an output twice; every place holds the same.
    if (i >= carries) known.set(node, results[i]);
    const placeholder = placeholders[i];
    if (i >= carries && placeholder !== null) known.set(placeholder, given[i] ?? zerosLike(results[i]));
  });
  const carriedCotangents = placeholders.slice(0, carries).filter((node) => node !== null);
  const stacked = leavingLoop(carriedBack, wanted, carriedCotangents, known);
  const reversed = reverseLoop(loop, { carriedCotangents, carriedBack, stacked }, known);
  const starts = carriesOf(loop).map((node, i) => given[i] ?? zerosLike(node));
  const back = run(reversed.loop, [...reversed.stay.map((node) => inputs[body.parameters.indexOf(node)]), ...starts, ...reversed.sequences.map((node) => known.get(node) ?? node)]); // biome-ignore format: one line
  stacked.forEach((node, i) => void known.set(node, back[carries + i]));

  const after = overAllSteps(loop, wanted, inputs, known);
  const gradientOf = (i: number): Tensor | null => {
    if (i >= invariants && i < invariants + carries) return back[i - invariants];
    return after(others.indexOf(i), i < invariants);
  };
  return active.map(gradientOf);
}

/** The same where there are gradients, by what the step computes. */
function reused(gradients: readonly (Tensor | null)[], body: Graph): (Tensor | null)[] {
  const present = reuse(gradients.filter((node) => node !== null), body); // biome-ignore format: one line
  let next = 0;
  return gradients.map((node) => (node === null ? null : present[next++]));
}

/** The nodes at which what is computed inside the loop is handed to what is computed after it. */
function leavingLoop(
  carriedBack: readonly Tensor[],
  wanted: readonly (Tensor | null)[],
  carried: readonly Tensor[],
  known: Stacks,
): Tensor[] {
  const stops = (node: Tensor): boolean => known.has(node);
  const inside = new Set(topologicalOrder(carriedBack, stops));
  for (const node of carried) inside.add(node);
  const present = wanted.filter((node) => node !== null);
  const depends = dependentsOf([...carriedBack, ...present], carried);
  const leaves = (node: Tensor): boolean => inside.has(node) && depends.has(node) && !node.primitive.severalResults;
  return topologicalOrder(present, (node) => stops(node) || leaves(node)).filter((node) => leaves(node) && !stops(node));
}

interface Reversed {
  readonly loop: Loop;
  /** The parameters of the forward body that stay the same and are read again. */
  readonly stay: readonly Tensor[];
  /** The nodes whose stacks are its sequences. */
  readonly sequences: readonly Tensor[];
}

function reverseLoop(
  { body, invariants, length, reverse, carries }: Loop,
  step: { carriedCotangents: readonly Tensor[]; carriedBack: readonly Tensor[]; stacked: readonly Tensor[] },
  known: Stacks,
): Reversed {
  const outputs = [...step.carriedBack, ...step.stacked];
  const read = topologicalOrder(outputs, (node) => known.has(node));
  const sequences = read.filter((node) => known.has(node));
  const stay = body.parameters.slice(0, invariants).filter((node) => read.includes(node));
  const fresh = new Map([...stay, ...sequences].map((node) => [node, parameter(node.shape, node.dtype)]));
  const parameters = [...stay, ...step.carriedCotangents, ...sequences].map((node) => fresh.get(node) ?? node);
  const loop: Loop = {
    body: { parameters, outputs: substitute(outputs, fresh) },
    invariants: stay.length,
    carries,
    length,
    reverse: !reverse,
  };
  return { loop, stay, sequences };
}

/** What is wanted, computed for all steps at once: stacked, or summed over the steps. */
function overAllSteps(
  { body, invariants, length }: Loop,
  wanted: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  known: Stacks,
): (index: number, summed: boolean) => Tensor | null {
  const fresh = new Map([...known.keys()].map((node) => [node, parameter(node.shape, node.dtype)]));
  const outer = body.parameters.slice(0, invariants).map((node, i) => [node, inputs[i]] as const);
  const present = wanted.filter((node) => node !== null);
  const written = substitute(present, new Map([...fresh, ...outer]));
  const entries = new Map([...known].map(([node, stack]) => [fresh.get(node) ?? node, stack]));
  const batch = (node: Tensor): Tensor => {
    const [{ tensor, batched }] = batchGraph([node], entries, length);
    return batched ? tensor : broadcastTo(tensor, [length, ...tensor.shape]);
  };
  return (index, summed) => {
    const node = wanted[index];
    if (node === null) return null;
    const own = written[present.indexOf(node)];
    return summed ? sumOverSteps(own, batch) : batch(own);
  };
}

/** Σ over the steps. A sum of matrix products is one product, whose inner axis is that of all steps together. */
function sumOverSteps(node: Tensor, batch: (node: Tensor) => Tensor): Tensor {
  if (node.primitive === add.primitive) {
    const [left, right] = node.inputs.map((input) => sumOverSteps(input, batch));
    return add(left, right);
  }
  if (!Object.is(node.primitive, matmul.primitive) || node.rank !== 2) return sum(batch(node), { axes: 0 });
  const { transposeA, transposeB } = node.params as MatmulParams;
  const [a, b] = node.inputs.map(batch);
  const inner = (stack: Tensor, first: boolean): Tensor => {
    const turned = first ? stack : permute(stack, [0, 2, 1]);
    return reshape(turned, [sizeOf(turned.shape.slice(0, 2)), turned.shape[2]]);
  };
  return matmul(inner(a, transposeA), inner(b, !transposeB), { transposeA: true });
}
