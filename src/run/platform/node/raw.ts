import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-web";
import { allocate, type TypedArray } from "../../../ir/dtype.js";
import { checkMetadata, sizeOf, unshared } from "../../check.js";
import type { Engine, Program } from "../../engine.js";
import type { Plan } from "../../host.js";
import { sessionOptions } from "../../options.js";
import { probe } from "../../probe.js";
import { serve } from "../../serve.js";

/**
 * The native binding under onnxruntime-node's public interface. Its `run` is a plain call, with no promise and no turn of the event
 * loop, and here it copies nothing that it need not. Not documented by its authors, so it is tried before it is used.
 */
export interface RawBinding {
  readonly InferenceSession: new () => RawSession;
  /** Runs a session whose every output has a buffer to be written to, and drops the copies that the session returns. */
  run(session: RawSession, feeds: Record<string, Tensor>, fetches: Record<string, Tensor>): void;
  /** The same without making the copies, except that of the first output. */
  runWithoutCopies: RawBinding["run"];
}

interface RawSession {
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: InferenceSession.SessionOptions): void;
  readonly inputMetadata: readonly RawMetadata[];
  readonly outputMetadata: readonly RawMetadata[];
  run(feeds: Record<string, Tensor>, fetches: Record<string, Tensor>): Record<string, Tensor>;
  endProfiling(): void;
  dispose(): void;
}

/** The parts of onnxruntime-node's file dist/binding.js that are used. */
interface BindingFile {
  readonly initOrt: () => void;
  readonly binding: {
    readonly InferenceSession: new () => RawSession;
    initOrtOnce(logLevel: number, Tensor: TensorConstructor, isMainThread: boolean): void;
  };
}

interface RawMetadata {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
}

/** The binding, or null when this version of the package has none, or has one that does not behave as this file relies on. */
export async function findRawBinding(Tensor: TensorConstructor): Promise<RawBinding | null> {
  const require = createRequire(import.meta.url);
  try {
    const { binding, initOrt }: BindingFile = require("onnxruntime-node/dist/binding.js");
    initOrt();
    const found = bindings.get(binding) ?? withoutCopies(binding, Tensor);
    bindings.set(binding, found);
    await probe(serve(rawEngine({ name: "raw", binding: found, Tensor, session: sessionOptions("cpu", { threads: 1 }) })));
    return found;
  } catch {
    return null;
  }
}

// The binding is one object a thread, and so is what has been told to it.
const bindings = new WeakMap<object, RawBinding>();

/**
 * After a run the binding copies every output once more, written in place or not, to make tensors to return: half a millisecond
 * for a small network with its optimizer state, and as much garbage. It makes them with a constructor that was given to it, one
 * after the other, and stops at an exception. So the constructor throws, once, whenever nobody wants what is returned.
 */
function withoutCopies(binding: BindingFile["binding"], Tensor: TensorConstructor): RawBinding {
  const unwanted = new Error("nobody wants the copies of the outputs");
  let wanted = true;
  const Wanted = class extends (Tensor as unknown as new (...args: unknown[]) => object) {
    constructor(...args: unknown[]) {
      if (!wanted) throw unwanted;
      super(...args);
    }
  };
  const logErrors = 3;
  binding.initOrtOnce(logErrors, Wanted as unknown as TensorConstructor, isMainThread);
  return {
    InferenceSession: binding.InferenceSession,
    run: (session, feeds, fetches) => void session.run(feeds, fetches),
    runWithoutCopies(session, feeds, fetches) {
      wanted = false;
      try {
        session.run(feeds, fetches);
      } catch (error) {
        if (error !== unwanted) throw error;
      } finally {
        wanted = true;
      }
    },
  };
}

/**
 * One slot: the value, and a buffer of the same size that the next run writes. The runtime corrupts values silently when one
 * buffer is both input and output, so the two change places after each run that succeeds.
 */
interface PingPongCell {
  current: Tensor;
  next: Tensor;
}

export interface RawOptions {
  readonly name: string;
  readonly binding: RawBinding;
  readonly Tensor: TensorConstructor;
  readonly session: InferenceSession.SessionOptions;
}

/** Engine on the raw binding, values in this process's memory. Calls block the thread they are made on. */
export function rawEngine({ name, binding, Tensor, session }: RawOptions): Engine<PingPongCell> {
  return {
    name,
    load: (plan) => loadProgram(plan, { binding, Tensor, session }),
    hold: ({ dtype, shape, data }) => ({
      current: new Tensor(dtype, data.slice(), shape),
      next: new Tensor(dtype, allocate(dtype, data.length), shape),
    }),
    read: (cells) => cells.map((cell) => (cell.current.data as TypedArray).slice()),
    write(cells, values) {
      for (const [index, cell] of cells.entries()) (cell.current.data as TypedArray).set(values[index]!);
    },
    release() {},
    close() {},
  };
}

// Bytes whose copying takes as long as an exception does on its way out of native code, some 15 µs.
const smallestSaving = 1 << 17;

function loadProgram(plan: Plan, { binding, Tensor, session }: Omit<RawOptions, "name">): Program<PingPongCell> {
  const { model, inputs, outputs } = plan;
  const loaded = new binding.InferenceSession();
  loaded.loadModel(model.buffer, model.byteOffset, model.byteLength, session);
  checkMetadata("input", inputs, loaded.inputMetadata.map(toPortMetadata));
  checkMetadata("output", outputs, loaded.outputMetadata.map(toPortMetadata));
  const [, ...later] = outputs;
  const copied = later.reduce((bytes, { dtype, shape }) => bytes + sizeOf(shape) * allocate(dtype, 0).BYTES_PER_ELEMENT, 0);
  const run = copied > smallestSaving ? binding.runWithoutCopies : binding.run;
  return {
    run(args, cells) {
      const feeds: Record<string, Tensor> = {};
      const fetches: Record<string, Tensor> = {};
      let next = 0;
      for (const { name, dtype, shape, slot } of inputs) {
        feeds[name] = slot === null ? new Tensor(dtype, unshared(args[next++]!), shape) : cells[slot]!.current;
      }
      const results: TypedArray[] = [];
      for (const { name, dtype, shape, slot } of outputs) {
        if (slot === null) results.push(allocate(dtype, sizeOf(shape)));
        fetches[name] = slot === null ? new Tensor(dtype, results.at(-1)!, shape) : cells[slot]!.next;
      }
      run(loaded, feeds, fetches);
      for (const { slot } of outputs) if (slot !== null) swap(cells[slot]!);
      return results;
    },
    dispose() {
      if (session.enableProfiling) loaded.endProfiling();
      loaded.dispose();
    },
  };
}

function swap(cell: PingPongCell): void {
  const { current, next } = cell;
  cell.current = next;
  cell.next = current;
}

// onnx.proto TensorProto.DataType, in which the binding answers.
const typeNames: Readonly<Record<number, string>> = { 1: "float32", 6: "int32", 7: "int64", 9: "bool", 12: "uint32" };

const toPortMetadata = ({ name, shape, type }: RawMetadata) => ({ name, shape, type: typeNames[type] ?? `type ${type}` });
