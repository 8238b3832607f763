import { setImmediate as nextTurn } from "node:timers/promises";
import { fault } from "../../../ir/fault.js";
import type { Engine } from "../../engine.js";
import type { Host, HostOptions } from "../../host.js";
import { sessionOptions } from "../../options.js";
import { portableEngine, type Runtime } from "../../portable.js";
import { probe, probed } from "../../probe.js";
import { messageOf, serve } from "../../serve.js";
import { downloader } from "./download.js";
import { findRawBinding, rawEngine } from "./raw.js";

/** Host on onnxruntime-node in the calling thread. `breathing`: let the event loop turn now and then between calls. */
export async function directHost(options: HostOptions, breathing: boolean): Promise<Host> {
  const runtime = await importRuntime();
  const { provider = "cpu" } = options;
  const name = `native ${provider}`;
  const session = sessionOptions(provider, options);
  if (provider === "webgpu") {
    const { download, close } = downloader(runtime, session);
    return probed(
      serve(portableEngine({ name, runtime, session, stateLocation: "gpu-buffer", download, close })),
      advice[provider],
    );
  }
  const binding = findRawBinding();
  if (binding !== null) {
    const engine = rawEngine({ name, binding, Tensor: runtime.Tensor, session });
    const host = serve(breathing ? breathe(engine) : engine);
    if (await works(host)) return host;
  }
  return probed(serve(portableEngine({ name, runtime, session, stateLocation: "cpu" })), advice[provider]);
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

async function works(host: Host): Promise<boolean> {
  try {
    await probe(host);
    return true;
  } catch {
    await host.close();
    return false;
  }
}

const longestHold = 10; // milliseconds: short enough for a progress bar, long enough to cost nothing

/** Calls that block and resolve at once would keep timers and input waiting for as long as they are made in a row. */
function breathe<Cell>(engine: Engine<Cell>): Engine<Cell> {
  let lastTurn = performance.now();
  return {
    ...engine,
    async load(plan) {
      const program = await engine.load(plan);
      return {
        ...program,
        async run(args, cells) {
          if (performance.now() - lastTurn > longestHold) {
            await nextTurn();
            lastTurn = performance.now();
          }
          return program.run(args, cells);
        },
      };
    },
  };
}
