import { Worker } from "node:worker_threads";
import type { TypedArray } from "../../../ir/dtype.js";
import { type Fault, fault } from "../../../ir/fault.js";
import { messageOf } from "../../serve.js";
import { type Call, type Reply, type Request, type ThreadOptions, unpackFault } from "./protocol.js";

/** Calls to a worker thread, answered by promises. The thread keeps the process alive only while an answer is awaited. */
export interface Link {
  /** Resolves to the name of the thread's host. */
  readonly ready: Promise<string>;
  send(call: Call, transfer?: readonly ArrayBuffer[]): Promise<TypedArray[]>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (values: TypedArray[]) => void;
  readonly reject: (error: Fault) => void;
}

export function connect(options: ThreadOptions): Link {
  const worker = startThread(options);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let stopped: Fault | null = null;
  let announce: (name: string) => void;
  let refuse: (error: Fault) => void;
  const ready = new Promise<string>((resolve, reject) => {
    announce = resolve;
    refuse = reject;
  });

  function settle(id: number): Waiting {
    const found = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return found;
  }

  function receive(reply: Reply): void {
    switch (reply.kind) {
      case "ready":
        if (waiting.size === 0) worker.unref();
        announce(reply.name);
        break;
      case "values":
        settle(reply.id).resolve(reply.values);
        break;
      case "refused":
        settle(reply.id).reject(unpackFault(reply.fault));
        break;
      case "failed":
        end(unpackFault(reply.fault));
    }
  }

  function end(reason: Fault): void {
    stopped ??= reason;
    refuse(reason);
    for (const id of [...waiting.keys()]) settle(id).reject(reason);
  }

  worker.on("message", receive);
  worker.on("error", (error) => end(fault("worker", "the worker thread failed", { got: messageOf(error) }, error)));
  worker.on("exit", (code) => end(fault("worker", "the worker thread has stopped", { got: `exit code ${code}` })));

  return {
    ready,
    send(call, transfer) {
      if (stopped !== null) return Promise.reject(stopped);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        try {
          worker.postMessage({ id, call } satisfies Request, transfer);
        } catch (error) {
          return reject(fault(call.kind, "an argument cannot be sent to the worker thread", { got: messageOf(error) }, error));
        }
        waiting.set(id, { resolve, reject });
        if (waiting.size === 1) worker.ref();
      });
    },
    async stop() {
      await worker.terminate();
    },
  };
}

function startThread(workerData: ThreadOptions): Worker {
  const here = import.meta.url;
  if (!here.endsWith(".ts")) return new Worker(new URL("./thread.js", here), { workerData });
  // Running from TypeScript sources: threads do not inherit the loader that makes this work in the main thread.
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const entry = JSON.stringify(new URL("./thread.ts", here).href);
  return new Worker(`import(${loader}).then(({ register }) => (register(), import(${entry})))`, { eval: true, workerData });
}
