import { parentPort, workerData } from "node:worker_threads";
import type { TypedArray } from "../../../ir/dtype.js";
import type { Host, Session, State } from "../../host.js";
import { directHost } from "./direct.js";
import { guard } from "./gate.js";
import { type Call, packFault, type Reply, type Request, smallestTransfer, type ThreadData } from "./protocol.js";

// The worker's side of a host in a thread: a direct host, called by messages.

type Handlers = { readonly [K in Call["kind"]]: (call: Extract<Call, { kind: K }>) => Promise<TypedArray[]> };

function handlersOf(host: Host): Handlers {
  const sessions = new Map<number, Session>();
  const states = new Map<number, State>();
  return {
    async load({ session, plan }) {
      sessions.set(session, await host.load(plan));
      return [];
    },
    run: ({ session, args, state }) => sessions.get(session)!.run(args, state === null ? undefined : states.get(state)),
    async unload({ session }) {
      await sessions.get(session)!.dispose();
      sessions.delete(session);
      return [];
    },
    async createState({ state, slots }) {
      states.set(state, await host.createState(slots));
      return [];
    },
    read: ({ state }) => states.get(state)!.read(),
    async write({ state, values }) {
      await states.get(state)!.write(values);
      return [];
    },
    async release({ state }) {
      await states.get(state)!.dispose();
      states.delete(state);
      return [];
    },
    async close() {
      await host.close();
      return [];
    },
  };
}

function post(reply: Reply): void {
  const buffers = reply.kind === "values" ? reply.values.map((value) => value.buffer as ArrayBuffer) : [];
  try {
    parentPort!.postMessage(
      reply,
      buffers.filter((buffer) => buffer.byteLength >= smallestTransfer),
    );
  } catch {
    // Memory that a runtime owns cannot change threads.
    parentPort!.postMessage(reply);
  }
}

async function answer(handlers: Handlers, { id, call }: Request): Promise<void> {
  try {
    const handle = handlers[call.kind] as (call: Call) => Promise<TypedArray[]>;
    post({ kind: "values", id, values: await handle(call) });
  } catch (error) {
    post({ kind: "refused", id, fault: packFault(error) });
  }
}

try {
  const { options, gate } = workerData as ThreadData;
  const host = await directHost(options, (engine) => guard(engine, gate));
  const handlers = handlersOf(host);
  parentPort!.on("message", (request: Request) => void answer(handlers, request));
  post({ kind: "ready", name: host.name });
} catch (error) {
  post({ kind: "failed", fault: packFault(error) });
}
