import type { Emitter } from "../ir/emitter.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./arithmetic.js";
import { smooth, zero } from "./define.js";
import { abs } from "./pointwise.js";
import { cast, greater } from "./select.js";
import { shaped } from "./shaped.js";
import { ofValue } from "./unary.js";

/** A number that differs from 0 times this, held to 0 … 1, is 1 or 0: a comparison in two of the cheapest passes. */
const sharpness = (onnx: Emitter): number => (onnx.precision === "precise" ? 1e300 : 3e38);

/** 1 where x > at, 0 elsewhere. */
function stepUp(onnx: Emitter, x: string, at: number): string {
  const above = at === 0 ? x : onnx.op("Sub", [x, onnx.scalar(at)]);
  const steep = onnx.op("Mul", [above, onnx.scalar(sharpness(onnx))]);
  return onnx.op("Clip", [steep, onnx.scalar(0), onnx.scalar(1)]);
}

/** x where finite, NaN where NaN: what is left of x in a constant. */
const constantOf = (x: number, value: number): number => (Number.isNaN(x) ? x : value);

/** `above` where x > at, `below` elsewhere: the slope of a function with one kink. Its own slope is 0. */
export const step = shaped<{ readonly at: number; readonly below: number; readonly above: number }>({
  name: "step",
  doc: "One number where x > at, another elsewhere (at the point too). Its slope is 0. Subnormal differences count in part.",
  value: (x, { at, below, above }) => constantOf(x, x > at ? above : below),
  derivative: zero,
  lower: (onnx, x, { at, below, above }) => {
    const rises = above > below;
    // Away from 0, or staying on its side: what is 0 at 0 is held to the value below.
    if (at === 0 && (rises ? below >= 0 : below <= 0)) {
      const steep = onnx.op("Mul", [x, onnx.scalar(rises ? sharpness(onnx) : -sharpness(onnx))]);
      return onnx.op("Clip", [steep, onnx.scalar(Math.min(below, above)), onnx.scalar(Math.max(below, above))]);
    }
    const up = stepUp(onnx, x, at);
    const scaled = above - below === 1 ? up : onnx.op("Mul", [up, onnx.scalar(above - below)]);
    return below === 0 ? scaled : onnx.op("Add", [scaled, onnx.scalar(below)]);
  },
  examples: [
    { at: 0, below: 0, above: 1 },
    { at: 0, below: 0.25, above: 1 },
    { at: 0, below: -0.25, above: -1 },
    { at: 0, below: 0.5, above: -1 },
    { at: 1, below: -1, above: 0.5 },
  ],
  accuracy: { ulp: 2, scale: "unit" },
});

/** 1 where |x| > radius, 0 elsewhere. */
export const outside = (x: Tensor, radius: number): Tensor => cast(greater(abs(x), radius), "float32");

interface Bounds {
  readonly low: number;
  readonly high: number;
}

export const isBetween = shaped<Bounds>({
  name: "isBetween",
  doc: "Whether low < x < high (a bound at ∞ included).",
  result: "bool",
  value: (x, { low, high }) => Number(x > low && (x < high || high === Infinity)),
  derivative: zero,
  // x is unchanged by holding it to the numbers next to the bounds exactly where it is between them.
  lower: (onnx, x, { low, high }) => {
    const ends = [nextTowards(low, 1), nextTowards(high, -1)].map((end) => onnx.scalar(end));
    return onnx.op("Equal", [onnx.op("Clip", [x, ...ends]), x]);
  },
  examples: [
    { low: -1, high: 1 },
    { low: 0, high: 6 },
    { low: -0.5, high: Infinity },
  ],
  accuracy: ofValue(0),
});

/** 1 strictly between two numbers, 0 elsewhere. */
export const between = (x: Tensor, bounds: Bounds): Tensor => cast(isBetween(x, bounds), "float32");

/** The next float32 above (direction 1) or below (−1). */
function nextTowards(bound: number, direction: 1 | -1): number {
  const rounded = Math.fround(bound);
  if (!Number.isFinite(rounded)) return bound;
  if (rounded === 0) return direction * 2 ** -149;
  const bits = new Int32Array(Float32Array.of(rounded).buffer);
  bits[0] += rounded > 0 ? direction : -direction;
  return new Float32Array(bits.buffer)[0];
}

/** x held between two numbers, with slope 0 at the bounds: `clip` has slope 1 there. */
export const hold = shaped<Bounds>({
  name: "hold",
  doc: "x held between two numbers; slope 1 strictly between them, 0 elsewhere. NaN stays NaN.",
  value: (x, { low, high }) => Math.min(high, Math.max(low, x)),
  derivative: smooth((t, { inputs: [x], params }) => mul(t, between(x, params))),
  lower: (onnx, x, { low, high }) => onnx.op("Clip", [x, onnx.scalar(low), onnx.scalar(high)]),
  examples: [
    { low: -1, high: 1 },
    { low: 0, high: 6 },
    { low: -0.5, high: Infinity },
  ],
  accuracy: ofValue(0),
});

/** x drawn toward 0 by a radius, and 0 within it. */
export const softShrinkage = shaped<{ readonly radius: number }>({
  name: "softShrinkage",
  doc: "x − clip(x, −radius, radius): slope 1 where |x| > radius, 0 elsewhere.",
  value: (x, { radius }) => x - Math.min(radius, Math.max(-radius, x)),
  derivative: smooth((t, { inputs: [x], params }) => mul(t, outside(x, params.radius))),
  lower: (onnx, x, { radius }) => onnx.op("Sub", [x, onnx.op("Clip", [x, onnx.scalar(-radius), onnx.scalar(radius)])]),
  examples: [{ radius: 0.5 }],
  accuracy: { ulp: 1, scale: "own" },
});

interface Ends {
  readonly from: number;
  readonly to: number;
}

/** 0 up to one number, 1 from another on, a straight line between. */
export const ramp = shaped<Ends>({
  name: "ramp",
  doc: "(x − from)/(to − from) held to 0 … 1; its slope is that of the line strictly between the two numbers, 0 elsewhere.",
  value: (x, { from, to }) => Math.min(1, Math.max(0, (x - from) / (to - from))),
  // The corners are asked of x: near them the line rounds to 0 or 1.
  derivative: smooth((t, { inputs: [x], params: { from, to } }) =>
    mul(t, mul(between(x, { low: from, high: to }), 1 / (to - from))),
  ),
  lower: (onnx, x, { from, to }) => {
    const line = onnx.op("Mul", [onnx.op("Sub", [x, onnx.scalar(from)]), onnx.scalar(1 / (to - from))]);
    return onnx.op("Clip", [line, onnx.scalar(0), onnx.scalar(1)]);
  },
  examples: [
    { from: -1, to: 1 },
    { from: -3, to: 3 },
  ],
  accuracy: { ulp: 2, scale: "unit" },
});
