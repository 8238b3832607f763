import type { Kink, Smoothness } from "../../activations/facts.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelNumbers } from "../numeric/kernel-numbers.js";
import { type NumericPieces, slopeOf } from "../numeric/pieces.js";
import type { FormKind } from "../numeric/smooth.js";
import { jumps } from "./shape.js";

/** How smooth a smoothed function is, and where it is less so than elsewhere. */
export interface Roughness {
  readonly smoothness: Smoothness;
  readonly kinks: readonly Kink[];
}

const LEVELS = ["discontinuous", "C0", "C1", "C2", "C3"] as const;

/**
 * A break whose derivative of order n jumps becomes n + s + 1 times continuously differentiable, s the smoothness of the density;
 * behind a gate every break counts as a jump, as often as the change vanishes there.
 */
export function roughnessOf(pieces: NumericPieces, kernel: Kernel, width: number, form: FormKind): Roughness {
  const { smoothness, radius } = kernel.record;
  if (pieces.breaks.length === 0) return { smoothness: "analytic", kinks: [] };
  if (smoothness === Infinity) return { smoothness: radius === Infinity ? "analytic" : "smooth", kinks: [] };
  const edges = edgesOf(kernel);
  const orders = pieces.breaks.map((_, k) => firstChange(pieces, k));
  const found = pieces.breaks.flatMap((a, k) => {
    // At the break itself the change of a gate vanishes to its order; at the other edges of the kernel it does not.
    const lost = (edge: number): number => (form === "mollify" || edge === 0 ? orders[k] : 0);
    return edges.map((edge) => ({ at: a + edge * width, order: lost(edge) + smoothness + 2 }));
  });
  const roughest = Math.min(...found.map(({ order }) => order));
  const kinks = found.filter((one): one is Kink => one.order <= 3).sort((a, b) => a.at - b.at);
  return { smoothness: LEVELS[Math.min(roughest, LEVELS.length - 1)], kinks };
}

/** The lowest derivative that jumps at a break. */
function firstChange(pieces: NumericPieces, k: number): number {
  let derivative = pieces;
  for (let order = 0; order < 4; order++) {
    if (jumps(derivative)[k] !== 0) return order;
    derivative = slopeOf(derivative);
  }
  return 4;
}

/** Where the density of a kernel has its jump or kink: at the ends of its support, in the middle, or at knots between. */
function edgesOf(kernel: Kernel): number[] {
  const { smoothness, radius } = kernel.record;
  const order = Math.max(0, smoothness + 1);
  const candidates = Number.isFinite(radius) ? knots(radius) : [0];
  const BESIDE = 1e-7;
  const points = candidates.flatMap((at) => [at - BESIDE, at + BESIDE]);
  const values = kernelNumbers(kernel).density(points, order)[order];
  const scale = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  return candidates.filter((_, i) => Math.abs(values[2 * i + 1] - values[2 * i]) > 1e-3 * scale);
}

/** Ends and middle, and where splines of up to eight boxes have their knots. */
function knots(radius: number): number[] {
  const all = [0, 1];
  for (let parts = 2; parts <= 8; parts++) for (let i = 1; i < parts; i++) all.push(i / parts);
  const positive = [...new Set(all)].map((share) => share * radius);
  return [...new Set(positive.flatMap((at) => [-at, at]))].sort((a, b) => a - b).map((at) => at + 0);
}
