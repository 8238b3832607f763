import { flattenTensors } from "../diff/arguments.js";
import { allocate, type TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { formatType } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import type { Tensor } from "../ir/tensor.js";
import { FOLDED_ELEMENTS } from "../lower/index.js";
import { constant, parameter } from "../ops/create.js";
import { type RecentlyUsed, recentlyMade } from "./recently-used.js";
import { type LoadedGraph, onnxRuntime, type Precision, type Runtime } from "./runtime.js";

export interface CompileOptions {
  /** Where to run. Default: one ONNX Runtime for the whole program, started at the first use. */
  readonly runtime?: Runtime;
  /** `default`, fast, or `precise`, right to the last digits of the value itself. Default: that of the runtime. */
  readonly precision?: Precision;
  /** How many combinations of argument shapes are kept. Default 32. */
  readonly cacheSize?: number;
}

// The one piece of state of this module: the engine that everything uses that names no other.
let shared: Runtime | null = null;

/** The runtime of everything that names no other. */
export function defaultRuntime(): Runtime {
  shared ??= onnxRuntime();
  return shared;
}

/** Replaces the default runtime (null: a new one at the next use) and returns the one before, which is not closed. */
export function setDefaultRuntime(runtime: Runtime | null): Runtime | null {
  const before = shared;
  shared = runtime;
  return before;
}

/**
 * `f` as a compiled function of concrete values: traced once per combination of argument shapes and dtypes, run by ONNX
 * Runtime. Tensors that `f` uses without taking them as arguments are stored in the model.
 */
export function compile<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  { runtime, precision, cacheSize = 32 }: CompileOptions = {},
): (...args: A) => Promise<R> {
  const programsOf = new WeakMap<Runtime, RecentlyUsed<string, Promise<CompiledFunction<R>>>>();
  return async (...args) => {
    const target = runtime ?? defaultRuntime();
    const programs = programsOf.get(target) ?? recentlyMade<string, CompiledFunction<R>>(cacheSize);
    programsOf.set(target, programs);
    const { leaves, paths, rebuild } = flattenTensors("compile", args);
    const key = leaves.map((leaf, i) => `${paths[i]} ${formatType(leaf)}`).join();
    const program = await programs.get(key, async () => {
      const parameters = leaves.map((leaf) => parameter(leaf.shape, leaf.dtype));
      const result = flattenTensors("compile (the result of the function)", f(...(rebuild(parameters) as unknown as A)));
      const wiring = precision === undefined ? {} : { precision };
      return load(
        await target.load({ parameters, outputs: result.leaves }, wiring),
        result.leaves,
        (values) => result.rebuild(values) as R,
      );
    });
    return program(await concreteData(leaves, target));
  };
}

type CompiledFunction<R> = (args: readonly TypedArray[]) => Promise<R>;

function load<R>(
  loaded: LoadedGraph,
  outputs: readonly Tensor[],
  rebuild: (values: readonly Tensor[]) => R,
): CompiledFunction<R> {
  return async (args) => {
    const results = await loaded.run(args);
    return rebuild(results.map((data, i) => constant(data, outputs[i].shape, outputs[i].dtype)));
  };
}

/** The values of tensors as constants: whatever graph is behind them is run, all in one. Numbers in the tree are kept. */
export async function evaluate<T>(tree: T, { runtime, precision }: CompileOptions = {}): Promise<T> {
  const { leaves, rebuild } = flattenTensors("evaluate", tree);
  const data = await concreteData(leaves, runtime ?? defaultRuntime(), precision);
  return rebuild(leaves.map((leaf, i) => constant(data[i], leaf.shape, leaf.dtype))) as T;
}

/** The elements of tensors; those that are stored already are not run. */
async function concreteData(leaves: readonly Tensor[], runtime: Runtime, precision?: Precision): Promise<TypedArray[]> {
  const open = leaves.filter((leaf) => storedData(leaf) === null);
  const computed = open.length === 0 ? [] : await runOnce(open, runtime, precision);
  return leaves.map((leaf) => {
    const stored = storedData(leaf);
    return stored === null ? computed[open.indexOf(leaf)] : asExchanged(leaf, stored);
  });
}

/** Large constants become arguments, so that graphs that differ in data alone share one session. */
async function runOnce(outputs: readonly Tensor[], runtime: Runtime, precision?: Precision): Promise<TypedArray[]> {
  const nodes = topologicalOrder(outputs);
  const open = nodes.find((node) => node.primitive.meaning.kind === "fed");
  if (open !== undefined) {
    throw fault("evaluate", `the tensor depends on an argument ${formatType(open)} of a function being traced`, {
      fix: "return it from the function and evaluate the result",
    });
  }
  const parameters = nodes.filter((node) => node.size > FOLDED_ELEMENTS && storedData(node) !== null);
  const loaded = await runtime.load({ parameters, outputs }, precision === undefined ? {} : { precision });
  return loaded.run(await concreteData(parameters, runtime));
}

function storedData(node: Tensor): TypedArray | null {
  const { meaning } = node.primitive;
  return meaning.kind === "stored" ? meaning.data(node.params) : null;
}

/** Storage as engines take it: float32 as Float32Array. */
function asExchanged(leaf: Tensor, data: TypedArray): TypedArray {
  if (!(data instanceof Float64Array)) return data;
  const exchanged = allocate(leaf.dtype, data.length);
  exchanged.set(data);
  return exchanged;
}
