import { readFileSync } from "node:fs";
import type { Tensor } from "../../src/ir/tensor.js";
import { abs, add, clip, div, floor, greater, mul, relu, sqrt, square, sub, tanh, where } from "../../src/ops/index.js";

/** Values of tools/golden/mean-field.py. */
export interface MeanFieldGolden {
  readonly moments: readonly { name: string; mean: number; secondMoment: number; slopeSecondMoment: number }[];
  readonly fields: readonly {
    name: string;
    weightVariance: number;
    biasVariance: number;
    fixedPoint: number;
    chi1: number;
    varianceDepth: number;
    correlation: number;
    correlationDepth: number;
  }[];
  readonly critical: readonly { name: string; fixedPoint: number; weightVariance: number; biasVariance: number }[];
}

export const meanFieldGolden: MeanFieldGolden = JSON.parse(
  readFileSync(new URL("../golden/mean-field.json", import.meta.url), "utf8"),
);

/** Functions that a user might write, none of them in the catalogue; those of the golden values under their names. */
export const functions = {
  floor: (x: Tensor) => floor(x),
  abs: (x: Tensor) => abs(x),
  gatedStep: (x: Tensor) => mul(x, where(greater(sub(x, 1), 0), 1, 0)),
  clip: (x: Tensor) => clip(x, -1.25, 2.7),
  /** Slopes −1, 0, 2 and 1, with kinks at −2, 1/3 and 5. */
  threeKinks: (x: Tensor) => sub(add(abs(sub(x, 1 / 3)), relu(add(x, 2))), relu(sub(x, 5))),
  /** From −1 to 1 within a few millionths around 0.3. */
  sharp: (x: Tensor) => tanh(mul(1e6, sub(x, 0.3))),
  power3over2: (x: Tensor) => mul(abs(x), sqrt(abs(x))),
  /** |x|^½: its slope grows without bound toward 0. */
  cusp: (x: Tensor) => sqrt(abs(x)),
  /** x on the right and x/√(1 + x²) on the left: f‴ jumps from −3 to 0. */
  thirdOrder: (x: Tensor) => where(greater(x, 0), x, div(x, sqrt(add(1, square(x))))),
  fraction: (x: Tensor) => sub(x, floor(x)),
} satisfies Record<string, (x: Tensor) => Tensor>;

/** The value of a measured fact; a failure that says why there is none. */
export function known<T>(
  fact: { readonly established: true; readonly value: T } | { readonly established: false; readonly reason: string },
): T {
  if (fact.established) return fact.value;
  throw new Error(`not established: ${fact.reason}`);
}

/** Relative to the expected value, or absolute below 1. */
export const close = (actual: number, expected: number, tolerance: number): boolean =>
  actual === expected || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
