import { createNativeHost, hasNative } from "#platform/native.js";
import { importWasm, importWebgpu, type WebRuntime } from "#platform/web.js";
import { fault } from "../ir/fault.js";
import type { Host, HostOptions } from "./host.js";
import { sessionOptions } from "./options.js";
import { portableEngine } from "./portable.js";
import { probed } from "./probe.js";
import { messageOf, serve } from "./serve.js";

/**
 * The fastest host that works here: native code where it is installed, else WebAssembly, which is said aloud once through
 * `notify`. A provider or a runtime that was asked for by name is never replaced by another: it works, or the reason is thrown.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const { runtime = "auto", provider = "cpu", notify = console.warn } = options;
  if (runtime === "native") return createNativeHost({ ...options, notify });
  if (runtime === "wasm" || !hasNative) return createWebHost(options);
  try {
    return await createNativeHost({ ...options, notify });
  } catch (error) {
    if (provider !== "cpu") throw error;
    const host = await createWebHost(options);
    notify(`softgrad: the WebAssembly runtime is used, about five times slower than native code.\n${messageOf(error)}`);
    return host;
  }
}

async function createWebHost(options: HostOptions): Promise<Host> {
  const { provider = "cpu" } = options;
  if (provider === "cpu") return createWasmHost(options);
  if (provider === "webgpu") return createWebgpuHost(options);
  throw fault("createHost", `provider "${provider}" has no WebAssembly build`, {
    fix: 'use runtime: "native", or provider: "cpu"',
  });
}

async function createWasmHost(options: HostOptions): Promise<Host> {
  const runtime = withThreads(await importWasm(), options);
  const session = sessionOptions("wasm", options);
  return probed(
    serve(portableEngine({ name: "wasm", runtime, session, stateLocation: "cpu" })),
    "serve the .wasm file of onnxruntime-web",
  );
}

async function createWebgpuHost(options: HostOptions): Promise<Host> {
  const runtime = await importWebgpu();
  if (runtime === null) throw fault("createHost", "there is no WebGPU here", { fix: 'use provider: "cpu"' });
  const session = sessionOptions("webgpu", options);
  const engine = portableEngine({ name: "webgpu", runtime: withThreads(runtime, options), session, stateLocation: "gpu-buffer" });
  return probed(serve(engine), 'use provider: "cpu"');
}

// The web build takes the number of threads once for all its sessions, before the first one.
function withThreads(runtime: WebRuntime, { threads }: HostOptions): WebRuntime {
  if (threads !== undefined) runtime.env.wasm.numThreads = threads;
  return runtime;
}
