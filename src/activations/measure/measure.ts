import { type PointwiseFacts, type Range, range, type Smoothness, saturates, type Tail } from "../facts.js";
import { criticalOf } from "./critical.js";
import { expectations } from "./expectation.js";
import { type Peak, peakOf } from "./extremes.js";
import type { Pointwise } from "./probe.js";
import { type Extreme, established, type Measured, type MeasuredFacts, type MeasuredKink, mapMeasured, notEstablished, valueIfKnown } from "./report.js"; // biome-ignore format: one list
import { NEAR } from "./scan.js";
import { type Survey, survey } from "./survey.js";

/**
 * The facts about any function of one number that is written with operations: those that the catalogue declares about its
 * activations, found by evaluating it and its derivatives in float64. Numbers are right to about 1e-10 where they are
 * established; where one cannot be trusted, the reason stands in its place. It is evidence from some ten thousand points, not a proof:
 * features narrower than a hundredth, away from 0 and without a jump, may be missed.
 */
export function measureFacts(f: Pointwise): MeasuredFacts {
  const result = survey(f);
  return "problem" in result ? nothing(result.problem) : read(result.survey);
}

function nothing(reason: string): MeasuredFacts {
  const none = notEstablished(reason);
  return {
    range: none, monotone: none, parity: none, zeroCentred: none, left: none, right: none, saturates: none, period: none,
    kinks: none, kinksFound: [], smoothness: none, lipschitz: none, steepest: none, curvature: none, minimum: none, maximum: none,
    mean: none, secondMoment: none, slopeSecondMoment: none, forwardGain: none, backwardGain: none, critical: none,
  }; // biome-ignore format: a list of names
}

function read(seen: Survey): MeasuredFacts {
  const { period, distrust } = seen;
  const [left, right] = [seen.left, seen.right].map((tail) => (distrust.slope === null ? tail : notEstablished(distrust.slope)));
  const kinksFound = distrust.slope === null ? seen.breaks.map(({ at, order, jump }) => ({ at, order, jump })) : [];
  const [low, high] = ([-1, 1] as const).map((sign) => peakOf(seen.probe, seen.samples, seen.breaks, 0, sign));
  const values = valuesOf(seen, low, high);
  const moments = momentsOf(seen);
  const steepest = distrust.slope === null ? boundOf(seen, 1) : notEstablished(distrust.slope);
  const jumps = seen.breaks.some(({ order }) => order === 0);
  const gain = (moment: Measured<number>): Measured<number> => flatMap(moment, (value) => (value > 0 ? established(1 / Math.sqrt(value)) : notEstablished("the moment is 0"))); // biome-ignore format: one line
  const slopeSecondMoment = distrust.slope === null ? moments.slopeSecondMoment : notEstablished(distrust.slope);
  return {
    range: values,
    monotone: monotoneOf(seen),
    parity: established(parityOf(seen)),
    zeroCentred: mapMeasured(moments.mean, (mean) => Math.abs(mean) < 1e-12),
    left,
    right,
    saturates: saturation(left, right),
    period: seen.unseen === null ? established(period) : notEstablished(seen.unseen),
    kinks: kinksOf(seen, kinksFound),
    kinksFound,
    smoothness: smoothnessOf(seen),
    lipschitz: jumps ? established(Infinity) : steepest,
    steepest,
    curvature: distrust.curvature === null ? boundOf(seen, 2) : notEstablished(distrust.curvature),
    minimum: mapMeasured(values, ({ lowAttained }) => (lowAttained ? extreme(low, seen) : null)),
    maximum: mapMeasured(values, ({ highAttained }) => (highAttained ? extreme(high, seen) : null)),
    mean: moments.mean,
    secondMoment: moments.secondMoment,
    slopeSecondMoment,
    forwardGain: gain(moments.secondMoment),
    backwardGain: gain(slopeSecondMoment),
    critical: criticalOf(seen, 1),
  };
}

const flatMap = <T, U>(measured: Measured<T>, f: (value: T) => Measured<U>): Measured<U> =>
  measured.established ? f(measured.value) : measured;

const extreme = ({ at, value, unique, beside }: Peak, { period }: Survey): Extreme => ({
  at: beside === null || beside.order === 0 ? at : beside.at,
  value,
  unique: unique && period === null,
});

function momentsOf({ probe, cuts }: Survey) {
  const [mean, secondMoment, slopeSecondMoment] = expectations((points) => {
    const [values, slopes] = probe.at(points, 1);
    return [values, values.map((y) => y * y), slopes.map((s) => s * s)];
  }, cuts);
  return { mean, secondMoment, slopeSecondMoment };
}

function saturation(left: Measured<Tail>, right: Measured<Tail>): MeasuredFacts["saturates"] {
  if (!left.established) return left;
  if (!right.established) return right;
  const sides = [saturates(left.value), saturates(right.value)];
  return established(sides[0] ? (sides[1] ? "both" : "left") : sides[1] ? "right" : "neither");
}

