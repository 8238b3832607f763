import { readFileBytes, writeFileAtomic } from "#platform/files.js";
import type { Values } from "../data/columns.js";
import type { TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { Shape } from "../ir/shape.js";
import { type Layer, parametersOf } from "../nn/layer.js";
import { learningRateAt, type Optimizer } from "../optim/optimizer.js";
import { fold, type Key, key as keyOf } from "../random/counter.js";
import { defaultRuntime } from "../run/compile.js";
import type { State } from "../run/host.js";
import { recentlyUsed } from "../run/recently-used.js";
import type { LoadedGraph, Runtime } from "../run/runtime.js";
import { batchValues } from "./batch-input.js";
import { type CheckpointContent, packCheckpoint, unpackCheckpoint } from "./checkpoint.js";
import { exportModel } from "./export.js";
import { evaluate, fit } from "./fit.js";
import type { Instrument, MeasuredStep, StepOptions } from "./instrument.js";
import { concreteParameters, firstValues, parametersIn } from "./parameters.js";
import { atTheStart } from "./progress.js";
import { layOutState, type StateLayout } from "./state.js";
import { ACCUMULATED, type BatchSpec, evaluationStep, type TrainingLoss, trainingStep, type WiredGraph } from "./step.js";
import { checkTargets } from "./targets.js";
import type { GivenBatch, Trainer, TrainerOptions } from "./trainer.js";
import { createTurns } from "./turns.js";

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

/** What runs for batches of one shape, and the shape of the model's output for them. */
interface Program {
  readonly loaded: Promise<LoadedGraph>;
  readonly predictions: Shape;
}

function createTrainer<P>({ layout, state, setup, model, runtime, root: firstRoot }: Parts<P>): Trainer<P> {
  let root = firstRoot;
  let progress = atTheStart;
  let sample: BatchSpec | null = null;
  const notes = new Map<string, string>();
  const turns = createTurns();
  const { optimizer, accumulate, loss: lossOf } = setup;

  const programs = recentlyUsed<string, Program>(32);
  const program = (name: string, inputs: BatchSpec, targets: BatchSpec | null, make: () => WiredGraph): Program => {
    sample = { shape: inputs.shape.slice(1), dtype: inputs.dtype };
    return programs.get([name, describe(inputs), targets && describe(targets)].join(), () => {
      const { graph, wiring, predictions } = make();
      return { loaded: runtime.load(graph, wiring), predictions };
    });
  };
  const instruments: Instrument[] = [];
  /** Programs are kept apart by what looks into them. */
  const numberOf = (instrument: Instrument | null): number => {
    if (instrument !== null && !instruments.includes(instrument)) instruments.push(instrument);
    return instrument === null ? -1 : instruments.indexOf(instrument);
  };
  const rateAt = (step: number): number => learningRateAt(optimizer, Math.floor(step / accumulate));
  const readState = (): Promise<TypedArray[]> => turns.alone(() => state.read());

  const self: Trainer<P> = {
    model,
    loss: lossOf,
    optimizer,
    accumulate,
    runtime,
    notes,
    get dataKey() {
      return fold(root, 2);
    },
    get progress() {
      return progress;
    },
    step: (async (batch: GivenBatch, look: StepOptions | null = null) => {
      const [inputs, targets] = [batchValues("step", batch.inputs), batchValues("step", batch.targets)];
      setup.model.checkInputs?.(inputs);
      const { steps, epoch } = progress;
      const last = (steps + 1) % accumulate === 0;
      const make = (): WiredGraph => trainingStep(setup, layout, { inputs, targets, last, look });
      const { loaded, predictions } = program(`train ${last} ${look && numberOf(look.instrument)}`, inputs, targets, make);
      checkTargets(lossOf, targets, predictions);
      // From here on the step counts: what comes next is another one, with other random numbers.
      progress = { ...progress, steps: steps + 1 };
      const scalars = [rateAt(steps), Math.floor(steps / accumulate) + 1].map((value) => Float64Array.of(value));
      const key = Uint32Array.from(fold(fold(root, 1), steps));
      const results = await turns.send(loaded, ({ run }) => run([inputs.data, targets.data, ...scalars, key], state));
      const [[loss], norm, reading] = results;
      if (progress.epoch === epoch) {
        const samples = inputs.shape[0];
        progress = { ...progress, samples: progress.samples + samples, lossSum: progress.lossSum + loss * samples };
      }
      if (look === null) return loss;
      return {
        inputs: { shape: inputs.shape, dtype: inputs.dtype },
        loss,
        gradientNorm: norm[0],
        reading: reading === undefined ? null : Float32Array.from(reading),
      } satisfies MeasuredStep;
    }) as Trainer<P>["step"],
    mark({ epoch, batch }) {
      progress = { ...progress, ...(epoch !== progress.epoch && { samples: 0, lossSum: 0 }), epoch, batch };
    },
    async predict(given) {
      const inputs = batchValues("predict", given);
      setup.model.checkInputs?.(inputs);
      const make = (): WiredGraph => evaluationStep(setup, layout, { inputs, targets: null });
      const { loaded, predictions } = program("predict", inputs, null, make);
      const [data] = await turns.send(loaded, ({ run }) => run([inputs.data], state));
      return valuesOf(data, predictions);
    },
    async test(batch) {
      const [inputs, targets] = [batchValues("test", batch.inputs), batchValues("test", batch.targets)];
      setup.model.checkInputs?.(inputs);
      const make = (): WiredGraph => evaluationStep(setup, layout, { inputs, targets });
      const { loaded, predictions } = program("test", inputs, targets, make);
      checkTargets(lossOf, targets, predictions);
      const [data, loss] = await turns.send(loaded, ({ run }) => run([inputs.data, targets.data], state));
      return { predictions: valuesOf(data, predictions), loss: loss[0] };
    },
    learningRate: (step = progress.steps) => rateAt(step),
    parameters: async () => parametersIn(model, layout, await readState()),
    async checkpoint(extra = {}) {
      const { steps, epoch, batch } = progress;
      return turns.alone(async () => {
        const content: CheckpointContent = {
          progress: { ...progress, steps, epoch, batch },
          key: root,
          notes: [...notes],
          extra,
        };
        return packCheckpoint(layout, await state.read(), content);
      });
    },
    restore: (bytes) =>
      turns.alone(async () => {
        const { cells, ...content } = unpackCheckpoint(layout, bytes);
        const now = await state.read();
        now.forEach((cell, i) => void cell.set(cells[i]));
        await state.write(now);
        ({ progress, key: root } = content);
        notes.clear();
        for (const [name, text] of content.notes) notes.set(name, text);
        return { progress, extra: content.extra };
      }),
    async save(path, extra) {
      await writeFileAtomic(path, await self.checkpoint(extra));
    },
    load: async (path) => self.restore(await readFileBytes(path)),
    async exportOnnx(given = {}) {
      const { path, ...options } = typeof given === "string" ? { path: given } : given;
      const inputShape = options.inputShape ?? sample?.shape;
      if (inputShape === undefined) {
        throw fault("exportOnnx", "the shape of a sample is not known yet", { fix: "train first, or pass { inputShape: [64] }" });
      }
      const inputDtype = options.inputDtype ?? (options.inputShape === undefined ? sample?.dtype : undefined);
      const bytes = exportModel(setup.model, await self.parameters(), { ...options, inputShape, inputDtype });
      if (path !== undefined) await writeFileAtomic(path, bytes);
      return bytes;
    },
    fit: (data, options) => fit(self, data, options),
    evaluate: (data, options) => evaluate(self, data, options),
    dispose: () => turns.alone(() => state.dispose()),
  };
  return self;
}

const describe = ({ dtype, shape }: BatchSpec): string => `${dtype}(${shape.join(" ")})`;

const valuesOf = (data: TypedArray, shape: Shape): Values<Float32Array> => ({
  data: Float32Array.from(data),
  shape,
  dtype: "float32",
});
