import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor, type TensorLike } from "../../ops/create.js";
import { mul } from "../../ops/index.js";
import { findKernel, kernels } from "../kernels/catalogue.js";
import type { Kernel } from "../kernels/kernel.js";

/** With what a staircase is smoothed. */
export interface StaircaseOptions {
  /** A kernel, or the name of one. */
  readonly kernel: Kernel | string;
  /** Of the kernel, in units of x: towards 0 the staircase, towards ∞ a straight line. A number, or a tensor that broadcasts to x. */
  readonly width: TensorLike;
  /** Between which widths a tensor will stay, as the number of terms is fixed before it is known. Default 1e-4 … 10. */
  readonly narrowest?: number;
  readonly widest?: number;
}

/** Kernel and width, in units of the period. */
export interface Spread {
  readonly kernel: Kernel;
  readonly width: Tensor;
  readonly narrowest: number;
  readonly widest: number;
}

/** The spread that options ask for, where a period is so many units of x. */
export function spreadOf(where: string, options: StaircaseOptions, period: number): Spread {
  const { width, narrowest = 1e-4, widest = 10 } = options;
  const kernel = kernelOf(where, options.kernel);
  if (typeof width === "number") {
    requireSize(where, "width", width);
    const inPeriods = width / period;
    return { kernel, width: asTensor(inPeriods), narrowest: inPeriods, widest: inPeriods };
  }
  requireSize(where, "narrowest width", narrowest);
  requireSize(where, "widest width", widest);
  if (narrowest > widest) {
    throw fault(where, "the widths are not in order", { expected: "narrowest ≤ widest", got: `${narrowest}, ${widest}` });
  }
  return {
    kernel,
    width: period === 1 ? asTensor(width) : mul(width, 1 / period),
    narrowest: narrowest / period,
    widest: widest / period,
  };
}

/** A number above 0 and below ∞. */
export function requireSize(where: string, what: string, size: number): number {
  if (typeof size === "number" && size > 0 && size < Infinity) return size;
  throw fault(where, `the ${what} is not a size`, { expected: "a number above 0", got: String(size) });
}

function kernelOf(where: string, kernel: Kernel | string): Kernel {
  if (typeof kernel === "object" && kernel.kind === "kernel") return kernel;
  const found = typeof kernel === "string" ? findKernel(kernel) : null;
  if (found !== null) return found;
  throw fault(where, "there is no such kernel", { expected: kernels.map(({ name }) => name).join(", "), got: String(kernel) });
}
