import type { TypedArray } from "../ir/dtype.js";
import { Fault, fault } from "../ir/fault.js";
import { checkPlan, checkState, checkValues } from "./check.js";
import type { Engine, MaybePromise, Program } from "./engine.js";
import type { Host, Plan, Session, Slot, State } from "./host.js";
import { type Lifetime, lifetime } from "./lifetime.js";

/** Makes a host of an engine: checks every call, runs calls one at a time in the order they were made, speaks in faults. */
export function serve<Cell>(engine: Engine<Cell>): Host {
  const queue = createQueue();
  const held = new WeakMap<State, Held<Cell>>();
  const open = lifetime("host");
  const cleanup = createCleanup(queue);

  const heldBy = (state: State): Held<Cell> => {
    const found = held.get(state);
    if (found === undefined) throw fault("run", "the state belongs to another host", { fix: "create it on the session's host" });
    found.alive("run");
    return found;
  };

  return {
    name: engine.name,
    async load(plan) {
      open("load");
      checkPlan(plan);
      const program = await queue(() => attempt("load", "the model cannot be loaded", () => engine.load(plan)));
      const dispose = cleanup.track(() => program.dispose());
      return createSession(plan, program, { queue, open, dispose, heldBy });
    },
    async createState(slots) {
      open("createState");
      checkValues(
        "createState",
        "slot",
        slots,
        slots.map((slot) => slot.data),
      );
      const layout = slots.map(({ dtype, shape }) => ({ dtype, shape: [...shape] }));
      const cells = await queue(() =>
        attempt("createState", "the state cannot be kept", () => slots.map((slot) => engine.hold(slot))),
      );
      const inside = { layout, cells, alive: lifetime("state") };
      const dispose = cleanup.track(() => engine.release(cells));
      const state = createState(engine, inside, { queue, open, dispose });
      held.set(state, inside);
      return state;
    },
    async close() {
      if (open.end()) await queue(() => cleanup.all().then(() => engine.close()));
    },
  };
}

/** What a host keeps of a state. */
interface Held<Cell> {
  readonly layout: readonly Pick<Slot, "dtype" | "shape">[];
  readonly cells: readonly Cell[];
  readonly alive: Lifetime;
}

interface Shared {
  readonly queue: Queue;
  /** Throws when the host is closed. */
  readonly open: Lifetime;
  /** Frees what is being made, after the calls made so far. */
  readonly dispose: () => Promise<void>;
}

function createSession<Cell>(
  plan: Plan,
  program: Program<Cell>,
  { queue, open, dispose, heldBy }: Shared & { readonly heldBy: (state: State) => Held<Cell> },
): Session {
  const parameters = plan.inputs.filter((port) => port.slot === null);
  const fitting = new WeakSet<State>();
  const alive = lifetime("session");

  function cellsOf(state: State | undefined): readonly Cell[] {
    if (state === undefined) {
      checkState(plan, null);
      return [];
    }
    const { layout, cells } = heldBy(state);
    if (!fitting.has(state)) checkState(plan, layout);
    fitting.add(state);
    return cells;
  }

  return {
    async run(args, state) {
      open("run");
      alive("run");
      checkValues("run", "argument", parameters, args);
      const cells = cellsOf(state);
      return queue(() => attempt("run", "the model failed", () => program.run(args, cells)));
    },
    async dispose() {
      if (alive.end()) await dispose();
    },
  };
}

function createState<Cell>(engine: Engine<Cell>, { layout, cells, alive }: Held<Cell>, { queue, open, dispose }: Shared): State {
  return {
    async read() {
      open("read");
      alive("read");
      return queue(() => attempt("read", "the state cannot be read", () => engine.read(cells)));
    },
    async write(values: readonly TypedArray[]) {
      open("write");
      alive("write");
      checkValues("write", "slot", layout, values);
      await queue(() => attempt("write", "the state cannot be written", () => engine.write(cells, values)));
    },
    async dispose() {
      if (alive.end()) await dispose();
    },
  };
}

/** Remembers what is to be freed when the host closes, unless that happened before. */
function createCleanup(queue: Queue) {
  const frees = new Set<() => MaybePromise<void>>();
  return {
    track(free: () => MaybePromise<void>): () => Promise<void> {
      frees.add(free);
      return () => queue(() => (frees.delete(free) ? free() : undefined));
    },
    async all(): Promise<void> {
      for (const free of frees) await free();
      frees.clear();
    },
  };
}

type Queue = <T>(task: () => MaybePromise<T>) => Promise<T>;

function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Turns what a runtime throws into a fault that keeps the original as its cause. */
async function attempt<T>(where: string, problem: string, action: () => MaybePromise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw fault(where, problem, { got: messageOf(error) }, error);
  }
}

/** The text of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
