import { zerosLike } from "../diff/forward.js";
import { valueAndGradWithAux } from "../diff/index.js";
import type { DType } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Graph } from "../ir/graph.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { flattenTree } from "../ir/tree.js";
import { type ContextOptions, context } from "../nn/context.js";
import { isParameterSpec, type Layer } from "../nn/layer.js";
import type { TargetKind } from "../nn/losses/loss.js";
import { parameter } from "../ops/create.js";
import { add, mul } from "../ops/index.js";
import { clipGradients, globalNorm } from "../optim/clipping.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { Wiring } from "../run/runtime.js";
import type { ParameterInside, StepOptions } from "./instrument.js";
import { cut, join } from "./layout.js";
import { inOrder, type StateLayout, type StateValues } from "./state.js";

/** A loss as the trainer needs it: one number from predictions and targets. */
export interface TrainingLoss {
  (predictions: Tensor, targets: Tensor): Tensor;
  /** What its targets may be, as the losses of `nn` say it: batches are then checked for it before a step. */
  readonly targets?: readonly TargetKind[];
}

/** What is trained, and how. */
export interface TrainingSetup {
  readonly model: Layer;
  readonly loss: TrainingLoss;
  readonly optimizer: Optimizer;
  /** Micro-batches whose gradients are averaged for one update. */
  readonly accumulate: number;
}

/** Shape and dtype of a batch of one column. */
export interface BatchSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A graph and how its ends are wired to the state. */
export interface WiredGraph {
  readonly graph: Graph;
  readonly wiring: Wiring;
  /** Shape of the model's output. */
  readonly predictions: Shape;
}

/** Name of the extra copy of the parameters in which gradients add up. */
export const ACCUMULATED = "accumulated";

/** The model's parameter tree around the values of the state, trained and kept, in the order of the model's table. */
function rebuildParameters(model: Layer, trained: readonly Tensor[], kept: readonly Tensor[]): unknown {
  const table = flattenTree(model.parameters, isParameterSpec, model.name);
  let nextTrained = 0;
  let nextKept = 0;
  return table.rebuild(table.leaves.map((spec) => (spec.trained ? trained[nextTrained++] : kept[nextKept++])));
}

/** Runs the model and collects what it writes to kept tensors. */
function callModel(
  model: Layer,
  layout: StateLayout,
  {
    trained,
    kept,
    inputs,
    mode,
    key,
    probe,
  }: { trained: readonly Tensor[]; kept: readonly Tensor[]; inputs: Tensor } & Pick<ContextOptions, "mode" | "key" | "probe">,
): { predictions: Tensor; kept: Tensor[] } {
  const written = new Map<string, Tensor>();
  const told = context({ mode, key, write: (path, value) => void written.set(path, value), ...(probe && { probe }) });
  const parameters = rebuildParameters(model, trained, kept);
  const predictions = told.probe("output", model.apply(parameters, told.probe("input", inputs), told));
  if (predictions.shape[0] !== inputs.shape[0]) {
    throw fault(model.title, "the output does not keep the batch as its first axis", {
      expected: `(${inputs.shape[0]} …)`,
      got: `(${predictions.shape.join(" ")}) for inputs (${inputs.shape.join(" ")})`,
    });
  }
  return { predictions, kept: layout.kept.map(({ name }, i) => written.get(name) ?? kept[i]) };
}

/** What a training step is made for. */
interface StepSpec {
  readonly inputs: BatchSpec;
  readonly targets: BatchSpec;
  /** When gradients are accumulated: whether this micro-batch is the one that updates. */
  readonly last: boolean;
  /** What else is to be known of the step. Default only its loss. */
  readonly look?: StepOptions | null;
}

/**
 * One training step as one graph. Arguments: inputs, targets, learning rate, number of the update (from 1), random key.
 * Results: the loss, and when the step is looked at, the length of the gradients and what the instrument reads.
 */
export function trainingStep(setup: TrainingSetup, layout: StateLayout, spec: StepSpec): WiredGraph {
  const { model, loss, optimizer, accumulate } = setup;
  const { inputs, targets, last, look = null } = spec;
  const reader = look?.instrument?.begin(model, inputs) ?? null;
  const probe = reader?.probe;
  const state = layout.placeholders();
  const x = parameter(inputs.shape, inputs.dtype);
  const y = parameter(targets.shape, targets.dtype);
  const learningRate = parameter([], "float32");
  const step = parameter([], "float32");
  const key = parameter([2], "uint32");

  let outputShape: Shape = [];
  const differentiated = valueAndGradWithAux((trained: readonly Tensor[]) => {
    const { predictions, kept } = callModel(model, layout, { trained, kept: state.kept, inputs: x, mode: "train", key, probe }); // biome-ignore format: one line
    outputShape = predictions.shape;
    return { value: requireScalarLoss(loss(predictions, y)), aux: kept, ...(reader && { inside: reader.inside() }) };
  });
  const before = cut(layout.buffers, state.parameters);
  const { value, gradient, aux, cotangents } = differentiated(before);
  const gradients = join(layout.buffers, gradient);

  const { [ACCUMULATED]: gathered, ...slots } = state.slots;
  const total = gathered === undefined ? gradients : gradients.map((part, i) => add(gathered[i], part));
  const next: StateValues<Tensor> = last
    ? {
        ...update(optimizer, layout, { state: { ...state, slots }, gradients: average(total, accumulate), learningRate, step }),
        kept: aux,
      }
    : { parameters: state.parameters, slots: state.slots, kept: aux };
  const accumulated: Record<string, readonly Tensor[]> =
    gathered === undefined ? {} : { [ACCUMULATED]: last ? gathered.map(zerosLike) : total };
  const after = { ...next, slots: { ...next.slots, ...accumulated } };
  const moments =
    (last &&
      optimizer.moments?.(
        layout.buffers.map((_, i) => pickEach(next.slots, i)),
        step,
      )) ||
    null;
  const reading = reader?.read({ cotangents, parameters: parametersInside(layout, { before, gradient, state, next }), moments });
  const results = [value, ...(look ? [globalNorm(gradients) as Tensor] : []), ...(reading ? [reading] : [])];
  const wired = wire(layout, state, after, { arguments: [x, y, learningRate, step, key], results });
  return { ...wired, predictions: outputShape };
}

