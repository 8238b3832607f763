import type { Tensor } from "../ir/tensor.js";
import { add, clip, mul, neg, sigmoid, softplus } from "../ops/index.js";

/** A way to keep a learned number between bounds. */
export interface KeptRange {
  /** Whether what is stored is another number than the one that is used. */
  readonly raw: boolean;
  /** The number that is stored for a value. */
  store(value: number): number;
  /** The value of what is stored. */
  read(stored: Tensor): Tensor;
}

/**
 * Between two bounds a logistic function, above one a softplus, below one its mirror image, and without bounds the number
 * itself. None of them reaches its bounds: a value that starts on one is stored as it is and clipped, which lets it leave the
 * bound but has no gradient outside.
 */
export function rangeOf([low, high]: readonly [number, number], start: number): KeptRange {
  const [below, above] = [Number.isFinite(low), Number.isFinite(high)];
  if (!below && !above) return { raw: false, store: (value) => value, read: (stored) => stored };
  if (start === low || start === high) return { raw: false, store: (value) => value, read: (stored) => clip(stored, low, high) };
  if (below && above) {
    const width = high - low;
    return {
      raw: true,
      store: (value) => Math.log((value - low) / (high - value)),
      read: (stored) => add(mul(sigmoid(stored), width), low),
    };
  }
  // The inverse of log(1 + eˣ) is x + log(1 − e^(−x)).
  const inverse = (value: number): number => value + Math.log(-Math.expm1(-value));
  if (below) return { raw: true, store: (value) => inverse(value - low), read: (stored) => add(softplus(stored), low) };
  return { raw: true, store: (value) => inverse(high - value), read: (stored) => add(neg(softplus(stored)), high) };
}
