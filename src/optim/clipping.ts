import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { add, clip, div, less, maximum, mul, sqrt, square, sum, where } from "../ops/index.js";
import type { Optimizer } from "./optimizer.js";

/** Every element held between −limit and limit. ±∞ becomes ±limit; NaN stays NaN. */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  requireLimit("clipByValue", "limit", limit);
  return gradients.map((gradient) => clip(gradient, -limit, limit));
}

/** √ΣΣg², the length of all gradients together; 0 for none. Squares beyond 3e38 make it ∞. */
export function globalNorm(gradients: readonly Tensor[]): Tensor | null {
  const [first, ...rest] = gradients.map((gradient) => sum(square(gradient)));
  return first === undefined ? null : sqrt(rest.reduce(add, first));
}

/**
 * All gradients times one factor ≤ 1, so that their length together is at most `maxNorm`; `norm` is the length before. Gradients
 * of 0 stay 0. When the length is not finite (an element is NaN or ∞, or the squares overflow) every gradient is 0 and `norm`
 * says so: one bad batch costs one step, not the run.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], maxNorm: number): { gradients: Tensor[]; norm: Tensor | null } {
  requireLimit("clipByGlobalNorm", "maxNorm", maxNorm);
  const norm = globalNorm(gradients);
  if (norm === null) return { gradients: [], norm };
  const finite = less(norm, Number.POSITIVE_INFINITY);
  // maxNorm / max(norm, maxNorm) is 1 below the limit and divides by no 0.
  const factor = div(maxNorm, maximum(where(finite, norm, maxNorm), maxNorm));
  return { gradients: gradients.map((gradient) => where(finite, mul(gradient, factor), 0)), norm };
}

/** The clipping that an optimizer asks for: by value first, then by norm. `norm` is null when it asks for none by norm. */
export function clipGradients(
  { clipValue, clipNorm }: Pick<Optimizer, "clipValue" | "clipNorm">,
  gradients: readonly Tensor[],
): { gradients: Tensor[]; norm: Tensor | null } {
  const held = clipValue === undefined ? [...gradients] : clipByValue(gradients, clipValue);
  return clipNorm === undefined ? { gradients: held, norm: null } : clipByGlobalNorm(held, clipNorm);
}

function requireLimit(where: string, name: string, limit: number): void {
  if (limit > 0 && Number.isFinite(limit)) return;
  throw fault(where, `${name} is out of range`, { expected: "a number greater than 0", got: String(limit) });
}
