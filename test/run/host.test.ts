import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createHost } from "../../src/run/create.js";
import type { Host } from "../../src/run/host.js";
import { sessionOptions } from "../../src/run/options.js";
import { findRawBinding } from "../../src/run/platform/node/raw.js";
import { portableEngine, type Runtime } from "../../src/run/portable.js";
import { serve } from "../../src/run/serve.js";
import { conformance } from "./conformance.js";

async function publicInterfaceHost(): Promise<Host> {
  const runtime = (await import("onnxruntime-node")) as unknown as Runtime;
  return serve(portableEngine({ name: "public", runtime, session: sessionOptions("cpu", {}), stateLocation: "cpu" }));
}

const hosts: Record<string, () => Promise<Host>> = {
  "the native host in a worker thread": () => createHost({ runtime: "native" }),
  "the native host in the calling thread": () => createHost({ runtime: "native", worker: false }),
  "the native host without its raw binding": publicInterfaceHost,
  "the WebAssembly host": () => createHost({ runtime: "wasm", threads: 1 }),
};

for (const [name, create] of Object.entries(hosts)) describe(name, () => conformance(create, { checksIndices: true }));

test("the raw binding that makes calls three times cheaper is found and behaves", async () => {
  const { Tensor } = (await import("onnxruntime-node")) as unknown as Runtime;
  assert.notEqual(await findRawBinding(Tensor), null);
});
