import type { InferenceSession, Tensor } from "onnxruntime-web";
import type { TypedArray } from "../../../ir/dtype.js";
import { encodeOnnx } from "../../../lower/onnx/encode.js";
import type { OnnxType } from "../../../lower/onnx/model.js";
import type { Runtime } from "../../portable.js";

/**
 * Copies tensors from the device by running a model that returns its inputs, with outputs on the CPU. Asking such a tensor for
 * its data directly ends the process in onnxruntime-node 1.30.
 */
export function downloader(runtime: Runtime, { extra: _refuseCpu, ...session }: InferenceSession.SessionOptions) {
  const copiers = new Map<string, Promise<InferenceSession>>();

  function copierOf(tensors: readonly Tensor[]): Promise<InferenceSession> {
    const signature = tensors.map(({ type, dims }) => `${type} ${dims.join(" ")}`).join(", ");
    const copier = copiers.get(signature) ?? runtime.InferenceSession.create(copyModel(tensors), session);
    copiers.set(signature, copier);
    return copier;
  }

  return {
    async download(tensors: readonly Tensor[]): Promise<TypedArray[]> {
      const onDevice = tensors.filter((tensor) => tensor.location !== "cpu");
      if (onDevice.length === 0) return tensors.map((tensor) => tensor.data as TypedArray);
      const copier = await copierOf(onDevice);
      const copies = await copier.run(Object.fromEntries(onDevice.map((tensor, index) => [`x${index}`, tensor])));
      let next = 0;
      return tensors.map((tensor) => (tensor.location === "cpu" ? tensor : copies[`y${next++}`]!).data as TypedArray);
    },
    async close(): Promise<void> {
      for (const copier of copiers.values()) await (await copier).release();
    },
  };
}

function copyModel(tensors: readonly Tensor[]): Uint8Array {
  const named = (prefix: string) =>
    tensors.map(({ type, dims }, index) => ({ name: `${prefix}${index}`, type: type as OnnxType, shape: dims }));
  return encodeOnnx({
    inputs: named("x"),
    outputs: named("y"),
    initializers: [],
    nodes: tensors.map((_, index) => ({ op: "Identity", inputs: [`x${index}`], outputs: [`y${index}`] })),
  });
}
