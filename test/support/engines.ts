import { allocate, type DType, type TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";

/** ONNX Runtime in this thread, quiet and single-threaded: what the derived tests compare with. */
export const directRuntime = (): Runtime => onnxRuntime({ worker: false, threads: 1, cacheSize: 4 });

/** Values as the runtime takes them. */
export function exchanged(dtype: DType, data: ArrayLike<number>): TypedArray {
  const stored = allocate(dtype, data.length);
  stored.set(data);
  return stored;
}

/** Computes `outputs` in float32. */
export async function computeOn(
  runtime: Runtime,
  outputs: readonly Tensor[],
  feeds: ReadonlyMap<Tensor, TypedArray>,
): Promise<TypedArray[]> {
  const parameters = [...feeds.keys()];
  const loaded = await runtime.load({ parameters, outputs });
  return loaded.run(parameters.map((node) => exchanged(node.dtype, feeds.get(node) as TypedArray)));
}
