import type { Contract } from "./contract.js";
import type { DType, TypedArray } from "./dtype.js";
import type { Emitter } from "./emitter.js";
import type { Shape } from "./shape.js";
import type { Node, Tensor } from "./tensor.js";

/**
 * One operation of the graph language, said once: what shapes it takes, what it means, how it is differentiated,
 * batched and lowered, and on what it is tested. Every pass reads records; none knows them by name.
 */
export interface Primitive<P = unknown> {
  readonly name: string;
  /** Formula and edge cases in a line. */
  readonly doc: string;
  /** Shape rule, and dtype rule with the fault for what does not fit. */
  readonly shape: Contract | ((inputs: readonly Tensor[], params: P) => Shape);
  dtype(inputs: readonly Tensor[], params: P): DType;
  readonly derivative: Derivative<P>;
  /** How it runs over a batch: element by element on equal shapes, or by its own rule. */
  readonly batching: { kind: "pointwise" } | { kind: "rule"; apply: BatchRule<P> };
  readonly meaning: Meaning<P>;
  /** A cheaper equal node, or null. Inputs are already simplified. */
  simplify?(node: Node<P>): Tensor | null;
  /** The node together with nodes below it as one cheaper operation, where the runtime has one; `usedOnce`: by this node alone. */
  fusion?(node: Node<P>, usedOnce: (input: Tensor) => boolean): Fusion | null;
  /** True for the node that repeats its input along axes and computes nothing. */
  readonly broadcasts?: boolean;
  /** The same by a value that is likely to be there already: a slope by the function it is the slope of. */
  unfold?(node: Node<P>): Tensor;
  /** True when nodes are to be kept apart even if they are equal. */
  readonly unique?: boolean;
  /** True for the node that has several results, read by the nodes that take one of them. */
  readonly severalResults?: boolean;
  /** The same without the results that none of its `users` takes: what each user becomes, or null when all are wanted. */
  narrow?(node: Node<P>, users: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null;
  /** Inputs to test it on, drawn from its domain. */
  readonly samples: readonly Sample<P>[];
  /** Largest error of the float32 lowering, in units in the last place of `scale`. */
  readonly accuracy?: Accuracy;
}

/** What the node computes: directly, through other nodes, or nothing (it is fed or stored). */
export type Meaning<P> =
  | {
      kind: "direct";
      /** The definition, in float64. Returns a fresh array of the node's size. */
      evaluate(inputs: readonly TypedArray[], node: Node<P>): TypedArray;
      /** Emits ONNX nodes and returns the name of the result. */
      lower(onnx: Emitter, inputs: readonly string[], node: Node<P>): string;
    }
  | {
      kind: "expand";
      expand(node: Node<P>): Tensor;
      /** The same values in float64 at once, where the way through the nodes is long. */
      evaluate?(inputs: readonly TypedArray[], node: Node<P>): TypedArray;
    }
  | { kind: "fed" }
  | { kind: "stored"; data(params: P): TypedArray };

/** A lowering of several nodes at once. */
export interface Fusion {
  /** What it reads instead of the node's inputs. */
  readonly reads: readonly Tensor[];
  emit(onnx: Emitter, names: readonly string[]): string;
}

export type Derivative<P> =
  | { kind: "zero" }
  /** Linear in all its float inputs together. Returns one cotangent per input, null where there is none. */
  | { kind: "linear"; transpose(cotangent: Tensor, node: Node<P>): (Tensor | null)[] }
  /** Each argument for itself: linear (the others held), smooth, or without derivative. */
  | { kind: "byArgument"; rules: readonly ArgumentRule<P>[] }
  /** The whole node at once, by a rule of the user. Null tangents are zero; `flows` lists the inputs that carry any. */
  | {
      kind: "custom";
      flows(node: Node<P>): readonly Tensor[];
      /** Throws when the node depends on one of the nodes `at` in a way that the rule cannot see. */
      check(at: ReadonlySet<Tensor>, node: Node<P>): void;
      jvp(tangents: ReadonlyMap<Tensor, Tensor>, node: Node<P>): Tensor | null;
      /** Cotangents of the inputs in which the node is linear. */
      transpose(cotangent: Tensor, node: Node<P>): (Tensor | null)[];
    };

export type ArgumentRule<P> =
  | { kind: "linear"; transpose(cotangent: Tensor, node: Node<P>): Tensor }
  | { kind: "smooth"; jvp(tangent: Tensor, node: Node<P>): Tensor }
  | { kind: "zero" };

/** Batched inputs carry the batch as axis 0; the result must too. `known` holds the batched form of everything before. */
export type BatchRule<P> = (
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  node: Node<P>,
  size: number,
  known: ReadonlyMap<Tensor, Tensor>,
) => Tensor;

/**
 * Where a float32 result may be off: relative to the value, to max(|value|, min(1, |x|)), to max(|value|, 1), or, for up to
 * a thousand added terms, to the sum of their sizes. Results below 2⁻¹²⁶ may be 0.
 */
export interface Accuracy {
  readonly ulp: number;
  readonly scale: "value" | "own" | "unit" | "terms";
}

/** One call to test: how the inputs are drawn, and the parameters. */
export interface Sample<P> {
  readonly inputs: readonly InputSpec[];
  readonly params: P;
}

export interface InputSpec {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Interval to draw from; whole numbers for integer dtypes. Default −2 … 2. */
  readonly range?: readonly [number, number];
  /** Extreme values that must come out as in float64. */
  readonly extremes?: readonly number[];
}
