import type { DType } from "./dtype.js";
import type { Primitive } from "./primitive.js";
import { type Shape, sizeOf } from "./shape.js";

/**
 * A node of an immutable graph: a primitive, its inputs and parameters, and the shape and dtype of what it would
 * compute. Making one computes nothing.
 */
export class Tensor {
  readonly primitive: Primitive;
  readonly inputs: readonly Tensor[];
  readonly params: unknown;
  readonly shape: Shape;
  readonly dtype: DType;

  private constructor(primitive: Primitive, inputs: readonly Tensor[], params: unknown, shape: Shape, dtype: DType) {
    this.primitive = primitive;
    this.inputs = inputs;
    this.params = params;
    this.shape = shape;
    this.dtype = dtype;
  }

  /** Makes a node; throws the primitive's own fault when shapes or dtypes do not fit. */
  static of<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
    const { shape } = primitive;
    const dtype = primitive.dtype(inputs, params);
    const resolved =
      typeof shape === "function"
        ? shape(inputs, params)
        : shape.resolve(
            primitive.name,
            inputs.map((input) => input.shape),
          );
    return new Tensor(primitive as Primitive, inputs, params, resolved, dtype);
  }

  /** The same node over other inputs of the same shapes and dtypes; its rules are not asked again. */
  static over(node: Tensor, inputs: readonly Tensor[]): Tensor {
    return new Tensor(node.primitive, inputs, node.params, node.shape, node.dtype);
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }
}

/** A node seen by its own primitive, which knows its parameters. */
export type Node<P> = Tensor & { readonly params: P };
