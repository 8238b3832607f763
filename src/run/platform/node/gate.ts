import { fault } from "../../../ir/fault.js";
import type { Engine, MaybePromise } from "../../engine.js";

// A process that ends while a thread is inside the native runtime is aborted by it. Two shared words let it wait.
const INSIDE = 0; // 1 while the thread is in the runtime
const LEAVING = 1; // 1 once the process is ending

/** Shared between a thread that enters the runtime and the thread that ends the process. */
export type Gate = Int32Array<SharedArrayBuffer>;

export const createGate = (): Gate => new Int32Array(new SharedArrayBuffer(8));

// Longer than a training step; a process that hangs at its end is worse than one that aborts.
const longestWait = 30_000;

/** Lets no more calls in and waits for the one that is inside. Blocks. */
export function shut(gate: Gate): void {
  Atomics.store(gate, LEAVING, 1);
  Atomics.wait(gate, INSIDE, 1, longestWait);
}

function leave(gate: Gate): void {
  Atomics.store(gate, INSIDE, 0);
  Atomics.notify(gate, INSIDE);
}

async function pass<T>(gate: Gate, action: () => MaybePromise<T>): Promise<T> {
  Atomics.store(gate, INSIDE, 1);
  try {
    if (Atomics.load(gate, LEAVING) === 1) throw fault("worker", "the process is ending");
    return await action();
  } finally {
    leave(gate);
  }
}

/** The engine, with every call that may enter the runtime behind the gate. */
export function guard<Cell>(engine: Engine<Cell>, gate: Gate): Engine<Cell> {
  return {
    ...engine,
    read: (cells) => pass(gate, () => engine.read(cells)),
    close: () => pass(gate, () => engine.close()),
    async load(plan) {
      const program = await pass(gate, () => engine.load(plan));
      return {
        run: (args, cells) => pass(gate, () => program.run(args, cells)),
        dispose: () => pass(gate, () => program.dispose()),
      };
    },
  };
}
