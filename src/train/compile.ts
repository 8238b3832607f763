import { readFileBytes, writeFileAtomic } from "#platform/files.js";
import type { Values } from "../data/columns.js";
import { allocate, type TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { flattenTree } from "../ir/tree.js";
import { isParameterSpec, type Layer, parametersOf } from "../nn/layer.js";
import { constant, isTensor } from "../ops/create.js";
import type { Optimizer } from "../optim/optimizer.js";
import { fold, type Key, key as keyOf } from "../random/counter.js";
import { evaluate as concrete, defaultRuntime } from "../run/compile.js";
import type { State } from "../run/host.js";
import { recentlyUsed } from "../run/recently-used.js";
import type { LoadedGraph, Runtime } from "../run/runtime.js";
import { packCheckpoint, unpackCheckpoint } from "./checkpoint.js";
import { exportModel } from "./export.js";
import { evaluate, fit } from "./fit.js";
import { joinData } from "./layout.js";
import type { Progress } from "./progress.js";
import { layOutState, type StateLayout } from "./state.js";
import { ACCUMULATED, type BatchSpec, evaluationStep, type TrainingLoss, trainingStep, type WiredGraph } from "./step.js";
import type { Trainer, TrainerOptions } from "./trainer.js";

/** Makes a trainer: draws the parameters, lays out the state. Graphs are compiled as batches of new shapes come. */
export async function compile<P>(options: TrainerOptions<P>): Promise<Trainer<P>> {
  const { model, optimizer, loss, seed = 0, accumulate = 1, runtime = defaultRuntime() } = options;
  if (!Number.isInteger(accumulate) || accumulate < 1) {
    throw fault("train.compile", "accumulate is not a number of batches", {
      expected: "a whole number, 1 or more",
      got: String(accumulate),
    });
  }
  const root = keyOf(seed);
  const table = parametersOf(model as Layer);
  const named = table.map((spec) => ({ ...spec, name: spec.path, dtype: "float32" as const }));
  const trained = named.filter((spec) => spec.trained);
  if (trained.length === 0) throw fault("train.compile", "the model has nothing to train", { got: model.title });
  const slots = [...optimizer.slots, ...(accumulate > 1 ? [ACCUMULATED] : [])];
  const layout = layOutState(trained, named.filter((spec) => !spec.trained), slots); // biome-ignore format: one line
  const start = await concreteParameters(options.parameters ?? model.initialise(fold(root, 0)), runtime, table);
  const state = await runtime.createState(firstValues(layout, start));
  const setup = { model: model as Layer, loss, optimizer, accumulate };
  return createTrainer({ layout, state, setup, model, runtime, root });
}

interface Parts<P> {
  readonly layout: StateLayout;
  readonly state: State;
  readonly setup: { model: Layer; loss: TrainingLoss; optimizer: Optimizer; accumulate: number };
  readonly model: Layer<P>;
  readonly runtime: Runtime;
  readonly root: Key;
}

function createTrainer<P>({ layout, state, setup, model, runtime, root }: Parts<P>): Trainer<P> {
  let progress: Progress = { steps: 0, epoch: 0, batch: 0 };
  const { optimizer, accumulate } = setup;
  const stepKey = fold(root, 1);
  let sampleShape: Shape | null = null;
  const programs = recentlyUsed<string, Promise<LoadedGraph>>(32);
  const program = (name: string, inputs: BatchSpec, targets: BatchSpec | null, make: () => WiredGraph): Promise<LoadedGraph> =>
    programs.get([name, describe(inputs), targets && describe(targets)].join(), () => {
      const { graph, wiring } = make();
      return runtime.load(graph, wiring);
    });

  const learningRateAt = (step: number): number => {
    const update = Math.floor(step / accumulate);
    return typeof optimizer.learningRate === "number" ? optimizer.learningRate : optimizer.learningRate.at(update);
  };

  const self: Trainer<P> = {
    model,
    runtime,
    dataKey: fold(root, 2),
    get progress() {
      return progress;
    },
    async step({ inputs, targets }) {
      const { steps } = progress;
      progress = { ...progress, steps: steps + 1 };
      sampleShape = inputs.shape.slice(1);
      const last = (steps + 1) % accumulate === 0;
      const make = (): WiredGraph => trainingStep(setup, layout, { inputs, targets, last });
      const loaded = await program(`train ${last}`, inputs, targets, make);
      const learningRate = Float32Array.of(learningRateAt(steps));
      const update = Float32Array.of(Math.floor(steps / accumulate) + 1);
      const key = Uint32Array.from(fold(stepKey, steps));
      const [loss] = await loaded.run([inputs.data, targets.data, learningRate, update, key], state);
      return loss[0];
    },
    mark(position) {
      progress = { ...progress, ...position };
    },
    async predict(inputs) {
      const loaded = await program("predict", inputs, null, () => evaluationStep(setup, layout, { inputs, targets: null }));
      const [data] = await loaded.run([inputs.data], state);
      return predictionsOf(data, inputs, setup.model);
    },
    async test({ inputs, targets }) {
      const loaded = await program("test", inputs, targets, () => evaluationStep(setup, layout, { inputs, targets }));
      const [data, loss] = await loaded.run([inputs.data, targets.data], state);
      return { predictions: predictionsOf(data, inputs, setup.model), loss: loss[0] };
    },
    learningRate: () => learningRateAt(progress.steps),
    async parameters() {
      return currentParameters(model, layout, await state.read());
    },
    async checkpoint(extra = {}) {
      const at = progress;
      return packCheckpoint(layout, await state.read(), { progress: at, extra });
    },
    async restore(bytes) {
      const checkpoint = unpackCheckpoint(layout, bytes);
      await state.write(checkpoint.cells);
      progress = checkpoint.progress;
      return checkpoint;
    },
    async save(path, extra) {
      await writeFileAtomic(path, await self.checkpoint(extra));
    },
    load: async (path) => self.restore(await readFileBytes(path)),
    async exportOnnx(given = {}) {
      const { path, ...options } = typeof given === "string" ? { path: given } : given;
      const inputShape = options.inputShape ?? sampleShape;
      if (inputShape === null) {
        throw fault("exportOnnx", "the shape of a sample is not known yet", { fix: "train first, or pass { inputShape: [64] }" });
      }
      const bytes = exportModel(setup.model, currentParameters(model, layout, await state.read()), { ...options, inputShape });
      if (path !== undefined) await writeFileAtomic(path, bytes);
      return bytes;
    },
    fit: (data, options) => fit(self, data, options),
    evaluate: (data, options) => evaluate(self, data, options),
    dispose: () => state.dispose(),
  };
  return self;
}

const describe = ({ dtype, shape }: BatchSpec): string => `${dtype}(${shape.join(" ")})`;

/** Predictions keep the batch axis; what follows it is what the model makes of one sample. */
function predictionsOf(data: TypedArray, inputs: BatchSpec, model: Layer): Values<Float32Array> {
  const [batch] = inputs.shape;
  const width = batch === 0 ? 0 : data.length / batch;
  if (!Number.isInteger(width))
    throw fault(model.title, "the output does not keep the batch as its first axis", {
      got: `${data.length} numbers for ${batch} samples`,
    });
  return { data: Float32Array.from(data), shape: [batch, width], dtype: "float32" };
}

/** The elements of every parameter by name, checked against the model's table. */
async function concreteParameters(
  parameters: unknown,
  runtime: Runtime,
  table: readonly { path: string; shape: Shape }[],
): Promise<Map<string, TypedArray>> {
  const { leaves, paths } = flattenTree(await concrete(parameters, { runtime }), isTensor, "train.compile (its parameters)");
  const values = new Map<string, TypedArray>();
  leaves.forEach((leaf, i) => {
    const { meaning } = leaf.primitive;
    if (meaning.kind === "stored") values.set(paths[i], meaning.data(leaf.params));
  });
  for (const { path, shape } of table) {
    if (values.get(path)?.length === sizeOf(shape)) continue;
    throw fault("train.compile", `the parameter ${path} does not fit the model`, {
      expected: `(${shape.join(" ")})`,
      got: values.has(path) ? `${values.get(path)?.length} elements` : "nothing",
    });
  }
  return values;
}

function firstValues(layout: StateLayout, values: ReadonlyMap<string, TypedArray>) {
  const elementsOf = (name: string): TypedArray => values.get(name) ?? new Float32Array(0);
  return layout.cells.map(({ shape, dtype }, i) => {
    const buffer = layout.buffers[layout.positions.parameters.indexOf(i)];
    const kept = layout.kept[layout.positions.kept.indexOf(i)];
    if (buffer !== undefined) return { shape, dtype, data: joinData(buffer, ({ name }) => elementsOf(name)) };
    if (kept !== undefined) return { shape, dtype, data: Float32Array.from(elementsOf(kept.name)) };
    return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
  });
}

function currentParameters<P>(model: Layer<P>, layout: StateLayout, cells: readonly TypedArray[]): P {
  const values = new Map<string, Tensor>();
  layout.cells.forEach(({ entries }, i) => {
    for (const { name, shape, offset } of entries) {
      values.set(name, constant(cells[i].slice(offset, offset + sizeOf(shape)), shape, "float32"));
    }
  });
  const table = flattenTree(model.parameters, isParameterSpec, model.name);
  return table.rebuild(table.paths.map((path) => values.get(`model.${path}`))) as P;
}
