import type { InferenceSession } from "onnxruntime-web";
import type { HostOptions } from "./host.js";

/** Session options that mean the same in every build of the runtime; failures arrive as exceptions, so its log stays quiet. */
export function sessionOptions(executionProvider: string, options: HostOptions): InferenceSession.SessionOptions {
  const { threads, allowCpuFallback = true, profile } = options;
  return {
    executionProviders: [executionProvider === "webgpu" ? webgpu : executionProvider],
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(allowCpuFallback ? {} : { extra: { session: { disable_cpu_ep_fallback: "1" } } }),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
}

/**
 * Images stay as the graph has them. In its own layout, channels last, the WebGPU provider moves transposes through everything
 * around a convolution; masks come among that, for which it has no transpose, and the step is no longer whole on the GPU.
 */
const webgpu = { name: "webgpu", preferredLayout: "NCHW" } as const;
