import { Fault } from "../../../ir/fault.js";
import type { Host, HostOptions } from "../../host.js";
import { directHost } from "./direct.js";
import { threadedHost } from "./threaded.js";

/** Whether this platform has a native runtime at all; it may still not be installed. */
export const hasNative = true;

/**
 * Host on the native runtime, in a worker thread unless the options say otherwise. Rejects with a fault when the runtime is not
 * installed or cannot use the provider.
 */
export async function createNativeHost({ notify, ...options }: HostOptions): Promise<Host> {
  if (options.worker === false) return directHost(options, true);
  try {
    return await threadedHost(options);
  } catch (error) {
    // A bundle may have left the thread's file behind: the same runtime works without it, if it works at all.
    const host = await directHost(options, true);
    const reason = error instanceof Fault ? error.message : String(error);
    notify?.(`softgrad: models run on the main thread, because a worker thread could not be started.\n${reason}`);
    return host;
  }
}
