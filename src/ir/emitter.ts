import type { DType, TypedArray } from "./dtype.js";
import type { Graph } from "./graph.js";
import type { Shape } from "./shape.js";

/** An attribute of an ONNX node; a bare number is an integer. */
export type EmittedAttribute = number | readonly number[] | string | { readonly float: number } | EmittedGraph;

/** A graph inside a node, as `subgraph` makes it. */
export interface EmittedGraph {
  readonly graph: object;
}

/** For what a graph is lowered. */
export interface Target {
  /** Where the model will run; lets a primitive choose the operators that exist there. */
  readonly provider: "cpu" | "webgpu";
  /**
   * `default` computes in float32 and rounds at the scale of a function, `precise` in float64 between float32 ends: right to the
   * last digits of the value itself, tails included, and slower. On the CPU only.
   */
  readonly precision: "default" | "precise";
}

/** What a lowering writes to: ONNX operators in, names of values out. */
export interface Emitter extends Target {
  /** Adds a node with one output and returns that output's name. */
  op(operator: string, inputs: readonly string[], attributes?: Readonly<Record<string, EmittedAttribute>>): string;
  /** The same with several outputs. */
  ops(
    operator: string,
    inputs: readonly string[],
    outputCount: number,
    attributes?: Readonly<Record<string, EmittedAttribute>>,
  ): string[];
  /** A stored value; equal ones are shared. float32 stands for the floats of the target's precision, here and in `cast`. */
  constant(dtype: DType, data: ArrayLike<number> | TypedArray, shape: Shape): string;
  /** A scalar float32 constant. */
  scalar(value: number, dtype?: DType): string;
  /** A list of int64, for the axes and shapes that ONNX takes as inputs. */
  axes(values: readonly number[]): string;
  /** Cast to a graph dtype, or to int64 where an operator insists on it. */
  cast(name: string, to: DType | "int64"): string;
  /** Emits the nodes of a graph here, its parameters being the named values, and returns the names of its outputs. */
  inline(graph: Graph, parameters: readonly string[]): string[];
  /** The graph as an attribute of a loop. Its first parameters are the values named `outer`; the others are its inputs. */
  subgraph(graph: Graph, outer: readonly string[]): EmittedGraph;
  /** Cast to float32 whatever the precision of the target, for operators that know nothing else. */
  castSingle(name: string): string;
}
