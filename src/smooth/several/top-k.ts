import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, max, min, mul, sub, type TensorLike } from "../../ops/index.js";
import { type OrderOptions, prepare } from "./order.js";
import { ROW } from "./rows.js";

export interface SoftTopK {
  /** F((xᵢ − θ)/w) in the shape of x: near 1 for the k largest, near 0 for the others, adding up to k. */
  readonly mask: Tensor;
  /** θ, with the axis dropped. */
  readonly threshold: Tensor;
}

/**
 * Which entries along an axis are among the k largest, softly: Σ F((xᵢ − θ)/w) = k. The gradient of the mask is
 * (φᵢ/w)(δᵢⱼ − φⱼ/Σφ), so that it keeps adding up to k. k lies between 0 and n and need not be whole; all entries are chosen for
 * k = n and none for k = 0, with a threshold of ∓∞.
 */
export function softTopK(x: TensorLike, k: number, options: OrderOptions): SoftTopK {
  const { scaled, method, kernel, width, count, reduced, restored } = prepare("softTopK", x, options);
  if (!(k >= 0 && k <= count)) {
    throw fault("softTopK", "k is not a number of entries", { expected: `0 to ${count}`, got: String(k) });
  }
  if (k === 0 || k === count) {
    // Multiplied by 0, so that NaN stays NaN.
    const nothing = mul(scaled, 0);
    const end = k === 0 ? add(max(nothing, ROW), Number.POSITIVE_INFINITY) : add(min(nothing, ROW), Number.NEGATIVE_INFINITY);
    return { mask: restored(add(nothing, k === 0 ? 0 : 1)), threshold: reduced(end) };
  }
  const theta = method.thresholds(scaled, { kind: "few", values: [k] });
  return { mask: restored(kernel.integral(0, sub(scaled, theta))), threshold: reduced(mul(theta, width)) };
}
