import { allocate, type DType, type TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { encodeOnnx, lower, simplify } from "../../src/lower/index.js";
import type { OnnxValue } from "../../src/lower/onnx/model.js";
import { createHost } from "../../src/run/create.js";
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

/** The operators chosen for a GPU, run on the CPU: shows that they mean the same, not that a GPU has them. */
export function gpuOperatorsOnCpu(): Runtime {
  const host = createHost({ worker: false, threads: 1 });
  return {
    name: async () => "operators for WebGPU on the CPU",
    async load(graph) {
      const model = lower(simplify(graph), { provider: "webgpu" });
      const port = ({ name }: OnnxValue, { dtype, shape }: Tensor) => ({ name, dtype, shape, slot: null });
      const session = await (await host).load({
        model: encodeOnnx(model),
        inputs: model.inputs.map((value, i) => port(value, graph.parameters[i])),
        outputs: model.outputs.map((value, i) => port(value, graph.outputs[i])),
      });
      return {
        async run(args) {
          const results = await session.run(args);
          await session.dispose();
          return results;
        },
      };
    },
    createState: async (slots) => (await host).createState(slots),
    close: async () => (await host).close(),
  };
}
