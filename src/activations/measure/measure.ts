import { type PointwiseFacts, type Smoothness, saturates, type Tail } from "../facts.js";
import { boundOf, rangeOf } from "./bounds.js";
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
  const values = rangeOf(seen, low, high);
  const moments = momentsOf(seen);
  const steepest = distrust.slope === null ? boundOf(seen, 1) : notEstablished(distrust.slope);
  const jumps = seen.breaks.some(({ order }) => order === 0);
  const slopeSecondMoment = distrust.slope === null ? moments.slopeSecondMoment : notEstablished(distrust.slope);
  return {
    range: values,
    monotone: monotoneOf(seen),
    parity: established(parityOf(seen)),
    zeroCentred: mapMeasured(
      moments.mean,
      (mean) => Math.abs(mean) <= 1e-12 * Math.sqrt(valueIfKnown(moments.secondMoment) ?? 1),
    ),
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
    forwardGain: gainOf(moments.secondMoment),
    backwardGain: gainOf(slopeSecondMoment),
    critical: criticalOf(seen, 1),
  };
}

function gainOf(moment: Measured<number>): Measured<number> {
  if (!moment.established) return moment;
  return moment.value > 0 ? established(1 / Math.sqrt(moment.value)) : notEstablished("the moment is 0");
}

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

function parityOf({ probe, samples, breaks }: Survey): PointwiseFacts["parity"] {
  const beside = (x: number): boolean => breaks.some(({ left, right }) => Math.abs(x) >= left.x && Math.abs(x) <= right.x);
  const away = samples.map(({ x }) => Math.abs(x)).filter((x) => !beside(x) && !beside(-x));
  const mirrored = away.map((x) => -x);
  const [right] = probe.at(away, 0);
  const [left] = probe.at(mirrored, 0);
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
