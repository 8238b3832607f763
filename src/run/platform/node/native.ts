import { Fault } from "../../../ir/fault.js";
import type { Host, HostOptions } from "../../host.js";
import { breathe } from "./breathe.js";
import { directHost } from "./direct.js";
import { threadedHost } from "./threaded.js";

/** Whether this platform has a native runtime at all; it may still not be installed. */
export const hasNative = true;

/**
 * Host on the native runtime, in a worker thread unless the options say otherwise. Rejects with a fault when the runtime is not
 * installed or cannot use the provider.
 */
export async function createNativeHost({ notify, ...options }: HostOptions): Promise<Host> {
  if (options.worker === false) return directHost(options, breathe);
  const host = await threadedHost(options);
  if (!(host instanceof Fault)) return host;
  // A bundle may have left the thread's file behind: the runtime works without it.
  notify?.(`softgrad: models run on the main thread, because a worker thread cannot be started.\n${host.message}`);
  return directHost(options, breathe);
}
