import { allocateExact, type DType } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import type { Accuracy, Derivative, Primitive } from "../ir/primitive.js";
import { Tensor } from "../ir/tensor.js";
import { asTensor, type TensorLike } from "./create.js";
import { elementwise, floatOnly, floats, type Operation, operation, pointwise, sameDtype } from "./define.js";
import { WHOLE_LINE } from "./unary.js";

/** What is written down about a function of one number that plain numbers shape. */
export interface ShapedRecord<P> {
  readonly name: string;
  readonly doc: string;
  /** The dtype of the result where it is not that of x: numbers 0 and 1 are then truth values. */
  readonly result?: DType;
  /** The float64 meaning of one element. */
  value(x: number, params: P): number;
  readonly derivative: Derivative<P>;
  lower(onnx: Emitter, x: string, params: P): string;
  /** Numbers to test it with. */
  readonly examples: readonly P[];
  readonly extremes?: readonly number[];
  readonly accuracy: Accuracy;
}

/** Makes the operation of a record. */
export function shaped<P extends object>(record: ShapedRecord<P>): Operation<(x: TensorLike, params: P) => Tensor, P> {
  const { name, doc, derivative, accuracy, examples, extremes = WHOLE_LINE } = record;
  const dtypeOf = sameDtype(name, floatOnly);
  const primitive: Primitive<P> = {
    name,
    doc,
    shape: elementwise,
    dtype: (inputs) => record.result ?? dtypeOf(inputs),
    derivative,
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([x], node) => {
        const result = allocateExact(node.dtype, x.length);
        for (let i = 0; i < x.length; i++) result[i] = record.value(x[i], node.params);
        return result;
      },
      lower: (onnx, [x], node) => record.lower(onnx, x, node.params),
    },
    samples: examples.flatMap((params) => [
      { inputs: [floats([2, 3])], params },
      { inputs: [floats([extremes.length], undefined, extremes)], params },
    ]),
    accuracy,
  };
  return operation(primitive, (x: TensorLike, params: P) => Tensor.of(primitive, [asTensor(x)], params));
}
