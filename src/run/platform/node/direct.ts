import { fault } from "../../../ir/fault.js";
import type { Engine } from "../../engine.js";
import type { Host, HostOptions } from "../../host.js";
import { sessionOptions } from "../../options.js";
import { portableEngine, type Runtime } from "../../portable.js";
import { probed } from "../../probe.js";
import { messageOf, serve } from "../../serve.js";
import { downloader } from "./download.js";
import { findRawBinding, rawEngine } from "./raw.js";

/** What is done around an engine's calls, whatever its cells are. */
export type Around = <Cell>(engine: Engine<Cell>) => Engine<Cell>;

/** Host on onnxruntime-node in the calling thread. */
export async function directHost(options: HostOptions, around: Around): Promise<Host> {
  const runtime = await importRuntime();
  const { provider = "cpu" } = options;
  const name = `native ${provider}`;
  const session = sessionOptions(provider, options);
  if (provider === "webgpu") {
    const engine = portableEngine({ name, runtime, session, stateLocation: "gpu-buffer", ...downloader(runtime, session) });
    return probed(serve(around(engine)), advice[provider]);
  }
  const binding = await findRawBinding(runtime.Tensor);
  const host =
    binding === null
      ? serve(around(portableEngine({ name, runtime, session, stateLocation: "cpu" })))
      : serve(around(rawEngine({ name, binding, Tensor: runtime.Tensor, session })));
  return probed(host, advice[provider]);
}

const advice = {
  cpu: 'use runtime: "wasm"',
  webgpu: 'a Vulkan, Metal or Direct3D 12 driver is needed; use provider: "cpu"',
  cuda: 'CUDA 12, cuDNN 9 and the CUDA files of onnxruntime-node are needed; use provider: "cpu"',
} as const;

async function importRuntime(): Promise<Runtime> {
  try {
    return (await import("onnxruntime-node")) as unknown as Runtime;
  } catch (error) {
    const got = messageOf(error).split("\n")[0]!;
    throw fault("native", "the package onnxruntime-node cannot be loaded", { got, fix: "npm install onnxruntime-node" }, error);
  }
}
