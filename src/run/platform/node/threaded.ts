import type { TypedArray } from "../../../ir/dtype.js";
import { Fault, fault } from "../../../ir/fault.js";
import type { Host, Session, State } from "../../host.js";
import { type Lifetime, lifetime } from "../../lifetime.js";
import { connect, type Link } from "./link.js";
import { type Call, smallestTransfer, type ThreadOptions } from "./protocol.js";

/**
 * Host whose runtime lives in a worker thread: the caller's event loop stays free while a model runs. Answers with the reason
 * when a thread cannot be started; rejects when it can but the runtime does not work.
 */
export async function threadedHost(options: ThreadOptions): Promise<Host | Fault> {
  const link = connect(options);
  if (link instanceof Fault) return link;
  const ready = await link.ready;
  return ready instanceof Fault ? ready : hostOf(link, `${ready.name}, worker thread`);
}

function hostOf(link: Link, name: string): Host {
  const open = lifetime("host");
  const states = new WeakMap<State, { readonly id: number; readonly alive: Lifetime }>();
  let lastId = 0;

  /** Sends unless the host, and the thing the call is about, are closed. */
  async function send(call: Call, alive: Lifetime = open, transfer?: ArrayBuffer[]): Promise<TypedArray[]> {
    open(call.kind);
    alive(call.kind);
    return link.send(call, transfer);
  }

  function stateId(state: State | undefined): number | null {
    if (state === undefined) return null;
    const found = states.get(state);
    if (found === undefined) throw fault("run", "the state belongs to another host", { fix: "create it on the session's host" });
    found.alive("run");
    return found.id;
  }

  /** Closing is the one call that may come after closing. */
  const end = (alive: Lifetime, call: Call): Promise<unknown> =>
    alive.end() && open.lasts() ? link.send(call) : Promise.resolve();

  return {
    name,
    async load(plan) {
      const session = ++lastId;
      const { inputs, outputs } = plan;
      await send({ kind: "load", session, plan: { model: compact(plan.model), inputs, outputs } });
      const alive = lifetime("session");
      const made: Session = {
        async run(args, state) {
          const { values, transfer } = pack(args);
          return send({ kind: "run", session, args: values, state: stateId(state) }, alive, transfer);
        },
        async dispose() {
          await end(alive, { kind: "unload", session });
        },
      };
      return made;
    },
    async createState(slots) {
      const state = ++lastId;
      const copies = slots.map(({ dtype, shape, data }) => ({ dtype, shape, data: compact(data) }));
      await send({ kind: "createState", state, slots: copies });
      const alive = lifetime("state");
      const made: State = {
        read: () => send({ kind: "read", state }, alive),
        async write(values) {
          const parcel = pack(values);
          await send({ kind: "write", state, values: parcel.values }, alive, parcel.transfer);
        },
        async dispose() {
          await end(alive, { kind: "release", state });
        },
      };
      states.set(made, { id: state, alive });
      return made;
    },
    async close() {
      if (!open.end()) return;
      await link.send({ kind: "close" }).catch(() => undefined); // a thread that is gone is closed
      await link.stop();
    },
  };
}

/** A message clones the whole buffer under a view: send only what the view shows. */
const compact = <T extends TypedArray>(data: T): T => (data.byteLength === data.buffer.byteLength ? data : (data.slice() as T));

/** The caller keeps its arrays: large ones are copied once here and handed over, small ones are cloned by the message. */
function pack(args: readonly TypedArray[]): { values: TypedArray[]; transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = [];
  const values = args.map((data) => {
    if (!ArrayBuffer.isView(data) || data.byteLength < smallestTransfer) return ArrayBuffer.isView(data) ? compact(data) : data;
    const copy = data.slice();
    transfer.push(copy.buffer as ArrayBuffer);
    return copy;
  });
  return { values, transfer };
}
