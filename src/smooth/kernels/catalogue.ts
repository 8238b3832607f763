import * as algebraic from "./algebraic.js";
import * as mollifier from "./bump.js";
import * as cauchy from "./cauchy.js";
import * as cosine from "./cosine.js";
import * as normal from "./gaussian.js";
import * as secant from "./hyperbolic-secant.js";
import type { Kernel } from "./kernel.js";
import * as exponential from "./laplace.js";
import * as logistic from "./logistic.js";
import * as polynomial from "./polynomial.js";
import * as splines from "./splines.js";
import * as student from "./student.js";

const modules = { normal, logistic, exponential, secant, splines, polynomial, cosine, algebraic, student, cauchy, mollifier };

const isKernel = (value: unknown): value is Kernel => typeof value === "object" && value !== null && "kind" in value && value.kind === "kernel"; // biome-ignore format: one line

/** Every kernel that the family modules export. */
export const kernels: readonly Kernel[] = Object.values(modules).flatMap((exported) => Object.values<unknown>(exported).filter(isKernel)); // biome-ignore format: one line

/** The kernel of a name or alias, whatever its case: for command lines. Null when there is none. */
export function findKernel(name: string): Kernel | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  return kernels.find(({ record }) => [record.name, record.title, ...(record.aliases ?? [])].map(plain).includes(plain(name))) ?? null; // biome-ignore format: one line
}
