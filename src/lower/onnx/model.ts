/** Element types a model may name. int64 only holds axes, shapes and scatter indices: graph values never have it. */
export type OnnxType = "float32" | "float64" | "int32" | "uint32" | "bool" | "int64";

/** Numbers of a constant. Any numeric storage is accepted and converted to the declared type when written. */
export type OnnxData = readonly number[] | Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array | BigInt64Array;

/** A named input or output; `[]` is a scalar. An axis may have a name instead of a size: it is then open. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** A constant without a name: the value of a tensor attribute. */
export interface OnnxTensor {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

/** A named constant of the graph. */
export interface OnnxInitializer extends OnnxTensor {
  readonly name: string;
}

export type OnnxAttribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: OnnxTensor }
  | { readonly kind: "graph"; readonly value: OnnxGraph };

/** One operator call. An omitted optional input or output is the empty string. */
export interface OnnxNode {
  readonly op: string;
  /** Operator set; absent: the standard one. */
  readonly domain?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** Nodes in an order in which every name is defined before it is read. */
export interface OnnxGraph {
  readonly name?: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxModel extends OnnxGraph {
  readonly docString?: string;
  /** Key-value pairs that travel with the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}
