import type { Measurement } from "./rounds.js";

/**
 * Checks that the contenders did the same work: the first losses agree with the first contender's, and the last is below
 * the first. A contender that runs several steps a call shows one loss a call, so only its first can be compared.
 *
 * Five steps of Adam in float32 with erf computed in different ways stay within 1e-5 of each other; a wrong bias correction,
 * a missing 1/batch or an approximate GELU moves the loss by more than 1e-3.
 */
export function agree(measurements: readonly Measurement[], tolerance = 1e-3): void {
  const reference = measurements[0]!;
  for (const { name, losses, lastLoss, stepsPerCall } of measurements) {
    const compared = stepsPerCall === 1 ? losses : losses.slice(0, 1);
    compared.forEach((loss, step) => {
      if (Math.abs(loss - reference.losses[step]!) <= tolerance * Math.abs(reference.losses[step]!)) return;
      throw new Error(
        `${name} computes something else\n  expected  loss ${reference.losses[step]} in step ${step + 1}\n  got       ${loss}`,
      );
    });
    if (!(lastLoss < losses[0]!))
      throw new Error(`${name} does not learn\n  expected  a loss below ${losses[0]}\n  got       ${lastLoss}`);
  }
}
