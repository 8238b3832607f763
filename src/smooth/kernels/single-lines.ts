import type { Emitter } from "../../ir/emitter.js";
import { emitPolynomial, emitScaled, emitUnitLine, emitWeighted, type Weighted } from "./emit.js";
import { degreeOf } from "./single-form.js";

/**
 * A continuous function, in stretches that begin and end where the one before ends: each a polynomial without constant in the distance
 * from its left end (that of the first, from its right end).
 */
export interface Stretches {
  /** Where they meet, in ascending order. */
  readonly ends: readonly number[];
  readonly stretches: readonly (readonly number[])[];
  /** The value at the first end. */
  readonly start: number;
}

/** Up to so many lengths from 0 a stretch is told from slope·x + offset: with a rounding of this multiple of half a unit. */
const NEAR = 8;

/** Each stretch of x held to it, so that large x are right and nothing cancels but constants. Null where all is flat: then it is `start`. */
export function emitStretches(onnx: Emitter, x: string, { ends, stretches, start }: Stretches): string | null {
  const [first, last] = [stretches[0], stretches[ends.length]];
  const [left, right] = [first[1] ?? 0, last[1] ?? 0];
  const lines = degreeOf(first) <= 1 && degreeOf(last) <= 1;
  if (ends.length === 1 && lines && left !== 0 && right !== 0) {
    const bent = onnx.op("LeakyRelu", [emitDistance(onnx, x, ends[0])], { alpha: { float: left / right } });
    return emitOffset(onnx, emitScaled(onnx, bent, right), start);
  }
  // A line on both sides, and how the stretches between differ from it.
  const common = lines && left === right ? left : 0;
  const terms: Weighted[] = common === 0 ? [] : [{ factor: common, x }];
  let offset = start - common * ends[0];
  stretches.forEach((own, k) => {
    const polynomial = own.map((c, n) => Math.fround(n === 1 ? c - common : c));
    const [low, high] = [ends[k - 1] ?? -Infinity, ends[k] ?? Infinity];
    const degree = degreeOf(polynomial);
    if (degree < 1) return;
    if (degree > 1) {
      terms.push({ factor: 1, x: emitCurve(onnx, x, low, high, polynomial) });
    } else if (high === Infinity) {
      terms.push({ factor: polynomial[1], x: onnx.op("Relu", [emitDistance(onnx, x, low)]) });
    } else if (polynomial[1] !== 1 && low > -Infinity && Math.abs(low) <= NEAR * (high - low)) {
      terms.push({ factor: polynomial[1] * (high - low), x: emitShare(onnx, x, low, high - low) });
    } else {
      terms.push({ factor: polynomial[1], x: onnx.op("Clip", [x, onnx.scalar(low), onnx.scalar(high)]) });
      offset -= polynomial[1] * (k === 0 ? high : low);
    }
  });
  const size = terms.reduce((sum, { factor }) => sum + Math.abs(factor), Math.abs(start));
  return emitOffset(onnx, emitWeighted(onnx, terms), Math.abs(offset) < 1e-7 * size ? 0 : offset);
}

const emitDistance = (onnx: Emitter, x: string, from: number): string =>
  from === 0 ? x : onnx.op("Sub", [x, onnx.scalar(from)]);

/** First of all, where what is flat becomes 0 exactly: a constant for what has no sum is left to the caller. */
const emitOffset = (onnx: Emitter, sum: string | null, offset: number): string | null =>
  sum === null || offset === 0 ? sum : onnx.op("Add", [sum, onnx.scalar(offset)]);

function emitCurve(onnx: Emitter, x: string, low: number, high: number, polynomial: readonly number[]): string {
  if (low === -Infinity || high === Infinity) {
    const distance = emitDistance(onnx, x, low === -Infinity ? high : low);
    const held =
      low === -Infinity ? onnx.op("Clip", [distance, onnx.scalar(-Infinity), onnx.scalar(0)]) : onnx.op("Relu", [distance]);
    return emitPolynomial(onnx, held, polynomial) as string;
  }
  const length = high - low;
  const share = emitShare(onnx, x, low, length);
  return emitPolynomial(onnx, share, polynomial.map((c, n) => c * length ** n)) as string; // biome-ignore format: one line
}

/** (x − from)/length, held to 0 … 1. */
export function emitShare(onnx: Emitter, x: string, from: number, length: number): string {
  if (Math.abs(from) <= NEAR * length) return emitUnitLine(onnx, x, 1 / length, -from / length);
  return emitUnitLine(onnx, emitDistance(onnx, x, from), 1 / length, 0);
}

/** Whether what the stretches rise and fall by, summed up from the left, is never much larger than `scale(k)`, of the end k. */
export function isSteady({ ends, stretches }: Stretches, scale: (k: number) => number): boolean {
  let travelled = 0;
  return ends.every((at, k) => {
    if (k > 0) travelled += stretches[k].reduce((sum, c, n) => sum + Math.abs(c) * (at - ends[k - 1]) ** n, 0);
    return travelled <= 16 * scale(k);
  });
}
