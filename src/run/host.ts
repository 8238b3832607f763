import type { DType, TypedArray } from "../ir/dtype.js";

/** One input or output of a compiled model. */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Which slot of the state it reads or writes; null: an argument of the call, or a result. */
  readonly slot: number | null;
}

/** A model and how its ports are wired. The bytes are an ONNX model; ports are named as in it, in its order. */
export interface Plan {
  readonly model: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Shape and first value of one slot of a state. */
export interface Slot {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Copied: the caller keeps the array. */
  readonly data: TypedArray;
}

/**
 * Where compiled models run. Calls on one host happen one at a time, in the order they were made; one that fails rejects with a
 * Fault, changes no state, and leaves the host usable.
 */
export interface Host {
  /** What runs, for people: "native cpu (worker)". */
  readonly name: string;
  load(plan: Plan): Promise<Session>;
  createState(slots: readonly Slot[]): Promise<State>;
  /** Frees everything; every later call is refused. Closing twice is harmless. */
  close(): Promise<void>;
}

/** A loaded model. */
export interface Session {
  /**
   * Runs the model once. `args` are the inputs with no slot, in order; the answer is the outputs with no slot, in order, in arrays
   * that are the caller's to keep. Inputs with a slot read the state as it was before the call; outputs with a slot replace it
   * after the whole call has succeeded. Arguments must not change until the promise settles.
   */
  run(args: readonly TypedArray[], state?: State): Promise<TypedArray[]>;
  dispose(): Promise<void>;
}

/** Values that stay with the host between calls. Any session of the same host may read and write them. */
export interface State {
  /** A copy of every slot. */
  read(): Promise<TypedArray[]>;
  /** Replaces every slot. */
  write(values: readonly TypedArray[]): Promise<void>;
  dispose(): Promise<void>;
}

/** What to run on. */
export interface HostOptions {
  /** Default "cpu". "webgpu" works in browsers and in Node; "cuda" in Node on Linux with the CUDA libraries installed. */
  readonly provider?: Provider;
  /** Threads inside one operator. Default: the runtime's own choice. */
  readonly threads?: number;
  /** false: a model with any operator that the provider cannot run is refused instead of using the CPU for it. Default true. */
  readonly allowCpuFallback?: boolean;
  /** Run in a worker thread, so that the event loop stays free. Default true. Node with the native runtime only. */
  readonly worker?: boolean;
  /** Write a runtime profile to files that start with this path. Native runtime only. */
  readonly profile?: string;
  /** Which runtime. Default "auto": native where it is installed, else WebAssembly, said aloud through `notify`. */
  readonly runtime?: "auto" | "native" | "wasm";
  /** Hears why another runtime than the best one is used. Default: console.warn. */
  readonly notify?: (message: string) => void;
}

export type Provider = "cpu" | "webgpu" | "cuda";
