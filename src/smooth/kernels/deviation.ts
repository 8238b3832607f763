import { allocateExact } from "../../ir/dtype.js";
import type { Emitter } from "../../ir/emitter.js";
import { Tensor } from "../../ir/tensor.js";
import { mul } from "../../ops/arithmetic.js";
import { asTensor, type TensorLike } from "../../ops/create.js";
import { elementwise, floatOnly, floats, operation, pointwise, sameDtype, smooth } from "../../ops/define.js";
import { WHOLE_LINE } from "../../ops/unary.js";

/**
 * A function of the distance d ≥ 0, twice: its value in float64, right to the last digits however far out, and its ONNX nodes.
 * At d = ∞ it is 0.
 */
export interface Tail {
  value(d: number): number;
  /** In float32, right at the scale of 1. */
  lower(onnx: Emitter, d: string): string;
  /** In float64, right at the scale of the value, where `lower` has no float64 operators or loses digits. */
  precise?(onnx: Emitter, d: string): string;
}

/** An operation of one number that a kernel brings with it. */
export type KernelOperation = (z: TensorLike) => Tensor;

/** A deviation by its two sides. */
export interface Sides {
  readonly order: number;
  /** The function left of 0, and right of it, as functions of the distance from 0. */
  readonly left: Tail;
  readonly right: Tail;
}

interface DeviationRecord extends Sides {
  /** Unique among all primitives of a graph. */
  readonly name: string;
  readonly doc: string;
  /** The deviation of the order below, or the density for order 0: the slope is `order` (1 for order 0) times it. */
  readonly slope: (z: Tensor) => Tensor;
}

/**
 * Dₙ(z) = Iₙ(z) − Mₙ(z)·[z > 0]: by how much the smoothed truncated power differs from the sharp one. It is Iₙ(z) for z ≤ 0
 * and (−1)ⁿ⁺¹ times the mirrored kernel's Iₙ(−z) for z > 0, so it dies out on both sides and nothing cancels in it.
 *
 * Its slope is n·Dₙ₋₁, the jump at 0 left out: what it is added to has the same jump, upside down, and leaves it out too.
 */
export function deviation(record: DeviationRecord): KernelOperation {
  const { name, doc, order, slope } = record;
  const primitive = {
    name,
    doc,
    shape: elementwise,
    dtype: sameDtype(name, floatOnly),
    derivative: smooth<null>((t, { inputs: [z] }) => mul(t, order > 1 ? mul(slope(z), order) : slope(z))),
    batching: pointwise,
    meaning: {
      kind: "direct" as const,
      evaluate: ([z]: readonly ArrayLike<number>[]) => {
        const result = allocateExact("float32", z.length);
        for (let i = 0; i < z.length; i++) result[i] = deviationAt(record, z[i]);
        return result;
      },
      lower: (onnx: Emitter, [z]: readonly string[]) => emitDeviation(onnx, record, z),
    },
    samples: [
      { inputs: [floats([2, 3])], params: null },
      { inputs: [floats([WHOLE_LINE.length], undefined, WHOLE_LINE)], params: null },
    ],
    accuracy: { ulp: 8, scale: "unit" as const },
  };
  return operation(primitive, (z: TensorLike) => Tensor.of(primitive, [asTensor(z)], null));
}

/** Right of 0 the sharp power is taken away, which turns the sign of the even orders. */
const mirrored = (order: number): number => (order % 2 === 0 ? -1 : 1);

/** Dₙ at a number; NaN stays NaN. */
export function deviationAt({ order, left, right }: Sides, z: number): number {
  if (z <= 0) return left.value(-z);
  return z > 0 ? mirrored(order) * right.value(z) : z;
}

/** ONNX nodes of Dₙ; `close`: right at the scale of the value, for what is multiplied by a large number. */
export function emitDeviation(
  onnx: Emitter,
  { order, left, right }: Sides,
  z: string,
  close = onnx.precision === "precise",
): string {
  const d = onnx.op("Abs", [z]);
  const emitTail = (side: Tail): string => (close && side.precise !== undefined ? side.precise(onnx, d) : side.lower(onnx, d));
  const onLeft = emitTail(left);
  if (left === right && mirrored(order) === 1) return onLeft;
  const onRight = left === right ? onLeft : emitTail(right);
  const signed = mirrored(order) === 1 ? onRight : onnx.op("Neg", [onRight]);
  return onnx.op("Where", [onnx.op("Greater", [z, onnx.scalar(0)]), signed, onLeft]);
}
