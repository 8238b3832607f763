import { fault } from "../../ir/fault.js";
import { correlationMap } from "./correlation.js";
import { whyNoSlopes, wideLayer } from "./critical.js";
import type { Pointwise } from "./probe.js";
import { established, type Measured, mapMeasured, notEstablished, valueIfKnown } from "./report.js";
import { type Survey, survey } from "./survey.js";

/** How the weights and biases of every layer are drawn. */
export interface MeanFieldOptions {
  /** σ_w²: weights have variance σ_w² / fanIn. */
  readonly weightVariance: number;
  /** σ_b². Default 0. */
  readonly biasVariance?: number;
  /** The second moment from which layers start; it decides which fixed point is reached where there are several. Default 1. */
  readonly start?: number;
}

/** What infinitely wide random layers do to signals and gradients. */
export interface MeanField {
  /** q*: the second moment of pre-activations that layers lead to; ∞ when it grows without end. */
  readonly fixedPoint: Measured<number>;
  /** χ₁ = σ_w² E f′(√q* z)²: the factor on squared gradients, and on small differences, from layer to layer. */
  readonly chi1: Measured<number>;
  /** Ordered: differences die out, gradients vanish. Chaotic: differences grow, gradients explode. Critical: neither, to 1e-9. */
  readonly phase: Measured<"ordered" | "critical" | "chaotic">;
  /** c*: the correlation that two inputs end up with. */
  readonly correlation: Measured<number>;
  /** Layers after which the distance to q*, and to c*, is smaller by the factor e: ξ_q and ξ_c. ∞ at criticality. */
  readonly depthScales: { readonly variance: Measured<number>; readonly correlation: Measured<number> };
}

/** |χ₁ − 1| below which the phase counts as critical. */
const CRITICAL = 1e-9;
/** Second moments outside count as 0 and as ∞. */
const SMALLEST = 1e-24;
const LARGEST = 1e24;

/**
 * Mean-field theory of a deep network of f: the fixed point of q → σ_w² E f(√q z)² + σ_b², the slope χ₁ of the correlation map
 * there, and the depths to which information travels (Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017,
 * arXiv:1611.01232).
 */
export function meanField(f: Pointwise, options: MeanFieldOptions): MeanField {
  const { weightVariance, biasVariance = 0, start = 1 } = options;
  if (!(weightVariance >= 0 && biasVariance >= 0 && start > 0)) {
    const got = `weightVariance ${weightVariance}, biasVariance ${biasVariance}, start ${start}`;
    throw fault("meanField", "a variance is out of range", { expected: "variances ≥ 0 and a start > 0", got });
  }
  const result = survey(f);
  if ("problem" in result) return unknown(notEstablished(result.problem));
  return fieldOf(result.survey, { weightVariance, biasVariance, start });
}

const unknown = (none: Measured<never>): MeanField => ({
  fixedPoint: none,
  chi1: none,
  phase: none,
  correlation: none,
  depthScales: { variance: none, correlation: none },
});

function fieldOf(seen: Survey, { weightVariance, biasVariance, start }: Required<MeanFieldOptions>): MeanField {
  const next = (q: number): Measured<number> =>
    mapMeasured(wideLayer(seen, q).power, (power) => weightVariance * power + biasVariance);
  const fixedPoint = fixedPointOf(next, start);
  if (!fixedPoint.established) return unknown(fixedPoint);
  const q = Math.min(Math.max(fixedPoint.value, SMALLEST), LARGEST);
  const layer = wideLayer(seen, q);
  const reason = whyNoSlopes(seen);
  const ofSlopes = (moment: Measured<number>): Measured<number> =>
    reason === null ? mapMeasured(moment, (value) => weightVariance * value) : notEstablished(reason);
  const chi1 =
    fixedPoint.value === Infinity ? limitOf((far) => ofSlopes(wideLayer(seen, far).slopePower)) : ofSlopes(layer.slopePower);
  const varianceSlope = ofSlopes(layer.powerSlope);
  const phase = mapMeasured(chi1, phaseOf);
  const variance =
    fixedPoint.value === Infinity ? notEstablished("the second moment grows without end") : mapMeasured(varianceSlope, depthOf);
  return {
    fixedPoint,
    chi1,
    phase,
    ...meeting(seen, { q, fixedPoint: fixedPoint.value, weightVariance, biasVariance }, chi1, variance),
  };
}

