import type { Break } from "./breaks.js";
import type { Probe } from "./probe.js";
import type { Extreme } from "./report.js";
import type { Sample } from "./scan.js";

/** The highest value that f⁽ᵏ⁾ takes between its breaks, where (the place nearest to 0, of several), and how it takes it. */
export interface Peak extends Extreme {
  /** Higher than all around it, by more than rounding: not the beginning of a plateau or the last of an approach. */
  readonly strict: boolean;
  /** The break beside which it is, or null. */
  readonly beside: Break | null;
}

const CANDIDATES = 4;
const PIECES = 16;
const LEVELS = 9;

/** The highest value of sign·f⁽ᵏ⁾, with its sign taken off again: sampled, then halved in on around the highest samples. */
export function peakOf(probe: Probe, samples: readonly Sample[], breaks: readonly Break[], order: number, sign: 1 | -1): Peak {
  const height = ({ g }: Sample): number => sign * g[order];
  const inside = ({ x }: Sample, { left, right }: Break): boolean => x > left.x && x < right.x;
  const counts = (one: Sample): boolean =>
    Number.isFinite(one.g[order]) && !(order > 0 && breaks.some((b) => b.order <= order && inside(one, b)));
  const used = samples.filter(counts);
  const bends = used
    .filter(({ x, g }) => Math.abs(x) <= 2 && Number.isFinite(g[order + 2]))
    .map(({ g }) => Math.abs(g[order + 2]));
  // A top that bends less than this is one of rounding.
  const flat = 1e-9 * bends.reduce((most, bend) => Math.max(most, bend), 0);
  const peaks = used
    .map((one, i) => ({ one, i }))
    .filter(({ one, i }) => [i - 1, i + 1].every((beside) => used[beside] === undefined || height(one) >= height(used[beside])))
    .sort((a, b) => height(b.one) - height(a.one) || Math.abs(a.one.x) - Math.abs(b.one.x))
    .slice(0, CANDIDATES);
  const refined = peaks.map(({ one, i }): Peak => {
    const margin = 1e-12 * Math.max(1, Math.abs(one.x));
    const beside = breaks.find(({ left, right }) => one.x >= left.x - margin && one.x <= right.x + margin) ?? null;
    const around = [used[Math.max(i - 1, 0)], used[Math.min(i + 1, used.length - 1)]] as const;
    const strict = around.every((next) => height(next) < height(one)) && (beside !== null || Math.abs(one.g[order + 2]) > flat);
    const top =
      beside === null && strict ? climb(probe, around[0].x, around[1].x, order, sign) : { at: one.x, value: one.g[order] };
    const best = sign * top.value >= height(one) ? top : { at: one.x, value: one.g[order] };
    return { ...best, strict, unique: false, beside };
  });
  const top = refined.reduce((best, peak) => (sign * peak.value > sign * best.value ? peak : best));
  const equal = (peak: Peak): boolean => Math.abs(peak.value - top.value) <= 1e-12 * Math.max(1, Math.abs(top.value));
  return { ...top, unique: top.strict && refined.every((peak) => !equal(peak) || Math.abs(peak.at - top.at) < 1e-6) };
}

interface Place {
  readonly at: number;
  readonly value: number;
}

/** The top of sign·f⁽ᵏ⁾ between two points around it. */
function climb(probe: Probe, from: number, to: number, order: number, sign: 1 | -1): Place {
  let [low, high] = [from, to];
  let best: Place = { at: from, value: -sign * Infinity };
  for (let level = 0; level < LEVELS; level++) {
    const step = (high - low) / PIECES;
    const points = Array.from({ length: PIECES + 1 }, (_, i) => low + i * step);
    const values = probe.at(points, order)[order];
    values.forEach((value, i) => {
      if (sign * value > sign * best.value) best = { at: points[i], value };
    });
    [low, high] = [best.at - step, best.at + step];
  }
  return polish(probe, best, order, sign);
}

/** Newton's method on the next derivative, which gives the place to full precision where values are too flat to tell. */
function polish(probe: Probe, start: Place, order: number, sign: 1 | -1): Place {
  let best = start;
  for (let step = 0; step < 3; step++) {
    const derivatives = probe.at([best.at], order + 2);
    const at = best.at - derivatives[order + 1][0] / derivatives[order + 2][0];
    if (!(Math.abs(at - start.at) <= 1e-4 * Math.max(1, Math.abs(start.at)))) return start;
    best = { at, value: probe.at([at], order)[order][0] };
  }
  return sign * best.value >= sign * start.value - 4 * Number.EPSILON * Math.abs(start.value) ? best : start;
}
