import { fault } from "../../../ir/fault.js";
import type { Host, HostOptions } from "../../host.js";

/** Browsers have no native runtime. */
export const hasNative = false;

export async function createNativeHost(_options: HostOptions): Promise<Host> {
  throw fault("native", "browsers have no native runtime", { fix: 'use runtime: "wasm", or provider: "webgpu"' });
}
