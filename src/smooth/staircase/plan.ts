import { tensor } from "../../ops/index.js";
import { interpret } from "../../run/interpret.js";
import type { Kernel } from "../kernels/kernel.js";
import type { Spread } from "./spread.js";

/**
 * How a sum over all whole numbers is taken: over the steps next to x, so many to either side of the nearest, or over so many waves,
 * or one for narrow widths and the other for wide ones. `far`: what is beyond the steps is not 0, and is added as an integral.
 */
export interface Plan {
  readonly steps: number | null;
  readonly far: boolean;
  readonly waves: number | null;
  /** Widths up to this one go by steps when both are there. */
  readonly switchAt: number;
}

/** What is left out of a sum is smaller. */
const NEGLIGIBLE = 1e-18;

/** Steps to either side for kernels whose tails are powers, and from which width on waves are fewer. */
const FAR_STEPS = 64;
const FAR_SWITCH = 0.15;

/** The fewest terms that are right for all widths of a spread. */
export function planOf({ kernel, narrowest, widest }: Spread): Plan {
  const reach = stepReach(kernel);
  const damped = Number.isFinite(kernel.record.radius) ? null : waveReach(kernel);
  const steps = (width: number): number => (reach === null ? FAR_STEPS : Math.max(0, Math.ceil(reach * width - 0.5)));
  const switchAt = damped === null ? Infinity : reach === null ? FAR_SWITCH : Math.sqrt(damped / (4 * Math.PI * reach));
  const waves = (width: number): number => Math.ceil((damped ?? 0) / (2 * Math.PI * width));
  return {
    steps: narrowest <= switchAt ? steps(Math.min(widest, switchAt)) : null,
    far: reach === null,
    waves: widest > switchAt ? waves(Math.max(narrowest, switchAt)) : null,
    switchAt,
  };
}

/** From which distance on the tails are negligible; null when they die out too slowly. */
function stepReach({ record }: Kernel): number | null {
  if (Number.isFinite(record.radius)) return record.radius;
  const sides = [record.tails, record.mirroredTails ?? record.tails];
  const distances = Array.from({ length: 200 }, (_, i) => i / 4);
  // The tails of a kernel of both signs have zeros on the way.
  const last = distances.findLastIndex((d) => sides.some(([step]) => !(Math.abs(step.value(d)) < NEGLIGIBLE)));
  return distances[last + 1] ?? null;
}

/** From which frequency on waves are damped to nothing; null when they are not, or are moved. */
function waveReach(kernel: Kernel): number | null {
  if (!kernel.even) return null;
  const frequencies = Array.from({ length: 400 }, (_, i) => i / 4);
  const [damping] = interpret([kernel.record.characteristic(tensor(frequencies))]);
  const last = damping.findLastIndex((value) => !(Math.abs(value) < NEGLIGIBLE));
  return last < 320 ? frequencies[last + 1] : null;
}
