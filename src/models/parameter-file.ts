import { readSafetensors, writeSafetensors } from "../interop/index.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { type Layer, mapParameters, parametersOf } from "../nn/index.js";
import { tensor } from "../ops/index.js";
import { storedElements } from "./stored.js";

/** The computed values of parameters, by their names: "body.0.weight". */
export function parameterValues<P>(model: Layer<P>, parameters: P): Map<string, Float32Array> {
  const at = (value: unknown, path: string): Tensor =>
    path.split(".").reduce((part, name) => (part as Readonly<Record<string, unknown>>)[name], value) as Tensor;
  return new Map(parametersOf(model as Layer).map(({ path }) => [path, Float32Array.from(storedElements(at(parameters, path)))]));
}

/** The parameters of a model as a safetensors file, under their own names and with text of your own beside them. */
export function saveParameters<P>(model: Layer<P>, parameters: P, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const values = parameterValues(model, parameters);
  const tensors = parametersOf(model as Layer).map(
    ({ path, shape }) => [path, { dtype: "F32", shape, data: values.get(path) as Float32Array }] as const,
  );
  return writeSafetensors(Object.fromEntries(tensors), metadata);
}

/** The parameters of a model from a file that `saveParameters` wrote: each must be there in its shape, and no other. */
export function loadParameters<P>(model: Layer<P>, bytes: Uint8Array, name = "parameters"): P {
  const { tensors } = readSafetensors(bytes, name);
  const wanted = new Set(parametersOf(model as Layer).map(({ path }) => path));
  const extra = Object.keys(tensors).filter((path) => !wanted.has(path));
  if (extra.length > 0) {
    throw fault(name, `the file is that of another model than ${model.title}`, {
      got: `${extra.slice(0, 5).join(", ")} besides`,
    });
  }
  return mapParameters(model, ({ path, shape }) => {
    const stored = tensors[path];
    if (stored !== undefined && stored.dtype === "F32" && stored.shape.join() === shape.join()) {
      return tensor(stored.data as Float32Array, { shape });
    }
    throw fault(name, `the file is that of another model than ${model.title}`, {
      expected: `${path}, F32 ${formatShape(shape)}`,
      got: stored === undefined ? "nothing of that name" : `${stored.dtype} ${formatShape(stored.shape)}`,
    });
  }) as P;
}
