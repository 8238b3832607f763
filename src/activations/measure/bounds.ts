import { type Range, range, type Tail } from "../facts.js";
import { type Peak, peakOf } from "./extremes.js";
import { established, type Measured, notEstablished, valueIfKnown } from "./report.js";
import type { Survey } from "./survey.js";

/** Smallest interval of values: extremes that were found, against what the tails approach. */
export function rangeOf(seen: Survey, low: Peak, high: Peak): Measured<Range> {
  if (seen.unseen !== null) return notEstablished(seen.unseen);
  if (seen.period !== null && seen.period.drift !== 0) return established(range("(", -Infinity, Infinity, ")"));
  const tails = [limitOf(seen, seen.left, -1), limitOf(seen, seen.right, 1)];
  const unknown = tails.find((limit) => !limit.established);
  if (unknown !== undefined && !unknown.established) return unknown;
  if (low.value === high.value) return established(range("[", low.value, high.value, "]"));
  const limits = tails.map(valueIfKnown).filter((limit) => limit !== null);
  const [bottom, top] = [endOf(seen, low, limits, -1), endOf(seen, high, limits, 1)];
  return established({ low: bottom.value, lowAttained: bottom.attained, high: top.value, highAttained: top.attained });
}

/** The highest of a peak and the limits (of sign·f), and whether it is attained. */
function endOf(seen: Survey, peak: Peak, limits: readonly number[], sign: 1 | -1): { value: number; attained: boolean } {
  const limit = sign * Math.max(...limits.map((value) => sign * value));
  // What is computed as a difference of large numbers is noise far out.
  const rounding = 1e-13 * Math.max(Math.abs(limit), seen.scaleAt(0, 1)) + 1e-15 * seen.scaleAt(0, peak.at);
  const tolerance = Number.isFinite(limit) ? rounding : 0;
  if (limits.length === 0 || sign * peak.value > sign * limit + tolerance)
    return { value: peak.value, attained: isTaken(seen, peak) };
  const touched = peak.strict && Math.abs(peak.value - limit) <= tolerance && isTaken(seen, peak);
  return { value: limit, attained: Number.isFinite(limit) && (touched || staysAt(seen, limit)) };
}

/** What f tends to on one side; null when it oscillates in bounds that were seen. */
function limitOf({ probe }: Survey, tail: Measured<Tail>, side: 1 | -1): Measured<number | null> {
  if (tail.established && tail.value.kind === "oscillates") return established(null);
  if (tail.established && tail.value.kind === "line" && tail.value.slope === 0) return established(tail.value.intercept);
  const far = [1e8, 1e16, 1e32].map((x) => side * x);
  const [values] = probe.at(far, 0);
  if (tail.established) return established(Math.sign(values[2]) * Infinity);
  const growth = [values[1] - values[0], values[2] - values[1]];
  return growth[1] / growth[0] >= 1 ? established(Math.sign(growth[1]) * Infinity) : tail;
}

/** Whether the highest value is a value, and not only the limit on one side of a jump. */
function isTaken({ probe }: Survey, { beside, value }: Peak): boolean {
  if (beside === null || beside.order > 0) return true;
  const [[there]] = probe.at([beside.at], 0);
  return Math.abs(there - value) <= 1e-12 * Math.max(1, Math.abs(value));
}

/** Whether f is equal to a number from its outermost kink on. A function that comes within rounding of it only approaches it. */
function staysAt({ breaks }: Survey, limit: number): boolean {
  if (breaks.length === 0) return false;
  const outer = [breaks[0].left, breaks[breaks.length - 1].right];
  return outer.some(({ g }) => Math.abs(g[0] - limit) <= 1e-15 * Math.max(1, Math.abs(limit)) && g[1] === 0 && g[2] === 0);
}

/** sup |f⁽ᵏ⁾| between kinks: the highest peak, or what the tails tend to. */
export function boundOf(seen: Survey, order: 1 | 2): Measured<number> {
  if (seen.unseen !== null) return notEstablished(seen.unseen);
  if (seen.breaks.some(({ grows }) => grows !== null && grows <= order)) return established(Infinity);
  const peaks = ([-1, 1] as const).map((sign) => Math.abs(peakOf(seen.probe, seen.samples, seen.breaks, order, sign).value));
  const bound = Math.max(...peaks);
  if (seen.period !== null) return established(bound);
  const limits = ([-1, 1] as const).map((side) => tailBound(seen, order, side));
  const reason = limits.find((limit) => !limit.established);
  return reason ?? established(Math.max(bound, ...limits.map((limit) => valueIfKnown(limit) ?? 0)));
}

/** The largest |f⁽ᵏ⁾| that is approached far out: ∞ when it keeps growing. */
function tailBound({ probe }: Survey, order: 1 | 2, side: 1 | -1): Measured<number> {
  const far = [1e4, 1e8, 1e16, 1e32].map((x) => side * x);
  const sizes = [...probe.at(far, order)[order]].map(Math.abs);
  if (sizes.some((size) => size === Infinity)) return established(Infinity);
  const settled = Math.abs(sizes[3] - sizes[2]) <= 1e-7 * Math.max(1, sizes[3]);
  if (sizes.some(Number.isNaN)) return notEstablished(`a derivative is not a number far out, near x = ${side * 1e32}`);
  return established(settled || sizes[3] <= sizes[2] ? sizes[3] : Infinity);
}
