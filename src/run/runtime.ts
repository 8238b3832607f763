import type { TypedArray } from "../ir/dtype.js";
import type { Target } from "../ir/emitter.js";
import { fault } from "../ir/fault.js";
import { type Graph, printGraph } from "../ir/graph.js";
import { encodeOnnx, lower, simplify } from "../lower/index.js";
import type { OnnxValue } from "../lower/onnx/model.js";
import { createHost } from "./create.js";
import type { Host, HostOptions, Session, Slot, State } from "./host.js";
import { recentlyMade } from "./recently-used.js";

/** Which slot of a state each end of a graph reads or writes; null: an argument or a result. Left out: all null. */
export interface Wiring {
  readonly inputs?: readonly (number | null)[];
  readonly outputs?: readonly (number | null)[];
  /** Default: that of the runtime. */
  readonly precision?: Precision;
}

/** How a graph is lowered: fast, or right to the last digits. The interpreter is always precise. */
export type Precision = Target["precision"];

/** Where graphs run: ONNX Runtime in one of its builds, or the float64 interpreter. */
export interface Runtime {
  /** What runs, for people. */
  name(): Promise<string>;
  /** A graph ready to run. Equal graphs share one session; the least recently used are dropped beyond a bound. */
  load(graph: Graph, wiring?: Wiring): Promise<LoadedGraph>;
  createState(slots: readonly Slot[]): Promise<State>;
  close(): Promise<void>;
}

export interface LoadedGraph {
  /** Arguments in order. Float64Arrays are accepted for float32, and rounded where the engine needs it. */
  run(args: readonly TypedArray[], state?: State): Promise<TypedArray[]>;
}

export interface RuntimeOptions extends HostOptions {
  /** How many compiled graphs are kept. Default 64. */
  readonly cacheSize?: number;
  /** The lowering of graphs that name none. Default "default", the fast one. */
  readonly precision?: Precision;
}

/** Numbers given in float64 as the engine takes them: the interpreter, to which the same calls can go, keeps them exact. */
const rounded = (data: TypedArray): TypedArray => (data instanceof Float64Array ? Float32Array.from(data) : data);

/** ONNX Runtime: native in Node, WebAssembly or WebGPU in browsers; started with the first graph. */
export function onnxRuntime({ cacheSize = 64, precision: usual = "default", ...options }: RuntimeOptions = {}): Runtime {
  let host: Promise<Host> | null = null;
  const started = (): Promise<Host> => {
    host ??= createHost(options).catch((error: unknown) => {
      host = null;
      throw error;
    });
    return host;
  };
  // CUDA lacks what WebGPU lacks, bit operations above all, and is lowered to in the same way.
  const provider = (options.provider ?? "cpu") === "cpu" ? "cpu" : "webgpu";
  const sessions = recentlyMade<string, Session>(cacheSize, (session) => session.dispose());
  return {
    name: async () => (await started()).name,
    async load(graph, { inputs = [], outputs = [], precision = usual } = {}) {
      requirePrecision(precision, provider);
      const simplified = simplify(graph);
      const text = `${printGraph(simplified)}\n${inputs.join()} -> ${outputs.join()} ${precision}`;
      const create = async (): Promise<Session> => {
        const model = lower(simplified, { provider, precision });
        const port = (slots: readonly (number | null)[]) => (value: OnnxValue, i: number) => ({
          name: value.name,
          dtype: value.type as Slot["dtype"], // Ports are values of the graph, which never holds int64.
          shape: value.shape as Slot["shape"], // Nor an open axis.
          slot: slots[i] ?? null,
        });
        return (await started()).load({
          model: encodeOnnx(model),
          inputs: model.inputs.map(port(inputs)),
          outputs: model.outputs.map(port(outputs)),
        });
      };
      // Found again at every call, so that a graph in use is never the least recently used one.
      const session = (): Promise<Session> => sessions.get(text, create);
      await session();
      return { run: async (args, state) => (await session()).run(args.map(rounded), state) };
    },
    createState: async (slots) => (await started()).createState(slots),
    async close() {
      sessions.clear();
      if (host !== null) await (await host).close();
      host = null;
    },
  };
}

function requirePrecision(precision: Precision, provider: Target["provider"]): void {
  if (precision !== "default" && precision !== "precise") {
    throw fault("runtime", "no such precision", { expected: "default or precise", got: String(precision) });
  }
  if (precision === "default" || provider === "cpu") return;
  throw fault("runtime", "the precise lowering computes in float64, which this provider cannot", { fix: 'use provider: "cpu"' });
}
