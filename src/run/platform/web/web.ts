import type { Runtime } from "../../portable.js";

/** ONNX Runtime's WebAssembly build, and how it is asked for more than one thread. */
export interface WebRuntime extends Runtime {
  readonly env: { readonly wasm: { numThreads?: number } };
}

/** The WebAssembly build for the CPU. */
export async function importWasm(): Promise<WebRuntime> {
  return (await import("onnxruntime-web/wasm")) as unknown as WebRuntime;
}

/** The WebAssembly build with WebGPU kernels: twice as large, so loaded only when asked for. Null where there is no WebGPU. */
export async function importWebgpu(): Promise<WebRuntime | null> {
  const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };
  if (!(await gpu?.requestAdapter())) return null;
  return (await import("onnxruntime-web/webgpu")) as unknown as WebRuntime;
}
