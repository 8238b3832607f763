import type { Runtime } from "../../portable.js";

/** ONNX Runtime's WebAssembly build, and how it is asked for more than one thread. */
export interface WebRuntime extends Runtime {
  readonly env: { readonly wasm: { numThreads?: number } };
}

/** The WebAssembly build for the CPU. */
export async function importWasm(): Promise<WebRuntime> {
  return (await import("onnxruntime-web")) as unknown as WebRuntime;
}

/** The WebAssembly build with WebGPU kernels, or null: Node's own WebGPU is in the native runtime. */
export async function importWebgpu(): Promise<WebRuntime | null> {
  return null;
}
