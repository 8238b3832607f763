import { expectations } from "./expectation.js";
import type { Pointwise } from "./probe.js";
import { type CriticalInitialisation, established, type Measured, notEstablished } from "./report.js";
import { type Survey, survey } from "./survey.js";

/** What a layer of many units does to a second moment q: expectations over z from the standard normal law, with s = √q. */
export interface WideLayer {
  /** E f(sz)². */
  readonly power: Measured<number>;
  /** E f′(sz)². */
  readonly slopePower: Measured<number>;
  /** E f(sz) f′(sz) z / s: the derivative of E f(sz)² with respect to q. */
  readonly powerSlope: Measured<number>;
}

export function wideLayer({ probe, cuts }: Pick<Survey, "probe" | "cuts">, q: number): WideLayer {
  const s = Math.sqrt(q);
  const [power, slopePower, powerSlope] = expectations(
    (z) => {
      const inputs = z.map((one) => s * one);
      const [values, slopes] = probe.at(inputs, 1);
      return [values.map((y) => y * y), slopes.map((d) => d * d), values.map((y, i) => (y * slopes[i] * z[i]) / s)];
    },
    cuts.map((at) => at / s),
  );
  return { power, slopePower, powerSlope };
}

/** Why the slopes of f say nothing about how it treats two close inputs, or null. */
export function whyNoSlopes({ breaks, distrust }: Survey): string | null {
  if (distrust.slope !== null) return distrust.slope;
  const jumps = breaks.filter(({ order }) => order === 0);
  const [jump] = jumps.sort((a, b) => Math.abs(a.at) - Math.abs(b.at));
  return jump === undefined ? null : `it jumps at x = ${jump.at}, where no slope says what it does to a difference`;
}

/**
 * The variances of weights (σ_w², times 1/fanIn) and biases (σ_b²) on the edge of chaos at second moment q: those with
 * σ_w² E f′(√q z)² = 1 and σ_w² E f(√q z)² + σ_b² = q, so that signals keep q and gradients keep their size (Poole et al. 2016,
 * arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232; Hayou et al. 2019, arXiv:1902.06853). None is established where σ_b² would be negative.
 */
export function criticalInitialisation(
  f: Pointwise,
  { fixedPoint = 1 }: { fixedPoint?: number } = {},
): Measured<CriticalInitialisation> {
  const result = survey(f);
  return "problem" in result ? notEstablished(result.problem) : criticalOf(result.survey, fixedPoint);
}

export function criticalOf(seen: Survey, fixedPoint: number): Measured<CriticalInitialisation> {
  const reason = whyNoSlopes(seen);
  if (reason !== null) return notEstablished(reason);
  const { power, slopePower } = wideLayer(seen, fixedPoint);
  if (!power.established) return power;
  if (!slopePower.established) return slopePower;
  if (slopePower.value === 0) return notEstablished("its slope is 0: no gradient passes");
  const weightVariance = 1 / slopePower.value;
  const rest = fixedPoint - weightVariance * power.value;
  // Rounding: functions such as relu, with f(cx) = c f(x), leave exactly nothing for the bias.
  const biasVariance = Math.abs(rest) <= 1e-12 * fixedPoint ? 0 : rest;
  if (biasVariance < 0) {
    const kept = weightVariance * power.value;
    return notEstablished(
      `weights that keep gradients give a second moment of ${kept.toPrecision(6)}, more than ${fixedPoint}, before any bias`,
    );
  }
  return established({ fixedPoint, weightVariance, biasVariance });
}
