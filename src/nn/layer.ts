import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { flattenTree, type MapTree, mapTree } from "../ir/tree.js";
import { foldIn, type KeyLike } from "../random/graph.js";
import { type Context, hashPath } from "./context.js";
import type { Initialiser } from "./initialisers/initialiser.js";

/** A row of a layer's parameter table. */
export interface ParameterSpec {
  readonly kind: "parameter";
  readonly shape: Shape;
  /** Names of the axes: "(in out)". */
  readonly axes: string;
  readonly initialiser: Initialiser;
  /** How many inputs each output sums over, and how many outputs each input goes to; initialisers scale by them. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** Gain of the activation that takes the result; null until a `sequential` knows it, and then 1 if nobody does. */
  readonly gain: number | null;
  /** Whether weight decay applies: to weights, not to biases and the parameters of norms. */
  readonly decays: boolean;
  /** False for state that is written during training but has no gradient, such as running statistics. */
  readonly trained: boolean;
}

/** The row of one parameter; what is left out is that of a trained weight. */
export function parameterSpec(
  row: Pick<ParameterSpec, "shape" | "axes" | "initialiser"> & Partial<ParameterSpec>,
): ParameterSpec {
  const [first = 1, last = first] = [row.shape[0], row.shape[row.shape.length - 1]];
  return { kind: "parameter", fanIn: first, fanOut: last, gain: null, decays: true, trained: true, ...row };
}

/** The parameters of a layer that has none. */
export type NoParameters = Readonly<Record<string, never>>;

/** A batch of inputs at hand, with the batch as first axis. */
export interface InputNumbers {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
}

/** What is written down about a layer. S is its table: specifications in nested arrays and objects. */
export interface LayerRecord<S> {
  /** Its kind: "linear". */
  readonly name: string;
  /** The same with its sizes, for summaries and messages: "linear 128 → 10". Default: the name. */
  readonly title?: string;
  /** The function that builds it and what that was given, from which `code` writes it down. Default: the name, given nothing. */
  readonly code?: LayerCode;
  readonly parameters: S;
  /** Layers it is made of, by the name under which their parameters stand in the table. */
  readonly children?: readonly (readonly [name: string, layer: Layer])[];
  /** The gain that a layer right before it needs; "same" when the layer after it decides. Default 1. */
  readonly gain?: number | "same";
  /** Throws a fault for numbers that the layer cannot take and a graph cannot refuse, such as a row that a table has not. */
  readonly checkInputs?: (inputs: InputNumbers) => void;
  /**
   * What it is to the signal of the layers with weights: a function of each number, a norm, a sum of two ways, without
   * or with a norm behind it. Default none of them.
   */
  readonly role?: LayerRole;
  /**
   * The factor by which it changes the length of a gradient on its way back in training, whatever the numbers are, for one example of
   * the given shapes. Default 1.
   */
  readonly backwardFactor?: (input: Shape, output: Shape) => number;
  /** The layer as a function without side effects, of parameters nested as the table is. */
  apply(parameters: MapTree<S, ParameterSpec, Tensor>, x: Tensor, context: Context): Tensor;
}

/** The name of a function and its arguments. */
export type LayerCode = readonly [builder: string, ...given: unknown[]];

export type LayerRole = "activation" | "norm" | "sum" | "normedSum";

/** A layer whose parameters have type P: a tree of tensors, and so is its gradient. */
export interface Layer<P = unknown> {
  readonly kind: "layer";
  readonly name: string;
  readonly title: string;
  readonly code: LayerCode;
  readonly parameters: MapTree<P, Tensor, ParameterSpec>;
  readonly children: readonly (readonly [name: string, layer: Layer])[];
  readonly gain: number | "same";
  /** Throws a fault for numbers that the layer cannot take; asked before a batch is run. */
  readonly checkInputs?: (inputs: InputNumbers) => void;
  readonly role?: LayerRole;
  readonly backwardFactor?: (input: Shape, output: Shape) => number;
  /** Fresh parameters, as graphs of random numbers; one key always gives the same. */
  initialise(key: KeyLike): P;
  apply(parameters: P, x: Tensor, context: Context): Tensor;
}

/** Makes the layer of a record. */
export function layer<S>(record: LayerRecord<S>): Layer<MapTree<S, ParameterSpec, Tensor>> {
  type P = MapTree<S, ParameterSpec, Tensor>;
  const { name, title = name, code = [name], parameters, children = [], checkInputs, role, backwardFactor } = record;
  return {
    kind: "layer",
    name,
    title,
    code,
    parameters: parameters as unknown as MapTree<P, Tensor, ParameterSpec>,
    children,
    ...(checkInputs && { checkInputs }),
    ...(role && { role }),
    ...(backwardFactor && { backwardFactor }),
    // Asked for only by a layer right before it: finding out the gain of a function takes time.
    get gain() {
      return record.gain ?? 1;
    },
    initialise: (key) => initialiseTable(name, parameters, key) as P,
    apply: (values, x, context) => record.apply(values, x, context),
  };
}

/** Every parameter draws from a key of its own, made of the given key and its path. */
function initialiseTable(name: string, table: unknown, key: KeyLike): unknown {
  return mapTree(
    table,
    isParameterSpec,
    (spec, path) => spec.initialiser.draw(foldIn(key, hashPath(path)), spec),
    `${name}.initialise`,
  );
}

export const isParameterSpec = (value: unknown): value is ParameterSpec =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "parameter";

/** A parameter with the name it has in checkpoints: "0.weight". */
export interface NamedParameter extends ParameterSpec {
  readonly path: string;
}

/** All parameters of a layer, in the order of its parameter tree. */
export function parametersOf(model: Layer): NamedParameter[] {
  const { leaves, paths } = flattenTree(model.parameters, isParameterSpec, model.name);
  return leaves.map((spec, i) => ({ ...spec, path: paths[i] }));
}

/** A tree like that of the parameters, with what `f` makes of each row of the table. */
export function mapParameters<P, To>(model: Layer<P>, f: (parameter: NamedParameter) => To): MapTree<P, Tensor, To> {
  const make = (spec: ParameterSpec, path: string): To => f({ ...spec, path });
  return mapTree<ParameterSpec, To>(model.parameters, isParameterSpec, make, model.name) as MapTree<P, Tensor, To>;
}
