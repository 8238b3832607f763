import { fault } from "../ir/fault.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor } from "../ops/create.js";
import { add, argmax, argsort, cast, clip, concat, cos, div, less, log, mul, neg, relu, reshape, sin, slice, sqrt, type TensorLike, tensor } from "../ops/index.js"; // biome-ignore format: one list
import { erfExact } from "../ops/special.js";
import { type KeyLike, randomBits } from "./graph.js";
import { inverseErf } from "./inverse-erf.js";

/** The top `count` bits of random words as whole numbers. Up to 24 are exact in float32. */
function topBits(key: KeyLike, shape: Shape, count: number): Tensor {
  const divisor = tensor(Uint32Array.of(2 ** (32 - count)), { shape: [] });
  return cast(div(randomBits(key, shape), divisor), "float32");
}

/** Numbers strictly between 0 and 1, (k + ½)·2⁻²³: their logarithms are finite. */
const openUnit = (key: KeyLike, shape: Shape): Tensor => mul(add(topBits(key, shape, 23), 0.5), 2 ** -23);

/** Uniform in [low, high): low + (high − low)·k·2⁻²⁴. With low ≠ 0, rounding to float32 may reach high. */
export function uniform(key: KeyLike, shape: Shape, { low = 0, high = 1 }: { low?: number; high?: number } = {}): Tensor {
  if (!(low <= high)) throw fault("uniform", "the bounds are not in order", { expected: "low ≤ high", got: `${low}, ${high}` });
  const scaled = mul(topBits(key, shape, 24), (high - low) * 2 ** -24);
  return low === 0 ? scaled : add(scaled, low);
}

export interface NormalOptions {
  readonly mean?: number;
  readonly std?: number;
}

/**
 * Normal numbers by the transform of Box and Muller (1958): √(−2 log u)·cos 2πv and ·sin 2πv, with u = (k + 1)·2⁻²⁴ in (0, 1].
 * Always finite: none lies beyond 5.77 standard deviations.
 */
export function normal(key: KeyLike, shape: Shape, { mean = 0, std = 1 }: NormalOptions = {}): Tensor {
  const count = sizeOf(shape);
  const pairs = Math.ceil(count / 2);
  const bits = topBits(key, [2, pairs], 24);
  // The relu holds a log(1) that some provider rounds above 0 away from the square root.
  const radius = sqrt(relu(mul(log(mul(add(slice(bits, [0, 1]), 1), 2 ** -24)), -2)));
  const angle = mul(slice(bits, [1, 2]), 2 * Math.PI * 2 ** -24);
  const flat = reshape(concat([mul(radius, cos(angle)), mul(radius, sin(angle))]), [2 * pairs]);
  const drawn = reshape(count === 2 * pairs ? flat : slice(flat, [0, count]), shape);
  return shifted(drawn, mean, std);
}

/** The bounds of a truncated normal, in standard deviations from the mean. Default −2 and 2. */
export interface TruncatedNormalOptions extends NormalOptions {
  readonly low?: number;
  readonly high?: number;
}

/** Below this share of the normal law between the bounds, 23 random bits no longer resolve what lies there. */
const SMALLEST_SHARE = 1e-3;

/**
 * Normal numbers given that they lie between `low` and `high` standard deviations, by the inverse of their distribution.
 * `std` is that of the law before it is cut: cut at ±2, what remains has 0.8796 of it.
 */
export function truncatedNormal(
  key: KeyLike,
  shape: Shape,
  { mean = 0, std = 1, low = -2, high = 2 }: TruncatedNormalOptions = {},
): Tensor {
  const [erfLow, erfHigh] = [erfExact(low * Math.SQRT1_2), erfExact(high * Math.SQRT1_2)];
  if (!((erfHigh - erfLow) / 2 >= SMALLEST_SHARE)) {
    throw fault("truncatedNormal", "the bounds leave too little of the normal law", {
      expected: `low < high with at least ${SMALLEST_SHARE} of the law between them`,
      got: `${low}, ${high}`,
    });
  }
  const quantile = add(mul(openUnit(key, shape), erfHigh - erfLow), erfLow);
  const drawn = mul(inverseErf(quantile, Math.max(Math.abs(erfLow), Math.abs(erfHigh))), Math.SQRT2);
  return shifted(clip(drawn, low, high), mean, std);
}

function shifted(standard: Tensor, mean: number, std: number): Tensor {
  const scaled = std === 1 ? standard : mul(standard, std);
  return mean === 0 ? scaled : add(scaled, mean);
}

/** True with probability `p`, which broadcasts to the shape: never at p = 0, always at p = 1. */
export function bernoulli(key: KeyLike, p: TensorLike, shape: Shape): Tensor {
  if (typeof p === "number" && !(p >= 0 && p <= 1)) {
    throw fault("bernoulli", "p is not a probability", { expected: "a number from 0 to 1", got: String(p) });
  }
  return less(topBits(key, shape, 24), typeof p === "number" ? p * 2 ** 24 : mul(p, 2 ** 24));
}

/**
 * 0 … n − 1 in random order, as int32: the order that sorts n random words. Equal words (n²/2³² pairs) keep their order, so
 * it is a permutation whatever is drawn.
 */
export function permutation(key: KeyLike, n: number): Tensor {
  const half = tensor(Uint32Array.of(2), { shape: [] });
  return argsort(cast(div(randomBits(key, [n]), half), "int32"));
}

/** Positions along the last axis drawn with probabilities softmax(logits): argmax(logits − log(−log u)), u uniform. int32. */
export function categorical(key: KeyLike, logits: TensorLike): Tensor {
  const source = asTensor(logits);
  const gumbel = neg(log(neg(log(openUnit(key, source.shape)))));
  return argmax(add(source, gumbel));
}
