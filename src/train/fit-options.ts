import type { BatchOptions } from "../data/batches.js";
import type { Values } from "../data/columns.js";
import type { Monitor } from "./monitor.js";

/** Where batches come from: a data set, or anything that gives an epoch's batches in an order that key and epoch fix. */
export interface BatchSource {
  batches(options: BatchOptions): AsyncIterable<Readonly<Record<string, Values>>>;
  batchCount?(options: Pick<BatchOptions, "size" | "remainder">): number;
}

/** Which columns of a batch are what. */
export interface ColumnNames {
  /** Default "features". */
  readonly inputs?: string;
  /** Default "labels", else "targets". */
  readonly targets?: string;
}

/** A number that says how good predictions are, over a whole data set. */
export interface Metric {
  readonly name: string;
  /** A fresh count, to which batches are added. */
  start(): { add(predictions: Values<Float32Array>, targets: Values): void; result(): number };
}

/** What a data set is tested on besides the loss. */
export interface EvaluateOptions extends ColumnNames {
  /** Default 256. */
  readonly batchSize?: number;
  readonly metrics?: readonly Metric[];
}

/** When to stop before the last epoch. */
export interface EarlyStopping {
  /** Epochs without improvement after which training stops. */
  readonly patience: number;
  /** Name of the number to watch: "loss" (of the validation data, default) or a metric. */
  readonly monitor?: string;
  /** Whether smaller or larger is better. Default "smaller" for the loss, "larger" for metrics. */
  readonly better?: "smaller" | "larger";
  /** Least change that counts as improvement. Default 0. */
  readonly minChange?: number;
}

/** How to train. */
export interface FitOptions extends ColumnNames {
  /** Epochs in all, those that are done included: a restored trainer goes on to this number. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Order drawn anew for every epoch. Default true. */
  readonly shuffle?: boolean;
  /** The last batch when it is smaller: trained on (default) or left out. */
  readonly remainder?: "keep" | "drop";
  /** Data to test on after every epoch. */
  readonly validation?: BatchSource;
  readonly metrics?: readonly Metric[];
  readonly earlyStopping?: EarlyStopping;
  /** Looks at the steps, such as `health.monitor(…)`. */
  readonly monitor?: Monitor;
  /** Called after every few steps: for progress bars. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** Called with a checkpoint after every epoch; awaited. */
  readonly onCheckpoint?: (bytes: Uint8Array, report: EpochReport) => Promise<void>;
  /** Stops after the steps under way; the trainer can go on later. */
  readonly signal?: AbortSignal;
}

/** Where an epoch stands. */
export interface FitProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Batches done in this epoch, and of how many (null: not known). */
  readonly batch: number;
  readonly batches: number | null;
  readonly loss: number;
  readonly samplesPerSecond: number;
}

/** What one epoch came to. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly steps: number;
  /** Mean over the samples of the epoch, each measured before its own step. */
  readonly loss: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Loss and metrics on the validation data, by name. */
  readonly validation: Readonly<Record<string, number>> | null;
  /** True for the last report of a run that stopped early. */
  readonly stopped: boolean;
}
