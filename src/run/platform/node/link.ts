import { Worker } from "node:worker_threads";
import type { TypedArray } from "../../../ir/dtype.js";
import { type Fault, fault } from "../../../ir/fault.js";
import { messageOf } from "../../serve.js";
import { createGate, type Gate, shut } from "./gate.js";
import { type Call, type Reply, type Request, type ThreadData, type ThreadOptions, unpackFault } from "./protocol.js";

/** Calls to a worker thread, answered by promises. The thread keeps the process alive only while an answer is awaited. */
export interface Link {
  /** Resolves to what the thread's host is called, or to why there is no thread; rejects when its runtime does not work. */
  readonly ready: Promise<{ readonly name: string } | Fault>;
  send(call: Call, transfer?: readonly ArrayBuffer[]): Promise<TypedArray[]>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (values: TypedArray[]) => void;
  readonly reject: (error: Fault) => void;
}

/** Starts a thread, or says why that is impossible. */
export function connect(options: ThreadOptions): Link | Fault {
  const gate = createGate();
  try {
    return linkTo(startThread({ options, gate }), gate);
  } catch (error) {
    return fault("worker", "the worker thread cannot be started", { got: messageOf(error) }, error);
  }
}

function linkTo(worker: Worker, gate: Gate): Link {
  const ready = withResolvers<{ readonly name: string } | Fault>();
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let stopped: Fault | null = null;

  const atExit = (): void => shut(gate);
  function awaken(): void {
    worker.ref();
    process.on("exit", atExit);
  }
  function rest(): void {
    worker.unref();
    process.off("exit", atExit);
  }
  awaken();

  function settle(id: number): Waiting {
    const found = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) rest();
    return found;
  }

  function receive(reply: Reply): void {
    switch (reply.kind) {
      case "ready":
        rest();
        ready.resolve(reply);
        break;
      case "values":
        settle(reply.id).resolve(reply.values);
        break;
      case "refused":
        settle(reply.id).reject(unpackFault(reply.fault));
        break;
      case "failed":
        ready.reject(unpackFault(reply.fault));
    }
  }

  function end(reason: Fault): void {
    stopped ??= reason;
    ready.resolve(reason);
    rest();
    for (const id of [...waiting.keys()]) settle(id).reject(reason);
  }

  worker.on("message", receive);
  worker.on("error", (error) => end(fault("worker", "the worker thread failed", { got: messageOf(error) }, error)));
  worker.on("exit", (code) => end(fault("worker", "the worker thread has stopped", { got: `exit code ${code}` })));

  return {
    ready: ready.promise,
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
        if (waiting.size === 1) awaken();
      });
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** A promise with its two ends in hand. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: Fault) => void;
  const promise = new Promise<T>((first, second) => {
    resolve = first;
    reject = second;
  });
  return { promise, resolve, reject };
}

function startThread(workerData: ThreadData): Worker {
  const here = import.meta.url;
  if (!here.endsWith(".ts")) return new Worker(new URL("./thread.js", here), { workerData });
  // Running from TypeScript sources: threads do not inherit the loader that makes this work in the main thread.
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const entry = JSON.stringify(new URL("./thread.ts", here).href);
  return new Worker(`import(${loader}).then(({ register }) => (register(), import(${entry})))`, { eval: true, workerData });
}
