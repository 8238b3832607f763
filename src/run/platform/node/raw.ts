import { createRequire } from "node:module";
import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-web";
import { allocate, type TypedArray } from "../../../ir/dtype.js";
import { checkMetadata, unshared } from "../../check.js";
import type { Engine, Program } from "../../engine.js";
import type { Plan } from "../../host.js";
import { sessionOptions } from "../../options.js";
import { probe } from "../../probe.js";
import { serve } from "../../serve.js";

/**
 * The native binding under onnxruntime-node's public interface. Its `run` is a plain call: no promise, no turn of the event loop.
 * Not documented by its authors, so it is tried before it is used.
 */
export interface RawBinding {
  readonly InferenceSession: new () => RawSession;
}

interface RawSession {
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: InferenceSession.SessionOptions): void;
  readonly inputMetadata: readonly RawMetadata[];
  readonly outputMetadata: readonly RawMetadata[];
  run(feeds: Record<string, Tensor>, fetches: Record<string, Tensor | null>): Record<string, Tensor>;
  endProfiling(): void;
  dispose(): void;
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
    const { binding, initOrt }: { binding?: RawBinding; initOrt?: () => void } = require("onnxruntime-node/dist/binding.js");
    if (binding === undefined || initOrt === undefined) return null;
    initOrt();
    await probe(serve(rawEngine({ name: "raw", binding, Tensor, session: sessionOptions("cpu", { threads: 1 }) })));
    return binding;
  } catch {
    return null;
  }
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

function loadProgram(plan: Plan, { binding, Tensor, session }: Omit<RawOptions, "name">): Program<PingPongCell> {
  const { model, inputs, outputs } = plan;
  const loaded = new binding.InferenceSession();
  loaded.loadModel(model.buffer, model.byteOffset, model.byteLength, session);
  checkMetadata("input", inputs, loaded.inputMetadata.map(toPortMetadata));
  checkMetadata("output", outputs, loaded.outputMetadata.map(toPortMetadata));
  return {
    run(args, cells) {
      const feeds: Record<string, Tensor> = {};
      const fetches: Record<string, Tensor | null> = {};
      let next = 0;
      for (const { name, dtype, shape, slot } of inputs) {
        feeds[name] = slot === null ? new Tensor(dtype, unshared(args[next++]!), shape) : cells[slot]!.current;
      }
      for (const { name, slot } of outputs) fetches[name] = slot === null ? null : cells[slot]!.next;
      const fetched = loaded.run(feeds, fetches);
      const results: TypedArray[] = [];
      for (const { name, slot } of outputs) {
        if (slot === null) results.push(fetched[name]!.data as TypedArray);
        else swap(cells[slot]!);
      }
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