/** Every parameter by name, around the update. */
function parametersInside(
  layout: StateLayout,
  step: {
    before: readonly Tensor[];
    gradient: readonly Tensor[];
    state: StateValues<Tensor>;
    next: StateValues<Tensor>;
  },
): ReadonlyMap<string, ParameterInside> {
  const after = cut(layout.buffers, step.next.parameters);
  const trained = layout.buffers.flatMap(({ members }) =>
    members.map(({ name, index }): [string, ParameterInside] => [
      name,
      { before: step.before[index], after: after[index], gradient: step.gradient[index] },
    ]),
  );
  const kept = layout.kept.map(({ name }, i): [string, ParameterInside] => [
    name,
    { before: step.state.kept[i], after: step.next.kept[i], gradient: null },
  ]);
  return new Map([...trained, ...kept]);
}

const pickEach = (slots: Readonly<Record<string, readonly Tensor[]>>, i: number): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(slots).map(([name, parts]) => [name, parts[i]]));

const average = (total: readonly Tensor[], count: number): readonly Tensor[] =>
  count === 1 ? total : total.map((part) => mul(part, 1 / count));

function requireScalarLoss(value: Tensor): Tensor {
  if (value.rank === 0) return value;
  throw fault("train", "the loss is not one number", {
    expected: "()",
    got: `(${value.shape.join(" ")})`,
    fix: 'use reduction: "mean"',
  });
}

function update(
  optimizer: Optimizer,
  layout: StateLayout,
  given: { state: StateValues<Tensor>; gradients: readonly Tensor[]; learningRate: Tensor; step: Tensor },
): Omit<StateValues<Tensor>, "kept"> {
  const { state, learningRate, step } = given;
  const { gradients } = clipGradients(optimizer, given.gradients);
  const updates = layout.buffers.map(({ decays }, i) => {
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, state.slots[slot][i]]));
    return optimizer.update({ parameter: state.parameters[i], gradient: gradients[i], slots, step, learningRate, decays });
  });
  return {
    parameters: updates.map((one) => one.parameter),
    slots: Object.fromEntries(optimizer.slots.map((slot) => [slot, updates.map((one) => one.slots[slot])])),
  };
}

/** Predictions for inputs, and with targets their loss: the model in evaluation mode, the state read and left alone. */
export function evaluationStep(
  { model, loss }: Pick<TrainingSetup, "model" | "loss">,
  layout: StateLayout,
  { inputs, targets }: { inputs: BatchSpec; targets: BatchSpec | null },
): WiredGraph {
  const state = layout.placeholders();
  const x = parameter(inputs.shape, inputs.dtype);
  const trained = cut(layout.buffers, state.parameters);
  const { predictions } = callModel(model, layout, { trained, kept: state.kept, inputs: x, mode: "eval", key: null });
  const read = { parameters: state.parameters, slots: {}, kept: state.kept };
  const y = targets === null ? null : parameter(targets.shape, targets.dtype);
  const ends = {
    arguments: y === null ? [x] : [x, y],
    results: y === null ? [predictions] : [predictions, requireScalarLoss(loss(predictions, y))],
  };
  return { ...wire(layout, read, null, ends), predictions: predictions.shape };
}

/** Parameters and outputs of the graph with their places in the state; what a step leaves unchanged is only read. */
function wire(
  layout: StateLayout,
  before: StateValues<Tensor>,
  after: StateValues<Tensor> | null,
  ends: { arguments: readonly Tensor[]; results: readonly Tensor[] },
): Omit<WiredGraph, "predictions"> {
  const places = inOrder({ ...layout.positions, slots: pick(layout.positions.slots, Object.keys(before.slots)) });
  const read = inOrder(before);
  const written =
    after === null ? [] : inOrder(after).flatMap((value, i) => (value === read[i] ? [] : [{ value, place: places[i] }]));
  // Results first: the runtime copies the first output of a call, and state is large.
  return {
    graph: {
      parameters: [...read, ...ends.arguments],
      outputs: [...ends.results, ...written.map(({ value }) => value)],
    },
    wiring: {
      inputs: [...places, ...ends.arguments.map(() => null)],
      outputs: [...ends.results.map(() => null), ...written.map(({ place }) => place)],
    },
  };
}

const pick = <T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> =>
  Object.fromEntries(keys.map((key) => [key, record[key]]));
