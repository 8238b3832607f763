import { allocateExact, type DType, isFloat, type TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { printGraph } from "../ir/graph.js";
import type { Primitive } from "../ir/primitive.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { batchRule, operation, requireShape, zero } from "./define.js";

/** Numbers in nested arrays, as a person writes a small tensor. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

export interface ConstantParams {
  readonly data: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

const constantPrimitive: Primitive<ConstantParams> = {
  name: "constant",
  doc: "Stored values.",
  shape: (_, params) => params.shape,
  dtype: (_, params) => params.dtype,
  derivative: zero,
  batching: batchRule((_inputs, _batched, node) => node),
  meaning: { kind: "stored", data: (params) => params.data },
  samples: [
    { inputs: [], params: { data: Float64Array.of(0.1, -2, 3), shape: [3], dtype: "float32" } },
    { inputs: [], params: { data: Uint8Array.of(1), shape: [], dtype: "bool" } },
    { inputs: [], params: { data: new Int32Array(0), shape: [0, 2], dtype: "int32" } },
  ],
};

/** A tensor of the given data (not copied). float32 data may be held as Float64Array, which the interpreter reads in full. */
export const constant = operation(constantPrimitive, (data: TypedArray, shape: Shape, dtype: DType): Tensor => {
  requireShape("constant", shape);
  if (data.length !== sizeOf(shape)) {
    throw fault("tensor", `${data.length} values do not fill the shape`, {
      expected: `${sizeOf(shape)} values for ${formatShape(shape)}`,
      got: `${data.length} values`,
    });
  }
  return Tensor.of(constantPrimitive, [], { data, shape, dtype });
});

export interface ParameterParams {
  readonly shape: Shape;
  readonly dtype: DType;
}

const parameterPrimitive: Primitive<ParameterParams> = {
  name: "parameter",
  doc: "A value to be fed when the graph runs.",
  shape: (_, params) => params.shape,
  dtype: (_, params) => params.dtype,
  derivative: zero,
  batching: batchRule((_inputs, _batched, node) => node),
  meaning: { kind: "fed" },
  unique: true,
  samples: [],
};

/** A value to be fed later: the argument of a function while it is traced. */
export const parameter = operation(parameterPrimitive, (shape: Shape, dtype: DType): Tensor => {
  requireShape("parameter", shape);
  return Tensor.of(parameterPrimitive, [], { shape, dtype });
});

/**
 * A tensor of concrete values: a number, nested arrays, or a typed array with its shape.
 * Booleans make bool, Int32Array int32, Uint32Array uint32, everything else float32, unless `dtype` says otherwise.
 */
export function tensor(values: NestedNumbers | TypedArray, options: { shape?: Shape; dtype?: DType } = {}): Tensor {
  if (ArrayBuffer.isView(values)) {
    const dtype = options.dtype ?? naturalDtype(values);
    return constant(convert(values, dtype), options.shape ?? [values.length], dtype);
  }
  const shape = shapeOfNested(values);
  const flat = (Array.isArray(values) ? values.flat(Number.POSITIVE_INFINITY) : [values]) as (number | boolean)[];
  const dtype = options.dtype ?? (flat.length > 0 && flat.every((value) => typeof value === "boolean") ? "bool" : "float32");
  const wrong = flat.find((value) => typeof value !== "number" && typeof value !== "boolean");
  if (wrong !== undefined) throw fault("tensor", "an element is not a number", { got: typeof wrong });
  return constant(convert(flat.map(Number), dtype), options.shape ?? shape, dtype);
}

function naturalDtype(values: TypedArray): DType {
  if (values instanceof Int32Array) return "int32";
  if (values instanceof Uint32Array) return "uint32";
  return "float32";
}

/** Storage for `dtype`; integers must be whole and in range, so that nothing wraps unseen. */
function convert(values: ArrayLike<number>, dtype: DType): TypedArray {
  if (values instanceof Float32Array && dtype === "float32") return values;
  const stored = allocateExact(dtype, values.length);
  for (let i = 0; i < values.length; i++) {
    stored[i] = values[i];
    if (!isFloat(dtype) && stored[i] !== values[i]) {
      throw fault("tensor", `element ${i} cannot be held as ${dtype}`, { expected: rangeOf[dtype], got: String(values[i]) });
    }
  }
  return stored;
}

const rangeOf: Record<DType, string> = {
  float32: "a number",
  int32: "a whole number from −2³¹ to 2³¹ − 1",
  uint32: "a whole number from 0 to 2³² − 1",
  bool: "0, 1, false or true",
};

function shapeOfNested(values: NestedNumbers): number[] {
  if (!Array.isArray(values)) return [];
  const shapes = values.map((value: NestedNumbers) => shapeOfNested(value));
  const [first] = shapes;
  if (first === undefined) return [0];
  shapes.forEach((shape, i) => {
    if (shape.join() !== first.join()) {
      throw fault("tensor", `row ${i} differs from row 0 in length`, { expected: formatShape(first), got: formatShape(shape) });
    }
  });
  return [values.length, ...first];
}

/** What every operation takes where a tensor is meant: a number becomes a constant of the other operand's dtype. */
export type TensorLike = Tensor | number | boolean;

export function asTensor(value: TensorLike, dtype?: DType): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value === "number") return tensor(value, { dtype: dtype === "bool" || dtype === undefined ? "float32" : dtype });
  if (typeof value === "boolean") return tensor(value, { dtype: dtype ?? "bool" });
  throw fault("tensor", "an operand is not a tensor", {
    expected: "a Tensor or a number",
    got: value === null ? "null" : typeof value,
    fix: "wrap arrays with tensor([...])",
  });
}

/** Whether a value is a tensor. */
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** A tensor filled with one value. */
export const full = (shape: Shape, value: number, dtype: DType = "float32"): Tensor => {
  requireShape("full", shape);
  return constant(convert(new Array<number>(sizeOf(shape)).fill(value), dtype), shape, dtype);
};
/** A tensor of zeros. */
export const zeros = (shape: Shape, dtype: DType = "float32"): Tensor => full(shape, 0, dtype);
/** A tensor of ones. */
export const ones = (shape: Shape, dtype: DType = "float32"): Tensor => full(shape, 1, dtype);

/** The graph behind a tensor as text. */
export const print = (...outputs: Tensor[]): string => printGraph({ parameters: [], outputs });
