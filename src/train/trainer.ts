import type { Values } from "../data/columns.js";
import type { Layer } from "../nn/layer.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { Key } from "../random/counter.js";
import type { Runtime } from "../run/runtime.js";
import type { BatchInput } from "./batch-input.js";
import type { Checkpoint } from "./checkpoint.js";
import type { ExportOptions } from "./export.js";
import type { BatchSource, EpochReport, EvaluateOptions, FitOptions } from "./fit-options.js";
import type { MeasuredStep, StepOptions } from "./instrument.js";
import type { Progress } from "./progress.js";
import type { TrainingLoss } from "./step.js";

/** What a trainer is made of. */
export interface TrainerOptions<P> {
  readonly model: Layer<P>;
  /** One number from predictions and targets: `nn.softmaxCrossEntropy`, or any function of two tensors. */
  readonly loss: TrainingLoss;
  readonly optimizer: Optimizer;
  /** Root of everything random: initial parameters, order of samples, dropout. Default 0. */
  readonly seed?: number;
  /** Batches whose gradients are averaged for one update. Default 1. */
  readonly accumulate?: number;
  /** Parameters to start from; without them the model's own initialisers draw. */
  readonly parameters?: P;
  /** Where to train. Default: the runtime of the whole program. */
  readonly runtime?: Runtime;
}

/** Inputs and targets as a program has them at hand. */
export interface GivenBatch {
  readonly inputs: BatchInput;
  readonly targets: BatchInput;
}

/** Inputs and targets of one step. */
export interface TrainingBatch {
  readonly inputs: Values;
  readonly targets: Values;
}

/** A model in training: parameters and optimizer state live with the runtime, each step is one compiled graph. */
export interface Trainer<P = unknown> {
  readonly model: Layer<P>;
  readonly loss: TrainingLoss;
  readonly optimizer: Optimizer;
  /** Batches whose gradients are averaged for one update. */
  readonly accumulate: number;
  readonly runtime: Runtime;
  /** Key from which the order of samples is drawn. */
  readonly dataKey: Key;
  readonly progress: Progress;
  /** Text that travels with every checkpoint and comes back when one is restored: where `fit` keeps what it has to remember. */
  readonly notes: Map<string, string>;
  /**
   * Trains on one batch and returns its loss, measured before the update. Steps may be sent before earlier ones are done: they
   * run in the order in which they were sent.
   */
  step(batch: GivenBatch): Promise<number>;
  /** The same step, looked at: its result is the same to the bit. */
  step(batch: GivenBatch, look: StepOptions): Promise<MeasuredStep>;
  /** Notes how far an epoch has come, for the next checkpoint. */
  mark(position: Pick<Progress, "epoch" | "batch">): void;
  /** The model's output in evaluation mode. */
  predict(inputs: BatchInput): Promise<Values<Float32Array>>;
  /** Output and loss in evaluation mode. */
  test(batch: GivenBatch): Promise<{ predictions: Values<Float32Array>; loss: number }>;
  /** Learning rate of the update that a step belongs to, counted from 0. Default: the next step. */
  learningRate(step?: number): number;
  /** The parameters as they are now. */
  parameters(): Promise<P>;
  /** Everything that is needed to go on, as a checkpoint; `restore` takes it back to the bit. */
  checkpoint(extra?: Readonly<Record<string, string>>): Promise<Uint8Array>;
  restore(bytes: Uint8Array): Promise<Checkpoint>;
  /** Writes the checkpoint to a file: the old content or the new is there, never a part, however the process ends. */
  save(path: string, extra?: Readonly<Record<string, string>>): Promise<void>;
  /** Goes on from a file that `save` wrote (in a page: an address). */
  load(path: string): Promise<Checkpoint>;
  /**
   * The trained model as the bytes of an ONNX file with input `input` and output `output`; with a path they are written too.
   * The shape of a sample is that of the last batch, unless told.
   */
  exportOnnx(options?: string | (Partial<ExportOptions> & { readonly path?: string })): Promise<Uint8Array>;
  /** Trains epoch by epoch: `for await (const report of trainer.fit(data, { epochs: 20, batchSize: 64 }))`. */
  fit(data: BatchSource, options: FitOptions): AsyncGenerator<EpochReport, void>;
  /** Loss and metrics over a data set, in evaluation mode. */
  evaluate(data: BatchSource, options?: EvaluateOptions): Promise<Record<string, number>>;
  dispose(): Promise<void>;
}
