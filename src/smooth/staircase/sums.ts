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

/** Σ weightᵢ·Dₙ((r − offsetᵢ)/width). */
export function sumOfDeviations(
  kernel: Kernel,
  order: number,
  r: Tensor,
  width: Tensor,
  offsets: readonly number[],
  weights?: readonly number[],
): Tensor {
  if (offsets.length <= UNROLLED) {
    const terms = offsets.map((offset, i) => {
      const term = kernel.deviation(order, div(add(r, -offset), width));
      return weights === undefined ? term : mul(term, weights[i]);
    });
    return terms.reduce((total, term) => add(total, term));
  }
  const [at, spread] = broadcastTogether("staircase", r, width).map((x) => reshape(x, [...x.shape, 1]));
  const terms = kernel.deviation(order, div(sub(at, tensor(offsets)), spread));
  return sum(weights === undefined ? terms : mul(terms, tensor(weights)), { axes: -1 });
}

/** ĉ(2πk·width) for the given harmonics k: numbers when the width is one. */
export function dampings(kernel: Kernel, width: Tensor, harmonics: readonly number[]): readonly (number | Tensor)[] {
  const waves = harmonics.map((k) => kernel.record.characteristic(mul(width, 2 * Math.PI * k)));
  return width.primitive.meaning.kind === "stored" && width.size === 1 ? interpret(waves).map(([value]) => value) : waves;
}
