import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-web";
import type { TypedArray } from "../ir/dtype.js";
import { checkMetadata, unshared } from "./check.js";
import type { Engine, PortMetadata, Program } from "./engine.js";
import type { Plan, Slot } from "./host.js";

/** The part of ONNX Runtime's JavaScript interface that its Node and its web package share. */
export interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> };
  readonly Tensor: TensorConstructor;
}

export interface PortableOptions {
  readonly name: string;
  readonly runtime: Runtime;
  readonly session: InferenceSession.SessionOptions;
  /** Where values of a state stay between calls. */
  readonly stateLocation: "cpu" | "gpu-buffer";
  /** Copies tensors that are on a device to arrays. Default: the tensor's own method. */
  readonly download?: (tensors: readonly Tensor[]) => Promise<TypedArray[]>;
  readonly close?: () => Promise<void>;
}

/** A slot is one tensor that is replaced, never written: the runtime makes the new one, the old one is dropped on success. */
export interface TensorCell extends Pick<Slot, "dtype" | "shape"> {
  tensor: Tensor;
}

/** Engine on ONNX Runtime's public interface, with no assumption about where it runs. Never passes it buffers to write into. */
export function portableEngine(options: PortableOptions): Engine<TensorCell> {
  const { runtime, download = (tensors) => Promise.all(tensors.map(downloadOne)) } = options;
  const tensorOf = ({ dtype, shape, data }: Slot): Tensor => new runtime.Tensor(dtype, data.slice(), shape);
  return {
    name: options.name,
    load: (plan) => loadProgram(plan, options),
    hold: (slot) => ({ dtype: slot.dtype, shape: slot.shape, tensor: tensorOf(slot) }),
    async read(cells) {
      return (await download(cells.map((cell) => cell.tensor))).map((data) => data.slice());
    },
    write(cells, values) {
      for (const [index, cell] of cells.entries()) {
        replace(cell, tensorOf({ dtype: cell.dtype, shape: cell.shape, data: values[index]! }));
      }
    },
    release(cells) {
      for (const cell of cells) dropTensor(cell.tensor);
    },
    close: () => options.close?.(),
  };
}

async function downloadOne(tensor: Tensor): Promise<TypedArray> {
  return (await tensor.getData()) as TypedArray;
}

function replace(cell: TensorCell, tensor: Tensor): void {
  dropTensor(cell.tensor);
  cell.tensor = tensor;
}

// Memory on a device is not garbage collected; memory of this process is.
function dropTensor(tensor: Tensor): void {
  if (tensor.location === "gpu-buffer") tensor.dispose();
}

// Failures arrive as exceptions.
const quiet: InferenceSession.RunOptions = { logSeverityLevel: 4 };

async function loadProgram(plan: Plan, { runtime, session, stateLocation }: PortableOptions): Promise<Program<TensorCell>> {
  const loaded = await runtime.InferenceSession.create(plan.model, { ...session, ...outputLocations(plan, stateLocation) });
  checkMetadata("input", plan.inputs, loaded.inputMetadata.map(toPortMetadata));
  checkMetadata("output", plan.outputs, loaded.outputMetadata.map(toPortMetadata));
  return {
    async run(args, cells) {
      const feeds: Record<string, Tensor> = {};
      let next = 0;
      for (const { name, dtype, shape, slot } of plan.inputs) {
        feeds[name] = slot === null ? new runtime.Tensor(dtype, unshared(args[next++]!), shape) : cells[slot]!.tensor;
      }
      const outputs = await loaded.run(feeds, quiet);
      const results: TypedArray[] = [];
      for (const { name, slot } of plan.outputs) {
        const output = outputs[name]!;
        if (slot === null) results.push(output.data as TypedArray);
        else replace(cells[slot]!, output as Tensor);
      }
      return results;
    },
    dispose: () => loaded.release(),
  };
}

function outputLocations({ outputs }: Plan, stateLocation: "cpu" | "gpu-buffer"): InferenceSession.SessionOptions {
  if (stateLocation === "cpu") return {};
  return {
    preferredOutputLocation: Object.fromEntries(outputs.map(({ name, slot }) => [name, slot === null ? "cpu" : stateLocation])),
  };
}

/** The runtime's description of a port in ours. */
export function toPortMetadata(value: InferenceSession.ValueMetadata): PortMetadata {
  return value.isTensor ? value : { name: value.name, type: "not a tensor", shape: [] };
}
