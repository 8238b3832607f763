import { allocateExact, type DType, type TypedArray } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import type { Accuracy, Derivative, Primitive, Sample } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { asTensor, type TensorLike } from "./create.js";
import { elementwise, floatOnly, floats, type Operation, operation, pointwise, sameDtype, whole } from "./define.js";

/** Functions of one number, applied to every element. */
export type UnaryOperation = Operation<(x: TensorLike) => Tensor, null>;

/** What is written down about a function of one number. */
export interface UnaryRecord {
  name: string;
  doc: string;
  /** The float64 meaning of one element. */
  value: (x: number) => number;
  derivative: Derivative<null>;
  lower: string | ((onnx: Emitter, x: string) => string);
  /** The lowering in float64, where the usual one has no kernel or loses digits there. */
  precise?: (onnx: Emitter, x: string) => string;
  /** The same by the function that it is the slope of. */
  unfold?: (x: Tensor) => Tensor;
  /** Where samples are drawn. */
  range?: readonly [number, number];
  extremes?: readonly number[];
  accuracy?: Accuracy;
  dtypes?: readonly DType[];
}

/** Inputs on which every function defined on the whole line must agree with float64. */
export const WHOLE_LINE = [0, -0, 1e-30, -1e-30, 1, -1, 30, -30, 100, -100, 1e4, -1e4, 3e38, -3e38, Infinity, -Infinity, NaN];
export const POSITIVE = [1e-30, 1, 30, 1e4, 3e38, Infinity, NaN];

/** Makes the operation of a record. */
export function unary(record: UnaryRecord): UnaryOperation {
  const { name, lower, dtypes = floatOnly, range, extremes = WHOLE_LINE } = record;
  const dtypeOf = sameDtype(name, dtypes);
  const primitive: Primitive<null> = {
    name,
    doc: record.doc,
    shape: elementwise,
    dtype: dtypeOf,
    derivative: record.derivative,
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([x], node) => mapElements(x, node.dtype, record.value),
      lower: (onnx, [x]) => {
        if (onnx.precision === "precise" && record.precise !== undefined) return record.precise(onnx, x);
        return typeof lower === "string" ? onnx.op(lower, [x]) : lower(onnx, x);
      },
    },
    samples: dtypes.flatMap((dtype) => unarySamples(dtype, range, extremes)),
    ...(record.accuracy && { accuracy: record.accuracy }),
    ...(record.unfold && { unfold: ({ inputs: [x] }: Tensor) => record.unfold?.(x) ?? x }),
  };
  return operation(primitive, (x: TensorLike) => Tensor.of(primitive, [asTensor(x)], null));
}

function unarySamples(dtype: DType, range: readonly [number, number] | undefined, extremes: readonly number[]): Sample<null>[] {
  if (dtype !== "float32") return [{ inputs: [whole([6], dtype === "bool" ? [0, 1] : [-5, 5], dtype)], params: null }];
  return [
    { inputs: [floats([2, 3], range)], params: null },
    { inputs: [floats([extremes.length], range, extremes)], params: null },
  ];
}

function mapElements(x: TypedArray, dtype: DType, value: (x: number) => number): TypedArray {
  const result = allocateExact(dtype, x.length);
  for (let i = 0; i < x.length; i++) result[i] = value(x[i]);
  return result;
}

/** Accuracy in units of max(|value|, min(1, |x|)). */
export const own = (ulp: number): Accuracy => ({ ulp, scale: "own" });
/** Accuracy in units of the value. */
export const ofValue = (ulp: number): Accuracy => ({ ulp, scale: "value" });
