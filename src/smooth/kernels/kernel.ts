import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { add, greater, mul, where } from "../../ops/index.js";
import { deviation, type KernelOperation, type Sides, type Tail } from "./deviation.js";
import { type PlainPieces, piecesOperation } from "./pieces-operation.js";
import type { SingleForm } from "./single-form.js";
import { tiltedByQuadrature } from "./tilted-quadrature.js";

/** Orders n for which a kernel knows Iₙ: enough for pieces of degree 3. */
export const ORDERS = [0, 1, 2, 3] as const;

/**
 * What is written down about a kernel: a density φ of width 1, from which smoothing at every width follows. With
 *
 *     Iₙ(z) = ∫_{−∞}^{z} (z − u)ⁿ φ(u) du      the truncated power zⁿ₊ convolved with φ
 *     Mₙ(z) = ∫ (z − u)ⁿ φ(u) du               the power zⁿ convolved with φ
 *
 * I₀ is the distribution function, and Iₙ′ = n·Iₙ₋₁. Only what is left of 0 has to be written: Iₙ(−d) for d ≥ 0.
 */
export interface KernelRecord {
  /** The name in code, and other names by which the field knows it. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The name for people. */
  readonly title: string;
  /** φ(u) as TeX. */
  readonly tex: string;
  /** Where it comes from, or what it is known for. */
  readonly source: string;
  /** φ(u) = 0 for |u| > radius; ∞ for a density on the whole line. */
  readonly radius: number;
  /** E|U|ⁿ is finite for n below this; ∞ when all moments exist. */
  readonly momentsBelow: number;
  /** Mean (0 when left out), E|U|, E(U − mean)² and E(U − mean)⁴; ∞ where they do not exist. */
  readonly mean?: number;
  readonly absoluteMoment: number;
  readonly variance: number;
  /** E(U − mean)³ (0 when left out: that of an even kernel). */
  readonly thirdMoment?: number;
  readonly fourthMoment: number;
  /** Continuous derivatives of φ: −1 when φ itself jumps, ∞ when all exist. */
  readonly smoothness: number;
  /**
   * φ dies out like e^(−decay·|u|): 0 when it does as a power, ∞ when faster or at a radius. Where it is said, pieces with
   * exponentials have a convolution that is a function of its own, made by quadrature unless `tilted` is given.
   */
  readonly decay?: number;
  /** Where φ is not analytic inside its support, in ascending order; none when left out. */
  readonly kinks?: readonly number[];
  /** How far from 0 the poles of a φ on the whole line are; default 1. */
  readonly spread?: number;
  /** Whether φ ≥ 0 and whether it falls to both sides of 0: what monotone and convex functions need to stay so. */
  readonly positive: boolean;
  /** E cos(ωU), in ω: the factor by which a wave of that frequency is damped. */
  characteristic(frequency: Tensor): Tensor;
  /** φ(u), written with operations, so that it has every derivative. */
  density(u: Tensor): Tensor;
  /**
   * Iₙ(−d), n = 0 … 3, for d ≥ 0. Where Iₙ diverges (n ≥ momentsBelow): an n-fold antiderivative Gₙ with Gₙ′ = n·Gₙ₋₁ and
   * Gₙ(z) − (−1)ⁿ⁺¹ Gₙ(−z) = zⁿ, as sums in which the divergence cancels need it.
   */
  readonly tails: readonly [Tail, Tail, Tail, Tail];
  /** The tails of φ(−u), for a kernel that is not even. */
  readonly mirroredTails?: readonly [Tail, Tail, Tail, Tail];
  /**
   * Lₘ(z, s) = ∫_z^∞ (z − u)ᵐ e^(s(z − u)) φ(u) du, of which a piece with an exponential e^(λx) left of a break is made
   * (s = λ · width), with its derivatives in z and s to any order.
   */
  readonly tilted?: (order: number, z: Tensor, rate: Tensor) => Tensor;
  /** Lₘ(z, s) − Lₘ(z, 0) without the cancellation, of which a piece e^(λx) − 1 left of a break is made. */
  readonly tiltedExcess?: (order: number, z: Tensor, rate: Tensor) => Tensor;
  /** Iₙ where the library has an operation for it: the logistic kernel's I₁ is softplus. */
  readonly direct?: readonly (KernelOperation | null)[];
  /** z·I₀(z) where the library has an operation for it: the logistic kernel's is SiLU. */
  readonly gate?: KernelOperation;
  /** Sums of smoothed truncated powers in float32, where there is something cheaper than adding up deviations. */
  readonly single?: SingleForm;
  /** The floor of n + r, smoothed over a width, less n, for |r| ≤ ½, in closed form. Without it by sums over steps or waves. */
  readonly staircase?: (r: Tensor, width: Tensor) => Tensor;
  /** The same of a triangle wave of period 1 about one of its zeros, where it rises from −1 to 1 for |r| ≤ ¼. */
  readonly triangle?: (r: Tensor, width: Tensor) => Tensor;
}

