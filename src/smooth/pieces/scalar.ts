import type { Tensor } from "../../ir/tensor.js";
import { add, div, mul, neg, sub, type TensorLike } from "../../ops/index.js";

/**
 * A number of which a piecewise function is made: its value, which decides the order of the breaks, and the graph that computes
 * it, through which derivatives flow. The graph of a plain number is the number.
 */
export interface Scalar {
  readonly at: number;
  readonly graph: number | Tensor;
}

export const scalar = (at: number, graph: number | Tensor = at): Scalar => ({ at, graph });

const binary =
  (numbers: (a: number, b: number) => number, graphs: (a: TensorLike, b: TensorLike) => Tensor) =>
  (a: Scalar, b: Scalar): Scalar => {
    const at = numbers(a.at, b.at);
    return typeof a.graph === "number" && typeof b.graph === "number" ? scalar(at) : scalar(at, graphs(a.graph, b.graph));
  };

/** Whether it is this plain number, whatever is learned. */
const isPlain = (a: Scalar, value: number): boolean => a.graph === value;

const plus = binary((a, b) => a + b, add);
const times = binary((a, b) => a * b, mul);

export const addScalars = (a: Scalar, b: Scalar): Scalar => (isPlain(a, 0) ? b : isPlain(b, 0) ? a : plus(a, b));
export const subScalars = binary((a, b) => a - b, sub);
export const mulScalars = (a: Scalar, b: Scalar): Scalar =>
  isPlain(a, 0) || isPlain(b, 0) ? scalar(0) : isPlain(a, 1) ? b : isPlain(b, 1) ? a : times(a, b);
export const divScalars = binary((a, b) => a / b, div);
export const negScalar = ({ at, graph }: Scalar): Scalar => scalar(-at, typeof graph === "number" ? -graph : neg(graph));