/** Smallest interval of values: extremes that were found, against what the tails approach. */
function valuesOf(seen: Survey, low: Peak, high: Peak): Measured<Range> {
  if (seen.unseen !== null) return notEstablished(seen.unseen);
  if (seen.period !== null && seen.period.drift !== 0) return established(range("(", -Infinity, Infinity, ")"));
  const limits: number[] = [];
  for (const [tail, side] of [
    [seen.left, -1],
    [seen.right, 1],
  ] as const) {
    // biome-ignore format: one line
    const limit = limitOf(seen, tail, side);
    if (!limit.established) return limit;
    if (limit.value !== null) limits.push(limit.value);
  }
  const end = (peak: Peak, sign: 1 | -1): { value: number; attained: boolean } => {
    const limit = sign * Math.max(...limits.map((value) => sign * value));
    // Far out what is computed as a difference of large numbers is noise.
    const rounding = Math.abs(peak.at) <= NEAR ? 1e-13 : 1e-7;
    const tolerance = Number.isFinite(limit) ? rounding * Math.max(1, Math.abs(limit)) : 0;
    if (limits.length === 0 || sign * peak.value > sign * limit + tolerance)
      return { value: peak.value, attained: isTaken(seen, peak) };
    const attained = Number.isFinite(limit) && ((peak.strict && Math.abs(peak.value - limit) <= tolerance && isTaken(seen, peak)) || staysAt(seen, limit)); // biome-ignore format: one line
    return { value: limit, attained };
  };
  const [bottom, top] = [end(low, -1), end(high, 1)];
  return established({ low: bottom.value, lowAttained: bottom.attained, high: top.value, highAttained: top.attained });
}

/** What f tends to on one side; null when it oscillates in bounds that were seen. */
function limitOf({ probe }: Survey, tail: Measured<Tail>, side: 1 | -1): Measured<number | null> {
  if (tail.established && tail.value.kind === "oscillates") return established(null);
  if (tail.established && tail.value.kind === "line" && tail.value.slope === 0) return established(tail.value.intercept);
  const [values] = probe.at([1e8, 1e16, 1e32].map((x) => side * x), 0); // biome-ignore format: one line
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

function monotoneOf({ samples, scaleAt, unseen, period }: Survey): MeasuredFacts["monotone"] {
  let [rises, falls] = [false, false];
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1], samples[i]];
    const size = Math.max(Math.abs(before.g[0]), Math.abs(after.g[0]));
    const far = Math.abs(after.x) > NEAR || Math.abs(before.x) > NEAR;
    const noise = far ? 1e-8 * Math.max(size, scaleAt(0, 1)) : 1e-13 * size + 1e-16 * scaleAt(0, after.x);
    const change = after.g[0] - before.g[0];
    rises ||= change > noise;
    falls ||= change < -noise;
  }
  if (rises && falls) return established("neither");
  if (unseen !== null && period === null) return notEstablished(unseen);
  return established<PointwiseFacts["monotone"]>(falls ? "decreasing" : "increasing");
}

function parityOf({ probe, breaks }: Survey): PointwiseFacts["parity"] {
  const points = Array.from({ length: 600 }, (_, i) => (i + 1) * 0.0309017).concat([30.1, 60.3, 1e3, 1e4 + 0.1, 1e6 + 0.1]);
  const away = points.filter((x) => !breaks.some(({ left, right }) => Math.abs(x) >= left.x && Math.abs(x) <= right.x));
  const [right] = probe.at(away, 0);
  const [left] = probe.at(away.map((x) => -x), 0); // biome-ignore format: one line
  const near = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= 1e-14 * Math.abs(a);
  if (right.every((value, i) => near(value, -left[i]))) return "odd";
  return right.every((value, i) => near(value, left[i])) ? "even" : "neither";
}

function kinksOf({ unseen, period, distrust }: Survey, found: readonly MeasuredKink[]): MeasuredFacts["kinks"] {
  if (distrust.slope !== null) return notEstablished(distrust.slope);
  if (unseen !== null) return notEstablished(unseen);
  if (period !== null && found.length > 0) return notEstablished(`they come back without end, after every ${period.length}`);
  return established(found);
}

function smoothnessOf({ breaks, unseen, distrust }: Survey): Measured<Smoothness> {
  const lowest = Math.min(...breaks.map(({ order }) => order));
  if (lowest === 0) return established<Smoothness>("discontinuous");
  const reason = distrust.slope ?? unseen;
  if (reason !== null) return notEstablished(reason);
  return established<Smoothness>(breaks.length === 0 ? "smooth" : (["C0", "C1", "C2"] as const)[lowest - 1]);
}

/** sup |f⁽ᵏ⁾| between kinks: the highest peak, or what the tails tend to. */
function boundOf(seen: Survey, order: 1 | 2): Measured<number> {
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
  const sizes = [...probe.at([1e4, 1e8, 1e16, 1e32].map((x) => side * x), order)[order]].map(Math.abs); // biome-ignore format: one line
  if (sizes.some((size) => size === Infinity)) return established(Infinity);
  const settled = Math.abs(sizes[3] - sizes[2]) <= 1e-7 * Math.max(1, sizes[3]);
  if (sizes.some(Number.isNaN)) return notEstablished(`a derivative is not a number far out, near x = ${side * 1e32}`);
  return established(settled || sizes[3] <= sizes[2] ? sizes[3] : Infinity);
}