/** A kernel: its record, and the operations that are derived from it. */
export interface Kernel {
  readonly kind: "kernel";
  readonly record: KernelRecord;
  readonly name: string;
  readonly title: string;
  readonly mean: number;
  /** Whether φ(u) = φ(−u). */
  readonly even: boolean;
  density(u: Tensor): Tensor;
  /** Dₙ(z): the smoothed truncated power of order n less the sharp one. */
  deviation(order: number, z: Tensor): Tensor;
  /** Mₙ(z): the power zⁿ convolved with φ. */
  power(order: number, z: Tensor): Tensor;
  /** Iₙ(z): the truncated power zⁿ₊ convolved with φ. */
  integral(order: number, z: Tensor): Tensor;
  /** z·I₀(z): the relu with its step smoothed. */
  gate(z: Tensor): Tensor;
  /** A function of pieces in plain numbers convolved with φ: one operation, the fastest and the most exact. */
  pieces(x: Tensor, pieces: PlainPieces): Tensor;
}

/** Makes the kernel of a record. */
export function kernel(given: KernelRecord): Kernel {
  const record = withTilted(given);
  const { name, title, mean = 0 } = record;
  const sides = ORDERS.map((order): Sides => ({ order, left: record.tails[order], right: (record.mirroredTails ?? record.tails)[order] })); // biome-ignore format: one line
  const deviations: KernelOperation[] = [];
  for (const order of ORDERS) {
    deviations.push(
      deviation({
        name: `${name}Deviation${order}`,
        doc: `The truncated power of order ${order} smoothed by the ${title} kernel, less the sharp one.`,
        ...sides[order],
        slope: order === 0 ? record.density : deviations[order - 1],
      }),
    );
  }
  const own: Kernel = {
    kind: "kernel",
    record,
    name,
    title,
    mean,
    even: record.mirroredTails === undefined,
    density: (u) => record.density(u),
    deviation: (order, z) => deviations[requireOrder(name, order)](z),
    power: (order, z) => powerMoment(record, requireOrder(name, order), z),
    integral: (order, z) => {
      const direct = record.direct?.[requireOrder(name, order)];
      if (direct) return direct(z);
      return add(where(greater(z, 0), own.power(order, z), 0), own.deviation(order, z));
    },
    gate: (z) => record.gate?.(z) ?? mul(z, own.integral(0, z)),
    pieces: piecesOperation({ name, title, sides, density: record.density, ...(record.single && { single: record.single }) }),
  };
  return own;
}

function withTilted(record: KernelRecord): KernelRecord {
  const { name, title, decay } = record;
  if (record.tilted !== undefined || decay === undefined) return record;
  return { ...record, ...tiltedByQuadrature(name, title, { ...record, decay }) };
}

/** E(z − U)ⁿ by the binomial theorem about the mean; moments that diverge are left out, as the tails do. */
function powerMoment({ mean = 0, variance, thirdMoment = 0, momentsBelow }: KernelRecord, order: number, z: Tensor): Tensor {
  const centred = mean === 0 ? z : add(z, -mean);
  const spread = momentsBelow > 2 ? variance : 0;
  switch (order) {
    case 0:
      return add(mul(z, 0), 1);
    case 1:
      return centred;
    case 2:
      return add(mul(centred, centred), spread);
    default:
      return add(mul(centred, add(mul(centred, centred), 3 * spread)), -thirdMoment);
  }
}

function requireOrder(name: string, order: number): number {
  if (order in ORDERS) return order;
  throw fault(name, `there is no integral of order ${order}`, {
    expected: `0 to ${ORDERS.length - 1}`,
    fix: "smooth pieces of a higher degree by quadrature",
  });
}
