import { readFileSync } from "node:fs";

interface Goldens {
  readonly rules: readonly { count: number; nodes: number[]; weights: number[] }[];
  readonly integrals: readonly { name: string; edges: string[]; value: number }[];
  readonly bump: readonly { d: number; tails: number[] }[];
  readonly tails: readonly { name: string; d: number; left: number[]; right: number[] }[];
  readonly moments: readonly { name: string; mean: number; variance: number; third: number; fourth: number }[];
  readonly convolutions: readonly Convolution[];
}

export interface Convolution {
  readonly f: string;
  readonly kernel: string;
  readonly width: number;
  readonly x: number[];
  readonly value: number[];
  readonly slope: number[];
  readonly curvature: number[];
  readonly widthSlope: number[];
}

/** What tools/golden/smooth_quadrature.py wrote. */
export const goldens: Goldens = JSON.parse(readFileSync(new URL("../golden/smooth-quadrature.json", import.meta.url), "utf8"));
