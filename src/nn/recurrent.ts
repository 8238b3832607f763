import { customJvp, scan } from "../diff/index.js";
import { contract } from "../ir/contract.js";
import { fault } from "../ir/fault.js";
import { formatShape, type Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import {
  add,
  broadcastTo,
  concat,
  full,
  iota,
  less,
  matmul,
  permute,
  reshape,
  slice,
  split,
  stack,
  where,
} from "../ops/index.js";
import { type Context, context } from "./context.js";
import { dropout } from "./dropout.js";
import { glorotUniform, type Initialiser, orthogonal, zeros } from "./initialisers/index.js";
import { type Layer, layer, type ParameterSpec, parameterSpec } from "./layer.js";
import { requireWidth } from "./linear.js";
import { type Cell, gruCell, lstmCell, type RecurrentActivation, rnnCell } from "./recurrent-cells.js";
import { forgetStart, perGate } from "./recurrent-start.js";

export interface RecurrentOptions {
  /** Recurrences on top of each other. Default 1. */
  readonly layers?: number;
  /** Runs from both ends and joins the results. Default false. */
  readonly bidirectional?: boolean;
  /** Whether biases are added. Default true. */
  readonly bias?: boolean;
  /** Dropout between layers, in training. Default 0. */
  readonly dropout?: number;
  /** `all` gives the output of every step, `last` that of the last step of each direction. Default `all`. */
  readonly returns?: "all" | "last";
  /** Gradients stay within stretches of so many steps. Default: no truncation. */
  readonly truncate?: number;
  /** How W starts, gate by gate. Default Glorot's uniform law. */
  readonly init?: Initialiser;
  /** How U starts, gate by gate. Default orthogonal, which keeps lengths over many steps. */
  readonly recurrentInit?: Initialiser;
}

export interface RnnOptions extends RecurrentOptions {
  /** Default tanh. */
  readonly activation?: RecurrentActivation;
}

export interface LstmOptions extends RecurrentOptions {
  /** First bias of the forget gate: 1 lets the memory last from the start (Jozefowicz et al. 2015). Default 1. */
  readonly forgetBias?: number;
}

/** The weights of one direction of one layer. */
export interface RecurrentParameters {
  readonly inputWeight: Tensor;
  readonly recurrentWeight: Tensor;
  readonly inputBias?: Tensor;
  readonly recurrentBias?: Tensor;
}

interface Directions<T> {
  readonly forward: T;
  readonly backward?: T;
}

/** What is carried, by name (h, and c of an lstm): (layers·directions batch hidden), both directions of a layer next to each other. */
export type RecurrentState = Readonly<Record<string, Tensor>>;

export interface RunOptions {
  /** What is carried at the start. Default zeros. */
  readonly state?: RecurrentState;
  /** How many steps each example has, int32 (batch): behind them nothing is carried on, and outputs are 0. Default all. */
  readonly lengths?: Tensor;
  readonly context?: Context;
}

type Parameters = readonly Directions<RecurrentParameters>[];

/** A recurrent layer: `(batch time in) -> (batch time hidden)`, or `(batch hidden)` of the last step. */
export interface RecurrentLayer extends Layer<Parameters> {
  /** Everything it can be told and everything it knows: outputs of every step, and what is carried at the end. */
  run(parameters: Parameters, x: Tensor, options?: RunOptions): { outputs: Tensor; state: RecurrentState };
}

/** h′ = f(W x + b + U h + b′), with f tanh or relu. Outputs are h of every step. Weights are (in hidden) and (hidden hidden). */
export const rnn = (inputs: number, hidden: number, options: RnnOptions = {}): RecurrentLayer =>
  recurrent(rnnCell(options.activation ?? "tanh"), inputs, hidden, options, 0);

/** Long short-term memory: a cell c that is only added to, and gates for what enters, stays and leaves. Columns i, f, g, o. */
export const lstm = (inputs: number, hidden: number, options: LstmOptions = {}): RecurrentLayer =>
  recurrent(lstmCell, inputs, hidden, options, options.forgetBias ?? 1);

/** Gated recurrent unit: a reset and an update gate, no separate cell. Columns r, u, n. */
export const gru = (inputs: number, hidden: number, options: RecurrentOptions = {}): RecurrentLayer =>
  recurrent(gruCell, inputs, hidden, options, 0);

function recurrent(cell: Cell, inputs: number, hidden: number, options: RecurrentOptions, forgetBias: number): RecurrentLayer {
  const { layers = 1, bidirectional = false, returns = "all" } = options;
  requireWidth(cell.name, "inputs", inputs);
  requireWidth(cell.name, "hidden units", hidden);
  requireWidth(cell.name, "layers", layers);
  const both = bidirectional ? 2 : 1;
  const title = `${cell.name} ${inputs} → ${both * hidden}${layers > 1 ? `, ${layers} layers` : ""}${bidirectional ? ", both directions" : ""}`; // biome-ignore format: one line
  const tableOf = (width: number) => weightTable(cell, width, hidden, options, forgetBias);
  const parameters = Array.from({ length: layers }, (_, i): Directions<Record<string, ParameterSpec>> => {
    const width = i === 0 ? inputs : both * hidden;
    return { forward: tableOf(width), ...(bidirectional && { backward: tableOf(width) }) };
  });
  const between = dropout(options.dropout ?? 0);
  const shape = { cell, title, inputs, hidden, layers, both };

  const run: RecurrentLayer["run"] = (values, x, { state, lengths, context: given = context() } = {}) => {
    const mask = lengths === undefined ? null : stepMask(title, lengths, x);
    const starts = startingStates(shape, x, state);
    const ends: (readonly Tensor[])[] = [];
    let sequence = toTimeFirst(title, inputs, x);
    values.forEach((directions, i) => {
      const fed = i === 0 ? sequence : between.apply({}, sequence, given.within(`dropout${i}`));
      const sides = [directions.forward, directions.backward].filter((side) => side !== undefined);
      const results = sides.map((side, reverse) => {
        const inside = given.within(String(i)).within(reverse === 1 ? "backward" : "forward");
        const told = { start: starts[i * both + reverse], mask, reverse: reverse === 1, truncate: options.truncate };
        return runDirection(shape, side, inside.probe("input", fed), { ...told, context: inside });
      });
      ends.push(...results.map(({ end }) => end));
      sequence = concat(results.map(({ outputs }) => outputs), 2); // biome-ignore format: one line
    });
    const ended = Object.fromEntries(cell.state.map((name, part) => [name, stack(ends.map((end) => end[part]))]));
    return { outputs: permute(sequence, [1, 0, 2]), state: ended };
  };
  const whole = layer<typeof parameters>({
    name: cell.name,
    title,
    code: [cell.name, inputs, hidden, options],
    parameters,
    apply: (values, x, inside) => {
      const { outputs, state } = run(values as unknown as Parameters, x, { context: inside });
      return returns === "all" ? outputs : lastOutputs(state[cell.state[0]], both);
    },
  });
  return { ...(whole as unknown as Layer<Parameters>), run };
}

function weightTable(
  { gates, forgetGate }: Cell,
  width: number,
  hidden: number,
  { bias = true, init = glorotUniform(), recurrentInit = orthogonal() }: RecurrentOptions,
  forgetBias: number,
): Record<string, ParameterSpec> {
  const columns = gates * hidden;
  const matrix = (rows: number, axes: string, initialiser: Initialiser): ParameterSpec =>
    parameterSpec({ shape: [rows, columns], axes, initialiser: perGate(gates, () => initialiser), fanIn: rows, fanOut: hidden, gain: 1 }); // biome-ignore format: one line
  const shift = (initialiser: Initialiser): ParameterSpec =>
    parameterSpec({
      shape: [columns],
      axes: "(gates·hidden)",
      initialiser,
      fanIn: width,
      fanOut: hidden,
      gain: 1,
      decays: false,
    });
  return {
    inputWeight: matrix(width, "(in gates·hidden)", init),
    recurrentWeight: matrix(hidden, "(hidden gates·hidden)", recurrentInit),
    ...(bias && { inputBias: shift(forgetStart(gates, forgetGate, forgetBias)), recurrentBias: shift(zeros()) }),
  };
}

interface RecurrentShape {
  readonly cell: Cell;
  readonly title: string;
  readonly hidden: number;
  readonly layers: number;
  readonly both: number;
}

/** One direction of one layer, over sequences with time in front. */
function runDirection(
  { cell, hidden }: RecurrentShape,
  { inputWeight, recurrentWeight, inputBias, recurrentBias }: RecurrentParameters,
  x: Tensor,
  run: { start: readonly Tensor[]; mask: Tensor | null; reverse: boolean; truncate: number | undefined; context: Context },
): { outputs: Tensor; end: readonly Tensor[] } {
  const biases = [inputBias, cell.addsBias ? recurrentBias : undefined].filter((bias) => bias !== undefined);
  // The part of all steps that needs no state, as one product.
  const projected = matmul(x, inputWeight);
  const shifted = biases.length === 0 ? projected : add(projected, biases.reduce<Tensor>((sum, bias, i) => (i === 0 ? bias : add(sum, bias)), biases[0])); // biome-ignore format: one line
  const inner = cell.addsBias ? null : (recurrentBias ?? null);
  const { mask, reverse, truncate, context } = run;
  const shape = [...x.shape.slice(0, 2), hidden];
  const z = context.probe("preactivation", shifted);
  const handle = stateHandle(context, shape);
  const { carry, outputs } = scan(
    (state: readonly Tensor[], { now, live, held: handleNow }: Steps) => {
      const next = cell.step(now, state, recurrentWeight, inner);
      const kept = live === undefined ? next : next.map((value, i) => where(broadcastTo(live, value.shape), value, state[i]));
      const reached = handleNow === undefined ? kept : [differentiatedBy(kept[0], handleNow), ...kept.slice(1)];
      return { carry: reached as readonly Tensor[], output: reached[0] };
    },
    run.start,
    { now: z, ...(mask && { live: mask }), ...(handle && { held: handle }) } as Steps,
    { reverse, ...(truncate !== undefined && { truncate }) },
  );
  const shown = mask === null ? outputs : where(broadcastTo(mask, shape), outputs, 0);
  const before = statesBefore(outputs, run.start[0], reverse);
  context.probe("slope", cell.slopes({ z, before, after: shown, weight: recurrentWeight, bias: inner }));
  return { outputs: context.probe("output", shown), end: carry };
}

/** h before every step, (time batch hidden): where the loop began, then that of the step before, from which end it runs. */
function statesBefore(outputs: Tensor, start: Tensor, reverse: boolean): Tensor {
  const [time, batch, hidden] = outputs.shape;
  const first = reshape(start, [1, batch, hidden]);
  return reverse ? concat([slice(outputs, [1, time]), first], 0) : concat([first, slice(outputs, [0, time - 1])], 0);
}

/** What a step of the loop reads, or all steps of it. */
interface Steps {
  readonly now: Tensor;
  readonly live?: Tensor;
  readonly held?: Tensor;
}

/**
 * Shows zeros, (time batch hidden), under the name "state". When something is given back for them, the gradient with respect to it
 * is that with respect to the state h of every step; its numbers are not used. Without a taker nothing is added to the loop.
 */
function stateHandle(context: Context, shape: Shape): Tensor | null {
  const none = broadcastTo(full([], 0), shape);
  const given = context.probe("state", none);
  return given === none ? null : given;
}

/** h, of which the derivative with respect to `handle` is 1. */
const differentiatedBy: (h: Tensor, handle: Tensor) => Tensor = customJvp(
  (h: Tensor, _handle: Tensor) => h,
  (_, [h, handle]) => add(h, handle),
);

const inputShape = contract("(batch time in) -> (time batch in)");

function toTimeFirst(title: string, inputs: number, x: Tensor): Tensor {
  inputShape.resolve(title, [x.shape]);
  if (x.shape[2] === inputs) return permute(x, [1, 0, 2]);
  throw fault(title, `the inputs are ${x.shape[2]} wide`, { expected: `(batch time ${inputs})`, got: formatShape(x.shape) });
}

/** True for the steps that an example has: bool (time batch 1). */
function stepMask(title: string, lengths: Tensor, x: Tensor): Tensor {
  const [batch, time] = x.shape;
  if (lengths.dtype === "int32" && lengths.rank === 1 && lengths.shape[0] === batch) {
    return less(reshape(iota(time), [time, 1, 1]), reshape(lengths, [1, batch, 1]));
  }
  throw fault(title, "the lengths are not one number of steps per example", {
    expected: `int32 (${batch})`,
    got: `${lengths.dtype} ${formatShape(lengths.shape)}`,
  });
}

/** What each direction of each layer starts from. */
function startingStates({ cell, title, hidden, layers, both }: RecurrentShape, x: Tensor, state?: RecurrentState): Tensor[][] {
  const shape = [layers * both, x.shape[0], hidden];
  const given = cell.state.map((name) => {
    const value = state?.[name];
    if (state === undefined) return null;
    if (value !== undefined && value.shape.join() === shape.join()) return split(value, shape[0]);
    throw fault(title, `the state ${name} does not fit`, {
      expected: formatShape(shape),
      got: value === undefined ? "none" : formatShape(value.shape),
      fix: "leave the state out to start from zeros, or pass that of an earlier run",
    });
  });
  const zero = broadcastTo(full([], 0), shape.slice(1));
  return Array.from({ length: shape[0] }, (_, i) =>
    given.map((parts) => (parts === null ? zero : reshape(parts[i], shape.slice(1)))),
  );
}

/** The last layer's h of every direction, side by side. */
const lastOutputs = (h: Tensor, both: number): Tensor =>
  concat(Array.from({ length: both }, (_, side) => slice(h, h.shape[0] - both + side)), 1); // biome-ignore format: one line
