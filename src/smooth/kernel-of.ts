import type { Activation } from "../activations/activation.js";
import type { PointwiseFacts } from "../activations/facts.js";
import { probe } from "../activations/measure/probe.js";
import { jvp } from "../diff/index.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { full, mul } from "../ops/index.js";
import type { Kernel } from "./kernels/kernel.js";
import { userKernel } from "./kernels/user.js";
import { integrate } from "./quadrature/integrate.js";

/** The kernel that makes an activation out of a relu. */
export interface ActivationKernel {
  /** K = f″, as a kernel to smooth with. */
  readonly kernel: Kernel;
  /** E U and E U² under K, which may be negative: a kernel that changes its sign is no density. */
  readonly mean: number;
  readonly secondMoment: number;
  /** ∫ |K|: 1 for a density, and more the further f dips below a relu or rises above its slope. */
  readonly l1Norm: number;
  /** Whether K ≥ 0: whether f is convex. */
  readonly positive: boolean;
}

/**
 * The signed kernel K with f = relu ∗ K, for an activation that goes from 0 on the left to x on the right without corners: K = f″,
 * since the second derivative of a relu is a unit impulse. softplus has the logistic density, GELU the kernel (2 − u²)φ(u).
 *
 * K integrates to 1, has the mean −(the intercept of f's right asymptote), and the second moment 2∫(f − relu): negative for GELU, SiLU and
 * Mish, which is what "gated" means: an average with weights of both signs.
 */
export function kernelOf(f: Activation<never> | Activation): ActivationKernel {
  const { name } = f.record;
  const where = `kernelOf (${name})`;
  requireRamp(where, f);
  const density = (u: Tensor): Tensor => secondDerivative(f as Activation, u);
  const kernel = userKernel({
    name: `kernelOf${name[0].toUpperCase()}${name.slice(1)}`,
    density,
    signed: true,
    normalise: false,
  });
  const { mean = 0, variance, positive } = kernel.record;
  return { kernel, mean, secondMoment: variance + mean * mean, l1Norm: sizeOf(kernel), positive };
}

function secondDerivative(f: Activation, u: Tensor): Tensor {
  const along = full(u.shape, 1);
  const slope = (x: Tensor): Tensor => jvp((y: Tensor) => f(y), [x], [along]).tangent;
  return mul(jvp(slope, [u], [along]).tangent, 1);
}

function requireRamp(where: string, { facts }: Activation): void {
  if (facts.kind !== "pointwise") throw fault(where, "this is a function of a row", { expected: "a function of one number" });
  const { left, right, kinks } = facts as PointwiseFacts;
  const isRamp = left.kind === "line" && left.slope === 0 && left.intercept === 0 && right.kind === "line" && right.slope === 1;
  if (!isRamp) {
    throw fault(where, "the function does not go from 0 to x", {
      expected: "0 on the far left, a slope of 1 on the far right",
      fix: "take the slope or the difference that does",
    });
  }
  const corner = kinks.find(({ order }) => order < 2);
  if (corner === undefined) return;
  throw fault(where, "the function has a corner, where the kernel would be an impulse", {
    expected: "a continuous slope",
    got: `a corner at ${corner.at}`,
  });
}

/** ∫ |K|, in panels that are as narrow as its sign changes ask for. */
function sizeOf(kernel: Kernel): number {
  const { radius } = kernel.record;
  const densities = probe((u) => kernel.density(u));
  const reach = Math.min(radius, 1e9);
  const edges = Array.from({ length: 161 }, (_, i) => Math.sinh(((i - 80) / 80) * Math.asinh(reach)));
  return integrate((points) => densities.at(points, 0)[0].map(Math.abs), edges, { tolerance: 1e-12 }).value;
}
