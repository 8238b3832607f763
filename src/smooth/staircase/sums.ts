import type { Tensor } from "../../ir/tensor.js";
import { broadcastTogether } from "../../ops/broadcast.js";
import { add, div, lessEqual, mul, reshape, sub, sum, tensor, where } from "../../ops/index.js";
import { interpret } from "../../run/interpret.js";
import type { Kernel } from "../kernels/kernel.js";
import type { Plan } from "./plan.js";
import type { Spread } from "./spread.js";

/** A sum in the two ways in which it may be taken. */
export interface Ways {
  steps(width: Tensor, count: number): Tensor;
  waves(width: Tensor, count: number): Tensor;
}

/** Takes the sum as planned. Each way sees only widths for which it has terms enough. */
export function sumAsPlanned({ width }: Spread, { steps, waves, switchAt }: Plan, ways: Ways): Tensor {
  if (waves === null) return ways.steps(width, steps ?? 0);
  if (steps === null) return ways.waves(width, waves);
  const narrow = lessEqual(width, switchAt);
  return where(narrow, ways.steps(where(narrow, width, switchAt), steps), ways.waves(where(narrow, switchAt, width), waves));
}

/** Above this many terms they lie along an axis of their own instead of one after the other in the graph. */
const UNROLLED = 16;

/** Dₙ((r − offset)/width), summed over offsets. */
export function sumOfDeviations(kernel: Kernel, order: number, r: Tensor, width: Tensor, offsets: readonly number[]): Tensor {
  if (offsets.length > UNROLLED) return sum(alongOffsets(kernel, order, r, width, offsets), { axes: -1 });
  return offsets.map((offset) => kernel.deviation(order, div(add(r, -offset), width))).reduce((total, term) => add(total, term));
}

/** The same of every second offset less that of the others: neighbours are subtracted first, as they are nearly equal. */
export function alternatingDeviations(
  kernel: Kernel,
  order: number,
  r: Tensor,
  width: Tensor,
  offsets: readonly number[],
): Tensor {
  const [even, odd] = [0, 1].map((parity) => offsets.filter((_, i) => i % 2 === parity));
  if (offsets.length <= UNROLLED) return sub(sumOfDeviations(kernel, order, r, width, even), sumOfDeviations(kernel, order, r, width, odd)); // biome-ignore format: one line
  return sum(sub(alongOffsets(kernel, order, r, width, even), alongOffsets(kernel, order, r, width, odd)), { axes: -1 });
}

/** The terms of all offsets along a last axis. */
function alongOffsets(kernel: Kernel, order: number, r: Tensor, width: Tensor, offsets: readonly number[]): Tensor {
  const [at, spread] = broadcastTogether("staircase", r, width).map((x) => reshape(x, [...x.shape, 1]));
  return kernel.deviation(order, div(sub(at, tensor(offsets)), spread));
}

/** ĉ(2πk·width) for the given harmonics k: numbers when the width is one. */
export function dampings(kernel: Kernel, width: Tensor, harmonics: readonly number[]): readonly (number | Tensor)[] {
  const waves = harmonics.map((k) => kernel.record.characteristic(mul(width, 2 * Math.PI * k)));
  return width.primitive.meaning.kind === "stored" && width.size === 1 ? interpret(waves).map(([value]) => value) : waves;
}