/** What a quantity tends to as q grows: itself far out, or ∞ when it keeps growing. */
function limitOf(quantity: (q: number) => Measured<number>): Measured<number> {
  const [before, after] = [quantity(LARGEST / 1e4), quantity(LARGEST)];
  if (!before.established || !after.established) return after;
  return after.value > before.value * (1 + 1e-6) ? established(Infinity) : after;
}

const phaseOf = (chi1: number) => (Math.abs(chi1 - 1) <= CRITICAL ? "critical" : chi1 < 1 ? "ordered" : "chaotic");

/** Layers for a factor e, when each multiplies by `factor`. */
const depthOf = (factor: number): number => (Math.abs(factor - 1) <= CRITICAL ? Infinity : 1 / Math.abs(Math.log(factor)));

interface Point {
  readonly q: number;
  readonly fixedPoint: number;
  readonly weightVariance: number;
  readonly biasVariance: number;
}

/** c* and its depth scale: 1 unless χ₁ > 1, then the place below 1 where the correlation map crosses the diagonal. */
function meeting(
  seen: Survey,
  point: Point,
  chi1: Measured<number>,
  variance: Measured<number>,
): Pick<MeanField, "correlation" | "depthScales"> {
  if (!chi1.established) return { correlation: chi1, depthScales: { variance, correlation: chi1 } };
  if (chi1.value <= 1 + CRITICAL) {
    return { correlation: established(1), depthScales: { variance, correlation: established(depthOf(chi1.value)) } };
  }
  if (point.fixedPoint === 0 || point.fixedPoint === Infinity) {
    const none = notEstablished(`no correlation settles when the second moment goes to ${point.fixedPoint}`);
    return { correlation: none, depthScales: { variance, correlation: none } };
  }
  const crossing = correlationMap(seen, point.q).crossing(point.weightVariance / point.q, point.biasVariance / point.q);
  return {
    correlation: mapMeasured(crossing, ({ at }) => at),
    depthScales: { variance, correlation: mapMeasured(crossing, ({ slope }) => depthOf(slope)) },
  };
}

/** Where repeated use of `next` leads from `start`: 0, a number, or ∞. */
function fixedPointOf(next: (q: number) => Measured<number>, start: number): Measured<number> {
  let failure: Measured<number> | null = null;
  /** (next(q) − q) / q, where rounding counts as 0. */
  const excess = (q: number): number => {
    const after = next(q);
    if (!after.established) failure = after;
    const relative = after.established ? after.value / q - 1 : Number.NaN;
    return Math.abs(relative) <= 1e-12 ? 0 : relative;
  };
  const first = excess(start);
  if (failure !== null) return failure;
  if (first === 0) return established(start);
  const factor = first > 0 ? 4 : 1 / 4;
  let [inner, outer] = [start, start];
  for (let here = first; here === 0 || here > 0 === first > 0; ) {
    inner = outer;
    outer *= factor;
    if (outer > LARGEST) return established(Infinity);
    if (outer < SMALLEST) return established(0);
    here = excess(outer);
    // Far out the moments may be beyond float64; what has grown that far without turning keeps growing.
    if (failure !== null) return first > 0 && outer > 1e6 ? established(Infinity) : failure;
  }
  return established(bisect((q) => (valueIfKnown(next(q)) ?? Number.NaN) - q, inner, outer));
}

/** Where a continuous function changes its sign, between two positive numbers at which the signs differ, by halving their ratio. */
function bisect(f: (q: number) => number, from: number, to: number): number {
  const positive = f(from) > 0;
  let [same, other] = [from, to];
  for (let step = 0; step < 60 && Math.abs(same - other) > 1e-15 * same; step++) {
    const middle = Math.sqrt(same * other);
    const value = f(middle);
    if (value === 0) return middle;
    if (value > 0 === positive) same = middle;
    else other = middle;
  }
  return Math.sqrt(same * other);
}
